package wgt_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing/fstest"

	"wgtup/wgt"
	"wgtup/wgt/jscheck"
)

func Example() {
	dist := fstest.MapFS{ // os.DirFS("dist/build/app")
		"manifest.json":         {Data: []byte(`{"id":"__UNI__A1B2C3D","version":{"name":"1.0.1","code":"101"}}`)},
		"app-service.js":        {Data: []byte("uni.requireGlobal?.();\n")},
		"app-service.js.map":    {Data: []byte("{}")},
		"app-config-service.js": {Data: []byte("var __uniConfig = {};\n")},
		"__uniappview.html":     {Data: []byte("<!DOCTYPE html>\n")},
	}
	tree, err := wgt.ReadDir(dist)
	if err != nil {
		panic(err)
	}
	report, err := wgt.Check(tree, wgt.CheckOptions{ParseJS: jscheck.Parse})
	if err != nil {
		panic(err)
	}
	for _, f := range report.Omitted {
		fmt.Println("omitted:", f)
	}
	var b bytes.Buffer
	p, err := wgt.Write(&b, tree, report, wgt.Fast)
	if err != nil {
		panic(err)
	}
	fmt.Println(p.Manifest.ID, p.Manifest.Version.Name, p.Manifest.Version.Code, p.Files, p.Content)

	// On a bucket: only exactly such bytes are accepted.
	again, err := wgt.ReadPackage(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		panic(err)
	}
	id, err := wgt.SourceID(again)
	fmt.Println(id == p.Content, err)
	// Output:
	// omitted: source-map "app-service.js.map"
	// __UNI__A1B2C3D 1.0.1 101 4 3efdbc1b9b748c1eec53fc547c5749e9060f09cf3be50c42b1aeb8c8f20fabe1
	// true <nil>
}

// The worked example of the package comment.
func ExampleID() {
	id, err := wgt.ID([]wgt.Sum{
		{Name: "b.txt", SHA256: sha256.Sum256(nil)},
		{Name: "a.txt", SHA256: sha256.Sum256([]byte("a\n"))},
	})
	fmt.Println(id, err)
	// Output: bde3837782f75dc457851b2e1fc92636661521019939f5946a120c5b76cb559c <nil>
}
