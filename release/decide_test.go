package release

import (
	"encoding/json"
	"testing"
	"time"
)

var testNow = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestDecideVectors(t *testing.T) {
	type want struct {
		Action    Action   `json:"action"`
		Reason    Reason   `json:"reason"`
		Release   string   `json:"release,omitempty"`
		Version   *Version `json:"version,omitempty"`
		Mode      Mode     `json:"mode,omitempty"`
		Force     bool     `json:"force,omitempty"`
		PatchFrom *string  `json:"patchFrom,omitempty"`
		Size      int64    `json:"size,omitempty"`
	}
	var file struct {
		Description string
		Documents   map[string]json.RawMessage
		Cases       []struct {
			Name     string
			Device   Device
			Document string
			Clock    struct {
				Now     Time
				Network bool
			}
			Want want
		}
	}
	readVectors(t, "decide.json", &file)
	documents := parseVectors(t, file.Documents)
	var names []string
	reasons := map[Reason]bool{}
	for _, c := range file.Cases {
		names = append(names, c.Name)
		reasons[c.Want.Reason] = true
		document := documents[c.Document]
		if document == nil {
			t.Errorf("%s: no document %q", c.Name, c.Document)
			continue
		}
		d := Decide(c.Device, document, Clock{c.Clock.Now.Time, c.Clock.Network})
		got := want{d.Action, d.Reason, d.Release, d.Version, d.Mode, d.Force, nil, d.Size}
		if d.Patch != nil {
			got.PatchFrom = &d.Patch.From
		}
		if !sameJSON(t, got, c.Want) {
			g, _ := json.Marshal(got)
			w, _ := json.Marshal(c.Want)
			t.Errorf("%s:\n got %s\nwant %s", c.Name, g, w)
		}
		if len(d.Rules) == 0 {
			t.Errorf("%s: says nothing of its rules", c.Name)
		}
	}
	countVectors(t, "decide.json", 314, names)
	for _, r := range Reasons {
		if !reasons[r] {
			t.Errorf("no case has the reason %s", r)
		}
	}
}
