package publish

import (
	"context"
	"errors"
	"slices"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
)

// Promotion is a release of one channel that is to be published in another: the
// same package, found by its name in the store, with its notes.
type Promotion struct {
	Release release.Release
	Bases   []release.Base    // of its channel, the live ones
	Landing []release.Release // of these
	Commit  string            // of the entry that it came with
	Message string

	Rollout release.Rollout
	Mode    release.Mode
	Given   map[string]bool // flags that were typed: mode, rollout
}

// Promotable finds a release by id or version, a full package too; without a name
// the newest hot one, in a channel that the same keys vouch for.
func (p *Publisher) Promotable(ctx context.Context, channel, name string) (*Promotion, error) {
	from := *p
	from.Channel = channel
	head, err := from.Head(ctx)
	if err != nil {
		return nil, err
	}
	if head == nil {
		return nil, refuse(NoChannel, "channel", channel)
	}
	if err := head.writable(); err != nil {
		return nil, &EntryError{releaseKey(&from, head), err}
	}
	d := head.Document
	r := newestHot(d)
	if name != "" {
		r = named(d, name)
	}
	switch {
	case r == nil && name == "":
		return nil, refuse(NoHotRelease, "channel", channel)
	case r == nil || r.Landing:
		return nil, refuse(UnknownRelease, "release", name, "channel", channel)
	}
	m := &Promotion{Release: *r, Mode: r.Mode, Rollout: release.Rollout{Permyriad: release.Whole}}
	for _, b := range d.Bases {
		if !b.Retired {
			m.Bases = append(m.Bases, b)
		}
	}
	for _, l := range d.Releases {
		if l.Landing {
			m.Landing = append(m.Landing, l)
		}
	}
	came, ok := position(r.ID)
	if !ok {
		return m, nil
	}
	e, err := from.past(ctx, d.Position(), came)
	switch {
	case errors.Is(err, store.ErrNotFound): // the history is no reason to stop
	case err != nil:
		return nil, err
	default:
		m.Commit, m.Message = e.Document.Commit, e.Document.Message
	}
	return m, nil
}

// Promote publishes it by the rules of Add, or of AddFull. Whom it fits is worked out anew from
// the apps of this channel; a channel without any takes those of the other, and
// their landings. Rollout, testers and holds are never taken along.
func Promote(m *Promotion) Edit {
	return func(d *release.Document, at release.Position, now time.Time) (bool, error) {
		if len(d.Bases) == 0 {
			m.register(d, at)
		}
		r := m.Release
		if r.Kind == release.NativeApp {
			return AddFull(m.full())(d, at, now)
		}
		return Add(Addition{
			Version: r.Version, Fingerprint: r.Fingerprint, Runtime: r.Runtime, Syntax: r.Syntax, Package: *r.Package, Platforms: r.Platforms,
			NoBase: r.Natives.Range != nil, Mode: m.Mode, Rollout: m.Rollout, Notes: r.Notes, Given: m.Given,
		})(d, at, now)
	}
}

// full is the full package as it was published in its channel, with what it ships
// if that is registered there.
func (m *Promotion) full() FullAddition {
	r := m.Release
	a := FullAddition{Platform: r.Platforms[0], Version: r.Version, Package: r.Package, Mode: m.Mode, Rollout: m.Rollout, Notes: r.Notes, Given: m.Given}
	if r.Native != nil {
		a.Offer = *r.Native
	}
	if a.Offer.Certificate != "" {
		a.Certificates = []string{a.Offer.Certificate}
	}
	n := release.Native{Platform: a.Platform, Name: r.Version.Name, Code: r.Version.Code}
	base := slices.IndexFunc(m.Bases, func(b release.Base) bool { return b.Native() == n })
	landing := slices.IndexFunc(m.Landing, func(l release.Release) bool { return fits(&l, n) })
	if base < 0 || landing < 0 {
		return a
	}
	b, l := m.Bases[base], m.Landing[landing]
	a.Identifier = b.Identifier
	a.Base = &BaseAddition{Natives: []release.Native{n}, Fingerprint: b.Fingerprint, Runtime: b.Runtime, Source: b.Content, Version: l.Version, Package: *l.Package,
		Identifier: b.Identifier, Certificate: b.Certificate}
	return a
}

// register takes over the installed apps with their way back.
func (m *Promotion) register(d *release.Document, at release.Position) {
	d.Bases = slices.Clone(m.Bases)
	for _, l := range m.Landing {
		var list []release.Native
		var platforms []string
		for _, n := range l.Natives.List {
			if !slices.ContainsFunc(m.Bases, func(b release.Base) bool { return b.Native() == n }) {
				continue
			}
			list = append(list, n)
			if !slices.Contains(platforms, n.Platform) {
				platforms = append(platforms, n.Platform)
			}
		}
		if list != nil {
			l.ID, l.Natives, l.Platforms, l.Patches = freeID(d, at), release.Natives{List: list}, platforms, nil
			d.Releases = append(d.Releases, l)
		}
	}
}

// freeID is an id of an entry that no release of the document has yet.
func freeID(d *release.Document, at release.Position) string {
	for n := 0; ; n++ {
		if id := at.ID(n); d.Find(id) == nil {
			return id
		}
	}
}
