package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wgtup/wgt"
)

// TestShop publishes every version of the shop, as its team would over a year:
// hot releases, then a native change, then another compiler, each of which needs
// a full package first.
func TestShop(t *testing.T) {
	for _, place := range places(t) {
		t.Run(place.name, func(t *testing.T) {
			p := newProject(t, place)
			p.ok("publish", "--base", build(t, "1.0.0"))
			hot := []string{"1.0.1", "1.1.0", "1.1.1", "1.2.0", "1.3.0", "1.4.0", "1.5.0"}
			for _, v := range hot {
				p.ok("publish", build(t, v), "-m", "version "+v)
				if d := p.check("--version", "1.0.0", "--version-code", "100"); d.Action != "wgt" || d.Version.Name != v {
					t.Fatalf("after %s a phone with 1.0.0 is told %+v", v, d)
				}
			}
			if m := p.exit(3, "publish", build(t, "1.6.0")); !strings.Contains(m, "permissions.") {
				t.Errorf("the refusal of a new module does not name it:\n%s", m)
			}
			p.ok("publish", "--base", build(t, "1.6.0"))
			if m := p.exit(3, "publish", build(t, "2.0.0")); !strings.Contains(m, "compilerVersion") {
				t.Errorf("the refusal of another compiler does not name it:\n%s", m)
			}
			p.ok("publish", "--base", build(t, "2.0.0"))
			for native, want := range map[string]string{"1.0.0": "1.5.0", "1.6.0": "", "2.0.0": ""} {
				code := strings.ReplaceAll(native, ".", "")
				d := p.check("--version", native, "--version-code", code, "--native", native, "--native-code", code)
				if want == "" && d.Action != "none" || want != "" && (d.Action != "wgt" || d.Version.Name != want) {
					t.Errorf("a phone with the app %s is told %+v, want %q", native, d, want)
				}
			}
			if out := p.ok("verify"); !strings.Contains(out, "everything verifies") {
				t.Errorf("verify: %s", out)
			}
		})
	}
}

// TestPackageOfRealBuilds: every build packs into the same bytes twice, and what
// is packed reads back as canonical.
func TestPackageOfRealBuilds(t *testing.T) {
	versions, err := os.ReadDir("../.cache/shop/out")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, v := range versions {
		if !v.IsDir() || v.Name() == "broken" {
			continue
		}
		count++
		tree, err := wgt.ReadDir(os.DirFS(build(t, v.Name())))
		if err != nil {
			t.Fatal(err)
		}
		report, err := wgt.Check(tree, wgt.CheckOptions{})
		if err != nil || !report.OK() {
			t.Fatalf("%s: %v %+v", v.Name(), err, report)
		}
		var first, second strings.Builder
		a, err := wgt.Write(&first, tree, report, wgt.Fast)
		if err != nil {
			t.Fatal(err)
		}
		again, err := wgt.ReadPackage(strings.NewReader(first.String()), a.Size)
		if err != nil {
			t.Fatalf("%s: %v", v.Name(), err)
		}
		report, err = wgt.Check(again, wgt.CheckOptions{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := wgt.Write(&second, again, report, wgt.Fast)
		if err != nil || a.SHA256 != b.SHA256 || a.Content != b.Content {
			t.Errorf("%s: packed again it is %s, was %s (%v)", v.Name(), b.SHA256, a.SHA256, err)
		}
	}
	if count < 9 {
		t.Errorf("%d versions of the shop, want at least 9", count)
	}
}

// TestDemoPackages: the packages inside the binary are those of the shop's
// builds; `make demo-packages` makes them.
func TestDemoPackages(t *testing.T) {
	p := &project{t: t, dir: t.TempDir(), env: os.Environ()}
	for _, v := range []string{"1.0.0", "1.1.0"} {
		file := filepath.Join(p.dir, v+".wgt")
		p.ok("pack", build(t, v), "-o", file)
		if sum(t, file) != sum(t, filepath.Join("..", "cmd", "wgtup", "demo", "shop-"+v+".wgt")) {
			t.Errorf("the demo's package of %s is not that of the build: make demo-packages", v)
		}
	}
}
