package wgt

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"
	"testing/fstest"
)

func TestContentVectors(t *testing.T) {
	data, err := os.ReadFile("../testdata/vectors/wgt/content-id.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Cases []struct {
			Name  string
			Files map[string]struct{ UTF8, Base64 string }
			ID    string
		}
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Cases) < 12 {
		t.Fatalf("%d cases", len(v.Cases))
	}
	for _, c := range v.Cases {
		fsys := fstest.MapFS{}
		var sums []Sum
		for name, f := range c.Files {
			contents := []byte(f.UTF8)
			if f.Base64 != "" {
				if contents, err = base64.StdEncoding.DecodeString(f.Base64); err != nil {
					t.Fatal(err)
				}
			}
			fsys[name] = &fstest.MapFile{Data: contents}
			sums = append(sums, Sum{name, sha256.Sum256(contents)})
		}
		if got, err := ID(sums); err != nil || got != c.ID {
			t.Errorf("%s: %s %v, want %s", c.Name, got, err, c.ID)
		}
		if got, err := SourceID(dirTree(t, fsys)); err != nil || got != c.ID {
			t.Errorf("%s: source id %s %v, want %s", c.Name, got, err, c.ID)
		}
	}
}

// The content id is of what goes into the package, the source id of everything.
func TestSourceID(t *testing.T) {
	plain := dirTree(t, build())
	tree := dirTree(t, build("app-service.js.map", "{}", ".DS_Store", "x"))
	report := check(t, tree)
	if id, err := SourceID(plain); err != nil || id != report.Content {
		t.Errorf("%s %v, want %s", id, err, report.Content)
	}
	if id, err := SourceID(tree); err != nil || id == report.Content {
		t.Errorf("%s %v: source id without the omitted files", id, err)
	}
}

func TestNoID(t *testing.T) {
	if _, err := ID([]Sum{{Name: "a"}, {Name: "a"}}); err == nil {
		t.Error("two files of one name have an id")
	}
	if _, err := ID([]Sum{{Name: "a\nb"}}); err == nil {
		t.Error("a name with a line feed has an id")
	}
	fsys := build()
	fsys["link"] = &fstest.MapFile{Mode: os.ModeSymlink}
	if _, err := SourceID(dirTree(t, fsys)); err == nil {
		t.Error("a symbolic link has an id")
	}
	tree, err := readArchive(append(rawZip{entries: raw()}.bytes(), rawZip{entries: raw()}.bytes()...))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := SourceID(tree); err == nil {
		t.Error("two archives in one have an id")
	}
}
