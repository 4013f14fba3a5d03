package wgt

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// Every archive on which readers disagree is refused with a reason. The first lines of measured.md's corpus are here by
// their names there.
func TestHostile(t *testing.T) {
	x := func(name string) rawEntry { return rawEntry{name: name, contents: "GOOD"} }
	good := rawZip{entries: raw()}.bytes()
	normalised := map[string][]byte{}
	for _, c := range []struct {
		trap string
		data []byte
		want string // an error, or problems, then invalid files, then warnings
	}{
		{"ok", good, ""},
		{"dup", rawZip{entries: raw(x("a"), rawEntry{name: "a", contents: "EVIL"})}.bytes(), "duplicate \"a\"\nduplicate \"a\""},
		{"manifest twice", rawZip{entries: raw(x(ManifestName))}.bytes(), "duplicate \"manifest.json\"\nduplicate \"manifest.json\""},
		{"slip", rawZip{entries: raw(x("../x"))}.bytes(), `bad-name "../x": segment`},
		{"slip in the middle", rawZip{entries: raw(x("a/../../x"))}.bytes(), `bad-name "a/../../x": segment`},
		{"slip of a directory", rawZip{entries: raw(rawEntry{name: "../x/"})}.bytes(), "bad-name \"../x/\": segment"},
		{"abs", rawZip{entries: raw(x("/abs/x"))}.bytes(), `bad-name "/abs/x": absolute`},
		{"bslash", rawZip{entries: raw(x(`..\x`))}.bytes(), `bad-name "..\\x": backslash`},
		{"drive", rawZip{entries: raw(x("C:/x"))}.bytes(), `bad-name "C:/x": drive`},
		{"dot", rawZip{entries: raw(x("./x"))}.bytes(), `bad-name "./x": segment`},
		{"empty segment", rawZip{entries: raw(x("a//x"))}.bytes(), `bad-name "a//x": segment`},
		{"no name", rawZip{entries: raw(x(""))}.bytes(), `bad-name: empty`},
		{"escape sequence", rawZip{entries: raw(x("a\x1b[2J.js"))}.bytes(), `bad-name "a\x1b[2J.js": control`},
		{"newline", rawZip{entries: raw(x("a\n.js"))}.bytes(), `bad-name "a\n.js": control`},
		{"right-to-left override", rawZip{entries: raw(rawEntry{name: "a\u202esj.exe", flags: flagUTF8})}.bytes(), `bad-name "a\u202esj.exe": direction`},
		{"right-to-left isolate", rawZip{entries: raw(rawEntry{name: "a\u2067sj.exe", flags: flagUTF8})}.bytes(), `bad-name "a\u2067sj.exe": direction`},
		{"name in another normal form", rawZip{entries: raw(rawEntry{name: "e\u0301.js", flags: flagUTF8})}.bytes(), "not-nfc \"e\u0301.js\""},
		{"equal in one normal form", rawZip{entries: raw(rawEntry{name: "e\u0301", flags: flagUTF8}, rawEntry{name: "\u00e9", flags: flagUTF8})}.bytes(), "not-nfc \"e\u0301\""},
		{"NUL", rawZip{entries: raw(x("a\x00.js"))}.bytes(), `bad-name "a\x00.js": control`},
		{"GBK name", rawZip{entries: raw(x("\xc9\xcc\xb3\xc7.png"))}.bytes(), "bad-name \"\\xc9\u0333\\xc7.png\": utf8"},
		{"GBK name that is UTF-8 by chance", rawZip{entries: raw(x("\xcd\xbc.png"))}.bytes(), `unmarked-name "ͼ.png"`},
		{"UTF-8 name", rawZip{entries: raw(rawEntry{name: "图.png", flags: flagUTF8})}.bytes(), ""},
		{"not UTF-8 with the flag", rawZip{entries: raw(rawEntry{name: "\xff", flags: flagUTF8})}.bytes(), `bad-name "\xff": utf8`},
		{"symlink", rawZip{entries: raw(rawEntry{name: "l", contents: "/etc/passwd", external: 0o120777 << 16})}.bytes(), `symlink "l"`},
		{"fifo", rawZip{entries: raw(rawEntry{name: "p", external: 0o010644 << 16})}.bytes(), `not-regular "p": ?---------`},
		{"device", rawZip{entries: raw(rawEntry{name: "d", external: 0o060644 << 16})}.bytes(), `not-regular "d": ?---------`},
		{"directory mode on a file", rawZip{entries: raw(rawEntry{name: "d", contents: "x", external: 0o040755 << 16})}.bytes(), `not-regular "d": d---------`},
		{"directory with contents", rawZip{entries: raw(rawEntry{name: "d/", contents: "x"})}.bytes(), `bad-name "d/": segment`},
		{"file that is a directory", rawZip{entries: raw(x("a"), x("a/b"))}.bytes(), "name-collision \"a\": a/b\nname-collision \"a/b\": a"},
		{"directory entry that is a file", rawZip{entries: raw(x("a"), rawEntry{name: "a/"})}.bytes(), "name-collision \"a\": a/"},
		{"case", rawZip{entries: raw(x("A.js"), x("a.js"))}.bytes(), "name-collision \"A.js\": a.js\nname-collision \"a.js\": A.js"},
		{"localname", rawZip{entries: raw(rawEntry{name: "a.js", contents: "GOOD", local: patch(localLength, 'b')})}.bytes(), `header-mismatch "a.js": name`},
		{"local method", rawZip{entries: raw(rawEntry{name: "a", contents: "GOOD", local: patch(8, 8)})}.bytes(), `header-mismatch "a": method`},
		{"local flags", rawZip{entries: raw(rawEntry{name: "a", contents: "GOOD", local: patch(6, 1)})}.bytes(), `header-mismatch "a": flags`},
		{"local checksum", rawZip{entries: raw(rawEntry{name: "a", contents: "GOOD", local: patch(14, 1)})}.bytes(), `header-mismatch "a": checksum`},
		{"local packed size", rawZip{entries: raw(rawEntry{name: "a", contents: "GOOD", local: patch(18, 3)})}.bytes(), `header-mismatch "a": packed size`},
		{"local size", rawZip{entries: raw(rawEntry{name: "a", contents: "GOOD", local: patch(22, 3)})}.bytes(), `header-mismatch "a": size`},
		{"stored, but smaller", rawZip{entries: raw(rawEntry{name: "a", contents: "GOODGOOD", data: []byte("GOOD")})}.bytes(), `header-mismatch "a": size`},
		{"Unicode name field", rawZip{entries: raw(rawEntry{name: "a", contents: "x", extra: "\x75\x70\x06\x00\x01\x00\x00\x00\x00b"})}.bytes(), "header-mismatch \"a\": name"},
		{"the same Unicode name", rawZip{entries: raw(rawEntry{name: "a", contents: "x", extra: "\x75\x70\x06\x00\x01\x00\x00\x00\x00a"})}.bytes(), ""},
		{"times, ids", rawZip{entries: raw(rawEntry{name: "a", contents: "x", extra: "UT\x05\x00\x01\x00\x00\x00\x00ux\x01\x00\x01"})}.bytes(), ""},
		{"short extra field", rawZip{entries: raw(rawEntry{name: "a", contents: "x", extra: "UT\xff\x00"})}.bytes(), ""},
		{"zip64 of an entry", rawZip{entries: raw(rawEntry{name: "a", contents: "x", extra: "\x01\x00\x08\x00\x01\x00\x00\x00\x00\x00\x00\x00"})}.bytes(), `zip64 "a"`},
		{"encrypted", rawZip{entries: raw(rawEntry{name: "a", contents: "x", flags: 1})}.bytes(), `encrypted "a"`},
		{"strongly encrypted", rawZip{entries: raw(rawEntry{name: "a", contents: "x", flags: 1 << 6})}.bytes(), `encrypted "a"`},
		{"AES", rawZip{entries: raw(rawEntry{name: "a", contents: "x", extra: "\x01\x99\x07\x00\x01\x00AE\x03\x08\x00"})}.bytes(), `encrypted "a"`},
		{"masked headers", rawZip{entries: raw(rawEntry{name: "a", contents: "x", flags: 1 << 13})}.bytes(), `encrypted "a"`},
		{"zstd", rawZip{entries: raw(rawEntry{name: "a", contents: "x", method: 93})}.bytes(), `method "a": 93`},
		{"deflate64", rawZip{entries: raw(rawEntry{name: "a", contents: "x", method: 9})}.bytes(), `method "a": 9`},
		{"crc", rawZip{entries: raw(rawEntry{name: "a", contents: "GOOD", data: []byte("EVIL")})}.bytes(), `checksum "a"`},
		{"not deflate", rawZip{entries: raw(rawEntry{name: "a", contents: "GOOD", data: []byte("\xff\xff"), method: 8})}.bytes(), `bad-data "a": flate: corrupt input before offset 1`},
		{"deflate ends early", rawZip{entries: raw(rawEntry{name: "a", contents: zeros, data: fast([]byte(zeros))[:20], method: 8})}.bytes(), `bad-data "a": unexpected EOF`},
		{"shorter than promised", rawZip{entries: raw(rawEntry{name: "a", contents: zeros, data: fast([]byte(zeros[1:])), method: 8})}.bytes(), `bad-data "a": shorter than its header says`},
		{"longer than promised", rawZip{entries: raw(rawEntry{name: "a", contents: zeros[1:], data: fast([]byte(zeros)), method: 8})}.bytes(), `bad-data "a": longer than its header says`},
		{"more behind deflate", rawZip{entries: raw(rawEntry{name: "a", contents: zeros, data: append(fast([]byte(zeros)), 0), method: 8})}.bytes(), `bad-data "a": bytes after the end of the packed data`},
		{"bomb", rawZip{entries: raw(rawEntry{name: "a", contents: zeros, method: 8})}.bytes(), `ratio "a": 1014`},
		{"descriptor", rawZip{entries: raw(rawEntry{name: "a", contents: "GOOD", descriptor: descriptor(true, "GOOD", 4)})}.bytes(), ""},
		{"descriptor without signature", rawZip{entries: raw(rawEntry{name: "a", contents: "GOOD", descriptor: descriptor(false, "GOOD", 4)})}.bytes(), ""},
		{"descriptor with another size", rawZip{entries: raw(rawEntry{name: "a", contents: "GOOD", descriptor: descriptor(true, "GOOD", 5)})}.bytes(), "hidden-data\nheader-mismatch \"a\": data descriptor"},
		{"descriptor missing", rawZip{entries: raw(rawEntry{name: "a", contents: "GOOD", descriptor: []byte{}})}.bytes(), `header-mismatch "a": data descriptor`},
		{"trail", rawZip{entries: raw(), after: strings.Repeat("x", 100)}.bytes(), "trailing-data"},
		{"prefix", rawZip{entries: raw(), before: strings.Repeat("x", 40), shift: -40}.bytes(), "leading-data"},
		{"prefix that the offsets know", rawZip{entries: raw(), before: strings.Repeat("x", 40)}.bytes(), "hidden-data"},
		{"concat", append(rawZip{entries: raw(x("a"))}.bytes(), good...), "leading-data"},
		{"gap between entries", rawZip{entries: raw(rawEntry{name: "a", gap: "xx"})}.bytes(), "hidden-data"},
		{"gap before the directory", rawZip{entries: raw(), between: "xx"}.bytes(), "hidden-data"},
		{"an entry that is not in the directory", rawZip{entries: raw(), between: string(rawZip{entries: []rawEntry{x("a")}}.bytes()[:35])}.bytes(), "hidden-data"},
		{"two entries share data", rawZip{entries: raw(rawEntry{name: "__uniappview.html", contents: "<!DOCTYPE html>\n", local: func([]byte) []byte { return nil }, data: []byte{}, central: func(h []byte) []byte {
			le.PutUint32(h[42:], uint32(bytes.Index(good, []byte("<!DOCTYPE"))-localLength-len(ViewName)))
			return patch(20, 16)(h)
		}})}.bytes(), "overlap\nduplicate \"__uniappview.html\"\nduplicate \"__uniappview.html\""},
		{"comment", rawZip{entries: raw(), comment: "made by hand"}.bytes(), ""},
		{"end record in the comment", rawZip{entries: raw(), comment: string(rawZip{}.bytes())}.bytes(), "ambiguous"},
		{"two zips, one in the comment of the other", rawZip{entries: raw(), comment: string(rawZip{entries: raw(x("a"))}.bytes())}.bytes(), "ambiguous"},
		{"zip in a zip", rawZip{entries: raw(rawEntry{name: "static/a.zip", contents: string(good)})}.bytes(), ""},
		{"zip64", rawZip{entries: raw(), end: patch(10, 0xff, 0xff)}.bytes(), "error: zip64"},
		{"zip64 locator", rawZip{entries: raw(), end: func(r []byte) []byte { return append(append([]byte(end64Signature), make([]byte, 16)...), r...) }}.bytes(), "error: zip64"},
		{"offset beyond 4 GiB", rawZip{entries: raw(), end: patch(16, 0xff, 0xff, 0xff, 0xff)}.bytes(), "error: zip64"},
		{"disk 2", rawZip{entries: raw(), end: patch(4, 1)}.bytes(), "error: many-disks"},
		{"fewer on this disk", rawZip{entries: raw(), end: patch(8, 1)}.bytes(), "error: many-disks"},
		{"entry on disk 2", rawZip{entries: raw(rawEntry{name: "a", central: patch(34, 1)})}.bytes(), `error: many-disks "a"`},
		{"more entries promised", rawZip{entries: raw(), end: patch(8, 9, 0, 9, 0)}.bytes(), "error: truncated: central header of entry 4"},
		{"fewer entries promised", rawZip{entries: raw(x("a")), end: patch(8, 4, 0, 4, 0)}.bytes(), "hidden-data: in the directory\nhidden-data"},
		{"directory offset too large", rawZip{entries: raw(), end: patch(16, 0xff, 0xff)}.bytes(), "error: truncated: the directory does not fit"},
		{"local header elsewhere", rawZip{entries: raw(rawEntry{name: "a", central: patch(42, 1, 0, 0, 0)})}.bytes(), `error: truncated "a": local header`},
		{"contents beyond the end", rawZip{entries: raw(rawEntry{name: "a", central: patch(20, 0xff, 0xff)})}.bytes(), `error: truncated "a": contents`},
		{"first bytes missing", good[4:], "error: truncated: the directory does not fit"},
		{"end missing", good[:len(good)-1], "error: truncated: no end record at the end"},
		{"half a download", good[:len(good)/2], "error: truncated: no end record at the end"},
		{"nothing", nil, "error: not-a-zip: empty"},
		{"zeros", make([]byte, 100), "error: not-a-zip: unknown"},
		{"an error page", []byte("<html><body>404 Not Found</body></html>"), "error: not-a-zip: html"},
		{"an error of the store", []byte(`<?xml version="1.0"?><Error/>`), "error: not-a-zip: xml"},
		{"an error of an API", []byte(`{"code": 404, "message": "not found"}`), "error: not-a-zip: json"},
		{"the body of an upload form", []byte("------WebKitFormBoundary7MA4YWxk\r\nContent-Disposition: form-data"), "error: not-a-zip: multipart"},
		{"gzip", []byte("\x1f\x8b\x08\x00aaaaaaaaaaaaaaaaaaaaaaaaaaa"), "error: not-a-zip: gzip"},
		{"rar", []byte("Rar!\x1a\x07\x01\x00aaaaaaaaaaaaaaaaaaaaaaaaaaa"), "error: not-a-zip: rar"},
		{"7z", []byte("7z\xbc\xaf\x27\x1caaaaaaaaaaaaaaaaaaaaaaaaaaa"), "error: not-a-zip: 7z"},
		{"text", []byte("version https://git-lfs.github.com/spec/v1\n"), "error: not-a-zip: text"},
		{"empty zip", rawZip{}.bytes(), "empty"},
	} {
		tree, err := readArchive(c.data)
		got := ""
		var report *Report
		if err != nil {
			var format *FormatError
			if !errors.As(err, &format) {
				t.Errorf("%s: %T", c.trap, err)
			}
			got = "error: " + err.Error()
		} else {
			report = check(t, tree)
			got = found(append(append(report.Problems, report.Invalid...), report.Warnings...))
		}
		if got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.trap, got, c.want)
		}
		if report == nil || !report.OK() {
			continue
		}
		// What is accepted is normalised into something that the strict reader takes.
		data, _ := write(t, tree, Fast)
		if _, err := readPackage(data); err != nil {
			t.Errorf("%s: %v", c.trap, err)
		}
		normalised[c.trap] = data
	}
	readAlike(t, normalised)
}

func TestTooManyEntries(t *testing.T) {
	entries := make([]rawEntry, 0xfffe)
	for i := range entries {
		entries[i].name = string(rune('a'+i%26)) + strings.Repeat("/b", i/26%10) + "/" + strings.Repeat("c", i/260)
	}
	tree, err := readArchive(rawZip{entries: entries}.bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got := found(check(t, tree).Problems); !strings.Contains(got, "too-many-files") {
		t.Error(got)
	}
}

// What the zip of the standard library writes, with data descriptors, is read.
func TestOtherWriter(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range raw(rawEntry{name: "static/", contents: ""}, rawEntry{name: "static/图.png", contents: "x"}) {
		w, err := z.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.contents); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	tree, err := readArchive(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if report := check(t, tree); !report.OK() || len(report.Valid) != 5 {
		t.Errorf("%+v", report)
	}
}

func FuzzReadArchive(f *testing.F) {
	f.Add(rawZip{entries: raw()}.bytes())
	f.Add(rawZip{entries: raw(rawEntry{name: "a/"}, rawEntry{name: "é", contents: "x", descriptor: descriptor(true, "x", 1)}), comment: "x"}.bytes())
	f.Add(rawZip{entries: raw(rawEntry{name: "a", contents: zeros, method: 8}), before: "xx", after: "xx"}.bytes())
	f.Add([]byte("------WebKit"))
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := readArchive(data)
		if err != nil {
			return
		}
		report, err := Check(tree, CheckOptions{})
		if err != nil {
			t.Fatalf("reading from memory: %v", err)
		}
		if len(report.Valid)+len(report.Omitted)+len(report.Invalid) > len(tree.Files) {
			t.Fatal("a file is in two lists")
		}
		if !report.OK() {
			return
		}
		var b bytes.Buffer
		p, err := Write(&b, tree, report, Fast)
		if err != nil {
			t.Fatal(err)
		}
		again, err := readPackage(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if id, err := SourceID(again); err != nil || id != p.Content {
			t.Fatalf("content id %s, %v, want %s", id, err, p.Content)
		}
	})
}
