package publish

import (
	"testing"

	"wgtup/release"
)

const (
	ourKey   = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	nextKey  = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	otherKey = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
)

// apkOf is an apk that a key signed; what it ships is registered with it.
func apkOf(version string, certificates ...string) change { return apkWith(version, certificates, nil) }

func apkWith(version string, certificates []string, f func(*FullAddition)) change {
	inside, file := buildOf(version, "base"), buildOf(version, "apk")
	file.upload.Key = release.PackageKey(file.pack.SHA256, "apk")
	pack := file.pack
	pack.Content = ""
	a := FullAddition{
		Platform: release.Android, Version: file.version, Identifier: "com.example.shop", Certificates: certificates, Package: &pack,
		Offer: release.Offer{Certificate: certificates[0]}, Mode: release.Prompt, Rollout: release.Rollout{Permyriad: release.Whole},
		Base: &BaseAddition{Natives: []release.Native{androidApp(version)}, Fingerprint: testPrint, Source: inside.pack.Content, Version: inside.version,
			Package: inside.pack, Identifier: "com.example.shop", Certificate: certificates[0]},
	}
	if f != nil {
		f(&a)
	}
	return change{func(*Publisher) Edit { return AddFull(a) }, []Upload{inside.upload, file.upload}}
}

func storeLink(platform, version, link string) change {
	return simple(func() Edit {
		return AddFull(FullAddition{Platform: platform, Version: versionOf(version), Offer: release.Offer{Store: []string{link}}, Mode: release.Prompt, Rollout: release.Rollout{Permyriad: release.Whole}})
	})
}

func TestAddFull(t *testing.T) {
	first := []change{apkOf("1.0.0", ourKey)}
	otherName := func(a *FullAddition) { a.Identifier = "com.example.other" }
	try(t, []rule{
		{name: "first", do: apkOf("1.0.0", ourKey), want: "(1.0.0) 1.0.0", check: func(t *testing.T, d *release.Document) {
			b, r := d.Bases[0], d.Releases[1]
			if b.Identifier != "com.example.shop" || b.Certificate != ourKey || r.Native.Certificate != ourKey || r.ID != "r1b" || !r.Natives.IsZero() {
				t.Errorf("base %+v, release %+v", b, r)
			}
		}},
		{name: "again", before: first, do: apkOf("1.0.0", ourKey), done: true},
		{name: "the next", before: first, do: apkOf("1.1.0", ourKey), want: "(1.0.0) (1.1.0) 1.1.0"},
		{name: "a rotated key", before: first, do: apkOf("1.1.0", ourKey, nextKey), want: "(1.0.0) (1.1.0) 1.1.0"},
		{name: "another key", before: first, do: apkOf("1.1.0", otherKey), refuse: OtherSigner, facts: "natives=android 1.0.0"},
		{name: "another name", before: first, do: apkWith("1.1.0", []string{ourKey}, otherName), refuse: OtherSigner, facts: "natives=android 1.0.0"},
		{name: "another key, but those apps are retired", before: after(first, simple(func() Edit { return Retire("android", "1.0.0") })), do: apkOf("1.1.0", otherKey), want: "(1.0.0) (1.1.0) 1.1.0"},
		{name: "another key beside a store's", before: after(first, change{func(*Publisher) Edit {
			b := buildOf("1.0.5", "base")
			return AddBase(BaseAddition{Natives: []release.Native{androidApp("1.0.5")}, Fingerprint: testPrint, Source: b.pack.Content, Version: b.version, Package: b.pack, Identifier: "com.example.shop", Certificate: otherKey})
		}, []Upload{buildOf("1.0.5", "base").upload}}), do: apkOf("1.1.0", ourKey), check: func(t *testing.T, d *release.Document) {
			if got := nativeNames(d.Releases[len(d.Releases)-1]); got != "android 1.0.0" {
				t.Errorf("offered to %s", got)
			}
		}},
		{name: "an older app", before: after(first, apkOf("1.1.0", ourKey)), do: apkOf("1.0.5", ourKey), refuse: NativeNotHigher, facts: "live=1.1.0 (110)"},
		{name: "a higher name with a lower code", before: first, do: apkWith("1.1.0", []string{ourKey}, func(a *FullAddition) { a.Version.Code, a.Base = 99, nil }), refuse: NativeNotHigher, facts: "code=99, live=1.0.0 (100)"},
		{name: "the same version, other bytes", before: first, do: apkWith("1.0.0", []string{ourKey}, func(a *FullAddition) { a.Package.SHA256 = otherKey; a.Base = nil }), refuse: VersionUsed, facts: "release=r1b"},
		{name: "again with another mode", before: first, do: apkWith("1.0.0", []string{ourKey}, func(a *FullAddition) { a.Mode = release.Force; a.Given = map[string]bool{"mode": true} }), refuse: FlagsDiffer, facts: "flag=--mode"},
		{name: "a build is registered, then its apk", before: []change{baseChange("1.0.0", androidApp("1.0.0"))}, do: apkOf("1.0.0", ourKey), want: "(1.0.0) 1.0.0", check: func(t *testing.T, d *release.Document) {
			if len(d.Bases) != 1 || d.Bases[0].Certificate != ourKey {
				t.Errorf("%+v", d.Bases)
			}
		}},
		{name: "a store", before: first, do: storeLink(release.IOS, "1.1.0", "https://apps.apple.com/app/id1"), want: "(1.0.0) 1.0.0 1.1.0"},
		{name: "a store, again", before: after(first, storeLink(release.IOS, "1.1.0", "https://apps.apple.com/app/id1")), do: storeLink(release.IOS, "1.1.0", "https://apps.apple.com/app/id1"), done: true},
	})
}

// The manifest for itms-services lies under packages/, and an audit or prune finds it by the address in the document.
func TestPlistKey(t *testing.T) {
	for plist, want := range map[string]string{
		"": "", "https://cdn.example.com/shop/packages/" + ourKey + ".plist": "packages/" + ourKey + ".plist", "https://elsewhere.example.com/a.plist": "",
	} {
		r := release.Release{Native: &release.Offer{Plist: plist}}
		if got := r.PlistKey(); got != want {
			t.Errorf("%q: %q", plist, got)
		}
	}
}
