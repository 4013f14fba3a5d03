package release

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"wgtup/jcs"
)

type documentVectors struct {
	Description string
	Cases       []struct {
		Name            string
		Payload, Base64 string
		Parse, Strict   bool
	}
}

func TestDocumentVectors(t *testing.T) {
	var file documentVectors
	readVectors(t, "document.json", &file)
	var names []string
	for _, c := range file.Cases {
		names = append(names, c.Name)
		payload := []byte(c.Payload)
		if c.Base64 != "" {
			payload, _ = base64.StdEncoding.DecodeString(c.Base64)
		}
		_, err := Parse(payload)
		if (err == nil) != c.Parse {
			t.Errorf("%s: Parse: %v", c.Name, err)
		}
		_, strictErr := ParseStrict(payload)
		if (strictErr == nil) != c.Strict {
			t.Errorf("%s: ParseStrict: %v", c.Name, strictErr)
		}
		var unknown *jcs.UnknownMemberError
		if c.Parse && !c.Strict && !errors.As(strictErr, &unknown) {
			t.Errorf("%s: ParseStrict does not say that a newer version made it: %v", c.Name, strictErr)
		}
	}
	countVectors(t, "document.json", 212, names)
}

// sample uses every member at least once.
func sample() *Document {
	digest := Digest([]byte("x"))
	top := int64(299)
	return &Document{
		Format: Format, App: "__UNI__A1B2C3D", Channel: "production", Epoch: 1, Sequence: 42, Previous: digest, Home: "main",
		Issued: At(testNow), Expires: At(testNow.Add(400 * 24 * time.Hour)),
		Bases: []Base{{Platform: Android, Name: "2.0.0", Code: 200, Fingerprint: digest, Content: digest, Retired: true}},
		Releases: []Release{
			{
				ID: "r1-42", Kind: Wgt, Version: Version{"1.1.0", 110}, Platforms: []string{Android, IOS}, Fingerprint: digest,
				Natives: Natives{List: []Native{{Android, "2.0.0", 200}}}, Mode: Silent, Landing: true,
				Rollout: Rollout{Permyriad: 1000, Ramp: []Step{{At(testNow), 5000}}, Paused: Since{At(testNow)}, Testers: []string{digest}},
				Notes:   map[string]string{"en": "<&>\u2028\"\\\n", "zh-Hans": "更快"},
				Package: &Package{Content: digest, Size: 9, SHA256: digest, SHA1: digest[:40], Stored: &Digests{8, digest, digest[:40]}},
				Patches: []Patch{{"", 7, digest}, {digest, 6, digest}},
			},
			{ID: "r1-42b", Kind: Wgt, Platforms: []string{Harmony}, Natives: Natives{Range: &CodeRange{200, &top}}, Mode: Prompt,
				Package: &Package{Content: digest, Size: 1, SHA256: digest, SHA1: digest[:40]}},
			{ID: "r1-42c", Kind: NativeApp, Platforms: []string{IOS}, Mode: Force, Native: &Offer{[]string{"itms-apps://x"}, "https://x", "https://y", digest}},
		},
		Withdrawn: []Withdrawn{{"r1-41", Version{"1.0.9", 109}, []string{Android}, Natives{Range: &CodeRange{Min: 1}}, "1.0.0", []string{"0.9.0"}, Position{Sequence: 44}}, {ID: "r1-40", Platforms: []string{IOS}}},
		Holds:     []Hold{{IOS, &Version{"2.0.0", 200}, "in review"}, {Platform: Android}},
		Floor:     &Threshold{90}, Minimum: &Threshold{0},
		By: "someone", Commit: "0123456789ab", Tool: "wgtup 1.0.0", Message: "why",
	}
}

func TestEncodeParseRoundTrip(t *testing.T) {
	for name, d := range map[string]*Document{"every member": sample(), "hardly any": {Format: Format, App: "a", Channel: "b", Sequence: 1, Expires: At(testNow)}} {
		payload, err := d.Encode()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for kind, parse := range map[string]func([]byte) (*Document, error){"Parse": Parse, "ParseStrict": ParseStrict} {
			back, err := parse(payload)
			if err != nil {
				t.Fatalf("%s: %s: %v", name, kind, err)
			}
			if again, err := back.Encode(); err != nil || !bytes.Equal(again, payload) {
				t.Errorf("%s: %s lost something (%v):\n%s\n%s", name, kind, err, payload, again)
			}
		}
		for _, list := range []string{"critical", "bases", "releases", "withdrawn", "holds"} {
			if bytes.Contains(payload, []byte(`"`+list+`":null`)) {
				t.Errorf("%s: %s is null", name, list)
			}
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*Document){
		"format":        func(d *Document) { d.Format = 2 },
		"critical":      func(d *Document) { d.Critical = []string{"x"} },
		"channel":       func(d *Document) { d.Channel = "A" },
		"negative code": func(d *Document) { d.Releases[0].Version.Code = -1 },
		"large code":    func(d *Document) { d.Releases[0].Version.Code = jcs.MaxInteger + 1 },
		"not UTF-8":     func(d *Document) { d.Home = "\xff" },
		"twice":         func(d *Document) { d.Releases[1].ID = d.Releases[0].ID },
		"expires":       func(d *Document) { d.Expires = d.Issued },
		"no package":    func(d *Document) { d.Releases[0].Package = nil },
	} {
		d := sample()
		spoil(d)
		if payload, err := d.Encode(); err == nil {
			if _, err := Parse(payload); err != nil {
				t.Errorf("%s: written, but not read: %v", name, err)
			} else if name != "not UTF-8" { // encoding/json replaces the byte
				t.Errorf("%s: written", name)
			}
		}
	}
}

func TestTime(t *testing.T) {
	for text, ok := range map[string]bool{
		"2026-11-22T15:00:00Z": true, "2028-02-29T23:59:59Z": true, "0001-01-01T00:00:00Z": true, "9999-12-31T23:59:59Z": true,
		"2026-11-22T15:00:00+00:00": false, "2026-11-22T15:00:00.5Z": false, "2026-11-22T15:00:00,5Z": false, "2026-11-22t15:00:00z": false,
		"2026-02-29T00:00:00Z": false, "2026-11-22T24:00:00Z": false, "2026-11-22T23:59:60Z": false, "": false, "2026-11-22": false, "1795359600": false,
	} {
		var a Time
		if err := a.UnmarshalText([]byte(text)); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		} else if ok && a.String() != text {
			t.Errorf("%q became %s", text, a)
		}
		var b Time
		if err := json.Unmarshal([]byte(`"`+text+`"`), &b); (err == nil) != ok || !a.Equal(b.Time) {
			t.Errorf("%q in JSON: %v", text, err)
		}
		var s Since
		wantSince := ok && text != "0001-01-01T00:00:00Z" || text == ""
		if err := json.Unmarshal([]byte(`"`+text+`"`), &s); (err == nil) != wantSince {
			t.Errorf("%q as a since: %v", text, err)
		} else if back, _ := json.Marshal(s); wantSince && string(back) != `"`+text+`"` {
			t.Errorf("%q as a since became %s", text, back)
		}
	}
	for _, text := range []string{`1`, `null`, `{}`, `true`} {
		var a Time
		if err := json.Unmarshal([]byte(text), &a); err == nil {
			t.Errorf("%s was taken for a time", text)
		}
	}
	inZone := time.Date(2026, 11, 22, 23, 0, 0, 999_999_999, time.FixedZone("", 8*3600))
	if got := At(inZone).String(); got != "2026-11-22T15:00:00Z" {
		t.Errorf("At rounds to %s", got)
	}
}

// FuzzParse: what a device accepts can be decided on; what a writer accepts
// comes out as it went in, but for optional members that say nothing ("", [],
// {} and false are left out).
func FuzzParse(f *testing.F) {
	payload, err := sample().Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload)
	var file documentVectors
	readVectors(f, "document.json", &file)
	for _, c := range file.Cases {
		if c.Parse {
			f.Add([]byte(c.Payload))
		}
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		d, err := Parse(payload)
		strict, strictErr := ParseStrict(payload)
		if err != nil {
			if strictErr == nil {
				t.Fatal("a writer accepts what a device refuses")
			}
			return
		}
		Decide(Device{App: d.App, Channel: d.Channel, Platform: Android, Native: Version{"2.0.0", 200}}, d, Clock{Now: testNow})
		d.Latest(testNow)
		if strictErr != nil {
			return
		}
		again, err := strict.Encode()
		if err != nil {
			t.Fatalf("cannot be written again: %v", err)
		}
		if !bytes.Equal(again, payload) && !bytes.Equal(plain(t, again), plain(t, payload)) {
			t.Fatalf("lost something:\n%s\n%s", payload, again)
		}
	})
}

// plain leaves out members that say nothing.
func plain(t *testing.T, payload []byte) []byte {
	tree, err := jcs.Parse(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := jcs.Encode(prune(tree))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func prune(v any) any {
	switch v := v.(type) {
	case jcs.Object:
		for name, member := range v {
			v[name] = prune(member)
			o, isObject := v[name].(jcs.Object)
			a, isArray := v[name].(jcs.Array)
			if member == "" || member == false || isObject && len(o) == 0 || isArray && len(a) == 0 {
				delete(v, name)
			}
		}
	case jcs.Array:
		for i := range v {
			v[i] = prune(v[i])
		}
	}
	return v
}
