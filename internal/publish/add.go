package publish

import (
	"maps"
	"slices"
	"strings"
	"time"

	"wgtup/release"
)

// Addition is a hot release that is to be published.
type Addition struct {
	Version     release.Version
	Fingerprint string
	Runtime     string // fingerprint at the level runtime, where that is enough; else ""
	Syntax      string // highest language level of its scripts
	Package     release.Package
	Platforms   []string         // none: those of the live bases, or android and ios
	Natives     []release.Native // none: the live registered natives that it fits
	NoBase      bool             // go on without a registered base, and so without a way back
	Mode        release.Mode
	Rollout     release.Rollout
	Notes       map[string]string
	Given       map[string]bool // flags that were typed: mode, rollout, notes
}

// Add publishes a hot release.
func Add(a Addition) Edit {
	return func(d *release.Document, at release.Position, now time.Time) (bool, error) {
		platforms := a.Platforms
		if len(platforms) == 0 {
			platforms = defaultPlatforms(d)
		}
		natives, err := a.natives(d, platforms)
		if err != nil {
			return false, err
		}
		next := release.Release{
			ID: freeID(d, at), Kind: release.Wgt, Version: a.Version, Platforms: platforms, Fingerprint: a.Fingerprint, Runtime: a.Runtime, Syntax: a.Syntax,
			Natives: natives, Rollout: a.Rollout, Mode: a.Mode, Notes: a.Notes, Package: &a.Package,
		}
		if same := liveContent(d, &next); same != nil {
			return a.repeat(same, &next)
		}
		if err := versionRises(d, &next); err != nil {
			return false, err
		}
		d.Releases = append(d.Releases, next)
		keep(d, now)
		return false, nil
	}
}

// defaultPlatforms are android and ios, as far as they are registered; harmony
// in a channel that has only that.
func defaultPlatforms(d *release.Document) []string {
	live := func(platform string) bool {
		return slices.ContainsFunc(d.Bases, func(b release.Base) bool { return !b.Retired && b.Platform == platform })
	}
	switch android, ios := live(release.Android), live(release.IOS); {
	case android && !ios:
		return []string{release.Android}
	case ios && !android:
		return []string{release.IOS}
	case !android && live(release.Harmony):
		return []string{release.Harmony}
	}
	return []string{release.Android, release.IOS}
}

// natives are the installed apps the release is for: the live registered ones
// whose manifest says the same, version apart (the founding rule).
func (a *Addition) natives(d *release.Document, platforms []string) (release.Natives, error) {
	var fit []release.Native
	var misfits, without []string
	for _, p := range platforms {
		registered := false
		for _, b := range d.Bases {
			if b.Platform != p || b.Retired || len(a.Natives) > 0 && !slices.Contains(a.Natives, b.Native()) {
				continue
			}
			registered = true
			if runsOn(a.Fingerprint, a.Runtime, b.Fingerprint, b.Runtime) {
				fit = append(fit, b.Native())
			} else {
				misfits = append(misfits, nativeName(b.Native()))
			}
		}
		if !registered {
			without = append(without, p)
		}
	}
	switch {
	case len(without) > 0 && !a.NoBase:
		return release.Natives{}, refuse(NoBase, "platforms", strings.Join(without, ", "))
	case len(fit) == 0 && len(misfits) > 0:
		return release.Natives{}, refuse(NeedsFullPackage, "natives", strings.Join(misfits, ", "))
	case len(without) == 0:
		return release.Natives{List: fit}, nil
	case len(a.Natives) > 0:
		for _, n := range a.Natives {
			if slices.Contains(without, n.Platform) {
				fit = append(fit, n)
			}
		}
		return release.Natives{List: fit}, nil
	case len(fit) > 0: // one list cannot say "any app" for the platforms without a base
		return release.Natives{}, refuse(NoBase, "platforms", strings.Join(without, ", "), "native", "yes")
	}
	// Without a base the release before is what the manifest is compared with.
	any := release.Natives{Range: &release.CodeRange{}}
	before := ordered(d, func(r *release.Release) bool { return r.Kind == release.Wgt && shares(r, platforms, any) })
	if len(before) > 0 && !runsOn(a.Fingerprint, a.Runtime, before[0].Fingerprint, before[0].Runtime) {
		return any, refuse(NeedsFullPackage, "natives", "", "release", before[0].ID, "version", before[0].Version.Name)
	}
	return any, nil
}

func nativeName(n release.Native) string { return n.Platform + " " + n.Name }

// shares reports whether some device could be meant by both.
func shares(r *release.Release, platforms []string, natives release.Natives) bool {
	return slices.ContainsFunc(platforms, func(p string) bool { return slices.Contains(r.Platforms, p) }) && r.Natives.Overlap(natives)
}

// liveContent finds the release that already brings this content to some of the
// same devices.
func liveContent(d *release.Document, next *release.Release) *release.Release {
	for i := range d.Releases {
		r := &d.Releases[i]
		if r.Kind == release.Wgt && r.Package.Content == next.Package.Content && !d.IsWithdrawn(r.ID) && shares(r, next.Platforms, next.Natives) {
			return r
		}
	}
	return nil
}

// repeat is publishing again what is live: nothing to do, unless it now fits
// further natives. Other flags are refused, since they would be lost silently.
func (a *Addition) repeat(live, next *release.Release) (bool, error) {
	if live.Landing {
		return true, nil
	}
	switch {
	case a.Given["mode"] && a.Mode != live.Mode:
		return false, refuse(FlagsDiffer, "flag", "--mode", "release", live.ID, "have", string(live.Mode), "want", string(a.Mode))
	case a.Given["rollout"] && a.Rollout.Permyriad != live.Rollout.Permyriad:
		return false, refuse(FlagsDiffer, "flag", "--rollout", "release", live.ID, "have", Percent(live.Rollout.Permyriad), "want", Percent(a.Rollout.Permyriad))
	case a.Given["ramp"] && (a.Rollout.Permyriad != live.Rollout.Permyriad || !slices.EqualFunc(a.Rollout.Ramp, live.Rollout.Ramp, sameStep)):
		return false, refuse(FlagsDiffer, "flag", "--ramp", "release", live.ID, "have", "", "want", "")
	case a.Given["testers"] && !slices.Equal(a.Rollout.Testers, live.Rollout.Testers):
		return false, refuse(FlagsDiffer, "flag", "--testers", "release", live.ID, "have", "", "want", "")
	case a.Given["notes"] && !maps.Equal(a.Notes, live.Notes):
		return false, refuse(FlagsDiffer, "flag", "--notes", "release", live.ID, "have", "", "want", "")
	case a.Given["platform"] && !slices.Equal(live.Platforms, next.Platforms):
		return false, refuse(FlagsDiffer, "flag", "--platform", "release", live.ID, "have", strings.Join(live.Platforms, ","), "want", strings.Join(next.Platforms, ","))
	}
	done := true
	for _, p := range next.Platforms {
		if !slices.Contains(live.Platforms, p) {
			live.Platforms = append(live.Platforms, p)
			slices.Sort(live.Platforms)
			done = false
		}
	}
	for _, n := range next.Natives.List {
		if live.Natives.Range == nil && !live.Natives.Include(n) {
			live.Natives.List = append(live.Natives.List, n)
			done = false
		}
	}
	return done, nil
}

// versionRises is the rule that no device is ever offered two contents under
// one name, nor a version that its runtime would not accept as higher.
func versionRises(d *release.Document, next *release.Release) error {
	v := next.Version
	for i := range d.Releases {
		r := &d.Releases[i]
		if r.Kind != release.Wgt || d.IsWithdrawn(r.ID) || !shares(r, next.Platforms, next.Natives) {
			continue
		}
		switch {
		case r.Version.Name == v.Name:
			return refuse(VersionUsed, "version", v.Name, "release", r.ID)
		case strings.Count(r.Version.Name, ".") != strings.Count(v.Name, "."):
			return refuse(VersionSegments, "version", v.Name, "live", r.Version.Name)
		case !release.Higher(v.Name, r.Version.Name):
			return refuse(VersionNotHigher, "version", v.Name, "live", r.Version.Name, "release", r.ID)
		case v.Code <= r.Version.Code:
			return refuse(CodeNotHigher, "version", v.Name, "code", itoa(v.Code), "live", itoa(r.Version.Code), "release", r.ID)
		}
	}
	for _, w := range d.Withdrawn {
		old := release.Release{Platforms: w.Platforms, Natives: w.Natives}
		if (w.Version.Name == v.Name || w.Version.Code == v.Code) && shares(&old, next.Platforms, next.Natives) {
			return refuse(VersionUsed, "version", w.Version.Name, "release", w.ID, "withdrawn", "yes")
		}
		if shares(&old, next.Platforms, next.Natives) && w.Reaches(v.Name) {
			return refuse(VersionWithdrawn, "version", v.Name, "release", w.ID, "highest", w.Version.Name)
		}
	}
	return nil
}

// Percent writes a permyriad as people read it: 12.5%.
func Percent(permyriad int64) string {
	s := itoa(permyriad / 100)
	if rest := permyriad % 100; rest != 0 {
		s += "." + strings.TrimRight(string([]byte{byte('0' + rest/10), byte('0' + rest%10)}), "0")
	}
	return s + "%"
}
