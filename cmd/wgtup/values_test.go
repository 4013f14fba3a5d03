package main

import (
	"errors"
	"slices"
	"testing"
	"time"

	"wgtup/release"
)

func exitOf(err error) int {
	var f *failure
	if errors.As(err, &f) {
		return f.exit
	}
	return -1
}

func TestParseShare(t *testing.T) {
	for s, want := range map[string]int64{"0%": 0, "1%": 100, "10%": 1000, " 50% ": 5000, "12.5%": 1250, "0.01%": 1, "99.99%": 9999, "100%": 10000, "100.00%": 10000} {
		if got, err := parseShare(s); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "%", "10", "10 %", "-1%", "+1%", "101%", "100.01%", "1.%", ".5%", "0.001%", "1.-5%", "1e1%", "5%%", "99999999999%", "１０%", "0x10%"} {
		if got, err := parseShare(s); exitOf(err) != exitUsage {
			t.Errorf("%q is %d, %v", s, got, err)
		}
	}
}

func TestParseTime(t *testing.T) {
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	for s, want := range map[string]time.Time{
		"now": now, "+0s": now, "+6h": now.Add(6 * time.Hour), "+1h30m": now.Add(90 * time.Minute), "+2d": now.AddDate(0, 0, 2),
		"2026-11-23T02:00:00+08:00": now, "2026-11-22T18:00:00Z": now,
		"2026-11-22 18:00":    time.Date(2026, 11, 22, 18, 0, 0, 0, time.Local),
		"2026-11-22 18:00:01": time.Date(2026, 11, 22, 18, 0, 1, 0, time.Local),
		"2026-11-22":          time.Date(2026, 11, 22, 0, 0, 0, 0, time.Local),
	} {
		if got, err := parseTime(s, now); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "+", "+6", "+-6h", "++6h", "-6h", "+d", "+-2d", "+1.5d", "6h", "tomorrow", "2026-11-31", "22.11.2026", "18:00"} {
		if got, err := parseTime(s, now); exitOf(err) != exitUsage {
			t.Errorf("%q is %v, %v", s, got, err)
		}
	}
}

func TestParseRamp(t *testing.T) {
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	step := func(after time.Duration, share int64) release.Step {
		return release.Step{At: release.At(now.Add(after)), Permyriad: share}
	}
	for _, c := range []struct {
		in    string
		first int64
		steps []release.Step
	}{
		{"10% now, 50% +6h, 100% +24h", 1000, []release.Step{step(6*time.Hour, 5000), step(24*time.Hour, 10000)}},
		{"50% +6h", 0, []release.Step{step(6*time.Hour, 5000)}},
		{"5% now", 500, nil},
		{"1% now,100% +1d", 100, []release.Step{step(24*time.Hour, 10000)}},
		{"1% now, 100% 2026-11-23T18:00:00Z", 100, []release.Step{step(24*time.Hour, 10000)}},
	} {
		first, steps, err := parseRamp(c.in, now)
		if err != nil || first != c.first || !slices.EqualFunc(steps, c.steps, func(a, b release.Step) bool { return a.Permyriad == b.Permyriad && a.At.Equal(b.At.Time) }) {
			t.Errorf("%q: %d, %v, %v", c.in, first, steps, err)
		}
	}
	for _, s := range []string{"", ",", "10%", "now", "10 now", "50% +6h, 10% now", "10% now, 20% now", "50% +6h, 60% +6h", "50% +6h, 60% +5h", "10% soon", "10% now,"} {
		if first, steps, err := parseRamp(s, now); exitOf(err) != exitUsage {
			t.Errorf("%q: %d, %v, %v", s, first, steps, err)
		}
	}
}

func TestPublishFlags(t *testing.T) {
	good := func() publishFlags {
		return publishFlags{rollout: "10%", mode: "prompt", given: map[string]bool{}}
	}
	f := good()
	f.platforms = []string{"ios", "android", "ios"}
	r, m, err := f.check()
	if err != nil || r.Permyriad != 1000 || m != release.Prompt || !slices.Equal(f.platforms, []string{"android", "ios"}) {
		t.Error(r, m, err, f.platforms)
	}
	for name, spoil := range map[string]func(*publishFlags){
		"mode":          func(f *publishFlags) { f.mode = "loud" },
		"rollout":       func(f *publishFlags) { f.rollout = "10" },
		"platform":      func(f *publishFlags) { f.platforms = []string{"windows"} },
		"both bases":    func(f *publishFlags) { f.base, f.noBase = true, true },
		"base, rollout": func(f *publishFlags) { f.base, f.given["rollout"] = true, true },
		"base, notes":   func(f *publishFlags) { f.base, f.given["notes"] = true, true },
		"code alone":    func(f *publishFlags) { f.given["native-code"] = true },
		"native alone":  func(f *publishFlags) { f.native = "1.0.0" },
	} {
		f := good()
		spoil(&f)
		if _, _, err := f.check(); exitOf(err) != exitUsage {
			t.Errorf("%s: %v", name, err)
		}
	}
	f = good()
	f.native, f.nativeCode, f.given["native-code"] = "1.0.0", 0, true // a build number that is no number counts as 0
	if _, _, err := f.check(); err != nil {
		t.Error(err)
	}
}
