package publish

import (
	"context"
	"strings"
	"testing"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
)

func TestRollback(t *testing.T) {
	base := []change{baseChange("1.0.0")}
	live := after(base, full("1.0.1"))
	many := after(live, full("1.0.2"), full("1.0.3"), full("1.0.4")) // r2 to r5, of which only r5 is still listed
	noBase := func(a *Addition) { a.NoBase = true }
	back := rollbackChange("")
	renew := simple(Renew) // without an entry between, a second rollback has nothing to do
	to := rollbackChange

	try(t, []rule{
		{name: "the first release", before: live, do: back, want: "(1.0.0) -1.0.1"},
		{name: "the first release at a share", before: after(base, share("1.0.1", 1000)), do: back, want: "(1.0.0) -1.0.1"},
		{name: "to what had left the document", before: many, do: back, want: "(1.0.0) 1.0.3 -1.0.4"},
		{name: "a nervous second time", before: after(many, back), do: back, done: true},
		{name: "a second time after --to", before: after(many, to("1.0.3")), do: back, done: true},
		{name: "twice", before: after(many, back, renew), do: back, want: "(1.0.0) 1.0.2 -1.0.4 -1.0.3"},
		{name: "down to what the app ships", before: after(many, back, renew, back, renew, back, renew), do: back, want: "(1.0.0) -1.0.4 -1.0.3 -1.0.2 -1.0.1"},
		{name: "and no further", before: after(many, back, renew, back, renew, back, renew, back, renew), do: back, refuse: NoHotRelease},
		{name: "past what was withdrawn before", before: after(many, back, full("1.0.5")), do: back, want: "(1.0.0) 1.0.3 -1.0.4 -1.0.5"},
		{name: "leaves what is for everybody", before: after(live, share("1.0.2", 1000)), do: back, want: "(1.0.0) 1.0.1 -1.0.2"},
		{name: "nothing published", do: back, refuse: NoChannel},
		{name: "only a base", before: base, do: back, refuse: NoHotRelease},

		{name: "to a version", before: many, do: to("1.0.3"), want: "(1.0.0) 1.0.3 -1.0.4"},
		{name: "to an old version", before: many, do: to("1.0.1"), want: "(1.0.0) 1.0.1 -1.0.4"},
		{name: "to an id", before: many, do: to("r3"), want: "(1.0.0) 1.0.2 -1.0.4"},
		{name: "to the same again", before: after(many, to("1.0.3")), do: to("1.0.3"), done: true},
		{name: "to what is live", before: many, do: to("1.0.4"), done: true},
		{name: "to one that rolls", before: after(live, share("1.0.2", 1000)), do: to("1.0.2"), done: true},
		{name: "below two that roll", before: after(live, share("1.0.2", 1000), share("1.0.3", 100)), do: to("1.0.1"), want: "(1.0.0) 1.0.1 -1.0.2 -1.0.3"},
		{name: "to one that rolls, below another", before: after(live, share("1.0.2", 1000), share("1.0.3", 100)), do: to("1.0.2"), want: "(1.0.0) 1.0.1 1.0.2@10% -1.0.3"},
		{name: "taken back", before: after(many, back), do: to("1.0.4"), want: "(1.0.0) 1.0.3 1.0.4"},
		{name: "taken back by id", before: after(many, back), do: to("r5"), want: "(1.0.0) 1.0.3 1.0.4"},
		{name: "the first release taken back", before: after(live, back), do: to("1.0.1"), want: "(1.0.0) 1.0.1"},
		{name: "to a landing", before: live, do: to("1.0.0"), want: "(1.0.0) -1.0.1"},
		// The release before the withdrawn one was brought back instead.
		{name: "to a landing past what had left the document", before: many, do: to("1.0.0"), want: "(1.0.0) -1.0.4"},
		{name: "to a landing by id", before: many, do: to("r1"), want: "(1.0.0) -1.0.4"},
		{name: "to an unknown version", before: many, do: to("9.9.9"), refuse: UnknownRelease, facts: "release=9.9.9"},
		{name: "to an unknown id", before: many, do: to("r99"), refuse: UnknownRelease},
		{name: "to an entry that added nothing", before: after(many, holdOf("ios", "", nil)), do: to("r6"), refuse: UnknownRelease},
		{name: "to nothing of the kind", before: many, do: to("r"), refuse: UnknownRelease},
		{name: "to a release of a channel that is empty", do: to("1.0.0"), refuse: UnknownRelease},

		{name: "the first release without a base", before: []change{with(buildOf("1.0.1", ""), release.Whole, noBase)}, do: back, refuse: NoTarget},
		{name: "the first release without a base, of named natives",
			before: []change{with(buildOf("1.0.1", ""), release.Whole, func(a *Addition) {
				a.NoBase, a.Natives = true, []release.Native{androidApp("1.0.0"), iosApp("1.0.0")}
			})},
			do: back, refuse: NoTarget, facts: "natives=android 1.0.0, ios 1.0.0"},
		{name: "the second release without a base", before: []change{with(buildOf("1.0.1", ""), release.Whole, noBase), with(buildOf("1.0.2", ""), release.Whole, noBase)},
			do: back, want: "1.0.1 -1.0.2"},
		{name: "one of two natives has a base", before: []change{baseChange("1.0.0", androidApp("1.0.0")), with(buildOf("1.0.1", ""), release.Whole, func(a *Addition) {
			a.NoBase, a.Platforms, a.Natives = true, []string{"android", "ios"}, []release.Native{androidApp("1.0.0"), iosApp("1.0.0")}
		})}, do: back, refuse: NoTarget, facts: "natives=ios 1.0.0)"},

		{name: "each native has its own target", before: []change{baseChange("1.0.0", androidApp("1.0.0")), baseChange("1.1.0", androidApp("1.1.0")),
			forApp("1.1.1", androidApp("1.0.0")), full("1.1.2")}, do: back, want: "(1.0.0) (1.1.0) 1.1.1 -1.1.2", check: natives("android 1.0.0")},
		{name: "each platform has its own target", before: after(base, forApp("1.0.1", androidApp("1.0.0")), forApp("1.0.2", iosApp("1.0.0")), full("1.0.3")),
			do: back, want: "(1.0.0) 1.0.1 1.0.2 -1.0.3"},
		{name: "of one platform only", before: after(base, forApp("1.0.1", androidApp("1.0.0")), forApp("1.0.2", iosApp("1.0.0"))), do: back, want: "(1.0.0) 1.0.1 -1.0.2"},
		{name: "to one platform's leaves the other's", before: after(base, forApp("1.0.1", androidApp("1.0.0")), forApp("1.0.2", iosApp("1.0.0")), forApp("1.0.3", androidApp("1.0.0"))),
			do: to("1.0.1"), want: "(1.0.0) 1.0.1 1.0.2 -1.0.3"},

		{name: "past one that was withdrawn since", before: after(base, forApp("1.0.1", androidApp("1.0.0")), full("1.0.2"), forApp("1.0.3", iosApp("1.0.0")), to("1.0.1"), renew),
			do: back, want: "(1.0.0) 1.0.1 -1.0.2 -1.0.3"},

		// What a release replaced counts as it was when that release came.
		{name: "past one that was never for everybody", before: after(live, share("1.0.2", 5000), full("1.0.3")), do: back, want: "(1.0.0) 1.0.1 -1.0.3"},
		{name: "past one that was paused", before: after(live, share("1.0.2", 5000), pauseOf(""), full("1.0.3")), do: back, want: "(1.0.0) 1.0.1 -1.0.3"},
		{name: "to one whose ramp had ended", before: after(live, share("1.0.2", 1000), setShare("", 1000, step(270*time.Minute, 10000)), holdOf("ios", "", nil), full("1.0.3")),
			do: back, want: "(1.0.0) 1.0.2 -1.0.3"},
		{name: "past one whose ramp had not ended", before: after(live, share("1.0.2", 1000), setShare("", 1000, step(250*time.Minute, 10000)), full("1.0.3")),
			do: back, want: "(1.0.0) 1.0.1 -1.0.3"},
		// A ramp that has ended is as good as a complete rollout: nothing older came back.
		{name: "above one whose ramp has ended", before: after(live, share("1.0.2", 1000), setShare("", 1000, step(200*time.Minute, 10000)), holdOf("ios", "", nil), share("1.0.3", 100)),
			do: back, want: "(1.0.0) 1.0.2@10% -1.0.3"},

		// A release that is brought back fits the natives that came since.
		{name: "to one older than a native", before: after(live, baseChange("1.1.0"), full("1.1.1")), do: back, want: "(1.0.0) 1.0.1 (1.1.0) -1.1.1", check: fitsNow("r2", "android 1.0.0, ios 1.0.0, android 1.1.0, ios 1.1.0")},
		{name: "to one that left before a native came", before: after(live, full("1.0.2"), baseChange("1.1.0")), do: back, want: "(1.0.0) 1.0.1 (1.1.0) -1.0.2", check: fitsNow("r2", "android 1.0.0, ios 1.0.0, android 1.1.0, ios 1.1.0")},
		{name: "taken back after a native came", before: after(live, back, baseChange("1.1.0")), do: to("r2"), want: "(1.0.0) 1.0.1 (1.1.0)", check: fitsNow("r2", "android 1.0.0, ios 1.0.0, android 1.1.0, ios 1.1.0")},
		{name: "to one that was for one native", before: []change{baseChange("1.0.0", androidApp("1.0.0")), baseChange("1.1.0", androidApp("1.1.0")), forApp("1.1.1", androidApp("1.0.0")), full("1.1.2"),
			baseChange("1.2.0", androidApp("1.2.0"))}, do: to("1.1.1"), check: fitsNow("r3", "android 1.0.0, android 1.2.0")},
	})
}

// forApp is a release for one installed app only.
func forApp(version string, n release.Native) change {
	return with(buildOf(version, ""), release.Whole, func(a *Addition) { a.Platforms, a.Natives = []string{n.Platform}, []release.Native{n} })
}

func fitsNow(id, want string) func(*testing.T, *release.Document) {
	return func(t *testing.T, d *release.Document) {
		t.Helper()
		if got := nativeNames(*d.Find(id)); got != want {
			t.Errorf("%s fits %s, want %s", id, got, want)
		}
	}
}

// overtaken runs a change; when it is about to create its entry, others have
// been faster.
func (b *bed) overtaken(t *testing.T, c change, others ...change) (*Result, error) {
	t.Helper()
	through := &tap{}
	through.Before = func(op, key string) error {
		if at := b.head(t).Position(); op == "put" && key == release.JournalKey(testChannel, release.Position{Sequence: at.Sequence + 1}) {
			through.Before = nil
			b.do(t, others...)
		}
		return nil
	}
	return c.run(b.publisher(t, "slow", through))
}

// A command that was given about one release must not hit another that came
// while it ran.
func TestOvertakenCommandsMeanTheSameRelease(t *testing.T) {
	t.Run("rollback refuses", func(t *testing.T) {
		b := shop(t)
		_, err := b.overtaken(t, rollbackChange(""), full("1.1.0"))
		refusedAs(t, err, LostRace)
	})
	t.Run("rollback twice is once", func(t *testing.T) {
		b := shop(t)
		r, err := b.overtaken(t, rollbackChange(""), rollbackChange(""))
		if err != nil || !r.Done || ids(r.Entry.Document) != "(1.0.0) 1.0.1 -1.0.2" {
			t.Fatalf("%v, %+v", err, r)
		}
	})
	t.Run("rollback goes on after a hold", func(t *testing.T) {
		b := shop(t)
		r, err := b.overtaken(t, rollbackChange(""), holdOf("ios", "", nil))
		if err != nil || r.Retries != 1 || ids(r.Entry.Document) != "(1.0.0) 1.0.1 -1.0.2" {
			t.Fatalf("%v, %+v", err, r)
		}
	})
	for name, c := range map[string]change{"share": setShare("", 5000), "complete": completeOf(""), "pause": pauseOf("")} {
		t.Run(name, func(t *testing.T) {
			b := shop(t)
			b.do(t, share("1.0.3", 1000))
			r, err := b.overtaken(t, c, share("1.0.4", 1))
			if err != nil || r.Retries != 1 {
				t.Fatalf("%v, %+v", err, r)
			}
			if got := r.Entry.Document.Find("r5").Rollout; got.Permyriad != 1 || !got.Paused.IsZero() {
				t.Errorf("it changed the release that came in between: %s", ids(r.Entry.Document))
			}
		})
	}
	t.Run("share of a release that was withdrawn", func(t *testing.T) {
		b := shop(t)
		b.do(t, share("1.0.3", 1000))
		_, err := b.overtaken(t, setShare("", 5000), rollbackChange(""))
		refusedAs(t, err, UnknownRelease)
	})
}

// A full package in a store is a target, too.
func TestWithdrawWithAFullPackage(t *testing.T) {
	d := &release.Document{Releases: []release.Release{
		{ID: "r1", Kind: release.NativeApp, Version: versionOf("2.0.0"), Platforms: []string{"android"}},
		{ID: "r2", Kind: release.Wgt, Version: versionOf("1.0.1"), Platforms: []string{"android", "ios"}, Natives: release.Natives{List: []release.Native{androidApp("1.0.0"), iosApp("1.0.0")}}},
	}}
	empty := past{time.Now(), release.Position{Sequence: 3}, func(release.Position) (*release.Document, error) { return &release.Document{}, nil }}
	if r := refusedAs(t, empty.withdraw(d, []release.Release{d.Releases[1]}, nil), NoTarget); r.Facts["natives"] != "ios 1.0.0" {
		t.Errorf("stranded: %v", r.Facts)
	}
}

// A store without the right to list says 403 for what is not there.
func TestRollbackToUnknownWithoutTheRightToList(t *testing.T) {
	b := shop(t)
	through := &tap{After: func(op, key string, err error) error {
		if err == store.ErrNotFound {
			return store.ErrDenied
		}
		return err
	}}
	p := b.publisher(t, "x", through)
	_, err := p.Change(t.Context(), p.Rollback(context.Background(), "r99"), nil)
	refusedAs(t, err, UnknownRelease)
}

func TestPosition(t *testing.T) {
	for id, want := range map[string]string{"r42": "0/42", "r42b": "0/42", "r1-42": "1/42", "r1-42c": "1/42", "42": "", "r": "", "rx": "", "r1-": "", "r-1": "", "r1-2-3": ""} {
		at, ok := position(id)
		if got := at.String(); ok != (want != "") || ok && got != want {
			t.Errorf("%s: got %s, %v, want %q", id, got, ok, want)
		}
	}
	if older("r9", "r9") || !older("r9", "r10") || !older("r10", "r1-1") || older("x", "r1") {
		t.Error("order of ids")
	}
}

// What was withdrawn comes back as it was: taking a rollback back must not bring
// a release that was at 10% to everybody.
func TestRestoreKeepsTheShare(t *testing.T) {
	b := shop(t)
	e := b.do(t, share("1.0.3", 1000), setShare("", 2500), rollbackChange(""), rollbackChange("1.0.3"))
	r := e.Document.Find("r4")
	if r == nil || r.Rollout.Permyriad != 2500 || len(e.Document.Withdrawn) != 0 {
		t.Errorf("came back as %+v, withdrawn %+v", r, e.Document.Withdrawn)
	}
}

// A document says in its releases the order in which they came, also when one
// came back.
func TestRestoreKeepsTheOrder(t *testing.T) {
	b := shop(t)
	e := b.do(t, share("1.0.3", 1000), rollbackChange("1.0.1"), rollbackChange("1.0.3"))
	var order []string
	for _, r := range e.Document.Releases {
		order = append(order, r.ID)
	}
	if got := strings.Join(order, " "); got != "r1 r2 r4" {
		t.Errorf("order %s", got)
	}
}
