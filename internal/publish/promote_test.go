package publish

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
)

const beta = "beta"

// inBeta makes a change in the other channel.
func inBeta(c change) change {
	return change{func(p *Publisher) Edit { p.Channel = beta; return c.edit(p) }, c.uploads}
}

// promote is `wgtup promote beta production`; f may change what is promoted.
func promote(name string, f func(*Promotion)) change {
	return change{edit: func(p *Publisher) Edit {
		m, err := p.Promotable(context.Background(), beta, name)
		if err != nil {
			return func(*release.Document, release.Position, time.Time) (bool, error) { return false, err }
		}
		if f != nil {
			f(m)
		}
		return Promote(m)
	}}
}

func TestPromote(t *testing.T) {
	tested := []change{inBeta(baseChange("1.0.0")), inBeta(share("1.1.0", 1000))}
	live := after(tested, baseChange("1.0.0"))
	notes := func(d *release.Document) string { return d.Releases[len(d.Releases)-1].Notes["en"] }
	try(t, []rule{
		{name: "to a channel with the same apps", before: live, do: promote("", nil), want: "(1.0.0) 1.1.0"},
		{name: "by version", before: live, do: promote("1.1.0", nil), want: "(1.0.0) 1.1.0"},
		{name: "by id", before: live, do: promote("r2", nil), want: "(1.0.0) 1.1.0"},
		{name: "to some", before: live, do: promote("", func(m *Promotion) { m.Rollout.Permyriad = 500 }), want: "(1.0.0) 1.1.0@5%"},
		{name: "the newest of several", before: after(live, inBeta(full("1.2.0"))), do: promote("", nil), want: "(1.0.0) 1.2.0"},
		{name: "an older one", before: after(live, inBeta(share("1.2.0", 100))), do: promote("1.1.0", nil), want: "(1.0.0) 1.1.0"},
		{name: "again", before: after(live, promote("", nil)), do: promote("", nil), done: true},
		{name: "again with another share", before: after(live, promote("", nil)), do: promote("", func(m *Promotion) {
			m.Rollout.Permyriad, m.Given = 500, map[string]bool{"rollout": true}
		}), refuse: FlagsDiffer},
		{name: "its notes go along, its rollout, testers and holds do not", before: []change{inBeta(baseChange("1.0.0")), baseChange("1.0.0"),
			inBeta(with(buildOf("1.1.0", ""), 1000, func(a *Addition) {
				a.Notes, a.Mode, a.Rollout.Testers = map[string]string{"en": "coupons"}, release.Silent, []string{strings.Repeat("0", 64)}
			})), inBeta(holdOf("android", "review", nil)), inBeta(simple(func() Edit { return Pause("1.1.0") }))},
			do: promote("", nil), want: "(1.0.0) 1.1.0", check: func(t *testing.T, d *release.Document) {
				r := d.Releases[1]
				if notes(d) != "coupons" || r.Mode != release.Silent || r.Rollout.Testers != nil || len(d.Holds) != 0 || r.ID != "r2" {
					t.Errorf("%+v", d)
				}
			}},
		{name: "to a channel without apps: it takes those", before: after(tested, inBeta(baseChange("1.0.1", iosApp("1.0.1"))), inBeta(simple(func() Edit { return Retire("ios", "1.0.1") }))),
			do: promote("1.1.0", nil), want: "(1.0.0) 1.1.0", check: func(t *testing.T, d *release.Document) {
				if len(d.Bases) != 2 || d.Releases[0].ID != "r1" || d.Releases[1].ID != "r1b" || len(d.Releases[1].Natives.List) != 2 {
					t.Errorf("%+v", d)
				}
			}},
		{name: "only to apps that this channel has", before: after(tested, baseChange("1.0.0"), baseChange("1.0.5")), do: promote("", nil), check: func(t *testing.T, d *release.Document) {
			if n := d.Releases[len(d.Releases)-1].Natives.List; len(n) != 4 {
				t.Errorf("%+v", n)
			}
		}},
		{name: "that fits no app here", before: after(tested, change{func(*Publisher) Edit {
			b := buildOf("2.0.0", "base")
			return AddBase(BaseAddition{Natives: []release.Native{androidApp("2.0.0"), iosApp("2.0.0")}, Fingerprint: "other", Source: b.pack.Content, Version: b.version, Package: b.pack})
		}, []Upload{buildOf("2.0.0", "base").upload}}), do: promote("", nil), refuse: NeedsFullPackage},
		{name: "that is not higher than what is live", before: after(live, full("1.2.0")), do: promote("", nil), refuse: VersionNotHigher},
		{name: "under a name with other content", before: after(live, addChange(buildOf("1.1.0", "A"), 1000)), do: promote("", nil), refuse: VersionUsed},
		{name: "without an app anywhere", before: []change{inBeta(with(buildOf("1.1.0", ""), 1000, func(a *Addition) { a.NoBase = true }))}, do: promote("", nil), want: "1.1.0"},
		{name: "a full package, with what it ships", before: after(live, inBeta(apkOf("2.0.0", ourKey))), do: promote("2.0.0", nil), want: "(1.0.0) (2.0.0) 2.0.0", check: func(t *testing.T, d *release.Document) {
			b, r := d.Bases[len(d.Bases)-1], d.Releases[len(d.Releases)-1]
			if b.Certificate != ourKey || b.Identifier != "com.example.shop" || r.Kind != release.NativeApp || r.ID != "r2b" || r.Native.Certificate != ourKey || r.Package == nil {
				t.Errorf("%+v, %+v", b, r)
			}
		}},
		{name: "a full package, again", before: after(live, inBeta(apkOf("2.0.0", ourKey)), promote("2.0.0", nil)), do: promote("2.0.0", nil), done: true},
		{name: "a full package, to some", before: after(live, inBeta(apkOf("2.0.0", ourKey))), do: promote("r3b", func(m *Promotion) { m.Rollout.Permyriad = 500 }), want: "(1.0.0) (2.0.0) 2.0.0@5%"},
		{name: "a full package that another key signed", before: []change{inBeta(apkOf("2.0.0", otherKey)), apkOf("1.0.0", ourKey)}, do: promote("2.0.0", nil), refuse: OtherSigner, facts: "natives=android 1.0.0"},
		{name: "a full package that is not above", before: []change{inBeta(apkOf("1.0.0", ourKey)), apkOf("2.0.0", ourKey)}, do: promote("r1b", nil), refuse: NativeNotHigher},
		{name: "a full package to a channel without apps", before: []change{inBeta(apkOf("2.0.0", ourKey))}, do: promote("r1b", nil), want: "(2.0.0) 2.0.0"},
		{name: "a store", before: after(live, inBeta(storeLink(release.IOS, "1.1.5", "https://apps.apple.com/app/id1"))), do: promote("1.1.5", nil), want: "(1.0.0) 1.1.5"},
		{name: "the hot release beside a full package", before: after(live, inBeta(apkOf("2.0.0", ourKey))), do: promote("", nil), want: "(1.0.0) 1.1.0"},
		{name: "a full package that was withdrawn", before: after(live, inBeta(apkOf("2.0.0", ourKey)), inBeta(rollbackChange(""))), do: promote("r3b", nil), refuse: UnknownRelease},
		{name: "a landing", before: live, do: promote("1.0.0", nil), refuse: UnknownRelease},
		{name: "what is not there", before: live, do: promote("9.9.9", nil), refuse: UnknownRelease, facts: "release=9.9.9"},
		{name: "what was withdrawn", before: after(live, inBeta(rollbackChange(""))), do: promote("1.1.0", nil), refuse: UnknownRelease},
		{name: "from a channel with nothing hot", before: []change{inBeta(baseChange("1.0.0")), baseChange("1.0.0")}, do: promote("", nil), refuse: NoHotRelease},
		{name: "from nothing", before: []change{baseChange("1.0.0")}, do: promote("", nil), refuse: NoChannel, facts: "channel=beta"},
	})
}

// The same bytes: nothing is uploaded; the package is read back before the moment.
func TestPromoteUploadsNothing(t *testing.T) {
	b := newBed(t)
	b.do(t, inBeta(baseChange("1.0.0")), baseChange("1.0.0"), inBeta(full("1.1.0")))
	through := &tap{}
	if r, err := promote("", nil).run(b.publisher(t, "x", through)); err != nil || !r.Views[0].Visible {
		t.Fatalf("%v, %+v", err, r)
	}
	key := buildOf("1.1.0", "").upload.Key
	if n := count(through.Calls, func(c string) bool { return c == "put "+key }); n != 0 || count(through.Calls, func(c string) bool { return c == "get "+key }) != 1 {
		t.Error(strings.Join(through.Calls, "\n"))
	}
	if len(through.Calls) > 24 {
		t.Errorf("%d requests", len(through.Calls))
	}
}

// A package that is gone, or is another, is neither promoted nor brought back.
func TestPackageGone(t *testing.T) {
	key := buildOf("1.1.0", "").upload.Key
	for name, c := range map[string]struct {
		begin []change
		do    change
	}{
		"promote":       {[]change{inBeta(baseChange("1.0.0")), baseChange("1.0.0"), inBeta(full("1.1.0"))}, promote("", nil)},
		"roll back":     {[]change{baseChange("1.0.0"), full("1.1.0"), full("1.2.0")}, rollbackChange("")},
		"bring it back": {[]change{baseChange("1.0.0"), full("1.1.0"), rollbackChange("")}, rollbackChange("1.1.0")},
	} {
		for what, spoil := range map[string]func(*bed){
			"gone":    func(b *bed) { b.remove(t, key) },
			"another": func(b *bed) { b.put(t, key, []byte("x"), nil) },
		} {
			b := newBed(t)
			b.do(t, c.begin...)
			spoil(b)
			entries := len(b.journal(t))
			_, err := c.do.run(b.publisher(t, "x", nil))
			if what == "gone" {
				refusedAs(t, err, PackageGone)
			} else if !errors.Is(err, ErrOtherContent) {
				t.Errorf("%s, %s: got %v", name, what, err)
			}
			if n := len(b.journal(t)); n != entries {
				t.Errorf("%s, %s: %d entries", name, what, n)
			}
		}
	}
}

// A thief's text in the other channel is not promoted.
func TestPromoteFromAStranger(t *testing.T) {
	b := newBed(t)
	b.do(t, inBeta(baseChange("1.0.0")), baseChange("1.0.0"), inBeta(full("1.1.0")))
	b.put(t, release.JournalKey(beta, release.Position{Sequence: 2}), []byte("x"), nil)
	_, err := promote("", nil).run(b.publisher(t, "x", nil))
	var bad *EntryError
	if !errors.As(err, &bad) {
		t.Fatalf("got %v", err)
	}
	if _, err := promote("", nil).run(b.publisher(t, "x", &tap{Before: func(op, key string) error {
		if strings.HasPrefix(key, "channels/beta/") {
			return store.ErrUnavailable
		}
		return nil
	}})); !errors.Is(err, store.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
}
