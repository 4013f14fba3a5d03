package publish

import (
	"strings"
	"testing"

	"wgtup/release"
)

// ipaOf is an ipa with its manifest for itms-services.
func ipaOf(version string) change {
	file, plist := buildOf(version, "ipa"), buildOf(version, "plist")
	file.upload.Key, plist.upload.Key = release.PackageKey(file.pack.SHA256, "ipa"), release.PackageKey(plist.pack.SHA256, "plist")
	plist.upload.Type = PlistType
	file.pack.Content = ""
	a := FullAddition{
		Platform: release.IOS, Version: file.version, Package: &file.pack,
		Offer: release.Offer{Plist: "https://cdn.example.com/shop/" + plist.upload.Key}, Mode: release.Prompt, Rollout: release.Rollout{Permyriad: release.Whole},
	}
	return change{func(*Publisher) Edit { return AddFull(a) }, []Upload{file.upload, plist.upload}}
}

// fullPair is a home with all kinds of objects, and its mirror.
func fullPair(t *testing.T) *pair {
	t.Helper()
	m := newPair(t, newBed(t))
	first, next := realBuild(t, "1.0.0", "a"), realBuild(t, "1.0.1", "a", "b")
	apk := apkOf("2.0.0", ourKey)
	for i, u := range apk.uploads {
		if strings.HasSuffix(u.Key, ".apk") {
			apk.uploads[i].Type = APKType
		}
	}
	base := change{func(*Publisher) Edit {
		return AddBase(BaseAddition{Natives: []release.Native{androidApp("1.0.0"), iosApp("1.0.0")}, Fingerprint: testPrint, Source: first.pack.Content, Version: first.version, Package: first.pack})
	}, []Upload{first.upload}}
	m.do(t, base, patching(addChange(next, release.Whole), generous), apk, ipaOf("2.0.0"))
	p := m.publisher(t, "x", nil, nil)
	all, err := p.WritePage(t.Context(), m.home.head(t), []byte("<html>install</html>"))
	if err != nil || all[0].Err != nil {
		t.Fatalf("%v, %+v", err, all)
	}
	return m
}

// Patches, full packages, their manifests and the install page are in the mirror,
// as what they are; verify misses each, repair brings each.
func TestMirrorOfEveryKind(t *testing.T) {
	m := fullPair(t)
	if err := m.equal(t); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{}
	for key, o := range m.mirror.objects(t) {
		kinds[key[strings.LastIndex(key, "."):]] = key
		if want := map[string]string{".apk": APKType, ".plist": PlistType, ".ipa": PackageType, ".patch": PackageType, ".html": "text/html; charset=utf-8"}[key[strings.LastIndex(key, "."):]]; want != "" && o.info.ContentType != want {
			t.Errorf("%s is %s", key, o.info.ContentType)
		}
	}
	for _, kind := range []string{".patch", ".apk", ".ipa", ".plist", ".html"} {
		t.Run(kind, func(t *testing.T) {
			key, m := kinds[kind], m.clone(t)
			if key == "" {
				t.Fatalf("none in %v", kinds)
			}
			audit := func() (flaws []Flaw) {
				t.Helper()
				a, err := m.publisher(t, "x", nil, nil).Audit(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				return a.Flaws
			}
			if flaws := audit(); len(flaws) != 0 {
				t.Fatalf("of what is whole: %+v", flaws)
			}
			m.mirror.remove(t, key)
			if flaws := audit(); len(flaws) != 1 || flaws[0].Key != key || flaws[0].Mirror != "mem:mirror" {
				t.Errorf("lost: %+v", flaws)
			}
			if all := m.repair(t); all[0].Err != nil {
				t.Fatalf("%+v", all)
			}
			if err := m.equal(t); err != nil {
				t.Error(err)
			}
			m.mirror.put(t, key, []byte("another"), nil)
			if flaws := audit(); len(flaws) != 1 || flaws[0].Key != key || flaws[0].Mirror != "mem:mirror" {
				t.Errorf("changed: %+v", flaws)
			}
		})
	}
	fresh := newPair(t, m.home) // one that is new has it all from the home
	if all := fresh.repair(t); all[0].Err != nil || all[0].Carried != 4 {
		t.Fatalf("%+v", all)
	}
	if err := fresh.equal(t); err != nil {
		t.Fatal(err)
	}
}

// A page goes where the entries go: not from a store that only receives, not over
// another's, and one that is down stops nothing.
func TestPageOfMirrors(t *testing.T) {
	m := fullPair(t)
	page := []byte("<html>another</html>")
	turned := &pair{m.mirror, m.home}
	if _, err := turned.publisher(t, "x", nil, nil).WritePage(t.Context(), m.mirror.head(t), page); err == nil {
		t.Error("a mirror writes pages")
	}
	m.mirror.put(t, release.JournalKey(testChannel, release.Position{Sequence: 5}), []byte("{}"), nil)
	before := m.mirror.objects(t)
	all, err := m.publisher(t, "x", nil, nil).WritePage(t.Context(), m.home.head(t), page)
	if err != nil || all[0].Err == nil || all[0].Standing != Differs || !same(before, m.mirror.objects(t)) {
		t.Errorf("%v, %+v", err, all)
	}
	if got := m.home.object(t, PageKey(testChannel)).body; string(got) != string(page) {
		t.Errorf("at home %q", got)
	}
}

// A full package that is brought back stays what it is for browsers
// and installers, and one that lost its manifest is not offered again.
func TestTypesStay(t *testing.T) {
	m := fullPair(t)
	p := m.publisher(t, "x", nil, nil)
	d := m.home.head(t).Document
	for i := range d.Releases {
		if err := p.inStock(t.Context(), &d.Releases[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.equal(t); err != nil {
		t.Error(err)
	}
	for i := range d.Releases {
		r := &d.Releases[i]
		if key := r.PlistKey(); key != "" {
			m.home.remove(t, key)
			refusedAs(t, p.inStock(t.Context(), r), PackageGone)
			return
		}
	}
	t.Error("no manifest")
}
