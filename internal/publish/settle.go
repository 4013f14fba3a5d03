package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"

	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

func releaseKey(p *Publisher, e *Entry) string { return release.JournalKey(p.Channel, e.Position()) }

// rounds bounds how often the copies are written again because another
// publisher wrote in between.
const rounds = 16

// settle makes release.json and latest.wgt follow the journal, starting from an
// entry that exists, and looks again until the newest entry and both copies
// agree. It returns that entry and the release of latest.wgt, as of the time of
// writing. A slower publisher may write an older copy at any time; whoever looks
// last repairs it. If others publish faster than this, they look after the
// copies: that is no failure.
func (p *Publisher) settle(ctx context.Context, entry *Entry) (*Entry, *release.Release, error) {
	var latest *release.Release
	overtaken := false
	for range rounds {
		latest = p.latest(entry.Document)
		if err := p.writeCopies(ctx, entry, latest); err != nil {
			return nil, nil, err
		}
		newest, err := p.follow(ctx, entry)
		if err != nil {
			return nil, nil, err
		}
		if overtaken = newest != nil; overtaken {
			entry = newest
			continue
		}
		same, err := p.copiesFollow(ctx, entry, latest)
		if err != nil {
			return nil, nil, err
		}
		if same {
			return entry, latest, nil
		}
	}
	if overtaken {
		return entry, p.latest(entry.Document), nil
	}
	return nil, nil, fmt.Errorf("the store does not show what was written, after %d times", rounds)
}

// errSplit: an entry stands where the journal goes on without it, since an
// older entry was missing when it was written.
var errSplit = errors.New("does not continue the entry before it: the journal had a hole")

// follow returns the newest entry after one, nil when there is none.
func (p *Publisher) follow(ctx context.Context, entry *Entry) (*Entry, error) {
	f := &finder{p: p, read: true, sure: true}
	at, err := f.last(ctx, entry.Position())
	if err != nil || at == entry.Position() {
		return nil, err
	}
	position := release.Position{Epoch: at.Epoch, Sequence: entry.Position().Sequence + 1}
	next, err := p.Entry(ctx, position)
	switch {
	case err != nil:
		return nil, err
	case next.Document.Previous != release.Digest(entry.Payload):
		return nil, &EntryError{release.JournalKey(p.Channel, position), errSplit}
	case at == position:
		return next, nil
	}
	return p.Entry(ctx, at)
}

// latest is what latest.wgt has to be now. A clock behind the one that issued
// the document does not count: it must not take a step of a ramp back.
func (p *Publisher) latest(d *release.Document) *release.Release {
	now := p.Now()
	if now.Before(d.Issued.Time) {
		now = d.Issued.Time
	}
	return d.Latest(now)
}

func (p *Publisher) writeCopies(ctx context.Context, e *Entry, latest *release.Release) error {
	p.progress("settle", release.DocumentKey(p.Channel))
	overtaken, err := p.writeDocument(ctx, e)
	if err != nil {
		return fmt.Errorf("write release.json: %w", err)
	}
	if overtaken { // whoever wrote it found a newer entry, and so shall we
		return nil
	}
	if latest == nil {
		return nil
	}
	p.progress("settle", release.LatestKey(p.Channel))
	if err := p.Store.Copy(ctx, latest.PackageKey(), release.LatestKey(p.Channel), latestOptions(e.Document, latest)); err != nil {
		return fmt.Errorf("write latest.wgt: %w", err)
	}
	return nil
}

// writeDocument makes release.json a copy of an entry. Where the store can tell
// that it was changed meanwhile, it never goes back to an older entry, whatever
// a slow or dead publisher still has under way: overtaken then.
func (p *Publisher) writeDocument(ctx context.Context, e *Entry) (overtaken bool, err error) {
	key := release.DocumentKey(p.Channel)
	o := store.PutOptions{ContentType: "application/json", CacheControl: noCache, Metadata: copyMetadata(e.Document)}
	if !p.Store.Properties().IfMatch {
		return false, p.Store.PutBytes(ctx, key, e.Text, o)
	}
	var last error
	for range rounds {
		text, info, err := p.Store.GetBytes(ctx, key, sign.MaxEnvelope)
		if err != nil && !missing(err) {
			return false, err
		}
		there, openErr := OpenEntry(key, text, p.App, p.Channel, p.Trusted)
		if err == nil && openErr == nil && there.Position().Compare(e.Position()) > 0 {
			return true, nil
		}
		o.IfMatch, o.CreateOnly = info.ETag, errors.Is(err, store.ErrNotFound) && p.Store.Properties().CreateOnly
		if err != nil {
			o.IfMatch = ""
		}
		err = p.Store.PutBytes(ctx, key, e.Text, o)
		if !errors.Is(err, store.ErrChanged) && !errors.Is(err, store.ErrExists) && !errors.Is(err, store.ErrUnknown) {
			return false, err
		}
		last = err
	}
	return false, last
}

func latestOptions(d *release.Document, latest *release.Release) store.PutOptions {
	m := copyMetadata(d)
	m["version-name"] = latest.Version.Name
	m["version-code"] = itoa(latest.Version.Code)
	return store.PutOptions{ContentType: PackageType, CacheControl: noCache, Metadata: m}
}

// CopiesFollow reports, through the store API, whether release.json and
// latest.wgt are those of an entry, as of now.
func (p *Publisher) CopiesFollow(ctx context.Context, e *Entry) (bool, error) {
	return p.copiesFollow(ctx, e, p.latest(e.Document))
}

func (p *Publisher) copiesFollow(ctx context.Context, e *Entry, latest *release.Release) (bool, error) {
	text, info, err := p.Store.GetBytes(ctx, release.DocumentKey(p.Channel), sign.MaxEnvelope)
	if missing(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read release.json: %w", err)
	}
	if !bytes.Equal(text, e.Text) || !maps.Equal(info.Metadata, copyMetadata(e.Document)) {
		return false, nil
	}
	if latest == nil {
		return true, nil
	}
	info, err = p.Store.Head(ctx, release.LatestKey(p.Channel))
	if missing(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read latest.wgt: %w", err)
	}
	return info.Size == latest.Package.Size && maps.Equal(info.Metadata, latestOptions(e.Document, latest).Metadata), nil
}

func missing(err error) bool {
	return errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrDenied) || errors.Is(err, store.ErrCorrupt)
}

// Repair makes the copies follow the journal, and the journal a verified copy
// whose entry is lost. changed says whether something was not as it should be.
// Unlike a writing command it reads the whole of latest.wgt, whose bytes
// somebody may have replaced.
func (p *Publisher) Repair(ctx context.Context) (entry *Entry, changed bool, err error) {
	entry, err = p.Head(ctx)
	if errors.Is(err, store.ErrNotFound) {
		changed, err = p.putBack(ctx, err)
		if err == nil {
			entry, err = p.Head(ctx)
		}
	}
	if err != nil || entry == nil {
		return nil, changed, err
	}
	same, err := p.CopiesFollow(ctx, entry)
	if err == nil && same {
		same, err = p.latestIntact(ctx, entry)
	}
	if err != nil || same {
		return entry, changed, err
	}
	entry, _, err = p.settle(context.WithoutCancel(ctx), entry)
	return entry, true, err
}

// putBack creates the newest entry again, which is lost, from its copy
// release.json. The copy is what our keys signed, and stands at the end of the
// journal, or it stays lost.
func (p *Publisher) putBack(ctx context.Context, lost error) (bool, error) {
	key := release.DocumentKey(p.Channel)
	text, _, err := p.Store.GetBytes(ctx, key, sign.MaxEnvelope)
	if err != nil {
		return false, lost
	}
	e, err := OpenEntry(key, text, p.App, p.Channel, p.Trusted)
	if err != nil {
		return false, lost
	}
	var gone *store.Error
	if !errors.As(lost, &gone) || gone.Key != releaseKey(p, e) {
		return false, lost
	}
	if _, err := p.Before(ctx, e); err != nil {
		return false, err
	}
	err = p.Store.Create(ctx, releaseKey(p, e), e.Text, entryOptions())
	if errors.Is(err, store.ErrExists) {
		return false, nil // somebody else did
	}
	return err == nil, err
}

func (p *Publisher) latestIntact(ctx context.Context, e *Entry) (bool, error) {
	latest := p.latest(e.Document)
	if latest == nil {
		return true, nil
	}
	size, digest, err := p.Store.Digest(ctx, release.LatestKey(p.Channel))
	if missing(err) {
		return false, nil
	}
	return size == latest.Package.Size && digest == latest.Package.SHA256, err
}
