package publish

import (
	"testing"
	"time"

	"wgtup/release"
)

// keep drops what no device can be sent to, and nothing else.
func TestKeep(t *testing.T) {
	now := time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)
	a, b := androidApp("1.0.0"), androidApp("1.1.0")
	hot := func(id, version string, permyriad int64, natives ...release.Native) release.Release {
		return release.Release{ID: id, Kind: release.Wgt, Version: versionOf(version), Platforms: []string{"android"},
			Natives: release.Natives{List: natives}, Rollout: release.Rollout{Permyriad: permyriad}}
	}
	landing := hot("r1", "1.0.0", release.Whole, a)
	landing.Landing = true
	app := func(id, version string, permyriad int64) release.Release {
		return release.Release{ID: id, Kind: release.NativeApp, Version: versionOf(version), Platforms: []string{"android"}, Rollout: release.Rollout{Permyriad: permyriad}}
	}
	ramp := func(r release.Release, steps ...release.Step) release.Release { r.Rollout.Ramp = steps; return r }
	at := func(d time.Duration, p int64) release.Step {
		return release.Step{At: release.At(now.Add(d)), Permyriad: p}
	}
	paused := func(r release.Release) release.Release {
		r.Rollout.Paused = release.Since{Time: release.At(now)}
		return r
	}
	anyApp := func(r release.Release) release.Release {
		r.Natives = release.Natives{Range: &release.CodeRange{}}
		return r
	}

	tests := []struct {
		name      string
		releases  []release.Release
		withdrawn []string
		want      string
	}{
		{"the newest for everybody", []release.Release{landing, hot("r2", "1.0.1", 10000, a), hot("r3", "1.0.2", 10000, a)}, nil, "(1.0.0) 1.0.2"},
		{"what is newer than that", []release.Release{hot("r2", "1.0.1", 10000, a), hot("r3", "1.0.2", 100, a), hot("r4", "1.0.3", 1, a)}, nil, "1.0.1 1.0.2@1% 1.0.3@0.01%"},
		{"by version, not by age", []release.Release{hot("r2", "1.0.9", 100, a), hot("r3", "1.0.2", 10000, a), hot("r4", "1.0.1", 100, a)}, nil, "1.0.9@1% 1.0.2"},
		{"each native's own", []release.Release{hot("r2", "1.0.1", 10000, a), hot("r3", "1.0.2", 10000, b), hot("r4", "1.0.0", 10000, a, b)}, nil, "1.0.1 1.0.2"},
		{"one that another native still needs", []release.Release{hot("r2", "1.0.1", 10000, a, b), hot("r3", "1.0.2", 10000, a)}, nil, "1.0.1 1.0.2"},
		{"a paused one is for nobody", []release.Release{hot("r2", "1.0.1", 10000, a), paused(hot("r3", "1.0.2", 10000, a))}, nil, "1.0.1 1.0.2@100%"},
		{"a ramp that has ended", []release.Release{hot("r2", "1.0.1", 10000, a), ramp(hot("r3", "1.0.2", 100, a), at(-time.Hour, 10000))}, nil, "1.0.2@1%"},
		{"a ramp that ends now", []release.Release{hot("r2", "1.0.1", 10000, a), ramp(hot("r3", "1.0.2", 100, a), at(0, 10000))}, nil, "1.0.2@1%"},
		{"a ramp that has not", []release.Release{hot("r2", "1.0.1", 10000, a), ramp(hot("r3", "1.0.2", 100, a), at(time.Second, 10000))}, nil, "1.0.1 1.0.2@1%"},
		{"a ramp that will shrink", []release.Release{hot("r2", "1.0.1", 10000, a), ramp(hot("r3", "1.0.2", 10000, a), at(time.Hour, 0))}, nil, "1.0.1 1.0.2@100%"},
		{"not one that is withdrawn", []release.Release{hot("r2", "1.0.1", 10000, a), hot("r3", "1.0.2", 10000, a)}, []string{"r3"}, "1.0.1 -"},
		{"for any app", []release.Release{anyApp(hot("r2", "1.0.1", 10000)), anyApp(hot("r3", "1.0.2", 10000))}, nil, "1.0.2"},
		{"full packages", []release.Release{app("r2", "1.1.0", 10000), app("r3", "1.2.0", 10000), app("r4", "1.3.0", 100), hot("r5", "1.0.1", 10000, a)}, nil, "1.2.0 1.3.0@1% 1.0.1"},
		{"nothing", nil, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := &release.Document{Releases: tt.releases}
			for _, id := range tt.withdrawn {
				d.Withdrawn = append(d.Withdrawn, release.Withdrawn{ID: id})
			}
			keep(d, now)
			if got := ids(d); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// A retired native keeps what its devices were sent to: they are in the field.
func TestKeepRetiredNatives(t *testing.T) {
	b := newBed(t)
	e := b.do(t, baseChange("1.0.0", androidApp("1.0.0")), full("1.0.1"), simple(func() Edit { return Retire("android", "1.0.0") }), baseChange("1.1.0", androidApp("1.1.0")), full("1.1.1"))
	if got := ids(e.Document); got != "(1.0.0) 1.0.1 (1.1.0) 1.1.1" {
		t.Errorf("got %s", got)
	}
}
