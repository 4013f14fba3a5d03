package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"wgtup/patch"
	"wgtup/release"
	"wgtup/wgt"
)

// realBuild is a build whose package is one: a page for each of some names, which
// repeats the whole code if it is called copy.
func realBuild(t *testing.T, version string, pages ...string) build {
	t.Helper()
	v := versionOf(version)
	var code strings.Builder
	fmt.Fprintf(&code, "var version=%q;\n", version)
	for n := range 3000 {
		sum := sha256.Sum256(fmt.Append(nil, n))
		fmt.Fprintf(&code, "function page%x(){return %q}\n", n, hex.EncodeToString(sum[:12]))
	}
	files := fstest.MapFS{
		"manifest.json":  {Data: fmt.Appendf(nil, `{"id":%q,"name":"x","version":{"name":%q,"code":%q},"plus":{"launchwebview":{"id":"1"}}}`, testApp, v.Name, itoa(v.Code))},
		"app-service.js": {Data: []byte(code.String())}, "app-config-service.js": {Data: []byte("//")}, "__uniappview.html": {Data: []byte("<html>")},
	}
	for _, name := range pages {
		data := []byte("console.log('" + name + "')")
		if strings.HasPrefix(name, "copy") {
			data = files["app-service.js"].Data
		}
		files["pages/"+name+".js"] = &fstest.MapFile{Data: data}
	}
	tree, err := wgt.ReadDir(files)
	if err != nil {
		t.Fatal(err)
	}
	report, err := wgt.Check(tree, wgt.CheckOptions{})
	if err != nil || !report.OK() {
		t.Fatalf("%v %+v", err, report)
	}
	var body bytes.Buffer
	p, err := wgt.Write(&body, tree, report, wgt.Fast)
	if err != nil {
		t.Fatal(err)
	}
	return build{
		version: v, body: body.Bytes(),
		pack: release.Package{Content: p.Content, Size: p.Size, SHA256: p.SHA256, SHA1: p.SHA1,
			Stored: &release.Digests{Size: p.Stored.Size, SHA256: p.Stored.SHA256, SHA1: p.Stored.SHA1}},
		upload: Upload{Key: release.PackageKey(p.SHA256, "wgt"), Size: p.Size, SHA256: p.SHA256, Open: openBytes(body.Bytes()), Type: PackageType},
	}
}

// patching makes a change with patches.
func patching(c change, bounds Patching) change {
	return change{func(p *Publisher) Edit { p.Patching = &bounds; return c.edit(p) }, c.uploads}
}

var generous = Patching{Bases: 10, Bytes: 1 << 30, Time: time.Hour}

// froms are the versions that patches to a release lead from; "-" for none.
func froms(r *release.Release, builds map[string]build) (names []string) {
	for _, p := range r.Patches {
		name := "-"
		for _, b := range builds {
			if b.pack.Content == p.From {
				name = b.version.Name
			}
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestPatches(t *testing.T) {
	builds := map[string]build{}
	get := func(version string) build {
		if _, ok := builds[version]; !ok {
			pages := strings.Split("p"+version, ".")
			if version == "9.0.0" {
				pages = []string{"copy1", "copy2", "copy3"}
			}
			builds[version] = realBuild(t, version, pages...)
		}
		return builds[version]
	}
	base := func(version string) change {
		b := get(version)
		return change{func(*Publisher) Edit {
			return AddBase(BaseAddition{Natives: []release.Native{androidApp(version), iosApp(version)}, Fingerprint: testPrint, Source: b.pack.Content, Version: b.version, Package: b.pack})
		}, []Upload{b.upload}}
	}
	add := func(version string) change { return addChange(get(version), release.Whole) }
	few := generous
	few.Bases = 2
	poor := generous
	poor.Bytes = 2*get("1.0.0").pack.Size + get("1.0.0").pack.Size/2 // the package itself and one more
	for name, c := range map[string]struct {
		before []change
		do     change
		want   string
	}{
		"from what the app ships":             {[]change{base("1.0.0")}, patching(add("1.1.0"), generous), "1.0.0"},
		"from all before":                     {[]change{base("1.0.0"), add("1.1.0"), add("1.2.0")}, patching(add("1.3.0"), generous), "1.0.0 1.1.0 1.2.0"},
		"from the newest, and what apps ship": {[]change{base("1.0.0"), add("1.1.0"), add("1.2.0"), add("1.2.1")}, patching(add("1.3.0"), few), "1.0.0 1.2.0 1.2.1"},
		"from what was withdrawn":             {[]change{base("1.0.0"), add("1.1.0"), add("1.2.0"), rollbackChange("")}, patching(add("1.3.0"), generous), "1.0.0 1.1.0 1.2.0"},
		"from what was withdrawn, and that":   {[]change{base("1.0.0"), add("1.1.0"), rollbackChange(""), add("1.2.0"), rollbackChange("")}, patching(add("1.3.0"), generous), "1.0.0 1.1.0 1.2.0"},
		"as many as may be read":              {[]change{base("1.0.0"), add("1.1.0"), add("1.2.0")}, patching(add("1.3.0"), poor), "1.2.0"},
		"from nothing, if it pays":            {[]change{baseChange("1.0.0")}, patching(add("9.0.0"), generous), "-"},
		"none in no time":                     {[]change{base("1.0.0")}, patching(add("1.1.0"), Patching{Bases: 10, Bytes: 1 << 30, Time: -1}), ""},
		"none unless wanted":                  {[]change{base("1.0.0")}, add("1.1.0"), ""},
		"none to a way back":                  {nil, patching(base("1.0.0"), generous), ""},
		"by promote, from the target's":       {[]change{base("1.0.0"), add("1.1.0"), inBeta(base("1.0.0")), inBeta(add("1.2.0"))}, patching(promote("", nil), generous), "1.0.0 1.1.0"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t)
			b.do(t, c.before...)
			e := b.do(t, c.do)
			r := &e.Document.Releases[len(e.Document.Releases)-1]
			if got := strings.Join(froms(r, builds), " "); got != c.want {
				t.Fatalf("patches from %q, want %q", got, c.want)
			}
			next := builds[r.Version.Name]
			for _, p := range r.Patches {
				o := b.object(t, release.PatchKey(p.SHA256))
				if sum := sha256.Sum256(o.body); hex.EncodeToString(sum[:]) != p.SHA256 || int64(len(o.body)) != p.Size || o.info.CacheControl != immutable {
					t.Errorf("uploaded %d bytes, %+v", len(o.body), o.info)
				}
				for _, from := range builds {
					if from.pack.Content != p.From {
						continue
					}
					var made bytes.Buffer
					if err := patch.Apply(filesOf(t, from), o.body, &made); err != nil || int64(made.Len()) != next.pack.Stored.Size {
						t.Errorf("%s: %v, %d bytes", from.version.Name, err, made.Len())
					}
				}
			}
			a, err := b.publisher(t, "x", nil).Audit(t.Context())
			if err != nil || len(a.Flaws) > 0 || a.Patches != len(r.Patches) {
				t.Errorf("%v %+v", err, a)
			}
			if len(r.Patches) > 0 {
				b.remove(t, release.PatchKey(r.Patches[0].SHA256))
				if a, _ = b.publisher(t, "x", nil).Audit(t.Context()); len(a.Flaws) != 1 || a.Flaws[0].Code != "patch" {
					t.Errorf("%+v", a)
				}
			}
		})
	}
}

func filesOf(t *testing.T, b build) (files []patch.File) {
	t.Helper()
	tree, err := wgt.ReadPackage(bytes.NewReader(b.body), int64(len(b.body)))
	if err != nil {
		t.Fatal(err)
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

// A base that is gone, or damaged, is none; a publication does not fail for it.
func TestPatchBaseGone(t *testing.T) {
	old, next := realBuild(t, "1.1.0"), realBuild(t, "1.2.0")
	for name, spoil := range map[string]func(b *bed){
		"gone":    func(b *bed) { b.remove(t, old.upload.Key) },
		"damaged": func(b *bed) { b.put(t, old.upload.Key, bytes.Repeat([]byte("x"), len(old.body)), nil) },
		"no zip":  func(b *bed) { b.put(t, old.upload.Key, nil, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t)
			b.do(t, baseChange("1.0.0"), addChange(old, release.Whole))
			spoil(b)
			e := b.do(t, patching(addChange(next, release.Whole), generous))
			if r := e.Document.Releases[len(e.Document.Releases)-1]; r.Version.Name != "1.2.0" || len(r.Patches) != 0 {
				t.Errorf("%+v", r)
			}
		})
	}
}

// A change that lost the race makes no patch twice; what a rollback brings back has none.
func TestPatchesAfterARace(t *testing.T) {
	b := newBed(t)
	first, second := realBuild(t, "1.1.0"), realBuild(t, "1.2.0")
	b.do(t, baseChange("1.0.0"), addChange(first, release.Whole))
	lost := false
	through := &tap{}
	through.Before = func(op, key string) error {
		if op == "put" && strings.HasSuffix(key, "0000000003.json") && !lost {
			lost = true
			b.do(t, simple(Renew))
		}
		return nil
	}
	p := b.publisher(t, "x", through)
	made := 0
	p.Progress = func(s Step) {
		if s.Name == "patch" {
			made++
		}
	}
	r, err := patching(addChange(second, release.Whole), generous).run(p)
	if err != nil || r.Retries != 1 {
		t.Fatalf("%v %+v", err, r)
	}
	if n := len(r.Entry.Document.Find("r4").Patches); n != 1 || made != 1 {
		t.Errorf("%d patches, %d made", n, made)
	}
	b.do(t, addChange(realBuild(t, "1.3.0"), release.Whole))
	e := b.do(t, rollbackChange(""))
	if back := e.Document.Find("r4"); back == nil || back.Patches != nil {
		t.Errorf("%+v", back)
	}
}
