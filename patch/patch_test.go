package patch_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"testing"

	"wgtup/patch"
	"wgtup/patch/patchtest"
	"wgtup/wgt"
)

// read returns the files of a build.
func read(t testing.TB, dir string) (files []patch.File) {
	t.Helper()
	tree, err := wgt.ReadDir(os.DirFS(dir))
	if err != nil {
		t.Fatalf("%v (node examples/shop/build.mjs makes the builds)", err)
	}
	for _, f := range tree.Files {
		data, err := f.Read()
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, patch.File{Name: f.Name, Data: data})
	}
	return files
}

// checkPackage checks that a package is canonical (package wgt makes every header anew and compares), stored, and holds
// just these files.
func checkPackage(t *testing.T, name string, archive []byte, files []patch.File) {
	t.Helper()
	tree, err := wgt.ReadPackage(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if len(tree.Files) != len(files) {
		t.Errorf("%s: %d files, not %d", name, len(tree.Files), len(files))
	}
	size := 22
	for _, f := range files {
		size += len(f.Data) + 30 + 46 + 2*len(f.Name)
		file := tree.Lookup(f.Name)
		if file == nil {
			t.Errorf("%s: %s is missing", name, f.Name)
			continue
		}
		if data, err := file.Read(); err != nil || !bytes.Equal(data, f.Data) {
			t.Errorf("%s: %s has other contents", name, f.Name)
		}
	}
	if len(archive) != size {
		t.Errorf("%s: %d bytes, and not %d as the stored form has", name, len(archive), size)
	}
}

func makePatch(t testing.TB, base, next []patch.File) []byte {
	t.Helper()
	p, err := patch.Make(base, next)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func applyPatch(t testing.TB, base []patch.File, p []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := patch.Apply(base, p, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Real builds: what a patch makes is the stored form of the package, as package wgt reads it.
func TestPatchesBetweenBuilds(t *testing.T) {
	builds := map[string][]patch.File{"": nil}
	for _, pair := range [][2]string{{"", "1.0.0"}, {"1.0.0", "1.0.1"}, {"1.0.1", "1.1.0"}, {"1.1.0", "1.1.1"}, {"1.1.1", "1.2.0"}, {"1.2.0", "1.3.0"}, {"1.3.0", "1.4.0"},
		{"1.4.0", "1.5.0"}, {"1.5.0", "1.6.0"}, {"1.6.0", "2.0.0"}, {"1.0.0", "1.1.1"}, {"1.5.0", "1.4.0"}, {"1.5.0", "1.5.0"}} {
		for _, v := range pair {
			if _, ok := builds[v]; !ok {
				builds[v] = read(t, "../.cache/shop/out/"+v)
			}
		}
		base, next := builds[pair[0]], builds[pair[1]]
		p := makePatch(t, base, next)
		checkPackage(t, pair[0]+" to "+pair[1], applyPatch(t, base, p), next)
		t.Logf("%s to %s: %d bytes", pair[0], pair[1], len(p))
	}
}

func TestGeneratedPairs(t *testing.T) {
	for seed := range uint64(150) {
		base, next := patchtest.Pair(seed)
		want := applyPatch(t, nil, makePatch(t, nil, next))
		for _, f := range next {
			if !bytes.Contains(want, f.Data) {
				t.Fatalf("pair %d: %q is not in what the patch without a base makes", seed, f.Name)
			}
		}
		if got := applyPatch(t, base, makePatch(t, base, next)); !bytes.Equal(got, want) {
			t.Fatalf("pair %d: two patches to one package make two packages", seed)
		}
	}
}

func TestPatchesAreReproducible(t *testing.T) {
	base, next := patchtest.Pair(7)
	once := makePatch(t, base, next)
	for i, j := 0, len(base)-1; i < j; i, j = i+1, j-1 {
		base[i], base[j] = base[j], base[i]
	}
	if !bytes.Equal(once, makePatch(t, base, next)) {
		t.Error("the order in which files are handed in matters")
	}
}

// A patch that is cut off or altered ends in an error or in another package, in bounded time.
func TestDamagedPatches(t *testing.T) {
	base, next := patchtest.Pair(11)
	p := makePatch(t, base, next)
	want := applyPatch(t, base, p)
	for cut := range len(p) - 4 {
		var out bytes.Buffer
		if err := patch.Apply(base, p[:cut], &out); err == nil && bytes.Equal(out.Bytes(), want) {
			t.Errorf("the first %d of %d bytes are enough", cut, len(p))
		}
	}
	for i := range p {
		for _, flip := range []byte{1, 0x80, 0xff} {
			bad := bytes.Clone(p)
			bad[i] ^= flip
			patch.Apply(base, bad, io.Discard)
		}
	}
	for i := range base { // another base
		patch.Apply(slices.Delete(slices.Clone(base), i, i+1), p, io.Discard)
	}
	if err := patch.Apply(base, nil, io.Discard); err == nil {
		t.Error("an empty patch is applied")
	}
}

// What a signed patch of a few bytes may cost is bounded, whatever it says.
func TestNamesAreBounded(t *testing.T) {
	var files []patch.File
	for i := range 2000 {
		files = append(files, patch.File{Name: fmt.Sprintf("%01000d", i)})
	}
	if _, err := patch.Make(nil, files); err == nil {
		t.Error("2 MB of names are accepted")
	}
	if _, err := patch.Make(nil, files[:1000]); err != nil {
		t.Error(err)
	}
}

func TestMakeRefuses(t *testing.T) {
	for name, files := range map[string][]patch.File{
		"two files with one name": {{Name: "a"}, {Name: "a"}},
		"no name":                 {{Name: ""}},
		"a name with a NUL":       {{Name: "a\x00"}},
		"a long name":             {{Name: string(bytes.Repeat([]byte("a"), patch.MaxName+1))}},
	} {
		if _, err := patch.Make(nil, files); err == nil {
			t.Errorf("%s: accepted as the package", name)
		}
		if _, err := patch.Make(files, nil); err == nil {
			t.Errorf("%s: accepted as the base", name)
		}
	}
}

func FuzzMake(f *testing.F) {
	f.Add([]byte("function a(e){return e.b}"), []byte("function c(t){return t.b}"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		base, next := []patch.File{{Name: "app.js", Data: a}}, []patch.File{{Name: "app.js", Data: b}, {Name: "b.js", Data: a}}
		if got := applyPatch(t, base, makePatch(t, base, next)); !bytes.Contains(got, b) {
			t.Error("the contents are not in the package")
		}
	})
}
