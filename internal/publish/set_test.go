package publish

import (
	"context"
	"testing"

	"wgtup/release"
)

func setFloor(code int64) change { return simple(func() Edit { return SetFloor(code) }) }

func TestSet(t *testing.T) {
	base := []change{baseChange("1.0.0")}
	live := after(base, full("1.0.1"))
	rolling := after(live, share("1.0.2", 1000))
	testers := func(ids ...string) change { return simple(func() Edit { return SetTesters("", ids) }) }
	minimum := func(code int64) change { return simple(func() Edit { return SetMinimum(code) }) }
	mode := func(name string) change {
		return simple(func() Edit { return SetMode(name, release.Force) })
	}
	try(t, []rule{
		{name: "mode of the newest", before: rolling, do: mode(""), check: func(t *testing.T, d *release.Document) {
			if d.Find("r3").Mode != release.Force || d.Find("r2").Mode == release.Force {
				t.Error("of another release")
			}
		}},
		{name: "mode again", before: after(live, mode("")), do: mode("1.0.1"), done: true},
		{name: "mode of a landing", before: live, do: mode("r1"), refuse: UnknownRelease},
		{name: "mode of nothing", before: base, do: mode(""), refuse: NoHotRelease},
		{name: "mode on a channel without anything", do: mode(""), refuse: NoChannel},
		{name: "testers are hashes, each once", before: rolling, do: testers("x", "y", "x"), check: func(t *testing.T, d *release.Document) {
			got := d.Find("r3").Rollout.Testers
			if len(got) != 2 || !(got[0] == release.TesterHash(testApp, "x") || got[1] == release.TesterHash(testApp, "x")) {
				t.Errorf("testers %v", got)
			}
		}},
		{name: "the same testers in another order", before: after(rolling, testers("x", "y")), do: testers("y", "x"), done: true},
		{name: "floor that everybody can reach", before: live, do: setFloor(101), want: "(1.0.0) 1.0.1"},
		{name: "the same floor", before: after(live, setFloor(101)), do: setFloor(101), done: true},
		{name: "floor taken back", before: after(live, setFloor(101)), do: setFloor(0), check: func(t *testing.T, d *release.Document) {
			if d.Floor != nil {
				t.Error("it is still there")
			}
		}},
		{name: "floor of what only some have", before: rolling, do: setFloor(102), refuse: AboveReach, facts: "highest=101"},
		{name: "minimum of what only some have", before: rolling, do: minimum(102), refuse: AboveReach},
		{name: "minimum", before: live, do: minimum(101), want: "(1.0.0) 1.0.1"},
		{name: "floor on a channel without anything", do: setFloor(1), refuse: NoChannel},
		{name: "rollback to what is below the floor", before: after(live, full("1.0.2"), setFloor(102)), do: rollbackChange("1.0.1"), refuse: BelowFloor, facts: "floor=102"},
		{name: "rollback with nothing above the floor", before: after(live, full("1.0.2"), setFloor(102)), do: rollbackChange(""), refuse: NoTarget},
	})
}

// What devices go back to: the release before, what an app ships, or, when apps
// differ, nothing without a name.
func TestReissuable(t *testing.T) {
	find := func(to string, changes ...change) (*Reissuable, error) {
		b := newBed(t)
		b.do(t, changes...)
		return b.publisher(t, "x", nil).Reissuable(context.Background(), to)
	}
	base := baseChange("1.0.0")
	for _, tt := range []struct {
		name, to, content string
		version           release.Version
		changes           []change
	}{
		{"the release before", "", "1.0.1", release.Version{Name: "1.0.3", Code: 103}, []change{base, full("1.0.1"), full("1.0.2")}},
		{"what the app ships", "", "1.0.0", release.Version{Name: "1.0.2", Code: 102}, []change{base, full("1.0.1")}},
		{"a named one, above what was withdrawn", "1.0.1", "1.0.1", release.Version{Name: "1.0.4", Code: 104}, []change{base, full("1.0.1"), full("1.0.2"), full("1.0.3"), rollbackChange("")}},
	} {
		got, err := find(tt.to, tt.changes...)
		if err != nil || got.Done != nil || got.Release.Version != versionOf(tt.content) || got.Version != tt.version {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
	apps := []change{baseChange("1.0.0", androidApp("1.0.0")), baseChange("1.1.0", androidApp("1.1.0")), full("1.1.1")}
	_, err := find("", apps...)
	refusedAs(t, err, ManyTargets)
	if got, err := find("1.0.0", apps...); err != nil || got.Release.Version.Name != "1.0.0" {
		t.Errorf("with a name: %+v, %v", got, err)
	}
	_, err = find("", base)
	refusedAs(t, err, NoHotRelease)
}
