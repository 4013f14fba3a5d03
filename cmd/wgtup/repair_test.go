package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"wgtup/internal/publish"
	"wgtup/internal/store"
	"wgtup/release"
)

// A scheduled repair renews a document that expires soon. Without a key it
// warns; with one that cannot be used it fails, or nobody would notice.
func TestRepairRenews(t *testing.T) {
	t.Chdir(t.TempDir())
	env := map[string]string{"LANG": "C"}
	var out bytes.Buffer
	wgtup := func(args ...string) int {
		out.Reset()
		return run(newUI(strings.NewReader(""), &out, &out, func(name string) string { return env[name] }, args), args)
	}
	if code := wgtup("init", "--store", "dir:bucket", "--app", "__UNI__A1B2C3D", "-y"); code != 0 {
		t.Fatal(out.String())
	}
	u := newUI(nil, &out, &out, func(name string) string { return env[name] }, nil)
	p, err := u.publisher(t.Context(), "", true)
	if err != nil {
		t.Fatal(err)
	}
	p.Now = func() time.Time { return time.Now().Add(-publish.Lifetime + renewBefore/2) }
	body, zeros := []byte("x"), strings.Repeat("0", 64)
	digest := fmt.Sprintf("%x", sha256.Sum256(body))
	base := publish.AddBase(publish.BaseAddition{
		Natives: []release.Native{{Platform: release.Android, Name: "1.0.0", Code: 100}}, Version: release.Version{Name: "1.0.0", Code: 100},
		Fingerprint: "f", Source: zeros, Package: release.Package{Content: zeros, Size: 1, SHA256: digest, SHA1: zeros[:40]},
	})
	if err := p.Store.PutBytes(t.Context(), release.PackageKey(digest, "wgt"), body, store.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Change(t.Context(), base, nil); err != nil {
		t.Fatal(err)
	}
	key := env["WGTUP_SIGNING_KEY"]
	for _, c := range []struct {
		key  string
		code int
		want string
	}{
		{"nonsense", exitUsage, "WGTUP_SIGNING_KEY: "},
		{key, exitDone, "renewed until"},
		{key, exitDone, "nothing to repair"},
	} {
		env["WGTUP_SIGNING_KEY"] = c.key
		if code := wgtup("repair"); code != c.code || !strings.Contains(out.String(), c.want) {
			t.Errorf("exit %d, want %d and %q:\n%s", code, c.code, c.want, out.String())
		}
	}
}
