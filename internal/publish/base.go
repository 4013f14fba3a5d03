package publish

import (
	"slices"
	"time"

	"wgtup/release"
)

// BaseAddition registers what installed apps ship.
type BaseAddition struct {
	Natives     []release.Native
	Fingerprint string
	Runtime     string // fingerprint at the level runtime
	Source      string // content id of the input before anything is left out
	Version     release.Version
	Package     release.Package // the canonical package of it: the landing
	Identifier  string          // of the apk or ipa; "" when only its resources are known
	Certificate string          // of the apk
}

// AddBase registers natives and adds their landing: the release by which a
// device comes back to what its app ships. Live releases with the same
// fingerprint fit the new natives from now on.
func AddBase(b BaseAddition) Edit {
	return func(d *release.Document, at release.Position, now time.Time) (bool, error) {
		done := true
		var fresh, back []release.Native
		for _, n := range b.Natives {
			i := slices.IndexFunc(d.Bases, func(have release.Base) bool { return have.Native() == n })
			switch {
			case i < 0:
				done = false
				fresh = append(fresh, n)
				d.Bases = append(d.Bases, release.Base{Platform: n.Platform, Name: n.Name, Code: n.Code, Fingerprint: b.Fingerprint, Runtime: b.Runtime, Content: b.Source, Identifier: b.Identifier, Certificate: b.Certificate})
			case d.Bases[i].Content != b.Source:
				return false, refuse(BaseDiffers, "native", nativeName(n))
			case b.Identifier != "" && d.Bases[i].Identifier == "": // it was registered by its build
				done = false
				d.Bases[i].Identifier, d.Bases[i].Certificate = b.Identifier, b.Certificate
				if d.Bases[i].Retired {
					d.Bases[i].Retired = false
					back = append(back, n)
				}
			case d.Bases[i].Retired:
				done = false
				d.Bases[i].Retired = false
				back = append(back, n)
			}
		}
		for i := range d.Releases {
			d.Releases[i].Natives.List = extended(&d.Releases[i], release.Base{Fingerprint: b.Fingerprint, Runtime: b.Runtime}, slices.Concat(fresh, back))
		}
		if len(fresh) == 0 {
			return done, nil
		}
		landing := release.Release{
			ID: at.ID(0), Kind: release.Wgt, Version: b.Version, Fingerprint: b.Fingerprint, Landing: true,
			Natives: release.Natives{List: fresh}, Rollout: release.Rollout{Permyriad: release.Whole},
			Mode: release.Silent, Package: &b.Package,
		}
		for _, n := range fresh {
			if !slices.Contains(landing.Platforms, n.Platform) {
				landing.Platforms = append(landing.Platforms, n.Platform)
			}
		}
		slices.Sort(landing.Platforms)
		d.Releases = append(d.Releases, landing)
		keep(d, now)
		return false, nil
	}
}

// runsOn compares what a release was compiled for with what an app ships. A release names its fingerprint at the level
// runtime only when that level is enough for it.
func runsOn(release, runtime, base, baseRuntime string) bool {
	return release == base || runtime != "" && runtime == baseRuntime
}

// extended are the natives of a release after natives of a base came.
func extended(r *release.Release, b release.Base, fresh []release.Native) []release.Native {
	list := r.Natives.List
	if r.Kind != release.Wgt || r.Landing || !runsOn(r.Fingerprint, r.Runtime, b.Fingerprint, b.Runtime) || r.Natives.Range != nil {
		return list
	}
	for _, n := range fresh {
		if slices.Contains(r.Platforms, n.Platform) && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}
