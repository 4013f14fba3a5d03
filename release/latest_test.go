package release

import (
	"encoding/json"
	"testing"
)

func TestLatestVectors(t *testing.T) {
	var file struct {
		Description string
		Documents   map[string]json.RawMessage
		Cases       []struct {
			Name, Document string
			Now            Time
			Latest         *string
		}
	}
	readVectors(t, "latest.json", &file)
	documents := parseVectors(t, file.Documents)
	var names []string
	for _, c := range file.Cases {
		names = append(names, c.Name)
		var got *string
		if r := documents[c.Document].Latest(c.Now.Time); r != nil {
			got = &r.ID
		}
		if !sameJSON(t, got, c.Latest) {
			t.Errorf("%s: got %s, want %s", c.Name, text(got), text(c.Latest))
		}
	}
	countVectors(t, "latest.json", 72, names)
}

func text(s *string) string {
	if s == nil {
		return "nothing"
	}
	return *s
}

// Landing finds the way back of each native, and none for others.
func TestLanding(t *testing.T) {
	a, b := Native{Android, "2.0.0", 200}, Native{Android, "2.1.0", 210}
	d := &Document{Releases: []Release{
		{ID: "r1", Kind: Wgt, Platforms: []string{Android}, Natives: Natives{List: []Native{a}}, Landing: true},
		{ID: "r2", Kind: Wgt, Platforms: []string{Android}, Natives: Natives{List: []Native{a, b}}},
		{ID: "r3", Kind: Wgt, Platforms: []string{Android}, Natives: Natives{List: []Native{b}}, Landing: true},
	}}
	for n, want := range map[Native]string{a: "r1", b: "r3", {IOS, "2.0.0", 200}: "", {Android, "2.0.0", 201}: ""} {
		got := ""
		if r := d.Landing(n); r != nil {
			got = r.ID
		}
		if got != want {
			t.Errorf("%v: got %q, want %q", n, got, want)
		}
	}
}
