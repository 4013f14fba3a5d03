package wgt

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/fstest"
)

func TestRenumber(t *testing.T) {
	manifest := `{"@platforms":["android"],"id":"__UNI__A1B2C3D","version":{"name":"1.0.0","code":"100"},"plus":{}}`
	script := "var client='wgtup-client/0.1.0';"
	guarded := string(insertGuard([]byte(script), Version{"1.0.0", 100}))
	tree, err := ReadDir(fstest.MapFS{
		ManifestName: {Data: []byte(manifest)}, ServiceName: {Data: []byte(guarded)}, "logo.png": {Data: []byte("logo")},
	})
	if err != nil {
		t.Fatal(err)
	}
	next, err := Renumber(tree, Version{"1.2.0", 120})
	if err != nil {
		t.Fatal(err)
	}
	read := func(tree *Tree, name string) string {
		data, err := tree.Lookup(name).Read()
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	m, found := ParseManifest([]byte(read(next, ManifestName)))
	if len(found) > 0 || m.Version != (Version{"1.2.0", 120}) || !strings.Contains(read(next, ManifestName), `"code":"120"`) {
		t.Errorf("manifest %s, %v", read(next, ManifestName), found)
	}
	if want := string(insertGuard([]byte(script), Version{"1.2.0", 120})); read(next, ServiceName) != want {
		t.Error("the guard is not that of the new version")
	}
	if read(next, "logo.png") != "logo" || read(tree, ManifestName) != manifest {
		t.Error("it changed another file, or its input")
	}
	back, err := Renumber(next, Version{"1.0.0", 100})
	if err != nil || read(back, ServiceName) != guarded {
		t.Errorf("there and back: %v", err)
	}
	// Without a client nothing but the manifest changes.
	tree.Lookup(ServiceName).open = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(script)), nil }
	tree.Lookup(ServiceName).Size = int64(len(script))
	if next, err = Renumber(tree, Version{"1.2.0", 120}); err != nil || read(next, ServiceName) != script {
		t.Errorf("without a guard: %v", err)
	}
	if _, err = Renumber(&Tree{}, Version{"1.2.0", 120}); err == nil {
		t.Error("no manifest, no error")
	}
	wrong := bytes.Replace([]byte(guarded), []byte(`("1.0.0",`), []byte(`("9.9.9",`), 1)
	tree.Lookup(ServiceName).open = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(wrong)), nil }
	tree.Lookup(ServiceName).Size = int64(len(wrong))
	if _, err = Renumber(tree, Version{"1.2.0", 120}); err == nil {
		t.Error("the guard of another version, no error")
	}
}
