package wgt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

const withClient = "var v = 'wgtup-client/0.1.0';\n"

var guardVersion = Version{"1.2.3", 123}

// guarded is what a package has of a script.
func guarded(script string, v Version) (string, Guard, *Finding) {
	g, found := lookForGuard([]byte(script), v)
	if found == nil && g.Inserted {
		script = string(insertGuard([]byte(script), v))
	}
	return script, g, found
}

func TestGuardVectors(t *testing.T) {
	data, err := os.ReadFile("../testdata/vectors/guard/insert.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Cases []struct {
			Name            string
			Version         Version
			Script, Guarded string
		}
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Cases) < 8 {
		t.Fatalf("%d cases", len(v.Cases))
	}
	fill := strings.NewReplacer("{guard}", guardText)
	for _, c := range v.Cases {
		got, g, found := guarded(fill.Replace(c.Script), c.Version)
		if want := fill.Replace(c.Guarded); got != want || found != nil || !g.Client || g.Number != 1 || g.Inserted == (c.Script == c.Guarded) {
			t.Errorf("%s: %+v %v\n%q\nwant\n%q", c.Name, g, found, got, want)
		}
	}
}

func TestGuard(t *testing.T) {
	good, _, _ := guarded(withClient, guardVersion)
	own := func(change func(string) string) string { return change(good) }
	replace := func(before, after string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, before) {
				t.Errorf("nothing to replace: %s", before)
			}
			return strings.Replace(s, before, after, 1)
		}
	}
	newer := "/*wgtup-guard 2*/let wgtupBoot=boot(7);\n" + withClient + "/*wgtup-guard end*/wgtupBoot.end(7);\n"
	for _, c := range []struct {
		trap, script string
		number       int
		inserted     bool
		want         string
	}{
		{"no client", "var a;\n", 0, false, ""},
		{"no client, but its guard, even a bad one", "/*wgtup-guard 1*/var a;\n", 1, false, ""},
		{"no guard", withClient, 1, true, ""},
		{"the client's own use of the guard is no guard", withClient + "typeof wgtupBoot === 'undefined' || wgtupBoot.failed('x')", 1, true, ""},
		{"guarded by the build", good, 1, false, ""},
		{"a banner in front", "/*! shop */\n" + good, 0, false, `guard-not-first "app-service.js": "/*! shop */\n"`},
		{"a byte order mark in front", "\ufeff" + good, 0, false, `guard-not-first "app-service.js": "\ufeff"`},
		{"a line feed in front", "\n" + good, 0, false, `guard-not-first "app-service.js": "\n"`},
		{"concatenated after other code", strings.Repeat("x", 100) + good, 0, false, `guard-not-first "app-service.js": "` + strings.Repeat("x", 60) + `…"`},
		{"a number that is none", own(replace("guard 1*", "guard 01*")), 0, false, `guard-not-first "app-service.js": ""`},
		{"a file that was cut off", good[:len(good)-10-len(guardTail)] + clientMark, 1, false, `guard-no-tail "app-service.js"`},
		{"without its last byte", good[:len(good)-1], 1, false, `guard-no-tail "app-service.js"`},
		{"code after the tail", good + "more();\n", 1, false, `guard-no-tail "app-service.js"`},
		{"carriage returns", strings.ReplaceAll(good, "\n", "\r\n"), 1, false, `guard-no-tail "app-service.js"`},
		{"guarded twice", good + good, 1, false, `guard-twice "app-service.js"`},
		{"guarded twice, one in the other", string(insertGuard([]byte(good), guardVersion)), 1, false, `guard-twice "app-service.js"`},
		{"a second one without comments", own(replace(withClient, withClient+"var wgtupBoot = function () {}\n")), 1, false, `guard-twice "app-service.js"`},
		{"two tails", own(replace(withClient, withClient+guardTail)), 1, false, `guard-twice "app-service.js"`},
		{"minified after the guard was put in: no comments", `var wgtupBoot=function(n,c){return 1}("1.2.3","123");var v="wgtup-client/0.1.0";wgtupBoot.loaded();`, 0, false, `guard-altered "app-service.js"`},
		{"only the tail", withClient + guardTail, 0, false, `guard-altered "app-service.js"`},
		{"another text", own(replace("!1", "!0")), 1, false, `guard-altered "app-service.js"`},
		{"not called", own(replace(`("1.2.3","123");`, ";")), 1, false, `guard-altered "app-service.js"`},
		{"a name that is code", own(replace(`"1.2.3"`, `"1.2.3"+"x"`)), 1, false, `guard-altered "app-service.js"`},
		{"another name", own(replace(`"1.2.3"`, `"1.2.2"`)), 1, false, `guard-version "app-service.js": 1.2.2 (123), manifest.json 1.2.3 (123)`},
		{"another code", own(replace(`"123"`, `"0123"`)), 1, false, `guard-version "app-service.js": 1.2.3 (0123), manifest.json 1.2.3 (123)`},
		{"a newer guard", newer, 2, false, ""},
		{"a newer guard, guarded again", newer + guardText, 2, false, `guard-twice "app-service.js"`},
		{"a newer guard without tail", "/*wgtup-guard 12*/\n" + withClient, 12, false, `guard-no-tail "app-service.js"`},
		{"a newer guard with code after its tail", newer + "\n", 2, false, `guard-no-tail "app-service.js"`},
		{"a newer guard that is not first", ";" + newer, 0, false, `guard-not-first "app-service.js": ";"`},
	} {
		got, g, finding := guarded(c.script, guardVersion)
		text := ""
		if finding != nil {
			text = finding.String()
		}
		if want := (Guard{strings.Contains(c.script, clientMark), c.number, c.inserted}); text != c.want || g != want {
			t.Errorf("%s: %+v, %s\nwant %+v, %s", c.trap, g, text, want, c.want)
		}
		if c.inserted != (got != c.script) {
			t.Errorf("%s: the script became %q", c.trap, got)
		}
	}
}

// A report is of the package with the guard, whatever the order of the files.
func TestGuardReport(t *testing.T) {
	plain := build(ServiceName, withClient, "zzz.js", "x")
	put, _, _ := guarded(withClient, guardVersion)
	byBuild := build(ServiceName, put, "zzz.js", "x")
	report, want := check(t, dirTree(t, plain)), check(t, dirTree(t, byBuild))
	if !report.OK() || !want.OK() {
		t.Fatal(report.Invalid, want.Invalid)
	}
	if !report.Guard.Inserted || want.Guard.Inserted {
		t.Errorf("%+v %+v", report.Guard, want.Guard)
	}
	if report.Content != want.Content || report.Unpacked != want.Unpacked {
		t.Errorf("%s, %d bytes; want %s, %d bytes", report.Content, report.Unpacked, want.Content, want.Unpacked)
	}
	for i, f := range want.Valid {
		got := report.Valid[i]
		if got.guard = nil; got != f {
			t.Errorf("%+v, want %+v", got, f)
		}
	}
	if id, err := SourceID(dirTree(t, plain)); err != nil || id == report.Content {
		t.Errorf("%s %v: the source id is of the input", id, err)
	}
	report = check(t, dirTree(t, build(ServiceName, strings.Replace(put, "1.2.3", "1.2.4", 1))))
	if got := found(report.Invalid); got != `guard-version "app-service.js": 1.2.4 (123), manifest.json 1.2.3 (123)` || report.OK() {
		t.Error(got)
	}
	if all := len(report.Valid); all != 3 || report.Valid[0].Name != ViewName || report.Valid[2].Name != ManifestName {
		t.Errorf("%+v", report.Valid)
	}
	report = check(t, dirTree(t, build(ServiceName, withClient, ManifestName, strings.Replace(goodManifest, "1.2.3", `1\"`, 1))))
	if report.Guard != (Guard{}) || found(report.Problems) == "" {
		t.Errorf("%+v %v: of a bad version", report.Guard, report.Problems)
	}
}

// Files are found by the archive readers as in a folder; packing what was packed changes nothing.
func TestGuardWritten(t *testing.T) {
	fsys := build(ServiceName, withClient)
	data, p := write(t, dirTree(t, fsys), Fast)
	tree, err := readPackage(data)
	if err != nil {
		t.Fatal(err)
	}
	script, err := tree.Lookup(ServiceName).Read()
	if want, _, _ := guarded(withClient, guardVersion); err != nil || string(script) != want {
		t.Errorf("%q %v", script, err)
	}
	if report := check(t, tree); report.Guard != (Guard{true, 1, false}) || report.Content != p.Content || report.Unpacked != p.Unpacked {
		t.Errorf("%+v %s, want %s", report.Guard, report.Content, p.Content)
	}
	if again, q := write(t, tree, Fast); !bytes.Equal(again, data) || q.Content != p.Content {
		t.Error("packed again, it is another package")
	}
	archive := rawZip{entries: []rawEntry{{name: ManifestName, contents: goodManifest}, {name: ServiceName, contents: withClient}, {name: ConfigName, contents: "var b = 2;\n"}, {name: ViewName, contents: "<!DOCTYPE html>\n"}}}.bytes()
	if tree, err = readArchive(archive); err != nil {
		t.Fatal(err)
	}
	if same, q := write(t, tree, Fast); !bytes.Equal(same, data) || q.Content != p.Content {
		t.Error("from an archive it is another package than from a folder")
	}
	if tree, err = readPackage(storedPackage(t, fsys)); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(&bytes.Buffer{}, tree, check(t, tree), Kept); err == nil {
		t.Error("a package without its guard was kept")
	}
	fsys[ServiceName] = &fstest.MapFile{Data: []byte(withClient)}
	tree = dirTree(t, fsys)
	report := check(t, tree)
	fsys[ServiceName].Data = []byte(strings.Replace(withClient, "v", "w", 1))
	if _, err := Write(&bytes.Buffer{}, tree, report, Fast); err == nil || !strings.Contains(err.Error(), string(Changed)) {
		t.Errorf("changed between Check and Write: %v", err)
	}
}

// What is put in counts: a package is never larger than what a phone takes.
func TestGuardTooBig(t *testing.T) {
	tree := dirTree(t, build(ServiceName, withClient, "static/film.mp4", ""))
	film := tree.Lookup("static/film.mp4")
	film.Size = MaxUnpacked
	for _, f := range tree.Files {
		if f != film {
			film.Size -= f.Size
		}
	}
	film.open = func() (io.ReadCloser, error) { return io.NopCloser(io.LimitReader(nothing{}, film.Size)), nil }
	report := check(t, tree)
	if got := found(report.Problems); report.Unpacked <= MaxUnpacked || got != fmt.Sprintf("too-big: %d", report.Unpacked) {
		t.Errorf("%d bytes: %s", report.Unpacked, got)
	}
}

type nothing struct{}

func (nothing) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// storedPackage is a canonical package as one was made before there was a guard.
func storedPackage(t *testing.T, fsys fstest.MapFS) []byte {
	var b bytes.Buffer
	w := newForm(&b)
	for _, name := range []string{ViewName, ConfigName, ServiceName, ManifestName} {
		data := fsys[name].Data
		if err := w.add(name, stored, crc32.ChecksumIEEE(data), len(data), data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.end(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Scripts are parsed as they go into the package; a mistake is shown where it is in the input.
func TestGuardParsed(t *testing.T) {
	for _, c := range []struct{ trap, script, want string }{
		{"a mistake of the app", withClient + "oops", `js-syntax "app-service.js": app-service.js:2:1: oops`},
		{"a mistake that only the guard makes one", "#!/bin/sh\n" + withClient, `js-syntax "app-service.js": app-service.js:2:1: #!`},
		{"no mistake", withClient, ""},
	} {
		parse := func(name string, src []byte) (string, error) {
			for n, line := range strings.Split(string(src), "\n") {
				if strings.HasPrefix(line, "oops") || strings.HasPrefix(line, "#!") && n > 0 {
					return "", &parseError{n + 1, strings.Fields(strings.ReplaceAll(line, "/", " "))[0]}
				}
			}
			return "es5", nil
		}
		report, err := Check(dirTree(t, build(ServiceName, c.script)), CheckOptions{ParseJS: parse})
		if err != nil {
			t.Fatal(err)
		}
		if got := found(report.Invalid); got != c.want {
			t.Errorf("%s: %s, want %s", c.trap, got, c.want)
		}
	}
}

type parseError struct {
	line int
	text string
}

func (e *parseError) Error() string { return string(rune('0'+e.line)) + ":1: " + e.text }

func FuzzGuard(f *testing.F) {
	good, _, _ := guarded(withClient, guardVersion)
	for _, s := range []string{"", withClient, good, "x" + good, good + "x", "/*wgtup-guard 2*/" + withClient + "/*wgtup-guard end*/\n", clientMark + "wgtupBoot =\n function"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, script string) {
		out, g, found := guarded(script, guardVersion)
		if found != nil {
			if out != script || g.Inserted || !g.Client {
				t.Errorf("refused, %+v, %q", g, out)
			}
			return
		}
		if inner, cut := strings.CutPrefix(out, guardText+"(\"1.2.3\",\"123\");\n"); g.Inserted && (!cut || strings.TrimSuffix(inner, guardTail) != script) {
			t.Errorf("inserted: %q", out)
		}
		again, h, found := guarded(out, guardVersion)
		if g.Inserted = false; again != out || h != g || found != nil {
			t.Errorf("again: %+v %v, %q", h, found, again)
		}
	})
}
