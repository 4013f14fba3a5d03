package wgt

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// sample is a small tree with everything that matters to an encoder: empty, tiny, repetitive and random files, a name
// after manifest.json and one that is not ASCII.
func sample() map[string]string {
	random := make([]byte, 4096)
	state := uint32(1)
	for i := range random {
		state = state*1664525 + 1013904223
		random[i] = byte(state >> 24)
	}
	return map[string]string{
		"static/empty":      "",
		"static/one":        "1",
		"static/random.bin": string(random),
		"pages/index.css":   strings.Repeat(".a{color:red}\n", 500),
		"static/图/é.txt":    strings.Repeat("é", 100),
		"zzz.js":            "var z;\n",
	}
}

func sampleTree(t testing.TB) *Tree {
	var changes []string
	for name, contents := range sample() {
		changes = append(changes, name, contents)
	}
	return dirTree(t, build(changes...))
}

// The bytes of a package are a promise for every machine, Go version and core count, as long as its Encoding has the same name.
func TestGolden(t *testing.T) {
	packed := Form{5371, "d4adc089aaf8ef47d3c17486194291c3cb4a01fb4e72f96fd3396edadd57b71a", "166165e825443ccebfd1325957756005b25715da"}
	plain := Form{12531, "a7e751eef5735dc62415c258ffb9489001bdd4624de8a6325ec4b4b147bde25f", "eee75f452ff9728e558913b25cff2ed345056967"}
	best := Form{5363, "65e53c3a6e637eedef67b19e5cbc544e6799a847d720beee5f0efb74da3e4a1e", "eae70f05319d94fb02efd82431d30f6eca4c2a4a"}
	const content = "39fff8842c7c8382bfc5d9c134016799a75f361aecd947b884d41ca4dfae4c75"
	for _, c := range []struct {
		encoding Encoding
		want     Package
	}{
		{Fast, Package{Encoder: Fast, Files: 10, Unpacked: 11465, Content: content, Form: packed, Stored: plain}},
		{Best, Package{Encoder: Best, Files: 10, Unpacked: 11465, Content: content, Form: best, Stored: plain}},
		{Stored, Package{Encoder: Stored, Files: 10, Unpacked: 11465, Content: content, Form: plain, Stored: plain}},
	} {
		data, p := write(t, sampleTree(t), c.encoding)
		p.Manifest = nil
		if !reflect.DeepEqual(p, c.want) {
			t.Errorf("%s:\n%+v\nwant\n%+v", c.encoding, p, c.want)
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(data)); sum != p.SHA256 || int64(len(data)) != p.Size {
			t.Errorf("%s: %d bytes, %s", c.encoding, len(data), sum)
		}
		if sum := fmt.Sprintf("%x", sha1.Sum(data)); sum != p.SHA1 {
			t.Errorf("%s: %s", c.encoding, sum)
		}
	}
}

// The digests of the stored form are those of the stored form.
func TestStored(t *testing.T) {
	_, packed := write(t, sampleTree(t), Fast)
	data, stored := write(t, sampleTree(t), Stored)
	if packed.Stored != stored.Form || stored.Form != stored.Stored || packed.Content != stored.Content {
		t.Errorf("%+v\n%+v", packed, stored)
	}
	if packed.Size >= stored.Size {
		t.Errorf("%d, stored %d", packed.Size, stored.Size)
	}
	tree, err := readPackage(data)
	if err != nil {
		t.Fatal(err)
	}
	if _, again := write(t, tree, Fast); !reflect.DeepEqual(again, packed) {
		t.Errorf("%+v\n%+v", again, packed)
	}
}

// One tree has one package, wherever it comes from.
func TestCanonical(t *testing.T) {
	want, p := write(t, sampleTree(t), Fast)
	same := func(source string, tree *Tree) {
		t.Helper()
		if got, q := write(t, tree, Fast); !bytes.Equal(got, want) || !reflect.DeepEqual(p, q) {
			t.Errorf("from %s: %+v, want %+v", source, q, p)
		}
	}
	same("the directory again", sampleTree(t))
	tree, err := readPackage(want)
	if err != nil {
		t.Fatal(err)
	}
	same("the package", tree)
	if tree, err = readArchive(want); err != nil {
		t.Fatal(err)
	}
	same("the package as any archive", tree)

	for seed := range 20 {
		entries := raw()
		for name, contents := range sample() {
			entries = append(entries, rawEntry{name: name, contents: contents, flags: flagUTF8})
		}
		entries = append(entries, rawEntry{name: "static/", flags: flagUTF8})
		state := seed
		slices.SortFunc(entries, func(a, b rawEntry) int { return strings.Compare(a.name, b.name) })
		for i := range entries { // some order, some encodings
			state = (state*1103515245 + 12345) & 0x7fffffff
			j := state % len(entries)
			entries[i], entries[j] = entries[j], entries[i]
		}
		for i := range entries {
			e := &entries[i]
			size := len(e.contents)
			e.method = stored
			if packed := fast([]byte(e.contents)); (i+seed)%2 == 0 && packed != nil {
				e.method, size = deflated, len(packed)
			}
			if (i+seed)%3 == 0 {
				e.descriptor = descriptor(i%2 == 0, e.contents, size)
			}
			if (i+seed)%5 == 0 {
				e.extra = "UT\x05\x00\x01\x00\x00\x00\x00"
			}
		}
		tree, err := readArchive(rawZip{entries: entries, comment: "x"}.bytes())
		if err != nil {
			t.Fatal(err)
		}
		same(fmt.Sprintf("zip %d", seed), tree)
	}
}

func TestCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, e := range []Encoding{Fast, Best} {
		var want []byte
		for _, cores := range []int{1, 2, 4} {
			runtime.GOMAXPROCS(cores)
			got, _ := write(t, sampleTree(t), e)
			if want == nil {
				want = got
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s on %d cores: other bytes", e, cores)
			}
		}
	}
}

// A package that was read is kept byte for byte, whatever packed it; files that are left out do not change the others.
func TestKept(t *testing.T) {
	for _, e := range []Encoding{Fast, Best, Stored} {
		want, p := write(t, sampleTree(t), e)
		tree, err := readPackage(want)
		if err != nil {
			t.Fatal(err)
		}
		got, q := write(t, tree, Kept)
		if !bytes.Equal(got, want) || q.Form != p.Form || q.Stored != p.Stored || q.Encoder != Kept {
			t.Errorf("%s: %+v, want %+v", e, q, p)
		}
	}
	with := dirTree(t, build("app-service.js.map", "{}"))
	report := check(t, with)
	report.Valid = append(report.Valid, ValidFile{Name: "app-service.js.map", Size: 2, SHA256: sha256.Sum256([]byte("{}"))})
	var b bytes.Buffer
	if _, err := Write(&b, with, report, Fast); err != nil {
		t.Fatal(err)
	}
	tree, err := readPackage(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	got, _ := write(t, tree, Kept)
	if want, _ := write(t, dirTree(t, build()), Fast); !bytes.Equal(got, want) {
		t.Errorf("%d bytes, want %d", len(got), len(want))
	}
	// What did not come from ReadPackage has nothing to keep.
	other := sampleTree(t)
	if _, err := Write(io.Discard, other, check(t, other), Kept); err == nil {
		t.Error("a folder was kept")
	}
}

// An encoder that is used again must not remember.
func TestDeflateForgets(t *testing.T) {
	var want [][]byte
	for range 3 {
		for i, contents := range []string{zeros, sample()["pages/index.css"], strings.Repeat("ab", 70_000), sample()["static/图/é.txt"]} {
			got := fast([]byte(contents))
			if len(want) <= i {
				want = append(want, got)
			}
			if !bytes.Equal(got, want[i]) {
				t.Errorf("%d: other bytes", i)
			}
		}
	}
}

// Who changes what an encoder makes gives its Encoding a new name.
func TestEncodingsArePinned(t *testing.T) {
	module, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, version, _ := strings.Cut(string(Fast), "/")
	if !strings.Contains(string(module), "github.com/klauspost/compress "+version+"\n") {
		t.Errorf("go.mod has another version than %s: name the new one, and new golden bytes", Fast)
	}
	golden, err := os.ReadFile("../deflate/testdata/golden.txt")
	if err != nil {
		t.Fatal(err)
	}
	pinned := map[Encoding]string{"wgtup-deflate-8/1": "389ee2fa8436477e607c4059bf359fdefdb4abf8ca0dc72273523c3949df71a5"}
	if sum := fmt.Sprintf("%x", sha256.Sum256(bytes.ReplaceAll(golden, []byte("\r\n"), []byte("\n")))); sum != pinned[Best] {
		t.Errorf("package deflate makes other bytes (%s), but %s is still its name", sum, Best)
	}
}

func TestWriteRefuses(t *testing.T) {
	tree := sampleTree(t)
	report := check(t, tree)
	changed := sample()
	changed["zzz.js"] = "var y;\n"
	var changes []string
	for name, contents := range changed {
		changes = append(changes, name, contents)
	}
	for trap, other := range map[string]*Tree{"edited": dirTree(t, build(changes...)), "removed": dirTree(t, build())} {
		_, err := Write(io.Discard, other, report, Fast)
		var format *FormatError
		if !errors.As(err, &format) || format.Code != Changed {
			t.Errorf("%s meanwhile: %v", trap, err)
		}
	}
	if _, err := Write(full{}, tree, report, Fast); !errors.Is(err, errFull) {
		t.Errorf("full disk: %v", err)
	}
	if _, err := Write(io.Discard, tree, check(t, dirTree(t, without(ServiceName))), Fast); err == nil {
		t.Error("a report that says no was written")
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestReadPackage(t *testing.T) {
	data, _ := write(t, sampleTree(t), Fast)
	small := func(change func(*rawZip)) []byte {
		z := rawZip{entries: []rawEntry{{name: "a", contents: "GOOD", flags: flagUTF8}, {name: ManifestName, contents: goodManifest, flags: flagUTF8}}}
		for i := range z.entries {
			z.entries[i].local = patch(10, 0, 0, 0x21, 0)
			z.entries[i].central = func(h []byte) []byte {
				patch(38, 0, 0, 0, 0)(h)
				return patch(12, 0, 0, 0x21, 0)(patch(4, 20, 0)(h))
			}
		}
		change(&z)
		return z.bytes()
	}
	local := func(i, at int, b ...byte) func(*rawZip) {
		return func(z *rawZip) {
			old := z.entries[i].local
			z.entries[i].local = func(h []byte) []byte { return patch(at, b...)(old(h)) }
		}
	}
	central := func(i, at int, b ...byte) func(*rawZip) {
		return func(z *rawZip) {
			old := z.entries[i].central
			z.entries[i].central = func(h []byte) []byte { return patch(at, b...)(old(h)) }
		}
	}
	for _, c := range []struct {
		trap   string
		change func(*rawZip)
		want   string
	}{
		{"good", func(*rawZip) {}, ""},
		{"order", func(z *rawZip) { z.entries[0], z.entries[1] = z.entries[1], z.entries[0] }, `not-canonical "a": order`},
		{"twice", func(z *rawZip) { z.entries = append(z.entries[:1:1], z.entries...) }, `not-canonical "a": order`},
		{"no manifest", func(z *rawZip) { z.entries = z.entries[:1] }, "no-manifest"},
		{"nothing", func(z *rawZip) { z.entries = nil }, "no-manifest"},
		{"comment", func(z *rawZip) { z.comment = "x" }, "truncated: no end record at the end"},
		{"trailing", func(z *rawZip) { z.after = "x" }, "truncated: no end record at the end"},
		{"leading", func(z *rawZip) { z.before = "x" }, `not-canonical "a": offset`},
		{"gap", func(z *rawZip) { z.entries[1].gap = "x" }, `not-canonical "manifest.json": offset`},
		{"gap before the directory", func(z *rawZip) { z.between = "x" }, "not-canonical: bytes between the parts"},
		{"extra field", func(z *rawZip) { z.entries[0].extra = "UT\x00\x00" }, "not-canonical \"a\": central header of entry 0"},
		{"made by Unix", central(0, 5, 3), `not-canonical "a": central header of entry 0`},
		{"attributes", central(0, 41, 0x81), `not-canonical "a": central header of entry 0`},
		{"text", central(0, 36, 1), `not-canonical "a": central header of entry 0`},
		{"time in the directory", central(0, 12, 1), `not-canonical "a": central header of entry 0`},
		{"flags", func(z *rawZip) { z.entries[0].flags = 0 }, `not-canonical "a": central header of entry 0`},
		{"descriptor", func(z *rawZip) { z.entries[0].descriptor = descriptor(true, "GOOD", 4) }, `not-canonical "a": central header of entry 0`},
		{"time", local(0, 10, 1), `header-mismatch "a"`},
		{"version needed", local(0, 4, 10), `header-mismatch "a"`},
		{"local name", local(0, localLength, 'b'), `header-mismatch "a"`},
		{"local size", local(0, 22, 5), `header-mismatch "a"`},
		{"local checksum", local(0, 14, 5), `header-mismatch "a"`},
		{"method", central(0, 10, 93), `method "a": 93`},
		{"stored with another size", central(0, 24, 5), `not-canonical "a": method`},
		{"packed is not smaller", func(z *rawZip) { z.entries[0].method, z.entries[0].data = 8, []byte("\x01\x04\x00\xfb\xffGOOD") }, `not-canonical "a": method`},
		{"size beyond the end", func(z *rawZip) { central(0, 20, 0xff, 0xff)(z); central(0, 24, 0xff, 0xff)(z) }, `not-canonical "a": size`},
		{"size beyond the limit", func(z *rawZip) { central(0, 24, 0xff, 0xff, 0xff, 0xff)(z) }, "too-big: 4294967295"},
		{"checksum", func(z *rawZip) { z.entries[0].data = []byte("EVIL") }, `checksum "a"`},
		{"name", func(z *rawZip) { z.entries[0].name = "../a" }, `bad-name "../a": segment`},
		{"directory", func(z *rawZip) {
			z.entries[0] = rawEntry{name: "a/", flags: flagUTF8, local: z.entries[0].local, central: z.entries[0].central}
		}, `bad-name "a/": segment`},
		{"NFD", func(z *rawZip) { z.entries[0].name = "e\u0301" }, "not-nfc \"e\u0301\""},
		{"case", func(z *rawZip) {
			z.entries = append([]rawEntry{z.entries[0]}, z.entries...)
			z.entries[0].name = "A"
		}, `name-collision "A": a`},
		{"entries", func(z *rawZip) { z.end = patch(10, 1) }, "not-canonical: end record"},
		{"fewer entries", func(z *rawZip) { z.end = patch(8, 1, 0, 1, 0) }, "not-canonical: bytes between the parts"},
		{"more entries", func(z *rawZip) { z.end = patch(8, 3, 0, 3, 0) }, "not-canonical: central header of entry 2"},
		{"too many entries", func(z *rawZip) { z.end = patch(8, 0x21, 0x4e, 0x21, 0x4e) }, "too-many-files: 20001"},
		{"disk", func(z *rawZip) { z.end = patch(4, 1) }, "not-canonical: end record"},
		{"directory elsewhere", func(z *rawZip) { z.end = patch(16, 0) }, "not-canonical: end record"},
	} {
		_, err := readPackage(small(c.change))
		if got := fmt.Sprint(err); got != c.want && !(err == nil && c.want == "") {
			t.Errorf("%s: %s, want %s", c.trap, got, c.want)
		}
		var format *FormatError
		if err != nil && !errors.As(err, &format) {
			t.Errorf("%s: %T", c.trap, err)
		}
	}
	for name, other := range map[string][]byte{"nothing": nil, "html": []byte("<html>" + strings.Repeat(" ", 50)), "half": data[:len(data)/2], "less": data[:len(data)-1]} {
		if _, err := readPackage(other); err == nil {
			t.Errorf("%s was read", name)
		}
	}
	if _, err := ReadPackage(bytes.NewReader(data), int64(len(data))+10); err == nil {
		t.Error("a wrong size was read")
	}
	if _, err := ReadPackage(bytes.NewReader(data), MaxArchive+1); err == nil || !strings.Contains(err.Error(), "too-big") {
		t.Error(err)
	}
}

// One changed bit anywhere is noticed. Only inside packed data may the reader be content, when what comes out is the same.
func TestEveryBit(t *testing.T) {
	data, p := write(t, dirTree(t, build("pages/a.css", strings.Repeat("a{b:c}\n", 50))), Fast)
	for at := range data {
		for bit := range 8 {
			data[at] ^= 1 << bit
			if tree, err := readPackage(data); err == nil {
				if id, err := SourceID(tree); err != nil || id != p.Content {
					t.Errorf("byte %d, bit %d: %s, %v", at, bit, id, err)
				}
			}
			data[at] ^= 1 << bit
		}
	}
}

func FuzzReadPackage(f *testing.F) {
	for _, e := range []Encoding{Fast, Best, Stored} {
		data, _ := write(f, sampleTree(f), e)
		f.Add(data)
		data, _ = write(f, dirTree(f, build()), e)
		f.Add(data)
	}
	f.Add(rawZip{entries: raw()}.bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := readPackage(data)
		if err != nil {
			return
		}
		// What the strict reader takes, the other one takes as well, and sees the same.
		other, err := readArchive(data)
		if err != nil {
			t.Fatal(err)
		}
		a, err := SourceID(tree)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := SourceID(other); err != nil || a != b {
			t.Fatalf("%s, %s, %v", a, b, err)
		}
		report, err := Check(tree, CheckOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Invalid) > 0 {
			t.Fatalf("%v", report.Invalid)
		}
	})
}
