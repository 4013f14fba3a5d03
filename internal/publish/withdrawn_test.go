package publish

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"wgtup/release"
)

// goes is what a device does that runs a version on an app, its state lost.
func goes(d *release.Document, app release.Native, version string) string {
	v := versionOf(version)
	got := release.Decide(release.Device{App: testApp, Channel: testChannel, Platform: app.Platform, Native: release.Version{Name: app.Name, Code: app.Code},
		Running: release.Running{Name: v.Name, Code: v.Code}}, d, release.Clock{Now: d.Issued.Time, Network: true})
	if got.Version == nil {
		return string(got.Reason)
	}
	return string(got.Reason) + " " + got.Version.Name
}

// A rollback far back reaches the phones on releases that had been replaced long
// ago, and nobody else.
func TestRollbackReachesWhatLeftTheDocument(t *testing.T) {
	many := []change{baseChange("1.0.0"), full("1.0.1"), full("1.0.2"), full("1.0.3"), full("1.0.4")}
	app := androidApp("1.0.0")
	for _, to := range []string{"1.0.1", "r2"} {
		b := newBed(t)
		b.do(t, many...)
		d := b.do(t, rollbackChange(to)).Document
		for version, want := range map[string]string{
			"1.0.4": "leave-withdrawn 1.0.1", "1.0.3": "leave-withdrawn 1.0.1", "1.0.2": "leave-withdrawn 1.0.1",
			"1.0.1": "up-to-date 1.0.1", "1.0.0": "newer-release 1.0.1", "1.0.5": "running-newer",
		} {
			if got := goes(d, app, version); got != want {
				t.Errorf("--to %s: a device on %s: %s, want %s", to, version, got, want)
			}
		}
		if got := goes(d, androidApp("9.0.0"), "1.0.3"); got != "nothing-fits" {
			t.Errorf("a device of another app: %s", got)
		}
		if r, err := rollbackChange(to).run(b.publisher(t, "x", nil)); err != nil || !r.Done {
			t.Errorf("a second time: %v, %+v", err, r)
		}
		// What lies in the reach is used up, what is above is not.
		_, err := addChange(buildOf("1.0.3", "other"), release.Whole).run(b.publisher(t, "x", nil))
		refusedAs(t, err, VersionWithdrawn)
		// Taken back, and back again.
		d = b.do(t, rollbackChange("1.0.3")).Document
		if got := goes(d, app, "1.0.3") + ", " + goes(d, app, "1.0.4"); got != "up-to-date 1.0.3, leave-withdrawn 1.0.3" {
			t.Errorf("1.0.3 brought back: %s", got)
		}
		d = b.do(t, full("1.0.5"), rollbackChange("")).Document
		if got := goes(d, app, "1.0.5"); got != "leave-withdrawn 1.0.3" {
			t.Errorf("1.0.3 was brought back and is what a rollback finds: %s", got)
		}
	}
}

// Releases that only some had and that were replaced, with one that nobody asked about:
// "back to what is live" is no empty wish.
func TestRollbackToWhatIsLiveReachesThePartial(t *testing.T) {
	b := shop(t)
	b.do(t, share("1.0.3", 1000), full("1.0.4"), rollbackChange(""))
	app := androidApp("1.0.0")
	if got := goes(b.head(t).Document, app, "1.0.3"); got != "running-newer" {
		t.Fatalf("a rollback of 1.0.4 moves a device on 1.0.3: %s", got)
	}
	d := b.do(t, rollbackChange("1.0.2")).Document
	if got := goes(d, app, "1.0.3"); got != "leave-withdrawn 1.0.2" {
		t.Errorf("a device on 1.0.3: %s", got)
	}
	if c := Differences(b.journal(t)[5].Document, d); !slices.Contains(c, Difference{Kind: "withdrawn", Release: "r5", Version: "1.0.4", From: "1.0.2"}) {
		t.Errorf("the history says %+v", c)
	}
}

func TestReachSplitsByApp(t *testing.T) {
	a, i, a2 := androidApp("1.0.0"), iosApp("1.0.0"), androidApp("2.0.0")
	list := func(n ...release.Native) release.Natives { return release.Natives{List: n} }
	codes := func(low int64, high ...int64) release.Natives {
		r := release.CodeRange{Min: low}
		if high != nil {
			r.Max = &high[0]
		}
		return release.Natives{Range: &r}
	}
	both := []string{"android", "ios"}
	for _, tt := range []struct {
		name               string
		platforms          []string
		gone               release.Natives
		on                 []string
		target             release.Natives
		reached, untouched []release.Native
	}{
		{"the same", both, list(a, i), both, list(a, i), []release.Native{a, i}, []release.Native{a2}},
		{"one app of two", both, list(a, i, a2), both, list(a), []release.Native{a}, []release.Native{i, a2}},
		{"none of them", both, list(a, i), both, list(a2), nil, []release.Native{a, i, a2}},
		{"one platform", both, list(a, i), []string{"ios"}, list(i), []release.Native{i}, []release.Native{a}},
		{"any app, target of one", both, codes(0), both, list(a), []release.Native{a}, []release.Native{i, a2}},
		{"of one, target any app", both, list(a), both, codes(0), []release.Native{a}, []release.Native{i}},
		{"ranges", both, codes(100, 150), both, codes(50), []release.Native{a, i}, []release.Native{a2}},
		{"ranges that overlap", both, codes(0), both, codes(150, 250), []release.Native{a2}, []release.Native{a, i}},
		{"ranges apart", both, codes(0, 50), both, codes(60), nil, []release.Native{a, i, a2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := &release.Document{Withdrawn: []release.Withdrawn{{ID: "r9", Version: versionOf("1.0.9"), Platforms: tt.platforms, Natives: tt.gone}}}
			target := &release.Release{Version: versionOf("1.0.2"), Platforms: tt.on, Natives: tt.target}
			if changed := reach(d, target); changed != (tt.reached != nil) || reach(d, target) {
				t.Errorf("changed %v, or a second time", changed)
			}
			covered := func(n release.Native, version string) bool {
				return slices.ContainsFunc(d.Withdrawn, func(w release.Withdrawn) bool { return w.Covers(n, version) })
			}
			for _, n := range tt.reached {
				if !covered(n, "1.0.5") || covered(n, "1.0.2") || covered(n, "1.1.0") {
					t.Errorf("%v: %+v", n, d.Withdrawn)
				}
			}
			for _, n := range tt.untouched {
				if covered(n, "1.0.5") {
					t.Errorf("%v is reached: %+v", n, d.Withdrawn)
				}
			}
			for _, n := range []release.Native{a, i, a2} {
				was := slices.Contains(tt.platforms, n.Platform) && tt.gone.Include(n)
				is := slices.ContainsFunc(d.Withdrawn, func(w release.Withdrawn) bool {
					return slices.Contains(w.Platforms, n.Platform) && w.Natives.Include(n)
				})
				if was != is {
					t.Errorf("%v: withdrawn %v, and was %v", n, is, was)
				}
			}
		})
	}
}

// A channel may take back as many releases as it likes: the document does not
// grow beyond what phones read, and every one of them is left.
func TestWithdrawnIsBounded(t *testing.T) {
	const releases = 600
	b := shop(t)
	d := b.head(t).Document
	now := d.Issued.Time
	version := func(n int) release.Version {
		return release.Version{Name: fmt.Sprintf("1.1.%d", n), Code: int64(1000 + n)}
	}
	for n := range releases {
		now = now.Add(time.Minute)
		at := release.Position{Sequence: d.Sequence + 1}
		build := buildOf("1.1.0", fmt.Sprint(n))
		build.version = version(n)
		if _, err := Add(addition(build, release.Whole))(d, at, now); err != nil {
			t.Fatal(err)
		}
		r := *newestHot(d)
		past := past{now, at, func(release.Position) (*release.Document, error) { return b.head(t).Document, nil }}
		d.Sequence++
		if err := past.withdraw(d, []release.Release{r}, nil); err != nil {
			t.Fatal(err)
		}
	}
	payload, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Withdrawn) > singles || len(payload) > 16<<10 {
		t.Errorf("%d withdrawn releases are %d entries of %d bytes", releases, len(d.Withdrawn), len(payload))
	}
	t.Logf("%d withdrawn releases: a payload of %d bytes", releases, len(payload))
	for n := range releases {
		v := version(n)
		got := release.Decide(release.Device{App: testApp, Channel: testChannel, Platform: release.Android, Native: release.Version{Name: "1.0.0", Code: 100},
			Running: release.Running{Name: v.Name, Code: v.Code}}, d, release.Clock{Now: now, Network: true})
		if got.Reason != release.LeaveWithdrawn || got.Release != "r3" {
			t.Fatalf("a device on %s: %s %s", v.Name, got.Reason, got.Release)
		}
	}
	// One that is only a name comes back, and only that one.
	old := release.Release{ID: "r999", Kind: release.Wgt, Version: version(5), Platforms: []string{"android", "ios"}, Natives: release.Natives{List: []release.Native{androidApp("1.0.0"), iosApp("1.0.0")}}}
	restore(d, old)
	newest := d.Withdrawn[len(d.Withdrawn)-1]
	restore(d, release.Release{ID: newest.ID, Kind: release.Wgt, Version: newest.Version, Platforms: newest.Platforms, Natives: newest.Natives})
	for n := range releases {
		covered := slices.ContainsFunc(d.Withdrawn, func(w release.Withdrawn) bool {
			return w.Covers(androidApp("1.0.0"), version(n).Name) || w.Version == version(n)
		})
		if back := n == 5 || version(n) == newest.Version; covered == back {
			t.Fatalf("%s: withdrawn %v, came back %v", version(n).Name, covered, back)
		}
	}
}
