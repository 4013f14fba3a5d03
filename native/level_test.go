package native

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// setting is one case of testdata/vectors/native/settings.json.
type setting struct {
	Name     string          `json:"name"`
	Manifest json.RawMessage `json:"manifest"`
	Need     string          `json:"need"`
	Strict   string          `json:"strict"`
	Runtime  string          `json:"runtime"`
}

func settings(t testing.TB) []setting {
	t.Helper()
	data, err := os.ReadFile("../testdata/vectors/native/settings.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Settings []setting `json:"settings"`
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v.Settings
}

// needs is what Diff says: which level needs a full package.
func needs(changes []Change) string {
	switch {
	case len(Needs(Runtime, changes)) > 0:
		return "runtime"
	case len(Needs(Strict, changes)) > 0:
		return "strict"
	}
	return "nothing"
}

func TestSettings(t *testing.T) {
	all := settings(t)
	if len(all) < 80 {
		t.Fatalf("%d settings", len(all))
	}
	for _, s := range all {
		for level, want := range map[Level]string{Strict: s.Strict, Runtime: s.Runtime} {
			if got, err := FingerprintAt(level, App{Manifest: s.Manifest}); err != nil || got != want {
				t.Errorf("%s: %s fingerprint %s, want %s: %v", s.Name, level, got, want, err)
			}
		}
		changes, err := Diff(App{Manifest: all[0].Manifest}, App{Manifest: s.Manifest})
		if err != nil {
			t.Fatal(err)
		}
		if got := needs(changes); got != s.Need {
			t.Errorf("%s: %s needs a full package, want %s: %v", s.Name, got, s.Need, changes)
		}
		for _, c := range changes {
			if c.Reason == "" || c.Safe != (s.Need == "strict") && len(changes) == 1 {
				t.Errorf("%s: %+v", s.Name, c)
			}
		}
	}
}

// The fingerprints are equal exactly when Diff finds nothing that the level needs a full package for: of every two settings,
// and of manifests made of pieces of several.
func TestLevelsAgree(t *testing.T) {
	all := settings(t)
	random := rand.New(rand.NewPCG(9, 9))
	manifests := make([][]byte, 0, 400)
	for _, s := range all {
		manifests = append(manifests, s.Manifest)
	}
	for len(manifests) < 400 {
		a, b := object(t, all[random.IntN(len(all))].Manifest), object(t, all[random.IntN(len(all))].Manifest)
		mix(random, a, b)
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		manifests = append(manifests, text)
	}
	different := 0
	pick := func() App {
		a := App{Manifest: manifests[random.IntN(len(manifests))]}
		if random.IntN(3) == 0 {
			a.Files = []File{{"uni_modules/a/utssdk/index.uts", fmt.Sprint(random.IntN(2))}, {"static/a.png", fmt.Sprint(random.IntN(2))}}[:1+random.IntN(2)]
		}
		return a
	}
	for range 5000 {
		a, b := pick(), pick()
		if random.IntN(4) > 0 {
			b.Files = a.Files
		}
		changes, err := Diff(a, b)
		if err != nil {
			t.Fatal(err)
		}
		for _, level := range []Level{Strict, Runtime} {
			one, err1 := FingerprintAt(level, a)
			other, err2 := FingerprintAt(level, b)
			if err1 != nil || err2 != nil || (one == other) != (len(Needs(level, changes)) == 0) {
				t.Fatalf("%s: %s, %s, but %v\n%s\n%s", level, one, other, changes, a.Manifest, b.Manifest)
			}
		}
		if needs(changes) == "strict" {
			different++
		}
	}
	if different < 20 {
		t.Errorf("the levels differ only %d times", different)
	}
}

func object(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var o map[string]any
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		t.Fatal(err)
	}
	return o
}

// mix takes some members of b, sometimes as something of another kind, and sometimes leaves one out.
func mix(random *rand.Rand, a, b map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(b)) { // the same every time
		value := b[name]
		inner, ok := value.(map[string]any)
		mine, ok2 := a[name].(map[string]any)
		switch random.IntN(8) {
		case 0:
			a[name] = value
		case 1:
			delete(a, name)
		case 2:
			if random.IntN(6) == 0 {
				a[name] = fmt.Sprint(value)
			}
		default:
			if ok && ok2 {
				mix(random, mine, inner)
			}
		}
	}
}
