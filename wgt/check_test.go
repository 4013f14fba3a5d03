package wgt

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// found writes findings as "code file: detail" lines.
func found(all []Finding) string {
	var lines []string
	for _, f := range all {
		lines = append(lines, f.String())
	}
	return strings.Join(lines, "\n")
}

func without(names ...string) fstest.MapFS {
	fsys := build()
	for _, name := range names {
		delete(fsys, name)
	}
	return fsys
}

func below(dir string, fsys fstest.MapFS) fstest.MapFS {
	moved := fstest.MapFS{}
	for name, f := range fsys {
		moved[dir+"/"+name] = f
	}
	return moved
}

func with(fsys fstest.MapFS, names ...string) fstest.MapFS {
	for _, name := range names {
		fsys[name] = &fstest.MapFile{Data: []byte("x")}
	}
	return fsys
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		trap string
		fsys fstest.MapFS
		want string
	}{
		{"a good build", build(), ""},
		{"nothing", fstest.MapFS{}, "empty"},
		{"only junk", with(fstest.MapFS{}, ".DS_Store", ".git/HEAD"), "empty"},
		{"no manifest", without(ManifestName), "no-manifest"},
		{"any folder", with(fstest.MapFS{}, "a.txt"), "no-manifest"},
		{"the folder was zipped, not its contents", below("app", build()), "wrapped: app"},
		{"zipped by Finder", with(below("app", build()), "__MACOSX/app/._manifest.json"), "wrapped: app"},
		{"the dist folder", below("build/app", build()), "wrapped: build/app"},
		{"two builds in dist", with(below("build/app", build()), "build/h5/index.html", "dev/app/manifest.json"), "wrapped: build/app"},
		{"app-harmony without its compiler plug-in: exit code 0 and a web build", with(fstest.MapFS{}, "index.html", "assets/index-1.js", "static/logo.png"), "web-build"},
		{"a web app with a manifest of its own kind", with(fstest.MapFS{}, "index.html", "assets/index-1.js", "manifest.json"), "web-build\nmanifest-syntax \"manifest.json\": 1:1: unexpected 'x' where a value is expected"},
		{"a build that failed with exit code 0 leaves ten files", with(fstest.MapFS{},
			"__uniappautomator.js", "__uniappchooselocation.js", "__uniapperror.png", "__uniappopenlocation.js", "__uniapppicker.js",
			"__uniappquill.js", "__uniappquillimageresize.js", "__uniappscan.js", "__uniappsuccess.png", "__uniappview.html"), "failed-build"},
		{"the project, not its output (HBuilderX)", with(build(ServiceName, "-", ViewName, "-", ConfigName, "-", ManifestName, "{ // x\n}"), "pages.json", "App.vue"), "source-project"},
		{"the project, not its output (CLI)", with(fstest.MapFS{}, "package.json", "src/manifest.json", "src/pages.json"), "source-project"},
		{"no app-service.js", without(ServiceName), `missing-file "app-service.js"`},
		{"no routes", without(ConfigName), `missing-file "app-config-service.js"`},
		{"no view", without(ViewName), `missing-file "__uniappview.html"`},
		{"disk full while building", build(ServiceName, ""), `missing-file "app-service.js": empty`},
	} {
		report := check(t, dirTree(t, c.fsys))
		if got := found(report.Problems); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.trap, got, c.want)
		}
		if report.OK() != (c.want == "") {
			t.Errorf("%s: OK %v", c.trap, report.OK())
		}
		if (report.Content != "") != report.OK() {
			t.Errorf("%s: content %q", c.trap, report.Content)
		}
	}
}

func TestTooMuch(t *testing.T) {
	fsys := build()
	for i := range MaxFiles - 4 {
		fsys[fmt.Sprintf("static/%d", i)] = &fstest.MapFile{}
	}
	if report := check(t, dirTree(t, fsys)); !report.OK() {
		t.Errorf("%d files: %v", MaxFiles, report.Problems)
	}
	fsys["static/x"] = &fstest.MapFile{}
	if got := found(check(t, dirTree(t, fsys)).Problems); got != "too-many-files: more than 20000" {
		t.Errorf("one file more: %s", got)
	}
	tree := dirTree(t, build("static/a", "a", "static/b", "b"))
	tree.Lookup("static/a").Size = MaxUnpacked - 1
	tree.Lookup("static/b").Size = MaxUnpacked
	report := check(t, tree)
	if got := found(report.Problems); !strings.HasPrefix(got, "too-big: 4194305") {
		t.Errorf("too big: %s", got)
	}
	if got := found(report.Warnings); got != "huge-file \"static/a\": 209715199\nhuge-file \"static/b\": 209715200" {
		t.Errorf("too big: %s", got)
	}
}

// A file may be in one list only, and every file is in one.
func TestLists(t *testing.T) {
	for _, c := range []struct{ trap, name, contents, omitted, invalid, warnings string }{
		{"page", "pages/a.css", "a{}", "", "", ""},
		{"name in Chinese", "static/图 1.png", "x", "", "", ""},
		{"compression plug-in", "app-service.js.gz", "x", "twin", "", ""},
		{"compression plug-in", "static/a.png.br", "x", "", "", ""}, // there is no static/a.png
		{"source map", "app-service.js.map", "x", "source-map", "", ""},
		{"source map", "static/x.map", `{"version":3,"sources":["a.ts"],"mappings":"AAAA"}`, "source-map", "", ""},
		{"level of a game", "static/level1.map", `{"version":3,"tiles":[1,2]}`, "", "", ""},
		{"Finder", "static/.DS_Store", "x", "junk", "", ""},
		{"Explorer", "static/Thumbs.db", "x", "junk", "", ""},
		{"Explorer", "Desktop.ini", "x", "junk", "", ""},
		{"vim", "static/.a.png.swp", "x", "junk", "", ""},
		{"emacs", "static/a.png~", "x", "junk", "", ""},
		{"IDE", ".idea/a.xml", "x", "junk", "", ""},
		{"IDE", "static/.vscode/a.json", "x", "junk", "", ""},
		{"git", ".git/HEAD", "x", "junk", "", ""},
		{"Finder", "__MACOSX/._a", "x", "junk", "", ""},
		{"nvue", ".nvue/app.js", "x", "nvue-output", "", ""},
		{"HarmonyOS", "uni_modules/index.generated.ets", "x", "harmony-native", "", ""},
		{"HarmonyOS", "uni_modules/oh-package.json5", "x", "harmony-native", "", ""},
		{"not HarmonyOS", "uni_modules/x/static/a.json", "{}", "", "", ""},
		{"backslash", `static\a.png`, "x", "", "bad-name: backslash", ""},
		{"drive", "C:a.png", "x", "", "bad-name: drive", ""},
		{"control", "static/a\x01.png", "x", "", "bad-name: control", ""},
		{"line feed", "static/a\n.png", "x", "", "bad-name: control", ""},
		{"line separator", "static/a\u2028.png", "x", "", "bad-name: control", ""},
		{"right to left", "static/a\u202egnp.js", "x", "", "bad-name: direction", ""},
		{"long segment", "static/" + strings.Repeat("a", 256), "x", "", "bad-name: length", ""},
		{"longest segment", "static/" + strings.Repeat("a", 255), "x", "", "", ""},
		{"long name", strings.Repeat("abcdefg/", 128) + "a", "x", "", "bad-name: length", ""},
		{"longest name", strings.Repeat("abcdefg/", 127) + "abcdefgh", "x", "", "", ""},
		{"HFS+", "static/e\u0301.png", "x", "", "not-nfc", ""},
		{"env", ".env.production", "x", "", "", "secret: name"},
		{"keystore", "static/release.keystore", "x", "", "", "secret: name"},
		{"certificate", "static/A.P12", "x", "", "", "secret: name"},
		{"ssh", "static/id_rsa", "x", "", "", "secret: name"},
		{"public", "static/id_rsa.pub", "x", "", "", ""},
		{"private key", "static/a.txt", "x-----BEGIN RSA PRIVATE KEY-----", "", "", "secret: private key"},
		{"certificate", "static/a.txt", "-----BEGIN CERTIFICATE-----", "", "", ""},
		{"Alibaba", "pages/a.js", `var k="LTAI4GAbcdefghijkl"`, "", "", "secret: access key id"},
		{"Tencent", "pages/a.json", `{"id":"AKIDabcdefghij012345678901234567890"}`, "", "", "secret: access key id"},
		{"AWS", "pages/a.js", `'AKIAIOSFODNN7EXAMPLE'`, "", "", "secret: access key id"},
		{"short", "pages/a.js", `'AKIAIOSFODNN7'`, "", "", ""},
		{"in a font", "pages/a.js", `'xxxxLTAI4GAbcdefghijkl'`, "", "", ""},
		{"not in a picture", "static/a.png", `'AKIAIOSFODNN7EXAMPLE'`, "", "", ""},
	} {
		tree := dirTree(t, build(c.name, c.contents))
		report := check(t, tree)
		pick := func(all []Finding) string {
			var of []Finding
			for _, f := range all {
				if f.File == c.name {
					of = append(of, f)
				} else {
					t.Errorf("%s %q: about another file: %v", c.trap, c.name, f)
				}
			}
			return strings.ReplaceAll(found(of), fmt.Sprintf(" %q", c.name), "")
		}
		if got := pick(report.Omitted); got != c.omitted {
			t.Errorf("%s %q: omitted %q, want %q", c.trap, c.name, got, c.omitted)
		}
		if got := pick(report.Invalid); got != c.invalid {
			t.Errorf("%s %q: invalid %q, want %q", c.trap, c.name, got, c.invalid)
		}
		if got := pick(report.Warnings); got != c.warnings {
			t.Errorf("%s %q: warnings %q, want %q", c.trap, c.name, got, c.warnings)
		}
		if all := len(report.Valid) + len(report.Omitted) + len(report.Invalid); all != len(tree.Files) || all != 5 {
			t.Errorf("%s %q: %d of %d files are in a list", c.trap, c.name, all, len(tree.Files))
		}
		if len(report.Problems) > 0 {
			t.Errorf("%s %q: %v", c.trap, c.name, report.Problems)
		}
	}
}

func TestCheckName(t *testing.T) {
	for name, want := range map[string]string{
		"a": "", "a/b.c": "", "..a/b..": "", "a b": "", "图/é.png": "",
		"": "empty", "/a": "absolute", "a//b": "segment", "a/": "segment", "./a": "segment", "a/../b": "segment", "..": "segment",
		`a\b`: "backslash", `c:\a`: "drive", "a\x00": "control", "a\x7f": "control", "a\u0085": "control",
		"a\u200f": "direction", "a\u2066": "direction", "\xff": "utf8", "a\xc3": "utf8", "\u212b": "not-nfc", "o\u0308": "not-nfc",
	} {
		code, detail := CheckName(name)
		if got := detail; code == NotNFC && want == "not-nfc" {
			continue
		} else if got != want || (code == BadName) != (want != "") {
			t.Errorf("%q: %s %q, want %q", name, code, detail, want)
		}
	}
}

func TestCollisions(t *testing.T) {
	for _, c := range []struct{ names, files, dirs string }{
		{"static/A.png static/a.png", "name-collision \"static/A.png\": static/a.png\nname-collision \"static/a.png\": static/A.png", ""},
		{"static/É.png static/é.png", "name-collision \"static/É.png\": static/é.png\nname-collision \"static/é.png\": static/É.png", ""},
		{"a a/b", "name-collision \"a\": a/b\nname-collision \"a/b\": a", ""},
		{"A a/b/c", "name-collision \"A\": a/b/c\nname-collision \"a/b/c\": A", ""},
		{"static/Icons/a static/icons/b", "", "directory-case \"static/icons\": static/Icons"},
		{"static/Icons/a static/icons/A", "name-collision \"static/Icons/a\": static/icons/A\nname-collision \"static/icons/A\": static/Icons/a", "directory-case \"static/icons\": static/Icons"},
		{"a/b a/c/d a-b", "", ""},
	} {
		names := strings.Fields(c.names)
		files, dirs := collisions(names)
		if found(files) != c.files || found(dirs) != c.dirs {
			t.Errorf("%s:\n%s\n%s", c.names, found(files), found(dirs))
		}
	}
	report := check(t, dirTree(t, build("static/A.png", "x", "static/a.png", "x")))
	if len(report.Invalid) != 2 || report.OK() {
		t.Errorf("%v", report.Invalid)
	}
}

func TestSymlink(t *testing.T) {
	fsys := build()
	fsys["static/link"] = &fstest.MapFile{Data: []byte("../manifest.json"), Mode: fs.ModeSymlink | 0o777}
	fsys["static/pipe"] = &fstest.MapFile{Mode: fs.ModeNamedPipe | 0o600}
	report := check(t, dirTree(t, fsys))
	if got := found(report.Invalid); got != "symlink \"static/link\"\nnot-regular \"static/pipe\": p---------" {
		t.Error(got)
	}
}

func TestScripts(t *testing.T) {
	parse := func(name string, src []byte) (string, error) {
		if strings.Contains(string(src), "oops") {
			return "", errors.New("3:7: Unexpected \"oops\"")
		}
		return "es2020", nil
	}
	report, err := Check(dirTree(t, build("pages/a.js", "oops", "static/a.js", "oops", "hybrid/html/a.mjs", "fine", "static/a.css", "oops")), CheckOptions{ParseJS: parse})
	if err != nil {
		t.Fatal(err)
	}
	if got := found(report.Invalid); got != `js-syntax "pages/a.js": pages/a.js:3:7: Unexpected "oops"` {
		t.Error(got)
	}
	if got := found(report.Warnings); got != `js-syntax "static/a.js": static/a.js:3:7: Unexpected "oops"` {
		t.Error(got)
	}
	for _, f := range report.Valid {
		if want := map[bool]string{true: "es2020"}[isScript(f.Name) && f.Name != "static/a.js"]; f.Level != want {
			t.Errorf("%s: %q", f.Name, f.Level)
		}
	}
	if report, err = Check(dirTree(t, below("app", build(ServiceName, "oops"))), CheckOptions{ParseJS: parse}); err != nil || len(report.Invalid) > 0 {
		t.Error("scripts of something that is no build were parsed")
	}
}

// Commands print reports as JSON: lists are lists even when they are empty.
func TestReportJSON(t *testing.T) {
	data, err := json.Marshal(check(t, dirTree(t, fstest.MapFS{})))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"valid":[],"omitted":[],"invalid":[],"problems":[{"code":"empty"}],"warnings":[],"guard":{"client":false,"number":0,"inserted":false},"unpacked":0}`; string(data) != want {
		t.Errorf("%s\nwant %s", data, want)
	}
}

func TestReadFails(t *testing.T) {
	for _, size := range []int64{1, 100} {
		tree := dirTree(t, build())
		tree.Lookup(ServiceName).Size = size
		if _, err := Check(tree, CheckOptions{}); err == nil || !strings.Contains(err.Error(), "than its size says") {
			t.Errorf("%d: %v", size, err)
		}
	}
}
