package publish

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wgtup/release"
)

func TestDifferences(t *testing.T) {
	live := []change{baseChange("1.0.0"), full("1.0.1")}
	rolling := after(live, share("1.0.2", 1000))
	retire := simple(func() Edit { return Retire("ios", "1.0.0") })
	one := &release.Version{Name: "1.0.0", Code: 100}

	tests := []struct {
		name   string
		before []change
		do     change
		want   string
	}{
		{"base", nil, baseChange("1.0.0"), "base[android 1.0.0] base[ios 1.0.0]"},
		{"release", live[:1], share("1.0.1", 1000), "release r2 1.0.1 >10%"},
		{"release that replaces", live, full("1.0.2"), "release r3 1.0.2 >100% left r2 1.0.1"},
		{"share", rolling, setShare("", 5000), "rollout r3 1.0.2 10%>50%"},
		{"ramp", rolling, setShare("", 1000, step(100*time.Hour, 10000)), "rollout r3 1.0.2 10%>10%, then 100% at 2026-11-26T20:00:00Z"},
		{"complete", rolling, completeOf(""), "rollout r3 1.0.2 10%>100% left r2 1.0.1"},
		{"pause", rolling, pauseOf(""), "paused r3 1.0.2"},
		{"resume", after(rolling, setShare("", 1000, step(100*time.Hour, 10000)), pauseOf("")), resumeOf(""), "resumed r3 1.0.2"},
		{"complete a paused one", after(rolling, pauseOf("")), completeOf(""), "rollout r3 1.0.2 10%>100% resumed r3 1.0.2 left r2 1.0.1"},
		{"withdrawn", rolling, rollbackChange(""), "withdrawn r3 1.0.2"},
		{"back", after(live, full("1.0.2")), rollbackChange(""), "back r2 1.0.1 >100% withdrawn r3 1.0.2"},
		{"taken back", after(live, rollbackChange("")), rollbackChange("1.0.1"), "back r2 1.0.1 >100%"},
		{"hold", live, holdOf("ios", "review", nil), "hold[ios] >review"},
		{"hold of a native", live, holdOf("ios", "", one), "hold[ios 1.0.0]"},
		{"hold for another reason", after(live, holdOf("ios", "review", nil)), holdOf("ios", "crash", nil), "hold[ios] >crash"},
		{"unhold", after(live, holdOf("ios", "review", nil)), unholdOf("ios", nil), "unhold[ios]"},
		{"retired", live, retire, "retired[ios 1.0.0]"},
		{"back from retirement", after(live, retire), baseChange("1.0.0"), "base[ios 1.0.0]"},
		{"a native more", live, baseChange("1.1.0", iosApp("1.1.0")), "base[ios 1.1.0] natives r2 1.0.1"},
		{"renewed", live, simple(Renew), "renewed >"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBed(t)
			b.do(t, after(tt.before, tt.do)...)
			entries := b.journal(t)
			var before *release.Document
			if n := len(entries); n > 1 {
				before = entries[n-2].Document
			}
			got := text(Differences(before, entries[len(entries)-1].Document))
			if got != tt.want && !(tt.name == "renewed" && strings.HasPrefix(got, tt.want)) {
				t.Errorf("got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// What no command of this version changes yet is seen as well.
func TestDifferencesOfOtherWriters(t *testing.T) {
	old := release.Document{Releases: []release.Release{{ID: "r1", Version: versionOf("1.0.0"), Mode: release.Prompt}}}
	now := release.Document{Floor: &release.Threshold{Code: 7}, Minimum: &release.Threshold{Code: 9},
		Releases: []release.Release{{ID: "r1", Version: versionOf("1.0.0"), Mode: release.Force, Notes: map[string]string{"en": "x"}}}}
	if got, want := text(Differences(&old, &now)), "mode r1 1.0.0 prompt>force notes r1 1.0.0 floor >7 minimum >9"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func text(all []Difference) string {
	var out []string
	for _, d := range all {
		s := d.Kind
		if d.Native != "" {
			s += "[" + d.Native + "]"
		}
		if d.Release != "" {
			s += " " + d.Release + " " + d.Version
		}
		if d.From != "" || d.To != "" {
			s += fmt.Sprintf(" %s>%s", d.From, d.To)
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestHistory(t *testing.T) {
	b := shop(t)
	p := b.publisher(t, "x", nil)
	for limit, want := range map[int][]int64{0: {1, 2, 3}, -1: {1, 2, 3}, 1: {3}, 2: {2, 3}, 9: {1, 2, 3}} {
		records, err := p.History(t.Context(), limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, r := range records {
			got = append(got, r.Entry.Document.Sequence)
			if len(r.Changes) == 0 {
				t.Errorf("entry %s changed nothing", r.Entry.Position())
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("limit %d: got %v, want %v", limit, got, want)
		}
	}
	if records, err := newBed(t).publisher(t, "x", nil).History(t.Context(), 0); err != nil || records != nil {
		t.Errorf("empty channel: %v, %v", records, err)
	}
}
