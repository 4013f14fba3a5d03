// Package strictjson reads JSON the way a signed or fingerprinted document needs it: one text has one meaning, or it is
// refused.
//
// The grammar is RFC 8259 with nothing added and these refusals on top, because parsers disagree about them:
//
//   - a member name twice in one object (encoding/json, JSON.parse and org.json keep the last one without a word);
//   - text that is not UTF-8, and a byte order mark;
//   - an escaped surrogate without its partner (encoding/json silently puts U+FFFD, JavaScript keeps it);
//   - more than MaxDepth levels of nesting;
//   - a number whose exponent is beyond ±MaxExponent;
//   - anything but white space after the value.
//
// # Canonical text
//
// Value.Append writes the canonical text of a value: two texts have the same canonical text exactly when they are the
// same value. Objects: members sorted by the UTF-8 bytes of their names. Arrays: in order. No white space. Strings: as in
// RFC 8785, i.e. \" \\ \b \f \n \r \t, \u00xx in lower case for the other characters below U+0020, everything else as it
// is. Numbers: by exact decimal value, never through a float; take the digits without leading and trailing zeros, and the
// power of ten they are multiplied with; if that power is 0 or more and the whole number has at most 21 digits it is
// written out (100, -7, 0), otherwise as digits, "e", power (1.50 is 15e-1). Minus zero is 0.
//
//	{"b": 1.0, "a": [1e2, "\u00e9"]}   becomes   {"a":[100,"é"],"b":1}
package strictjson

import (
	"sort"
	"strconv"
)

// Limits.
const (
	MaxDepth    = 64
	MaxExponent = 1_000_000
)

// Kind tells what a Value is.
type Kind byte

// The kinds of values.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

func (k Kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "array", "object"}[k]
}

// A Value is one JSON value.
type Value struct {
	Kind    Kind
	True    bool     // of a Bool
	Text    string   // of a String: its characters; of a Number: its canonical text
	Items   []*Value // of an Array
	Members []Member // of an Object, in the order of the text
}

// A Member is one name and value of an object.
type Member struct {
	Name  string
	Value *Value
}

// Get returns the member of an object, or nil when v is no object or has no such member.
func (v *Value) Get(name string) *Value {
	if v == nil || v.Kind != Object {
		return nil
	}
	for _, m := range v.Members {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// Sorted returns the members of an object sorted by the bytes of their names.
func (v *Value) Sorted() []Member {
	sorted := make([]Member, len(v.Members))
	copy(sorted, v.Members)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Name < sorted[j].Name })
	return sorted
}

// Append appends the canonical text of v to dst.
func (v *Value) Append(dst []byte) []byte {
	switch v.Kind {
	case Null:
		return append(dst, "null"...)
	case Bool:
		return strconv.AppendBool(dst, v.True)
	case Number:
		return append(dst, v.Text...)
	case String:
		return AppendString(dst, v.Text)
	case Array:
		dst = append(dst, '[')
		for i, item := range v.Items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.Append(dst)
		}
		return append(dst, ']')
	default:
		dst = append(dst, '{')
		for i, m := range v.Sorted() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendString(dst, m.Name)
			dst = append(dst, ':')
			dst = m.Value.Append(dst)
		}
		return append(dst, '}')
	}
}

// AppendString appends the canonical text of a string, quotes included.
func AppendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= 0x20:
			dst = append(dst, c)
		case c == '\b':
			dst = append(dst, `\b`...)
		case c == '\f':
			dst = append(dst, `\f`...)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(dst, '"')
}
