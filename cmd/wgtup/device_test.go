package main

import (
	"fmt"
	"testing"

	"wgtup/release"
)

// A chosen device must be the one that a person on call means.
func TestInstalledApp(t *testing.T) {
	base := func(name string, code int64, retired bool) release.Base {
		return release.Base{Platform: "android", Name: name, Code: code, Retired: retired}
	}
	hot := func(version string, natives ...string) release.Release {
		r := release.Release{ID: "r" + version, Kind: release.Wgt, Version: release.Version{Name: version, Code: 5}, Platforms: []string{"android"}}
		for i, n := range natives {
			r.Natives.List = append(r.Natives.List, release.Native{Platform: "android", Name: n, Code: int64(100 * (i + 1))})
		}
		return r
	}
	one := &release.Document{Bases: []release.Base{base("1.0.0", 100, false)}, Releases: []release.Release{hot("1.0.1", "1.0.0")}}
	two := &release.Document{Bases: []release.Base{base("1.0.0", 100, false), base("2.0.0", 200, false)},
		Releases: []release.Release{hot("1.0.1", "1.0.0"), hot("1.0.2", "1.0.0", "2.0.0")}, Withdrawn: []release.Withdrawn{{Version: release.Version{Name: "1.0.9", Code: 109}}}}
	for _, c := range []struct {
		name    string
		d       *release.Document
		flags   deviceFlags
		native  string
		running int64
		exit    int
	}{
		{"the only app", one, deviceFlags{version: "1.0.1"}, "1.0.0 100", 5, 0},
		{"given code", one, deviceFlags{version: "1.0.1", code: 77}, "1.0.0 100", 77, 0},
		{"named app", two, deviceFlags{version: "1.0.2", native: "2.0.0"}, "2.0.0 200", 5, 0},
		{"named app with code", two, deviceFlags{version: "1.0.2", native: "3.0.0", nativeCode: 300}, "3.0.0 300", 5, 0},
		{"the app that carries it", two, deviceFlags{version: "1.0.1"}, "1.0.0 100", 5, 0},
		{"a fresh app", two, deviceFlags{version: "2.0.0"}, "2.0.0 200", 200, 0},
		{"withdrawn", one, deviceFlags{version: "1.0.9"}, "1.0.0 100", 0, 0},
		{"either", two, deviceFlags{version: "1.0.2"}, "", 0, exitUsage},
		{"unknown", two, deviceFlags{version: "1.0.9"}, "", 0, exitUsage},
		{"nothing registered", &release.Document{}, deviceFlags{version: "1.0.0", code: 100}, "1.0.0 100", 100, 0},
		{"none", two, deviceFlags{}, "", 0, exitUsage},
	} {
		c.flags.platform = "android"
		err := c.flags.check()
		var dev release.Device
		if err == nil {
			dev, err = c.flags.device(c.d)
		}
		if c.exit != 0 {
			if exitOf(err) != c.exit {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if got := fmt.Sprint(dev.Native.Name, " ", dev.Native.Code); err != nil || got != c.native || dev.Running.Code != c.running {
			t.Errorf("%s: %s, runs %d, %v", c.name, got, dev.Running.Code, err)
		}
	}
}
