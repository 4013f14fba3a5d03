package publish

import (
	"testing"

	"wgtup/release"
)

func holdOf(platform, reason string, native *release.Version) change {
	return simple(func() Edit { return Hold(release.Hold{Platform: platform, Native: native, Reason: reason}) })
}

func unholdOf(platform string, native *release.Version) change {
	return simple(func() Edit { return Unhold(release.Hold{Platform: platform, Native: native}) })
}

func TestHoldRetireRenew(t *testing.T) {
	live := []change{baseChange("1.0.0"), full("1.0.1")}
	one := &release.Version{Name: "1.0.0", Code: 100}
	holds := func(want int, reason string) func(*testing.T, *release.Document) {
		return func(t *testing.T, d *release.Document) {
			t.Helper()
			if len(d.Holds) != want || want > 0 && d.Holds[0].Reason != reason {
				t.Errorf("holds %+v", d.Holds)
			}
		}
	}
	try(t, []rule{
		{name: "a platform", before: live, do: holdOf("ios", "review", nil), check: holds(1, "review")},
		{name: "a native", before: live, do: holdOf("ios", "review", one), check: holds(1, "review")},
		{name: "both", before: after(live, holdOf("ios", "review", one)), do: holdOf("ios", "all", nil), check: holds(2, "review")},
		{name: "again", before: after(live, holdOf("ios", "review", one)), do: holdOf("ios", "review", &release.Version{Name: "1.0.0", Code: 100}), done: true},
		{name: "another reason", before: after(live, holdOf("ios", "review", nil)), do: holdOf("ios", "crash", nil), check: holds(1, "crash")},
		{name: "take it back", before: after(live, holdOf("ios", "review", nil)), do: unholdOf("ios", nil), check: holds(0, "")},
		{name: "take back only the native's", before: after(live, holdOf("ios", "all", nil), holdOf("ios", "one", one)), do: unholdOf("ios", one), check: holds(1, "all")},
		{name: "take back what is not held", before: live, do: unholdOf("ios", nil), done: true},
		{name: "every build of a version", before: []change{baseChange("1.0.0", androidApp("1.0.0"), release.Native{Platform: "android", Name: "1.0.0", Code: 7})},
			do: holdOf("android", "bad", &release.Version{Name: "1.0.0"}), check: func(t *testing.T, d *release.Document) {
				if len(d.Holds) != 2 || d.Holds[0].Native.Code != 100 || d.Holds[1].Native.Code != 7 {
					t.Errorf("holds %+v", d.Holds)
				}
			}},
		{name: "one more build of a version", before: after(live, holdOf("ios", "", one)), do: holdOf("ios", "", &release.Version{Name: "1.0.0"}), done: true},
		{name: "take every build's back", before: after(live, holdOf("ios", "", one)), do: unholdOf("ios", &release.Version{Name: "1.0.0"}), check: holds(0, "")},
		{name: "a build that is not registered", before: live, do: holdOf("ios", "", &release.Version{Name: "9.0.0"}), refuse: UnknownNative, facts: "native=ios 9.0.0"},
		{name: "a channel that does not exist", do: holdOf("ios", "", nil), refuse: NoChannel, facts: "channel=production"},

		{name: "retire", before: live, do: simple(func() Edit { return Retire("ios", "1.0.0") }), want: "(1.0.0) 1.0.1", check: func(t *testing.T, d *release.Document) {
			if d.Bases[0].Retired || !d.Bases[1].Retired {
				t.Errorf("bases %+v", d.Bases)
			}
		}},
		{name: "retire twice", before: after(live, simple(func() Edit { return Retire("ios", "1.0.0") })), do: simple(func() Edit { return Retire("ios", "1.0.0") }), done: true},
		{name: "retire every build of a version", before: []change{baseChange("1.0.0", androidApp("1.0.0"), release.Native{Platform: "android", Name: "1.0.0", Code: 7})},
			do: simple(func() Edit { return Retire("android", "1.0.0") }), check: func(t *testing.T, d *release.Document) {
				if !d.Bases[0].Retired || !d.Bases[1].Retired {
					t.Errorf("bases %+v", d.Bases)
				}
			}},
		{name: "retire unknown", before: live, do: simple(func() Edit { return Retire("ios", "2.0.0") }), refuse: UnknownNative, facts: "native=ios 2.0.0"},
		{name: "retire in a channel that does not exist", do: simple(func() Edit { return Retire("ios", "2.0.0") }), refuse: UnknownNative},

		{name: "renew", before: live, do: simple(Renew), want: "(1.0.0) 1.0.1", check: func(t *testing.T, d *release.Document) {
			if d.Expires.Sub(d.Issued.Time) != Lifetime || d.Sequence != 3 {
				t.Errorf("entry %d from %s to %s", d.Sequence, d.Issued, d.Expires)
			}
		}},
		{name: "renew nothing", do: simple(Renew), refuse: NoChannel},
	})
}
