package publish

import (
	"slices"
	"time"

	"wgtup/release"
)

// keep drops from a document what no device can be sent to any more. Per
// installed app stay: the landing, the newest release that is for everybody, and
// what is newer than that. A native's hot releases stay after it is retired:
// its devices are still in the field.
func keep(d *release.Document, now time.Time) {
	stay := map[string]bool{}
	for _, n := range groups(d) {
		for _, r := range fitting(d, n) {
			stay[r.ID] = true
			if r.Rollout.Full(now) {
				break
			}
		}
	}
	for _, platform := range []string{release.Android, release.IOS, release.Harmony} {
		for _, r := range offers(d, platform) {
			stay[r.ID] = true
			if r.Rollout.Full(now) {
				break
			}
		}
	}
	d.Releases = slices.DeleteFunc(d.Releases, func(r release.Release) bool { return !r.Landing && !stay[r.ID] })
}

// groups are the installed apps the document tells apart.
func groups(d *release.Document) []release.Native {
	var all []release.Native
	add := func(n release.Native) {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	for _, b := range d.Bases {
		add(b.Native())
	}
	for _, r := range d.Releases {
		for _, n := range r.Natives.List {
			add(n)
		}
		if r.Natives.Range != nil {
			for _, p := range r.Platforms {
				add(release.Native{Platform: p, Code: r.Natives.Range.Min})
			}
		}
	}
	return all
}

// fits reports whether a hot release is meant for an installed app.
func fits(r *release.Release, n release.Native) bool {
	return slices.Contains(r.Platforms, n.Platform) && r.Natives.Include(n)
}

// fitting are the hot releases for an installed app, the highest version first,
// of equal ones the newest; landings and withdrawn ones left out.
func fitting(d *release.Document, n release.Native) []*release.Release {
	return ordered(d, func(r *release.Release) bool { return r.Kind == release.Wgt && !r.Landing && fits(r, n) })
}

// offers are the full packages for a platform, in the same order.
func offers(d *release.Document, platform string) []*release.Release {
	return ordered(d, func(r *release.Release) bool {
		return r.Kind == release.NativeApp && slices.Contains(r.Platforms, platform)
	})
}

func ordered(d *release.Document, want func(*release.Release) bool) []*release.Release {
	var found []*release.Release
	for i := len(d.Releases) - 1; i >= 0; i-- {
		if r := &d.Releases[i]; want(r) && !d.IsWithdrawn(r.ID) {
			found = append(found, r)
		}
	}
	slices.SortStableFunc(found, func(a, b *release.Release) int {
		switch {
		case release.Higher(a.Version.Name, b.Version.Name):
			return -1
		case release.Higher(b.Version.Name, a.Version.Name):
			return 1
		}
		return 0
	})
	return found
}
