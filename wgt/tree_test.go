package wgt

import (
	"bytes"
	"testing"
	"testing/fstest"
)

const goodManifest = `{"id":"__UNI__A1B2C3D","name":"shop","version":{"name":"1.2.3","code":"123"},"plus":{"uni-app":{"compilerVersion":"4.87"}}}`

// build is the smallest build output; changes are name, contents pairs put over it. Contents "-" remove the file.
func build(changes ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	files := []string{
		ManifestName, goodManifest,
		ServiceName, "var a = 1;\n",
		ConfigName, "var b = 2;\n",
		ViewName, "<!DOCTYPE html>\n",
	}
	for files = append(files, changes...); len(files) > 0; files = files[2:] {
		if files[1] == "-" {
			delete(fsys, files[0])
		} else {
			fsys[files[0]] = &fstest.MapFile{Data: []byte(files[1]), Mode: 0o644}
		}
	}
	return fsys
}

func dirTree(t testing.TB, fsys fstest.MapFS) *Tree {
	t.Helper()
	tree, err := ReadDir(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func check(t testing.TB, tree *Tree) *Report {
	t.Helper()
	report, err := Check(tree, CheckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func write(t testing.TB, tree *Tree, e Encoding) ([]byte, Package) {
	t.Helper()
	report := check(t, tree)
	var b bytes.Buffer
	p, err := Write(&b, tree, report, e)
	if err != nil {
		t.Fatalf("%v: %v %v", err, report.Problems, report.Invalid)
	}
	return b.Bytes(), p
}

func readArchive(data []byte) (*Tree, error) {
	return ReadArchive(bytes.NewReader(data), int64(len(data)))
}

func readPackage(data []byte) (*Tree, error) {
	return ReadPackage(bytes.NewReader(data), int64(len(data)))
}
