package native

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestFiles(t *testing.T) {
	data, err := os.ReadFile("../testdata/vectors/native/files.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Manifest string
		Cases    []struct {
			Name        string
			Files       []File
			Compiled    []string
			Canonical   string
			Fingerprint string
		}
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Cases) < 13 {
		t.Fatalf("%d cases", len(v.Cases))
	}
	plain, err := Fingerprint(of(v.Manifest))
	if err != nil || plain != v.Cases[0].Fingerprint {
		t.Errorf("without files: %s, %v", plain, err)
	}
	for _, c := range v.Cases {
		app := App{Manifest: []byte(v.Manifest), Files: c.Files}
		var compiled []string
		for _, f := range c.Files {
			if Compiled(f.Name) {
				compiled = append(compiled, f.Name)
			}
		}
		if slices.Sort(compiled); !slices.Equal(compiled, c.Compiled) {
			t.Errorf("%s: compiled %q, want %q", c.Name, compiled, c.Compiled)
		}
		for _, level := range []Level{Strict, Runtime} {
			if got, err := FingerprintAt(level, app); err != nil || got != c.Fingerprint {
				t.Errorf("%s: %s %s, want that of %s: %v", c.Name, level, got, c.Canonical, err)
			}
		}
		for _, other := range v.Cases {
			changes, err := Diff(app, App{Manifest: []byte(v.Manifest), Files: other.Files})
			if err != nil || (len(changes) == 0) != (c.Fingerprint == other.Fingerprint) || len(Needs(Runtime, changes)) != len(changes) {
				t.Errorf("%s, %s: %v, %v", c.Name, other.Name, changes, err)
			}
		}
	}
}

func TestDiffFiles(t *testing.T) {
	app := func(manifest string, files ...string) App {
		a := of(manifest)
		for i := 0; i < len(files); i += 2 {
			a.Files = append(a.Files, File{files[i], files[i+1]})
		}
		return a
	}
	changes, err := Diff(
		app(`{"id":"A"}`, "nativeplugins/b/a.aar", "1", "utssdk/gone.kt", "1", "app-service.js", "1", "nativeplugins/a/a.aar", "1"),
		app(`{"id":"B"}`, "nativeplugins/a/a.aar", "1", "app-service.js", "2", "nativeplugins/b/a.aar", "2", "utssdk/new.kt", "1"))
	var lines []string
	for _, c := range changes {
		lines = append(lines, fmt.Sprint(c.Path, " ", c.Kind, " ", c.Old, " ", c.New, " ", c.Reason, " ", c.Safe))
	}
	const want = `id changed "A" "B" appid false
nativeplugins/b/a.aar changed "1" "2" native-code false
utssdk/gone.kt removed "1"  native-code false
utssdk/new.kt added  "1" native-code false`
	if got := strings.Join(lines, "\n"); got != want || err != nil {
		t.Errorf("%s\n%v", got, err)
	}
}
