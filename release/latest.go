package release

import (
	"slices"
	"time"
)

// Latest is the release whose package a hand-written client gets from
// latest.wgt: the newest generally available one. Such clients know no cohorts,
// holds or native versions, so it must be right for every one of them: a wgt,
// not withdrawn, for everybody now and later in its ramp, for android and ios
// (or all of these that the channel has), under no hold, fitting every live
// registered native. When none is eligible: what that live base ships whose
// package has the lowest version. Nil when there is neither.
func (d *Document) Latest(now time.Time) *Release {
	served := d.platforms()
	var best *Release
	for i := range d.Releases {
		r := &d.Releases[i]
		if r.Landing || !d.eligible(r, served, now) {
			continue
		}
		if best == nil || !Higher(best.Version.Name, r.Version.Name) {
			best = r
		}
	}
	if best != nil {
		return best
	}
	lowest := ""
	for i := range d.Bases {
		b := &d.Bases[i]
		if b.Retired || !slices.Contains(served, b.Platform) {
			continue
		}
		landing, ships := d.Landing(b.Native()), b.Name
		if landing != nil {
			ships = landing.Version.Name
		}
		switch {
		case lowest == "" || Higher(lowest, ships):
			lowest, best = ships, landing
		case best == nil && !Higher(ships, lowest):
			best = landing
		}
	}
	return best
}

// Landing is the release that brings a native back to what it ships.
func (d *Document) Landing(n Native) *Release {
	for i := range d.Releases {
		if r := &d.Releases[i]; r.Landing && r.Natives.Include(n) && slices.Contains(r.Platforms, n.Platform) {
			return r
		}
	}
	return nil
}

func (d *Document) eligible(r *Release, served []string, now time.Time) bool {
	if r.Kind != Wgt || !r.known() || d.IsWithdrawn(r.ID) || !r.Rollout.Full(now) {
		return false
	}
	if d.Floor != nil && r.Version.Code < d.Floor.Code {
		return false
	}
	for _, p := range served {
		if !slices.Contains(r.Platforms, p) {
			return false
		}
	}
	for _, h := range d.Holds {
		if slices.Contains(served, h.Platform) {
			return false
		}
	}
	for _, b := range d.Bases {
		if !b.Retired && slices.Contains(served, b.Platform) && !r.Natives.Include(b.Native()) {
			return false
		}
	}
	return true
}

// inField reports whether a release is for an app of a platform that was not
// retired.
func (d *Document) inField(r *Release, platform string) bool {
	if r.Natives.Range != nil {
		return true
	}
	return slices.ContainsFunc(r.Natives.List, func(n Native) bool {
		return n.Platform == platform && !slices.ContainsFunc(d.Bases, func(b Base) bool { return b.Retired && b.Native() == n })
	})
}

// platforms are those latest.wgt has to be right for: android and ios, as far as
// the channel has them; harmony only in a channel that has neither, since its
// clients need one of their own.
func (d *Document) platforms() []string {
	var has []string
	for _, b := range d.Bases {
		if !b.Retired {
			has = append(has, b.Platform)
		}
	}
	for i := range d.Releases {
		r := &d.Releases[i]
		for _, p := range r.Platforms {
			if r.Kind == Wgt && !r.Landing && d.inField(r, p) {
				has = append(has, p)
			}
		}
	}
	var served []string
	for _, p := range []string{Android, IOS, Harmony} {
		if slices.Contains(has, p) && (p != Harmony || len(served) == 0) {
			served = append(served, p)
		}
	}
	return served
}
