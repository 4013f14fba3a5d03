package publish

import (
	"testing"
	"time"

	"wgtup/release"
)

func setShare(name string, permyriad int64, ramp ...release.Step) change {
	return simple(func() Edit { return SetShare(name, permyriad, ramp) })
}
func pauseOf(name string) change    { return simple(func() Edit { return Pause(name) }) }
func resumeOf(name string) change   { return simple(func() Edit { return Resume(name) }) }
func completeOf(name string) change { return simple(func() Edit { return Complete(name) }) }

// start is when the first entry of a bed is written; each further change of a
// rule's past comes an hour later.
var start = time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)

func step(after time.Duration, permyriad int64) release.Step {
	return release.Step{At: release.At(start.Add(after)), Permyriad: permyriad}
}

func TestRollout(t *testing.T) {
	live := []change{baseChange("1.0.0"), full("1.0.1")}
	rolling := after(live, share("1.0.2", 1000))
	twice := after(rolling, share("1.0.3", 100))
	ramp := after(rolling, setShare("", 1000, step(100*time.Hour, 5000), step(200*time.Hour, 10000)))

	try(t, []rule{
		{name: "the one that is rolling", before: rolling, do: setShare("", 5000), want: "(1.0.0) 1.0.1 1.0.2@50%"},
		{name: "the newest of two", before: twice, do: setShare("", 5000), want: "(1.0.0) 1.0.1 1.0.2@10% 1.0.3@50%"},
		{name: "by version", before: twice, do: setShare("1.0.2", 5000), want: "(1.0.0) 1.0.1 1.0.2@50% 1.0.3@1%"},
		{name: "by id", before: twice, do: setShare("r3", 5000), want: "(1.0.0) 1.0.1 1.0.2@50% 1.0.3@1%"},
		{name: "smaller", before: rolling, do: setShare("", 1), want: "(1.0.0) 1.0.1 1.0.2@0.01%"},
		{name: "to all replaces", before: rolling, do: setShare("", 10000), want: "(1.0.0) 1.0.2"},
		{name: "the same", before: rolling, do: setShare("", 1000), done: true},
		{name: "the same ramp", before: ramp, do: setShare("", 1000, step(100*time.Hour, 5000), step(200*time.Hour, 10000)), done: true},
		{name: "no ramp any more", before: ramp, do: setShare("", 1000), want: "(1.0.0) 1.0.1 1.0.2@10%"},
		{name: "nothing rolls", before: live, do: setShare("", 1000), refuse: NoRollout},
		{name: "nothing published", do: setShare("", 1000), refuse: NoChannel},
		{name: "unknown", before: rolling, do: setShare("9.9.9", 1000), refuse: UnknownRelease, facts: "release=9.9.9"},
		{name: "withdrawn", before: after(rolling, rollbackChange("")), do: setShare("1.0.2", 1000), refuse: UnknownRelease},
		{name: "a landing", before: rolling, do: setShare("1.0.0", 1000), refuse: UnknownRelease},

		{name: "pause", before: rolling, do: pauseOf(""), check: paused("r3", true)},
		{name: "pause twice", before: after(rolling, pauseOf("")), do: pauseOf(""), done: true},
		{name: "pause what is for all", before: live, do: pauseOf("1.0.1"), check: paused("r2", true)},
		{name: "pause nothing", before: live, do: pauseOf(""), refuse: NoRollout},
		{name: "a share leaves it paused", before: after(rolling, pauseOf("")), do: setShare("", 5000), check: paused("r3", true)},
		{name: "resume", before: after(rolling, pauseOf("")), do: resumeOf(""), want: "(1.0.0) 1.0.1 1.0.2@10%"},
		{name: "resume what is not paused", before: rolling, do: resumeOf(""), done: true},
		{name: "resume unknown", before: rolling, do: resumeOf("r9"), refuse: UnknownRelease},
		{name: "resume shifts the steps that were left", before: after(ramp, pauseOf("")), do: resumeOf(""), check: func(t *testing.T, d *release.Document) {
			// Paused four hours after the start, resumed the time of a try later.
			shift := time.Duration(1 << 40).Truncate(time.Second)
			for i, want := range []release.Step{step(100*time.Hour+shift, 5000), step(200*time.Hour+shift, 10000)} {
				if got := d.Find("r3").Rollout.Ramp[i]; got != want {
					t.Errorf("step %d at %s, want %s", i, got.At, want.At)
				}
			}
		}},
		{name: "resume leaves the steps that had come", before: after(rolling, setShare("", 100, step(2*time.Hour, 5000), step(200*time.Hour, 10000)), pauseOf("")),
			do: resumeOf(""), check: func(t *testing.T, d *release.Document) {
				if r := d.Find("r3").Rollout.Ramp; r[0] != step(2*time.Hour, 5000) || r[1] == step(200*time.Hour, 10000) {
					t.Errorf("ramp %v", r)
				}
			}},

		{name: "complete", before: rolling, do: completeOf(""), want: "(1.0.0) 1.0.2"},
		{name: "complete a paused one", before: after(rolling, pauseOf("")), do: completeOf(""), want: "(1.0.0) 1.0.2"},
		{name: "complete a ramp", before: ramp, do: completeOf(""), want: "(1.0.0) 1.0.2"},
		{name: "complete the lower of two", before: twice, do: completeOf("r3"), want: "(1.0.0) 1.0.2 1.0.3@1%"},
		{name: "complete when all is complete", before: live, do: completeOf(""), done: true},
		{name: "complete by name when all is complete", before: live, do: completeOf("1.0.1"), done: true},
		{name: "complete unknown", before: live, do: completeOf("r9"), refuse: UnknownRelease},
		{name: "complete nothing", do: completeOf(""), refuse: NoChannel},
		{name: "complete keeps the testers", before: after(live, with(buildOf("1.0.2", ""), 0, func(a *Addition) { a.Rollout.Testers = []string{release.TesterHash(testApp, "x")} })),
			do: completeOf(""), check: func(t *testing.T, d *release.Document) {
				if len(d.Find("r3").Rollout.Testers) != 1 {
					t.Error("no testers")
				}
			}},
	})
}

func paused(id string, want bool) func(*testing.T, *release.Document) {
	return func(t *testing.T, d *release.Document) {
		t.Helper()
		if got := !d.Find(id).Rollout.Paused.IsZero(); got != want {
			t.Errorf("paused: %v", got)
		}
	}
}
