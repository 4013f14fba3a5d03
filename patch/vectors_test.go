package patch_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"wgtup/patch"
	"wgtup/patch/patchtest"
)

// A vector is a patch and what it makes of a base, for other implementations.
type vector struct {
	Name   string       `json:"name"`
	Base   []vectorFile `json:"base"`
	Patch  []byte       `json:"patch"`
	Size   int          `json:"size,omitempty"`
	SHA256 string       `json:"sha256,omitempty"`
}

type vectorFile struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

type vectors struct {
	Applied []vector `json:"applied"`
	Refused []vector `json:"refused"`
}

const vectorsPath = "../testdata/vectors/patch/patch.json"

// With WGTUP_UPDATE=1 the vectors are made anew, to be looked at in the difference.
func TestVectors(t *testing.T) {
	if os.Getenv("WGTUP_UPDATE") != "" {
		text, err := json.MarshalIndent(newVectors(t), "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(vectorsPath, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(vectorsPath)
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	for _, v := range v.Applied {
		got := applyPatch(t, v.files(), v.Patch)
		if len(got) != v.Size || fmt.Sprintf("%x", sha256.Sum256(got)) != v.SHA256 {
			t.Errorf("%s: another package", v.Name)
		}
	}
	for _, v := range v.Refused {
		if err := patch.Apply(v.files(), v.Patch, new(bytes.Buffer)); err == nil {
			t.Errorf("%s: applied", v.Name)
		}
	}
}

func (v vector) files() (files []patch.File) {
	for _, f := range v.Base {
		files = append(files, patch.File(f))
	}
	return
}

func newVectors(t *testing.T) (v vectors) {
	add := func(name string, base, next []patch.File) []byte {
		p := makePatch(t, base, next)
		got := applyPatch(t, base, p)
		one := vector{Name: name, Base: []vectorFile{}, Patch: p, Size: len(got), SHA256: fmt.Sprintf("%x", sha256.Sum256(got))}
		for _, f := range base {
			one.Base = append(one.Base, vectorFile(f))
		}
		v.Applied = append(v.Applied, one)
		return p
	}
	file := func(name, data string) patch.File { return patch.File{Name: name, Data: []byte(data)} }
	tree := []patch.File{
		file("app-service.js", "(function(){"+strings.Repeat("function a(e){return e.t+b(e,1)}function b(e,t){return a(e)-t}", 4)+"})()"),
		file("pages/首页/index.css", strings.Repeat(".price[data-v-0a1b2c3d]{color:red}.name[data-v-0a1b2c3d]{color:#333}", 3)),
		file("static/empty", ""),
		file("manifest.json", `{"version":{"name":"1.0.0","code":"100"}}`),
	}
	changed := func(old, now string) (out []patch.File) {
		for _, f := range tree {
			out = append(out, file(f.Name, strings.NewReplacer(strings.Split(old+" "+now, " ")...).Replace(string(f.Data))))
		}
		return
	}
	add("nothing changes", tree, tree)
	add("nothing at all", nil, nil)
	whole := add("whole package", nil, tree)
	add("all files go", tree, nil)
	add("names", tree, changed("a(", "Ze("))
	add("one number", tree, changed("100", "101"))
	hashes := add("hashes", tree, changed("0a1b2c3d", "99aabbcc"))
	add("a file moves", tree, []patch.File{tree[0], file("pages/moved.css", string(tree[1].Data)), tree[2], tree[3]})
	picture := make([]byte, 300)
	for i, x := 0, uint32(1); i < len(picture); i++ {
		x = x*1664525 + 1013904223
		picture[i] = byte(x >> 24)
	}
	add("a picture comes", tree, append([]patch.File{{Name: "static/new.png", Data: picture}}, tree...))
	for seed := range uint64(30) {
		base, next := patchtest.Pair(seed)
		add(fmt.Sprintf("generated pair %d", seed), base, next)
	}
	refuse := func(name string, base []patch.File, p []byte) {
		if err := patch.Apply(base, p, new(bytes.Buffer)); err != nil {
			one := vector{Name: name, Base: []vectorFile{}, Patch: p}
			for _, f := range base {
				one.Base = append(one.Base, vectorFile(f))
			}
			v.Refused = append(v.Refused, one)
		}
	}
	refuse("empty", tree, []byte{})
	refuse("another format", tree, append([]byte{2}, hashes[1:]...))
	for n := 1; n < len(whole)-8; n += len(whole) / 12 {
		refuse(fmt.Sprintf("the first %d bytes of a patch", n), nil, whole[:n])
	}
	for i := range 40 {
		noise := sha256.Sum256([]byte{byte(i)})
		refuse(fmt.Sprintf("noise %d", i), tree, append([]byte{1}, noise[:]...))
	}
	return v
}
