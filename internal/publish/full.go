package publish

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"wgtup/release"
)

// FullAddition is a full package, or the way to one in a store, that is to be offered.
type FullAddition struct {
	Platform     string
	Version      release.Version  // of the app itself
	Identifier   string           // package name, bundle identifier; "" for a store
	Certificates []string         // of the apk, hex SHA-256, that of the oldest scheme first
	Package      *release.Package // nil for a store
	Offer        release.Offer
	Base         *BaseAddition // the resources inside, to be registered; nil when nobody knows them
	Mode         release.Mode
	Rollout      release.Rollout
	Notes        map[string]string
	Given        map[string]bool // flags that were typed: mode, rollout, notes
}

// AddFull offers a full package and registers what it ships.
func AddFull(a FullAddition) Edit {
	return func(d *release.Document, at release.Position, now time.Time) (bool, error) {
		natives, err := a.natives(d)
		if err != nil {
			return false, err
		}
		done := true
		if a.Base != nil {
			if done, err = AddBase(*a.Base)(d, at, now); err != nil {
				return false, err
			}
		}
		next := release.Release{
			ID: freeID(d, at), Kind: release.NativeApp, Version: a.Version, Platforms: []string{a.Platform}, Natives: natives,
			Rollout: a.Rollout, Mode: a.Mode, Notes: a.Notes, Package: a.Package, Native: &a.Offer,
		}
		if same := liveOffer(d, &next); same != nil {
			return done, a.repeat(same)
		}
		if err := a.rises(d); err != nil {
			return false, err
		}
		d.Releases = append(d.Releases, next)
		keep(d, now)
		return false, nil
	}
}

// natives are the installed apps that the package can be installed over: all of them, or when some were signed by another
// certificate or have another name, the others.
func (a *FullAddition) natives(d *release.Document) (release.Natives, error) {
	var fit []release.Native
	others := ""
	for _, b := range d.Bases {
		switch {
		case b.Platform != a.Platform || b.Retired:
		case a.installsOver(b):
			fit = append(fit, b.Native())
		case others == "":
			others = nativeName(b.Native())
		default:
			others += ", " + nativeName(b.Native())
		}
	}
	switch {
	case others == "":
		return release.Natives{}, nil
	case len(fit) == 0:
		return release.Natives{}, refuse(OtherSigner, "natives", others)
	}
	return release.Natives{List: fit}, nil
}

func (a *FullAddition) installsOver(b release.Base) bool {
	sameName := b.Identifier == "" || a.Identifier == "" || b.Identifier == a.Identifier
	sameSigner := b.Certificate == "" || len(a.Certificates) == 0 || slices.Contains(a.Certificates, b.Certificate)
	return sameName && sameSigner
}

// rises: the system installs nothing with a lower version code, and a device is offered nothing that is not above its app.
func (a *FullAddition) rises(d *release.Document) error {
	v, offered, seen := a.Version, false, false
	live := ""
	for _, b := range d.Bases {
		if b.Platform != a.Platform || b.Retired || b.Native() == (release.Native{Platform: a.Platform, Name: v.Name, Code: v.Code}) || !a.installsOver(b) {
			continue
		}
		seen = true
		if live = fmt.Sprintf("%s (%d)", b.Name, b.Code); a.Platform == release.Android && v.Code < b.Code {
			return refuse(NativeNotHigher, "version", v.Name, "code", itoa(v.Code), "live", live)
		}
		offered = offered || release.Above(v, release.Version{Name: b.Name, Code: b.Code})
	}
	if seen && !offered {
		return refuse(NativeNotHigher, "version", v.Name, "code", itoa(v.Code), "live", live)
	}
	for i := range d.Releases {
		r := &d.Releases[i]
		if r.Kind == release.NativeApp && slices.Contains(r.Platforms, a.Platform) && !d.IsWithdrawn(r.ID) && !release.Above(v, r.Version) {
			if v == r.Version {
				return refuse(VersionUsed, "version", v.Name, "release", r.ID)
			}
			return refuse(NativeNotHigher, "version", v.Name, "code", itoa(v.Code), "live", fmt.Sprintf("%s (%d)", r.Version.Name, r.Version.Code))
		}
	}
	for _, w := range d.Withdrawn {
		if w.Version == v && slices.Contains(w.Platforms, a.Platform) && w.Natives.IsZero() {
			return refuse(VersionUsed, "version", v.Name, "release", w.ID, "withdrawn", "yes")
		}
	}
	return nil
}

// liveOffer finds the release that offers the same already.
func liveOffer(d *release.Document, next *release.Release) *release.Release {
	for i := range d.Releases {
		r := &d.Releases[i]
		if r.Kind != release.NativeApp || !slices.Equal(r.Platforms, next.Platforms) || r.Version != next.Version || d.IsWithdrawn(r.ID) {
			continue
		}
		samePackage := r.Package == nil && next.Package == nil || r.Package != nil && next.Package != nil && r.Package.SHA256 == next.Package.SHA256
		if samePackage && r.Native != nil && slices.Equal(r.Native.Store, next.Native.Store) && r.Native.Plist == next.Native.Plist {
			return r
		}
	}
	return nil
}

// repeat refuses flags that would be lost silently.
func (a *FullAddition) repeat(live *release.Release) error {
	switch {
	case a.Given["mode"] && a.Mode != live.Mode:
		return refuse(FlagsDiffer, "flag", "--mode", "release", live.ID, "have", string(live.Mode), "want", string(a.Mode))
	case a.Given["rollout"] && a.Rollout.Permyriad != live.Rollout.Permyriad:
		return refuse(FlagsDiffer, "flag", "--rollout", "release", live.ID, "have", Percent(live.Rollout.Permyriad), "want", Percent(a.Rollout.Permyriad))
	case a.Given["notes"] && !maps.Equal(a.Notes, live.Notes):
		return refuse(FlagsDiffer, "flag", "--notes", "release", live.ID, "have", "", "want", "")
	}
	return nil
}
