package apk

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// testdata was made by Android's own tools: see make.sh there.
func file(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name + ".apk")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func open(data []byte) (*Package, *Signing, error) {
	p, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, err
	}
	s, err := p.Signing()
	return p, s, err
}

func TestOpen(t *testing.T) {
	p, _, err := open(file(t, "shop-1.0.0"))
	if err != nil {
		t.Fatal(err)
	}
	want := Manifest{
		ID: "com.example.shop", VersionName: "1.0.0", VersionCode: 100, MinSDK: 19, TargetSDK: 28,
		Permissions: []string{"android.permission.INTERNET", "android.permission.REQUEST_INSTALL_PACKAGES"},
	}
	if !reflect.DeepEqual(p.Manifest, want) {
		t.Errorf("%+v", p.Manifest)
	}
	if !slices.Equal(p.ABIs, []string{"arm64-v8a", "armeabi-v7a"}) || !slices.Equal(p.Plugins, []string{"Shop-Scanner"}) {
		t.Errorf("%v, %v", p.ABIs, p.Plugins)
	}
	if len(p.Apps) != 1 || p.Apps[0].ID != "__UNI__A1B2C3D" {
		t.Fatalf("%v", p.Apps)
	}
	manifest, err := fs.ReadFile(p.Apps[0].Files, "manifest.json")
	if err != nil || !bytes.Contains(manifest, []byte(`"compilerVersion":"4.87"`)) {
		t.Errorf("%s, %v", manifest, err)
	}
}

// What Android's own apksigner says is in certificates.txt.
func TestSigning(t *testing.T) {
	said, err := os.ReadFile("testdata/certificates.txt")
	if err != nil {
		t.Fatal(err)
	}
	schemes := map[string]string{"shop-1.0.0": "v1 v2 v3", "shop-2.0.0": "v1 v2 v3", "other-1.0.0": "v1 v2 v3", "rotated": "v1 v2 v3", "v1": "v1", "v2": "v2"}
	seen := 0
	for line := range strings.Lines(string(said)) {
		name, digest, _ := strings.Cut(strings.TrimSpace(line), " ")
		_, s, err := open(file(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		seen++
		newest := s.Certificates[len(s.Certificates)-1]
		if newest.SHA256 != digest || strings.Join(s.Schemes, " ") != schemes[name] || !strings.Contains(newest.Subject, "O=Example") || newest.Expires.Year() < 2040 {
			t.Errorf("%s: %+v, want %s", name, s, digest)
		}
	}
	if seen != len(schemes) {
		t.Errorf("%d packages", seen)
	}
	digests := func(name string) (all []string) {
		_, s, err := open(file(t, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range s.Certificates {
			all = append(all, c.SHA256)
		}
		return all
	}
	if old, rotated := digests("shop-1.0.0"), digests("rotated"); len(rotated) != 2 || !Shares(old, rotated) {
		t.Errorf("a rotated key: %v over %v", rotated, old)
	}
	if Shares(digests("shop-1.0.0"), digests("other-1.0.0")) {
		t.Error("another key's package counts as the same")
	}
}

func TestRefused(t *testing.T) {
	if _, _, err := open(file(t, "unsigned")); !errors.Is(err, ErrUnsigned) {
		t.Errorf("unsigned: %v", err)
	}
	for name, want := range map[string]error{"base/manifest/AndroidManifest.xml": ErrBundle, "app-service.js": ErrNotAPK} {
		if _, _, err := open(zipOf(t, name, "x")); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, data := range map[string][]byte{
		"nothing": nil, "text": []byte("<html>not found</html>"), "half": file(t, "shop-1.0.0")[:4000],
		"two manifests": zipOf(t, "AndroidManifest.xml", "a", "AndroidManifest.xml", "b"), "source manifest": zipOf(t, "AndroidManifest.xml", "<manifest/>"),
	} {
		if _, _, err := open(data); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// No byte of a signed package can be changed but those of the padding in its signing block, which nothing reads.
func TestDamaged(t *testing.T) {
	data := file(t, "v2")
	p, _, err := open(data)
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.block()
	if err != nil {
		t.Fatal(err)
	}
	signers := b.values[schemes[0].id]
	from := bytes.Index(data, signers)
	for i := 0; i < len(data); i += 3 {
		if inBlock, read := int64(i) >= b.start && int64(i) < b.directory, i >= from && i < from+len(signers); inBlock && !read {
			continue
		}
		changed := bytes.Clone(data)
		changed[i] ^= 0x41
		if _, _, err := open(changed); err == nil {
			t.Fatalf("byte %d changed and not noticed", i)
		}
	}
}

func zipOf(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, pairs[i+1])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func FuzzOpen(f *testing.F) {
	for _, name := range []string{"shop-1.0.0", "v1", "v2", "rotated", "unsigned"} {
		f.Add(file(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, s, err := open(data); err == nil && (p.ID == "" || len(s.Certificates) == 0) {
			t.Errorf("%+v %+v", p, s)
		}
	})
}

func FuzzManifest(f *testing.F) {
	p, err := zip.NewReader(bytes.NewReader(file(f, "shop-1.0.0")), int64(len(file(f, "shop-1.0.0"))))
	if err != nil {
		f.Fatal(err)
	}
	text, err := fs.ReadFile(p, "AndroidManifest.xml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		if m, err := ParseManifest(text); err == nil && m.ID == "" {
			t.Error("taken without a package name")
		}
	})
}
