package publish

import (
	"context"
	"errors"
	"fmt"

	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

// Head reads the newest journal entry through the store API; nil for a channel
// without any. The number of requests does not grow with the history: the copy
// release.json says where to look, and only if it is missing or behind the
// search gallops and bisects. There is no LIST.
func (p *Publisher) Head(ctx context.Context) (*Entry, error) {
	p.progress("head", release.DocumentKey(p.Channel))
	f := &finder{p: p}
	from, err := f.hint(ctx)
	if err != nil {
		return nil, err
	}
	at, err := f.newest(ctx, from)
	if err != nil || at == (release.Position{}) {
		return nil, err
	}
	if at.Epoch < p.Trusted.Epoch {
		return nil, refuse(KeysBehind, "channel", p.Channel, "entry", at.String(), "epoch", itoa(p.Trusted.Epoch))
	}
	return p.Entry(ctx, at)
}

// Entry reads and verifies one journal entry.
func (p *Publisher) Entry(ctx context.Context, at release.Position) (*Entry, error) {
	return p.entry(ctx, at, "")
}

// entry reads one that verifies or, in an epoch whose keys came before our pins,
// has the payload that a verified entry continues: digest, "" for none.
func (p *Publisher) entry(ctx context.Context, at release.Position, digest string) (*Entry, error) {
	key := release.JournalKey(p.Channel, at)
	text, _, err := p.Store.GetBytes(ctx, key, sign.MaxEnvelope)
	if errors.Is(err, store.ErrCorrupt) {
		return nil, &EntryError{key, err}
	}
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	var e *Entry
	if at.Epoch < p.Trusted.Epoch && digest != "" {
		e, err = continuedEntry(key, text, p.App, p.Channel, digest)
	} else {
		e, err = OpenEntry(key, text, p.App, p.Channel, p.Trusted)
	}
	if err != nil {
		return nil, err
	}
	if e.Position() != at {
		return nil, &EntryError{key, fmt.Errorf("it says %s", e.Position())}
	}
	return e, nil
}

// finder looks for the newest entry. A store that denies knowing what is not
// there (403 for a missing key, as S3 without the right to list) is believed
// once a key that exists could be read.
type finder struct {
	p      *Publisher
	read   bool  // some key could be read
	sure   bool  // a verified copy says that the hinted entry exists
	denied error // to a GET, which says why; a HEAD has no body for that, and some say 400
}

// hint is where release.json says the journal stands, or zero. The copy is only
// a hint, so anything wrong with it is no error.
func (f *finder) hint(ctx context.Context) (release.Position, error) {
	var start release.Position
	key := release.DocumentKey(f.p.Channel)
	text, _, err := f.p.Store.GetBytes(ctx, key, sign.MaxEnvelope)
	switch {
	case errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrDenied):
		if errors.Is(err, store.ErrDenied) {
			f.denied = err
		}
		return start, nil
	case errors.Is(err, store.ErrCorrupt):
		f.read = true
		return start, nil
	case err != nil:
		return start, fmt.Errorf("read channel: %w", err)
	}
	f.read = true
	e, err := OpenEntry(key, text, f.p.App, f.p.Channel, f.p.Trusted)
	if err != nil {
		return start, nil
	}
	f.sure = true
	return e.Position(), nil
}

// newest finds the highest position, zero for none, searching from one that
// probably exists.
func (f *finder) newest(ctx context.Context, from release.Position) (at release.Position, err error) {
	if from.Sequence > 0 {
		at, err = f.last(ctx, from)
	}
	for epoch := f.p.Trusted.Epoch; err == nil && at.Sequence == 0 && epoch >= 0; epoch-- {
		at, err = f.last(ctx, release.Position{Epoch: epoch, Sequence: 1})
	}
	for err == nil && at.Sequence > 0 {
		// Each epoch's journal begins at 1, so one look tells whether there is a next.
		next := release.Position{Epoch: at.Epoch + 1, Sequence: 1}
		var ok bool
		if ok, err = f.exists(ctx, next); err == nil && !ok {
			return at, nil
		}
		f.sure = true
		if err == nil {
			at, err = f.last(ctx, next)
		}
	}
	return release.Position{}, err
}

// last gallops from a position to the last entry of its epoch. Sequence 0 when
// the first one looked at is not there.
func (f *finder) last(ctx context.Context, from release.Position) (release.Position, error) {
	if !f.sure {
		if ok, err := f.exists(ctx, from); err != nil || !ok {
			return release.Position{}, err
		}
	}
	f.sure = false
	known, step := from, int64(1)
	for {
		next := release.Position{Epoch: from.Epoch, Sequence: min(known.Sequence+step, release.MaxSequence)}
		if next == known {
			return known, nil
		}
		ok, err := f.exists(ctx, next)
		if err != nil {
			return known, err
		}
		if !ok {
			return f.bisect(ctx, known, next)
		}
		known, step = next, step*2
	}
}

// bisect: there is an entry at lo and none at hi.
func (f *finder) bisect(ctx context.Context, lo, hi release.Position) (release.Position, error) {
	for hi.Sequence-lo.Sequence > 1 {
		mid := release.Position{Epoch: lo.Epoch, Sequence: lo.Sequence + (hi.Sequence-lo.Sequence)/2}
		ok, err := f.exists(ctx, mid)
		if err != nil {
			return lo, err
		}
		if ok {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo, nil
}

func (f *finder) exists(ctx context.Context, at release.Position) (bool, error) {
	_, err := f.p.Store.Head(ctx, release.JournalKey(f.p.Channel, at))
	switch {
	case err == nil:
		f.read = true
		return true, nil
	case errors.Is(err, store.ErrNotFound):
		return false, nil
	case errors.Is(err, store.ErrDenied):
		if err := f.proveReadable(ctx, err); err != nil {
			return false, err
		}
		return false, nil
	}
	if f.denied != nil {
		err = f.denied
	}
	return false, fmt.Errorf("read journal: %w", err)
}

// proveReadable tells a missing key from a missing right by reading a key that
// exists for certain: the probe.
func (f *finder) proveReadable(ctx context.Context, denied error) error {
	if f.read {
		return nil
	}
	if f.denied != nil {
		denied = f.denied
	}
	if _, err := f.p.Store.Head(ctx, probeKey); err != nil {
		if f.p.Sign == nil && !f.p.receives {
			return fmt.Errorf("read journal: %w", denied)
		}
		if err := f.p.Store.Create(ctx, probeKey, probeText, probeOptions()); err != nil && !errors.Is(err, store.ErrExists) {
			return fmt.Errorf("read journal: %w", denied)
		}
		if _, err := f.p.Store.Head(ctx, probeKey); err != nil {
			return fmt.Errorf("read journal: %w", denied)
		}
	}
	f.read = true
	return nil
}

// Before reads the entry that one continues, nil for the first. In a new epoch
// that is the last one of the epoch before whose digest is named.
func (p *Publisher) Before(ctx context.Context, e *Entry) (*Entry, error) {
	at := e.Position()
	if at.Sequence == 1 {
		if at.Epoch == 0 || e.Document.Previous == "" {
			return nil, nil
		}
		return p.lastVouched(ctx, at.Epoch, e.Document.Previous)
	}
	at.Sequence--
	before, err := p.entry(ctx, at, e.Document.Previous)
	if err != nil {
		return nil, err
	}
	if release.Digest(before.Payload) != e.Document.Previous {
		return nil, &EntryError{release.JournalKey(p.Channel, at), fmt.Errorf("entry %s does not continue it", e.Position())}
	}
	return before, nil
}

// lastVouched walks the epochs before one from their end to the entry with a
// digest. A channel that was adopted late may have none of the epoch just before.
func (p *Publisher) lastVouched(ctx context.Context, epoch int64, digest string) (*Entry, error) {
	var at release.Position
	for err := error(nil); at.Sequence == 0 && epoch > 0; {
		epoch--
		if at, err = (&finder{p: p, read: true}).last(ctx, release.Position{Epoch: epoch, Sequence: 1}); err != nil {
			return nil, err
		}
	}
	for ; at.Sequence > 0; at.Sequence-- {
		e, err := p.entry(ctx, at, digest)
		var bad *EntryError // a thief's, after the last one that the owner vouches for
		switch {
		case err != nil && !errors.As(err, &bad):
			return nil, err
		case err == nil && release.Digest(e.Payload) == digest:
			return e, nil
		}
	}
	return nil, &EntryError{release.JournalKey(p.Channel, release.Position{Epoch: epoch, Sequence: 1}), fmt.Errorf("no entry with digest %s", digest)}
}
