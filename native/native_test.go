package native

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// Shared with other implementations.
type vectors struct {
	About    string `json:"about"`
	Manifest []struct {
		Name        string `json:"name"`
		JSON        string `json:"json"`
		Canonical   string `json:"canonical,omitempty"`   // what is hashed
		Fingerprint string `json:"fingerprint,omitempty"` // nothing when the manifest is refused
	} `json:"manifests"`
}

func TestVectors(t *testing.T) {
	data, err := os.ReadFile("../testdata/vectors/native/fingerprint.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Manifest) < 20 {
		t.Fatalf("%d vectors", len(v.Manifest))
	}
	for _, m := range v.Manifest {
		got, err := Fingerprint(of(m.JSON))
		if got != m.Fingerprint || (err != nil) != (m.Fingerprint == "") {
			t.Errorf("%s: %q %v, want %q", m.Name, got, err, m.Fingerprint)
		}
		if err != nil {
			continue
		}
		if sum := sha256.Sum256([]byte(m.Canonical)); hex.EncodeToString(sum[:]) != got {
			t.Errorf("%s: not the digest of %s", m.Name, m.Canonical)
		}
		for _, other := range v.Manifest {
			changes, err := Diff(of(m.JSON), of(other.JSON))
			if (err != nil) != (other.Fingerprint == "") {
				t.Errorf("%s, %s: %v", m.Name, other.Name, err)
			}
			if err == nil && (len(changes) == 0) != (m.Fingerprint == other.Fingerprint) {
				t.Errorf("%s, %s: %v", m.Name, other.Name, changes)
			}
		}
	}
}

func of(manifest string) App { return App{Manifest: []byte(manifest)} }

const base = `{
  "id": "__UNI__A1B2C3D",
  "version": {"name": "1.0.0", "code": "100"},
  "permissions": {"Push": {}, "UniNView": {"description": "UniNView原生渲染"}},
  "plus": {
    "distribute": {"google": {"permissions": ["<a/>", "<b/>", "<c/>"]}},
    "uni-app": {"compilerVersion": "4.87"}
  }
}`

func TestDiff(t *testing.T) {
	for _, c := range []struct{ trap, old, new, want string }{
		{"new version", `"code": "100"`, `"code": 101`, ""},
		{"new version", `"name": "1.0.0"`, `"name": "1.0.1"`, ""},
		{"other member of version", `"code": "100"`, `"code": "100", "extra": 1`, "version.extra added '' '1'"},
		{"module", `"Push": {}`, `"Push": {}, "Barcode": {}`, "permissions.Barcode added '' '{}'"},
		{"module gone", `"Push": {},`, ``, "permissions.Push removed '{}' ''"},
		{"permission at the end", `"<c/>"`, `"<c/>", "<d/>"`, `plus.distribute.google.permissions[3] added '' '"<d/>"'`},
		{"permission in front", `["<a/>"`, `["<d/>", "<a/>"`, `plus.distribute.google.permissions[0] added '' '"<d/>"'`},
		{"permission gone", `"<b/>", `, ``, `plus.distribute.google.permissions[1] removed '"<b/>"' ''`},
		{"permission changed", `"<b/>"`, `"<B/>"`, `plus.distribute.google.permissions[1] changed '"<b/>"' '"<B/>"'`},
		{"order of permissions", `"<b/>", "<c/>"`, `"<c/>", "<b/>"`, `plus.distribute.google.permissions[1] changed '"<b/>"' '"<c/>"'; plus.distribute.google.permissions[2] changed '"<c/>"' '"<b/>"'`},
		{"compiler", `4.87`, `5.24`, `plus.uni-app.compilerVersion changed '"4.87"' '"5.24"'`},
		{"kind of value", `{"compilerVersion": "4.87"}`, `[]`, `plus.uni-app changed '{"compilerVersion":"4.87"}' '[]'`},
		{"odd name", `"id"`, `"a.b": {"": 1}, "id"`, `["a.b"] added '' '{"":1}'`},
		{"name in Chinese", `"id"`, `"图": 1, "id"`, `["图"] added '' '1'`},
		{"long value", `UniNView原生渲染`, strings.Repeat("渲", 200), `permissions.UniNView.description changed '"UniNView原生渲染"' '"` + strings.Repeat("渲", MaxShown-1) + `…'`},
		{"two changes in order", `"id": "__UNI__A1B2C3D"`, `"id": "__UNI__B", "a": 1`, `a added '' '1'; id changed '"__UNI__A1B2C3D"' '"__UNI__B"'`},
	} {
		if !strings.Contains(base, c.old) {
			t.Fatalf("%s: not in the base", c.trap)
		}
		changes, err := Diff(of(base), of(strings.Replace(base, c.old, c.new, 1)))
		if err != nil {
			t.Errorf("%s: %v", c.trap, err)
		}
		var lines []string
		for _, d := range changes {
			lines = append(lines, fmt.Sprintf("%s %s '%s' '%s'", d.Path, d.Kind, d.Old, d.New))
		}
		if got := strings.Join(lines, "; "); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.trap, got, c.want)
		}
	}
}

func TestArray(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`[1,2,3,4,5]`, `[0,1,2,9,3,5]`, "a[0]+0 a[3]+9 a[3]-4"},
		{`[1,2,3]`, `[]`, "a[0]-1 a[1]-2 a[2]-3"},
		{`[{"x":1},{"x":2},{"x":3}]`, `[{"x":1},{"x":3},{"x":4},{"x":5}]`, `a[1]-{"x":2} a[2]+{"x":4} a[3]+{"x":5}`},
		{`[{"x":1}]`, `[{"x":2},{"x":3}]`, `a[0].x~2 a[1]+{"x":3}`},
		{`[[1,2],[3]]`, `[[1,2,9],[3]]`, "a[0][2]+9"},
		{`[1,1,1]`, `[1,1]`, "a[2]-1"},
	} {
		changes, err := Diff(of(`{"a":`+c.old+`}`), of(`{"a":`+c.new+`}`))
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, d := range changes {
			sign := map[Kind]string{Added: "+", Removed: "-", Changed: "~"}[d.Kind]
			text := d.New
			if d.Kind == Removed {
				text = d.Old
			}
			words = append(words, d.Path+sign+text)
		}
		if got := strings.Join(words, " "); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.old, c.new, got, c.want)
		}
	}
	long := func(n int) App { return of(`{"a":[` + strings.Repeat("1,2,", n) + `3]}`) }
	if changes, err := Diff(long(1000), long(5000)); err != nil || len(changes) != 8000 {
		t.Errorf("%d changes, %v", len(changes), err)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ json, want string }{
		{``, "1:1: end of text where a value is expected"},
		{`[]`, "not an object"},
		{`{"a":1,"a":1}`, `1:8: duplicate name "a"`},
		{`{} {}`, `1:4: unexpected '{' after the value`},
		{`{"a":` + strings.Repeat("[", 70), "1:69: more than 64 levels"},
		{strings.Repeat(" ", MaxManifest+1), "larger than 1048576 bytes"},
	} {
		_, err := Fingerprint(of(c.json))
		if got := fmt.Sprint(err); got != "read manifest: "+c.want {
			t.Errorf("%.20q: %s", c.json, got)
		}
		_, err = Diff(of(c.json), of("{}"))
		if got := fmt.Sprint(err); got != "read base manifest: "+c.want {
			t.Errorf("%.20q: %s", c.json, got)
		}
		_, err = Diff(of("{}"), of(c.json))
		if got := fmt.Sprint(err); got != "read next manifest: "+c.want {
			t.Errorf("%.20q: %s", c.json, got)
		}
	}
}

func FuzzDiff(f *testing.F) {
	f.Add([]byte(base), []byte(strings.Replace(base, "4.87", "5.24", 1)))
	f.Add([]byte(`{"a":[1,2,3]}`), []byte(`{"a":[1.0,3]}`))
	f.Add([]byte(`{"version":{"name":"1","code":1}}`), []byte(`{"version":{}}`))
	f.Add([]byte(`{"a":-0}`), []byte(`{"a":0e5}`))
	f.Fuzz(func(t *testing.T, old, new []byte) {
		a, b := App{Manifest: old}, App{Manifest: new}
		one, errA := Fingerprint(a)
		two, errB := Fingerprint(b)
		changes, err := Diff(a, b)
		if (err != nil) != (errA != nil || errB != nil) {
			t.Fatalf("%v, %v, %v", err, errA, errB)
		}
		if errA == nil {
			if same, err := Diff(a, a); err != nil || len(same) > 0 {
				t.Fatalf("%v, %v", same, err)
			}
		}
		if err != nil {
			return
		}
		if (one == two) != (len(changes) == 0) {
			t.Fatalf("%s, %s: %v", one, two, changes)
		}
		back, err := Diff(b, a)
		if err != nil || (len(back) == 0) != (len(changes) == 0) {
			t.Fatalf("%v, back %v, %v", changes, back, err)
		}
		for _, c := range changes {
			if (c.Old == "") != (c.Kind == Added) || (c.New == "") != (c.Kind == Removed) || c.Old == c.New && !strings.HasSuffix(c.Old, "…") {
				t.Fatalf("%+v", c)
			}
		}
	})
}
