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

// A full package is withdrawn like a hot release: it is offered no more, and what was offered before it is again.
func TestRollbackFull(t *testing.T) {
	first := []change{apkOf("1.0.0", ourKey)}
	live := after(first, full("1.0.1"), apkOf("1.1.0", ourKey))
	back, to, renew := rollbackChange(""), rollbackChange, simple(Renew)
	ios := storeLink(release.IOS, "1.1.0", "https://apps.apple.com/app/id1")
	some := apkWith("1.2.0", []string{ourKey}, func(a *FullAddition) { a.Rollout.Permyriad = 1000 })
	other := func(version string) change {
		return apkWith(version, []string{ourKey}, func(a *FullAddition) { a.Base = nil })
	}
	try(t, []rule{
		{name: "the first", before: first, do: back, want: "(1.0.0) -1.0.0", check: offered("1.0.0", "")},
		{name: "the newest: the hot release stays, the one before comes back", before: live, do: back, want: "(1.0.0) 1.0.0 1.0.1 (1.1.0) -1.1.0", check: offered("1.0.0", "")},
		{name: "one for some", before: after(live, some), do: back, check: offered("1.0.0", "1.1.0")},
		{name: "a nervous second time", before: after(live, back), do: back, done: true},
		{name: "then the hot release", before: after(live, back, renew), do: back, check: offered("1.0.0", "")},
		{name: "a hot release that came after it", before: after(live, full("1.1.1")), do: back, check: offered("1.0.0", "1.1.0")},
		{name: "past one that was withdrawn before", before: after(first, other("1.1.0"), other("1.2.0"), back, other("1.3.0")), do: back, check: offered("1.0.0", "1.1.0")},
		{name: "of one platform only", before: after(live, ios), do: back, check: offered("1.0.0", "1.1.0")},
		{name: "a store's", before: []change{storeLink(release.Android, "1.1.0", "market://details?id=a"), storeLink(release.Android, "1.2.0", "market://details?id=a")}, do: back, check: offered("1.0.0", "1.1.0")},
		{name: "brought back by its id", before: after(live, back), do: to("r3b"), want: "(1.0.0) 1.0.0 1.0.1 (1.1.0) 1.1.0", check: offered("1.0.0", "1.1.0")},
		{name: "down to one by its id", before: after(first, other("1.1.0"), other("1.2.0"), other("1.3.0")), do: to("r2"), check: offered("1.0.0", "1.1.0")},
		{name: "to a version means what the app ships", before: after(first, full("1.0.1")), do: to("1.0.0"), want: "(1.0.0) 1.0.0 -1.0.1", check: offered("1.0.0", "")},
		{name: "its version is used up", before: after(live, back), do: apkOf("1.1.0", ourKey), refuse: VersionUsed, facts: "release=r3b"},
		{name: "the next one", before: after(live, back), do: apkOf("1.2.0", ourKey), check: offered("1.0.0", "1.2.0")},
	})
}

// offered checks which full package a phone with an app is offered, if any, and that a withdrawn one makes no phone leave a
// hot release of the same version.
func offered(installed, want string) func(*testing.T, *release.Document) {
	return func(t *testing.T, d *release.Document) {
		t.Helper()
		for _, running := range []string{installed, "1.0.1", "1.1.0", "1.2.0"} {
			v := versionOf(running)
			device := release.Device{App: d.App, Channel: d.Channel, Platform: release.Android, Native: versionOf(installed), Running: release.Running{Name: v.Name, Code: v.Code}}
			decision := release.Decide(device, d, release.Clock{Now: d.Issued.Time, Network: true})
			if decision.Reason == release.LeaveWithdrawn && running != "1.0.1" {
				t.Errorf("%s has to leave", running)
			}
			got := ""
			if decision.Action == release.InstallNative {
				got = decision.Version.Name
			}
			hot := decision.Action == release.InstallWgt // comes first, and the full package after it
			if !hot && got != want {
				t.Errorf("on %s: offered %q, want %q: %+v", running, got, want, decision)
			}
		}
	}
}
