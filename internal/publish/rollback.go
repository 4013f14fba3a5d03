package publish

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"wgtup/release"
)

// Rollback withdraws releases: the one that came last, a full package too
// (nothing, when the newest entry is a rollback already), or with a target every
// one of its kind above it, those that left the document long ago included. Devices on a withdrawn release move to the best
// fitting one that is left. A release that had already left the document is brought back from the
// journal, a withdrawn target too, so that a rollback can be taken back. Devices
// that would have nowhere to go are a refusal.
//
// The journal is read only where a native has no other release left: the number
// of requests grows with the releases withdrawn in a row, not with the history.
func (p *Publisher) Rollback(ctx context.Context, to string) Edit {
	return p.rollback(ctx, to, newestOffer)
}

// rollback takes the newest release as someone sees it.
func (p *Publisher) rollback(ctx context.Context, to string, newestOf func(*release.Document) *release.Release) Edit {
	meant := "" // the release that was the newest when the command was given
	return func(d *release.Document, next release.Position, now time.Time) (bool, error) {
		past := past{now, next, func(at release.Position) (*release.Document, error) {
			e, err := p.past(ctx, release.Position{Epoch: next.Epoch, Sequence: next.Sequence - 1}, at)
			if err != nil {
				return nil, err
			}
			return e.Document, nil
		}}
		if to == "" {
			newest := newestOf(d)
			switch {
			case d.Sequence == 0:
				return false, refuse(NoChannel, "channel", d.Channel)
			case meant == "" && justWithdrawn(d):
				return true, nil // a nervous second time must not take the good release, too
			case meant != "" && d.IsWithdrawn(meant):
				return true, nil // another publisher did it
			case newest == nil:
				return false, refuse(NoHotRelease, "channel", d.Channel)
			case meant != "" && newest.ID != meant:
				return false, refuse(LostRace, "attempts", "1", "release", newest.ID)
			}
			meant = newest.ID
			return false, past.withdraw(d, []release.Release{*newest}, nil)
		}
		target, err := past.find(d, to)
		if err != nil {
			return false, err
		}
		if d.Floor != nil && target.Version.Code < d.Floor.Code {
			return false, refuse(BelowFloor, "release", target.ID, "version", target.Version.Name, "floor", itoa(d.Floor.Code))
		}
		to = target.ID
		changed := restore(d, *target)
		var above []release.Release
		for _, r := range d.Releases {
			if !r.Landing && r.ID != target.ID && !d.IsWithdrawn(r.ID) && over(&r, target) {
				above = append(above, r)
			}
		}
		if err := past.withdraw(d, above, target); err != nil {
			return false, err
		}
		if target.Kind == release.Wgt && reach(d, target) {
			changed = true
		}
		return len(above) == 0 && !changed, nil
	}
}

// justWithdrawn reports whether the newest entry is a rollback itself.
func justWithdrawn(d *release.Document) bool {
	return slices.ContainsFunc(d.Withdrawn, func(w release.Withdrawn) bool { return w.Entry == d.Position() })
}

// newestHot is the newest hot release, by version.
func newestHot(d *release.Document) *release.Release {
	hot := ordered(d, func(r *release.Release) bool { return r.Kind == release.Wgt && !r.Landing })
	if len(hot) == 0 {
		return nil
	}
	return hot[0]
}

// newestOffer is the newest hot release, or a full package that came after it.
func newestOffer(d *release.Document) *release.Release {
	newest := newestHot(d)
	for i := range d.Releases {
		if r := &d.Releases[i]; r.Kind == release.NativeApp && !d.IsWithdrawn(r.ID) && (newest == nil || older(newest.ID, r.ID)) {
			newest = r
		}
	}
	return newest
}

// over reports whether a release is above a target, for the same apps: full
// packages are compared with full packages.
func over(r, target *release.Release) bool {
	switch {
	case r.Kind != target.Kind:
		return false
	case r.Kind == release.NativeApp:
		return slices.Equal(r.Platforms, target.Platforms) && release.Above(r.Version, target.Version)
	}
	return shares(r, target.Platforms, target.Natives) && release.Higher(r.Version.Name, target.Version.Name)
}

// past reads earlier documents of the channel.
type past struct {
	now      time.Time
	next     release.Position // of the entry that is being made
	document func(release.Position) (*release.Document, error)
}

// withdraw takes releases back and makes sure that every native they were for
// has a target: that of the command, if it has one.
func (p past) withdraw(d *release.Document, doomed []release.Release, target *release.Release) error {
	for _, r := range doomed {
		w := release.Withdrawn{ID: r.ID, Version: r.Version, Platforms: r.Platforms, Natives: r.Natives, Entry: p.next}
		if r.Kind == release.NativeApp {
			w.Natives = release.Natives{} // nobody runs a package of that version: no phone may take itself for one that does
		}
		d.Withdrawn = append(d.Withdrawn, w)
	}
	lost := groups(d)
	d.Releases = slices.DeleteFunc(d.Releases, func(r release.Release) bool { return d.IsWithdrawn(r.ID) })
	var stranded []string
	for _, n := range lost {
		i := slices.IndexFunc(doomed, func(r release.Release) bool { return r.Kind == release.Wgt && fits(&r, n) })
		if i < 0 || p.hasFull(d, n) || target != nil && target.Landing && fits(target, n) {
			continue
		}
		before, err := p.before(d, &doomed[i], n)
		if err != nil {
			return err
		}
		switch {
		case before != nil:
			restore(d, whole(*before))
		case !aboveFloor(d, d.Landing(n)) && len(offers(d, n.Platform)) == 0:
			stranded = append(stranded, strings.TrimSpace(nativeName(n)))
		}
	}
	for i := range doomed {
		if err := p.offerBefore(d, &doomed[i]); err != nil {
			return err
		}
	}
	if len(stranded) > 0 {
		return refuse(NoTarget, "natives", strings.Join(stranded, ", "))
	}
	fold(d)
	return nil
}

// hasFull reports whether a native has a hot release for everybody.
func (p past) hasFull(d *release.Document, n release.Native) bool {
	return slices.ContainsFunc(fitting(d, n), func(r *release.Release) bool { return r.Rollout.Full(p.now) && aboveFloor(d, r) })
}

// aboveFloor reports whether there is a release, and devices may install it.
func aboveFloor(d *release.Document, r *release.Release) bool {
	return r != nil && (d.Floor == nil || r.Version.Code >= d.Floor.Code)
}

// before is the best release for a native that was for everybody when a release
// came, or before that, past everything that was withdrawn.
func (p past) before(d *release.Document, r *release.Release, n release.Native) (*release.Release, error) {
	for {
		at, ok := position(r.ID)
		if !ok || at.Sequence <= 1 {
			return nil, nil
		}
		came, err := p.document(at)
		if err != nil {
			return nil, err
		}
		at.Sequence--
		then, err := p.document(at)
		if err != nil {
			return nil, err
		}
		var oldest *release.Release
		for _, c := range ordered(then, func(c *release.Release) bool { return c.Kind == release.Wgt && !c.Landing }) {
			if c = grown(c, then, d); !fits(c, n) {
				continue
			}
			if !takenSince(c, n, then, d) && aboveFloor(d, c) && c.Rollout.Full(came.Issued.Time) {
				return c, nil
			}
			if older(c.ID, r.ID) && (oldest == nil || older(c.ID, oldest.ID)) {
				oldest = c
			}
		}
		if oldest == nil {
			return nil, nil
		}
		r = oldest
	}
}

// offerBefore brings back the full package that was for everybody before a
// withdrawn one came, when no other is.
func (p past) offerBefore(d *release.Document, r *release.Release) error {
	if r.Kind != release.NativeApp || slices.ContainsFunc(offers(d, r.Platforms[0]), func(o *release.Release) bool { return o.Rollout.Full(p.now) }) {
		return nil
	}
	for {
		at, ok := position(r.ID)
		if !ok || at.Sequence <= 1 {
			return nil
		}
		at.Sequence--
		then, err := p.document(at)
		if err != nil {
			return err
		}
		offered := offers(then, r.Platforms[0])
		for _, o := range offered {
			if !d.IsWithdrawn(o.ID) && o.Rollout.Full(then.Issued.Time) {
				restore(d, whole(*o))
				return nil
			}
		}
		if len(offered) == 0 || !older(offered[len(offered)-1].ID, r.ID) {
			return nil
		}
		r = offered[len(offered)-1]
	}
}

// grown is a release of an earlier document as it would be had it stayed: it
// fits the natives of its fingerprint that were registered since, too.
func grown(r *release.Release, then, d *release.Document) *release.Release {
	g := *r
	g.Natives.List = slices.Clone(r.Natives.List)
	for _, b := range d.Bases {
		if !slices.ContainsFunc(then.Bases, func(o release.Base) bool { return o.Native() == b.Native() }) {
			g.Natives.List = extended(&g, b, []release.Native{b.Native()})
		}
	}
	return &g
}

func older(a, b string) bool {
	pa, okA := position(a)
	pb, okB := position(b)
	return okA && okB && pa.Compare(pb) < 0
}

// find looks a target up: live, a landing, or in the past. What was withdrawn
// comes back as it was just before, a rollout of 10% at 10%; what was replaced
// comes back for everybody. The version of a full package is that of the landing
// which it ships, too: that one is meant, and the full package by its id.
func (p past) find(d *release.Document, name string) (*release.Release, error) {
	if r := named(d, name); r != nil {
		if r.Kind == release.NativeApp && r.ID != name {
			for i := range d.Releases {
				if same := &d.Releases[i]; same.Kind == release.Wgt && same.Version.Name == name {
					return same, nil
				}
			}
		}
		return r, nil
	}
	for i := len(d.Withdrawn) - 1; i >= 0; i-- {
		if w := d.Withdrawn[i]; w.Entry != (release.Position{}) && (w.ID == name || w.Version.Name == name) {
			before := release.Position{Epoch: w.Entry.Epoch, Sequence: w.Entry.Sequence - 1}
			return p.found(d, before, w.ID)
		}
	}
	r, err := p.replaced(d, name)
	if err != nil {
		return nil, err
	}
	all := whole(*r)
	return &all, nil
}

// replaced looks for a release that left the document when a newer one was for
// everybody.
func (p past) replaced(d *release.Document, name string) (*release.Release, error) {
	if at, ok := position(name); ok {
		return p.found(d, at, name)
	}
	return p.version(d, name)
}

// found is a release as an entry has it.
func (p past) found(d *release.Document, at release.Position, id string) (*release.Release, error) {
	then, err := p.document(at)
	if err != nil && !missing(err) {
		return nil, err
	}
	if err == nil {
		if r := then.Find(id); r != nil {
			return grown(r, then, d), nil
		}
	}
	return nil, refuse(UnknownRelease, "release", id)
}

// version walks back from each release to the newest one before it.
func (p past) version(d *release.Document, name string) (*release.Release, error) {
	id := newestID(d)
	for {
		at, ok := position(id)
		if !ok || at.Sequence <= 1 {
			return nil, refuse(UnknownRelease, "release", name)
		}
		at.Sequence--
		then, err := p.document(at)
		if err != nil {
			return nil, err
		}
		if r := named(then, name); r != nil {
			return grown(r, then, d), nil
		}
		if next := newestID(then); older(next, id) {
			id = next
		} else {
			return nil, refuse(UnknownRelease, "release", name)
		}
	}
}

// newestID is the id of the release, live or withdrawn, that came in last.
func newestID(d *release.Document) string {
	newest := ""
	for _, r := range d.Releases {
		if newest == "" || older(newest, r.ID) {
			newest = r.ID
		}
	}
	for _, w := range d.Withdrawn {
		if newest == "" || older(newest, w.ID) {
			newest = w.ID
		}
	}
	return newest
}

// whole is a release for everybody.
func whole(r release.Release) release.Release {
	r.Rollout = release.Rollout{Permyriad: release.Whole, Testers: r.Rollout.Testers}
	return r
}

// restore puts a release back, if it is not there.
func restore(d *release.Document, r release.Release) bool {
	changed := forget(d, &r)
	if d.Find(r.ID) != nil {
		return changed
	}
	r.Natives.List = slices.Clone(r.Natives.List)
	r.Patches = nil // they may be gone
	d.Releases = append(d.Releases, r)
	slices.SortStableFunc(d.Releases, func(a, b release.Release) int {
		switch {
		case older(a.ID, b.ID):
			return -1
		case older(b.ID, a.ID):
			return 1
		}
		return 0
	})
	return true
}

// position is where a release came in: r42, r42b, r1-42.
func position(id string) (release.Position, bool) {
	text, ok := strings.CutPrefix(id, "r")
	if !ok {
		return release.Position{}, false
	}
	text = strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz")
	epoch, sequence, found := strings.Cut(text, "-")
	if !found {
		epoch, sequence = "0", text
	}
	e, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return release.Position{}, false
	}
	s, err := strconv.ParseInt(sequence, 10, 64)
	if err != nil {
		return release.Position{}, false
	}
	return release.Position{Epoch: e, Sequence: s}, true
}
