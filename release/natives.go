package release

import (
	"encoding/json"

	"wgtup/jcs"
)

// Natives says which installed apps a release fits: a list, or a range of
// native version codes (both ends included) on each of the release's platforms.
type Natives struct {
	List  []Native
	Range *CodeRange
}

// CodeRange is a range of native version codes; no Max means no upper end.
type CodeRange struct {
	Min int64  `json:"min"`
	Max *int64 `json:"max,omitempty"`
}

// IsZero reports whether nothing was said; a wgt then fits no app.
func (n Natives) IsZero() bool { return n.List == nil && n.Range == nil }

// Include reports whether an installed app is meant.
func (n Natives) Include(native Native) bool {
	if n.Range != nil {
		return native.Code >= n.Range.Min && (n.Range.Max == nil || native.Code <= *n.Range.Max)
	}
	for _, l := range n.List {
		if l == native {
			return true
		}
	}
	return false
}

// Overlap reports whether some installed app could be meant by both.
func (n Natives) Overlap(m Natives) bool {
	switch {
	case n.Range != nil && m.Range != nil:
		return (n.Range.Max == nil || m.Range.Min <= *n.Range.Max) && (m.Range.Max == nil || n.Range.Min <= *m.Range.Max)
	case n.Range != nil:
		return m.Overlap(n)
	}
	for _, l := range n.List {
		if m.Include(l) {
			return true
		}
	}
	return false
}

// MarshalJSON writes an array or an object.
func (n Natives) MarshalJSON() ([]byte, error) {
	if n.Range != nil {
		return json.Marshal(n.Range)
	}
	return json.Marshal(n.List)
}

// UnmarshalJSON reads what MarshalJSON writes (device states, vectors).
func (n *Natives) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '[' {
		return json.Unmarshal(text, &n.List)
	}
	return json.Unmarshal(text, &n.Range)
}

// UnmarshalJCS reads what MarshalJSON writes.
func (n *Natives) UnmarshalJCS(v any, decode func(v, into any) error) error {
	if _, isList := v.(jcs.Array); isList {
		return decode(v, &n.List)
	}
	n.Range = &CodeRange{}
	return decode(v, n.Range)
}
