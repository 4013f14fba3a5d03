package publish

import (
	"slices"
	"strings"
	"testing"

	"wgtup/release"
)

func TestAdd(t *testing.T) {
	base := []change{baseChange("1.0.0")}
	live := after(base, full("1.0.1"))
	other := func(a *Addition) { a.Fingerprint = "fingerprint-2" }
	noBase := func(a *Addition) { a.NoBase = true }
	androidOnly := func(a *Addition) { a.Platforms = []string{release.Android} }
	code := func(n int64) func(*Addition) { return func(a *Addition) { a.Version.Code = n } }
	harmony := release.Native{Platform: release.Harmony, Name: "1.0.0", Code: 100}

	try(t, []rule{
		{name: "first release without a base", do: full("1.0.1"), refuse: NoBase, facts: "platforms=android, ios"},
		{name: "first release with --no-base", do: with(buildOf("1.0.1", ""), release.Whole, noBase), want: "1.0.1", check: func(t *testing.T, d *release.Document) {
			if r := d.Releases[0]; r.Natives.Range == nil || r.Natives.Range.Min != 0 || r.Natives.Range.Max != nil {
				t.Errorf("natives %+v", r.Natives)
			}
		}},
		{name: "--no-base names the native", do: with(buildOf("1.0.1", ""), release.Whole, func(a *Addition) {
			a.NoBase, a.Natives = true, []release.Native{androidApp("1.0.0"), iosApp("1.0.0")}
		}), want: "1.0.1", check: natives("android 1.0.0, ios 1.0.0")},
		{name: "one platform has no base", before: []change{baseChange("1.0.0", androidApp("1.0.0"))},
			do:     with(buildOf("1.0.1", ""), release.Whole, func(a *Addition) { a.Platforms = []string{"android", "ios"} }),
			refuse: NoBase, facts: "platforms=ios"},
		{name: "for what is registered", before: []change{baseChange("1.0.0", iosApp("1.0.0"))}, do: full("1.0.1"),
			want: "(1.0.0) 1.0.1", check: both(natives("ios 1.0.0"), platforms("ios"))},
		{name: "for both that are registered", before: base, do: full("1.0.1"), want: "(1.0.0) 1.0.1", check: both(natives("android 1.0.0, ios 1.0.0"), platforms("android", "ios"))},
		{name: "a channel of harmony alone", before: []change{baseChange("1.0.0", harmony)}, do: full("1.0.1"), want: "(1.0.0) 1.0.1", check: platforms("harmony")},
		{name: "harmony is asked for by name", before: []change{baseChange("1.0.0", harmony, androidApp("1.0.0"))}, do: full("1.0.1"),
			want: "(1.0.0) 1.0.1", check: platforms("android")},

		{name: "another manifest", before: base, do: with(buildOf("1.0.1", ""), release.Whole, other), refuse: NeedsFullPackage, facts: "natives=android 1.0.0, ios 1.0.0"},
		{name: "another manifest than the release before", before: []change{with(buildOf("1.0.1", ""), release.Whole, noBase)},
			do: with(buildOf("1.0.2", ""), release.Whole, func(a *Addition) { noBase(a); other(a) }), refuse: NeedsFullPackage, facts: "release=r1"},
		{name: "the same manifest as the release before", before: []change{with(buildOf("1.0.1", ""), 1000, noBase)},
			do: with(buildOf("1.0.2", ""), release.Whole, noBase), want: "1.0.2"},
		{name: "only the natives whose manifest is the same", before: []change{baseChange("1.0.0", androidApp("1.0.0")), otherBase("1.1.0", androidApp("1.1.0"))},
			do: full("1.1.1"), want: "(1.0.0) (1.1.0) 1.1.1", check: natives("android 1.0.0")},
		{name: "--no-base is for the platforms without one", before: []change{baseChange("1.0.0", androidApp("1.0.0")), otherBase("1.0.0", harmony)},
			do: with(buildOf("1.0.1", ""), release.Whole, func(a *Addition) {
				a.NoBase, a.Platforms = true, []string{"android", "harmony", "ios"}
				a.Natives = []release.Native{androidApp("1.0.0"), harmony, iosApp("1.0.0")}
			}), want: "(1.0.0) (1.0.0) 1.0.1", check: natives("android 1.0.0, ios 1.0.0")}, // harmony's manifest is another one
		{name: "not for a retired native", before: after(base, baseChange("1.1.0"), simple(func() Edit { return Retire("android", "1.0.0") })),
			do: full("1.1.1"), want: "(1.0.0) (1.1.0) 1.1.1", check: natives("android 1.1.0, ios 1.0.0, ios 1.1.0")},

		{name: "version lower", before: after(live, full("1.0.3")), do: full("1.0.2"), refuse: VersionNotHigher, facts: "live=1.0.3, release=r3"},
		{name: "version as the base", before: base, do: addChange(buildOf("1.0.0", "A"), release.Whole), refuse: VersionUsed, facts: "release=r1"},
		{name: "version used", before: live, do: addChange(buildOf("1.0.1", "A"), release.Whole), refuse: VersionUsed, facts: "release=r2"},
		{name: "fewer parts", before: live, do: full("2.0"), refuse: VersionSegments, facts: "live=1.0.0"},
		{name: "more parts", before: live, do: full("1.0.1.1"), refuse: VersionSegments},
		{name: "no number", before: live, do: full("1.0.x"), refuse: VersionNotHigher},
		{name: "code equal", before: live, do: with(buildOf("1.0.2", ""), release.Whole, code(101)), refuse: CodeNotHigher, facts: "code=101, live=101"},
		{name: "code lower", before: live, do: with(buildOf("1.0.2", ""), release.Whole, code(7)), refuse: CodeNotHigher},
		{name: "version of a withdrawn release", before: after(live, rollbackChange("")), do: addChange(buildOf("1.0.1", "A"), release.Whole), refuse: VersionUsed, facts: "withdrawn=yes"},
		{name: "content of a withdrawn release", before: after(live, rollbackChange("")), do: full("1.0.1"), refuse: VersionUsed, facts: "withdrawn=yes"},
		{name: "code of a withdrawn release", before: after(live, rollbackChange("")), do: with(buildOf("1.0.2", ""), release.Whole, code(101)), refuse: VersionUsed},
		{name: "between the base and a withdrawn release", before: after(base, full("1.0.5"), rollbackChange("")), do: full("1.0.3"), want: "(1.0.0) 1.0.3 -1.0.5"},
		{name: "a version that the other platform has", before: after(base, with(buildOf("1.0.1", "A"), release.Whole, androidOnly)),
			do: with(buildOf("1.0.1", "B"), release.Whole, func(a *Addition) { a.Platforms = []string{release.IOS} }), want: "(1.0.0) 1.0.1 1.0.1"},

		{name: "again, for a platform that came since", before: []change{baseChange("1.0.0", androidApp("1.0.0")), full("1.0.1"), baseChange("1.0.0", iosApp("1.0.0"))},
			do: full("1.0.1"), check: func(t *testing.T, d *release.Document) {
				phone := release.Device{App: d.App, Channel: d.Channel, Platform: "ios", Native: versionOf("1.0.0"), Running: release.Running{Name: "1.0.0", Code: versionOf("1.0.0").Code}}
				if got := release.Decide(phone, d, release.Clock{Now: d.Issued.Time}); got.Release != "r2" {
					t.Errorf("an ios phone is told %+v", got)
				}
			}},
		{name: "--no-base for a platform beside a registered one", before: []change{baseChange("1.0.0", androidApp("1.0.0"))},
			do: with(buildOf("1.0.1", ""), release.Whole, func(a *Addition) { a.NoBase, a.Platforms = true, []string{"android", "ios"} }), refuse: NoBase, facts: "platforms=ios"},
		{name: "--no-base after a higher release of another platform", before: []change{
			with(buildOf("1.0.1", ""), release.Whole, func(a *Addition) { a.NoBase, a.Platforms = true, []string{"android"} }),
			with(buildOf("1.0.9", ""), release.Whole, func(a *Addition) { a.NoBase, a.Platforms, a.Fingerprint = true, []string{"harmony"}, "h" })},
			do: with(buildOf("1.0.2", ""), release.Whole, func(a *Addition) { a.NoBase, a.Platforms, a.Fingerprint = true, []string{"android"}, "other" }), refuse: NeedsFullPackage},
		{name: "again", before: live, do: full("1.0.1"), done: true},
		{name: "again, the content of the base", before: base, do: addChange(buildOf("1.0.0", "base"), release.Whole), done: true},
		{name: "again, the content of the base, with a share", before: base, do: with(buildOf("1.0.0", "base"), 1250, given("rollout")), done: true},
		{name: "again with another share", before: live, do: with(buildOf("1.0.1", ""), 1250, given("rollout")), refuse: FlagsDiffer, facts: "flag=--rollout, have=100%, release=r2, want=12.5%"},
		{name: "again with a share that was not typed", before: live, do: share("1.0.1", 1250), done: true},
		{name: "again with another mode", before: live, do: with(buildOf("1.0.1", ""), release.Whole, func(a *Addition) { a.Mode = release.Force; given("mode")(a) }), refuse: FlagsDiffer, facts: "have=prompt"},
		{name: "again with other notes", before: live, do: with(buildOf("1.0.1", ""), release.Whole, func(a *Addition) { a.Notes = map[string]string{"en": "x"}; given("notes")(a) }), refuse: FlagsDiffer, facts: "--notes"},
		{name: "again for fewer platforms", before: live, do: with(buildOf("1.0.1", ""), release.Whole, func(a *Addition) { androidOnly(a); given("platform")(a) }), refuse: FlagsDiffer, facts: "--platform"},
		{name: "again for a native more", before: after(base, baseChange("1.1.0"), with(buildOf("1.1.1", ""), 1000, func(a *Addition) { a.Natives = []release.Native{androidApp("1.1.0"), iosApp("1.1.0")} })),
			do: share("1.1.1", 1000), want: "(1.0.0) (1.1.0) 1.1.1@10%", check: natives("android 1.1.0, ios 1.1.0, android 1.0.0, ios 1.0.0")},

		{name: "replaces what nobody is sent to", before: after(live, share("1.0.2", 1000)), do: full("1.0.3"), want: "(1.0.0) 1.0.3"},
		{name: "keeps what the others have", before: after(live, share("1.0.2", 1000)), do: share("1.0.3", 1), want: "(1.0.0) 1.0.1 1.0.2@10% 1.0.3@0.01%"},
		{name: "too much text", before: base, do: with(buildOf("1.0.1", ""), release.Whole, func(a *Addition) { a.Notes = map[string]string{"en": strings.Repeat("x", 33<<10)} }),
			refuse: EntryTooLarge, facts: "limit=32768"},
	})
}

func given(flag string) func(*Addition) {
	return func(a *Addition) { a.Given = map[string]bool{flag: true} }
}

// otherBase registers natives whose manifest differs from everybody else's.
func otherBase(version string, natives ...release.Native) change {
	b := buildOf(version, "base of another kind")
	return change{func(*Publisher) Edit {
		return AddBase(BaseAddition{Natives: natives, Fingerprint: "fingerprint of its own", Source: b.pack.Content, Version: b.version, Package: b.pack})
	}, []Upload{b.upload}}
}

// natives checks the natives of the newest release.
func natives(want string) func(*testing.T, *release.Document) {
	return func(t *testing.T, d *release.Document) {
		t.Helper()
		if got := nativeNames(d.Releases[len(d.Releases)-1]); got != want {
			t.Errorf("natives %s, want %s", got, want)
		}
	}
}

func nativeNames(r release.Release) string {
	var names []string
	for _, n := range r.Natives.List {
		names = append(names, nativeName(n))
	}
	return strings.Join(names, ", ")
}

func platforms(want ...string) func(*testing.T, *release.Document) {
	return func(t *testing.T, d *release.Document) {
		t.Helper()
		if got := d.Releases[len(d.Releases)-1].Platforms; !slices.Equal(got, want) {
			t.Errorf("platforms %v, want %v", got, want)
		}
	}
}

func both(checks ...func(*testing.T, *release.Document)) func(*testing.T, *release.Document) {
	return func(t *testing.T, d *release.Document) {
		for _, c := range checks {
			c(t, d)
		}
	}
}

func TestPercent(t *testing.T) {
	for permyriad, want := range map[int64]string{0: "0%", 1: "0.01%", 10: "0.1%", 50: "0.5%", 99: "0.99%", 100: "1%", 1000: "10%", 1250: "12.5%", 1234: "12.34%", 9999: "99.99%", 10000: "100%"} {
		if got := Percent(permyriad); got != want {
			t.Errorf("%d: got %s, want %s", permyriad, got, want)
		}
	}
}
