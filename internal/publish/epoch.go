package publish

import (
	"context"
	"errors"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

// Adoption begins the journal of a new epoch in a channel: its first entry says
// what the last one said that the owner vouches for, under the newest keys of the
// project. Whatever else stands in the journals of older epochs is outlived.
type Adoption struct {
	Last release.Position // the entry vouched for; zero: the newest

	strange []release.Release // what came after it: a thief's
}

// Edit says the same again, and withdraws what came after the entry vouched for, so
// that phones leave it whatever its version is. It is done where a channel is in the
// epoch already.
func (a *Adoption) Edit(d *release.Document, at release.Position, _ time.Time) (bool, error) {
	if d.Epoch == at.Epoch {
		return true, nil
	}
	for _, r := range a.strange {
		if d.Find(r.ID) == nil && !d.IsWithdrawn(r.ID) {
			d.Withdrawn = append(d.Withdrawn, release.Withdrawn{ID: r.ID, Version: r.Version, Platforms: r.Platforms, Natives: r.Natives, Entry: at})
		}
	}
	return false, nil
}

// continued is the entry that the next one continues, nil for none, and where
// the next one will stand.
func (p *Publisher) continued(ctx context.Context) (head *Entry, next release.Position, shut bool, err error) {
	if p.Adopt != nil {
		head, err = p.vouched(ctx, p.Adopt)
	} else {
		head, shut, err = p.newest(ctx)
	}
	switch {
	case err != nil:
		return nil, next, false, err
	case head == nil || head.Position().Epoch < p.Trusted.Epoch:
		return head, release.Position{Epoch: p.Trusted.Epoch, Sequence: 1}, shut, nil
	}
	next = head.Position()
	next.Sequence++
	return head, next, shut, nil
}

// vouched is the entry that an adoption continues; or, where it has happened, the
// newest one.
func (p *Publisher) vouched(ctx context.Context, a *Adoption) (*Entry, error) {
	first := release.Position{Epoch: p.Trusted.Epoch, Sequence: 1}
	switch _, err := p.Entry(ctx, first); {
	case err == nil:
		head, _, err := p.current(ctx)
		return head, err
	case !missing(err):
		return nil, err
	}
	older := *p
	older.Trusted, older.Adopt = p.Chain.Sets[0], nil
	if a.Last != (release.Position{}) {
		e, err := older.Entry(ctx, a.Last)
		if errors.Is(err, store.ErrNotFound) {
			return nil, refuse(UnknownEntry, "entry", a.Last.String())
		}
		if err == nil {
			a.strange, err = older.after(ctx, a.Last)
		}
		return e, err
	}
	head, _, err := older.current(ctx)
	if err == nil && head == nil {
		return nil, refuse(NoChannel, "channel", p.Channel)
	}
	return head, err
}

// mostStrange bounds how many of a thief's entries are looked at.
const mostStrange = 1000

// after are the full and hot releases of the entries that follow one, as far as
// they can be read, and of release.json.
func (p *Publisher) after(ctx context.Context, last release.Position) ([]release.Release, error) {
	var all []release.Release
	for range mostStrange {
		last.Sequence++
		e, err := p.Entry(ctx, last)
		var bad *EntryError
		switch {
		case errors.As(err, &bad):
			continue
		case missing(err):
			text, _, err := p.Store.GetBytes(ctx, release.DocumentKey(p.Channel), sign.MaxEnvelope)
			if err == nil {
				if e, err := OpenEntry("", text, p.App, p.Channel, p.Trusted); err == nil {
					all = append(all, e.Document.Releases...)
				}
			}
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, e.Document.Releases...)
	}
	return all, nil
}

// statements are the key statements of the next entry. Those up to our own pins
// are the project's: nobody who holds these pins can check what the entry before
// carries in their place, and phones with older pins need the true ones.
func (p *Publisher) statements(before *Entry) ([]sign.Envelope, error) {
	ours := p.Trusted.Epoch
	var there []sign.Envelope
	newest := int64(0)
	if before != nil {
		there, newest = before.Envelope.Statements, before.Set.Epoch
	}
	if ours == 0 {
		return there, nil // each was verified
	}
	if int64(len(p.Chain.Statements)) < ours {
		return nil, refuse(NoKeyChain, "epoch", itoa(ours))
	}
	all := append([]sign.Envelope{}, p.Chain.Statements[:ours]...)
	if newest > ours {
		all = append(all, there[int64(len(there))-(newest-ours):]...)
	}
	return all, nil
}

// past is an entry before the head. One of an older epoch counts only if the head
// continues it: its keys may be in other hands by now.
func (p *Publisher) past(ctx context.Context, head, at release.Position) (*Entry, error) {
	if at.Epoch == head.Epoch && at.Sequence > 0 {
		return p.Entry(ctx, at)
	}
	from := head
	if at.Epoch == head.Epoch { // before the first of the epoch
		from.Sequence = 1
	}
	e, err := p.Entry(ctx, from)
	for err == nil && e != nil {
		e, err = p.Before(ctx, e)
		if e != nil && (e.Position() == at || at.Sequence == 0 && e.Position().Epoch < at.Epoch) {
			return e, err
		}
	}
	if err == nil {
		err = store.ErrNotFound
	}
	return nil, err
}
