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
// agree. A slower publisher may write an older copy at any time; whoever looks
// last repairs it.
func (p *Publisher) settle(ctx context.Context, entry *Entry) (*Entry, error) {
	write := true
	for range rounds {
		if write {
			if err := p.writeCopies(ctx, entry); err != nil {
				return nil, err
			}
		}
		newest, err := p.follow(ctx, entry)
		if err != nil {
			return nil, err
		}
		if newest != nil {
			entry, write = newest, true
			continue
		}
		same, err := p.CopiesFollow(ctx, entry)
		if err != nil {
			return nil, err
		}
		if same {
			return entry, nil
		}
		write = true
	}
	return nil, fmt.Errorf("the copies did not settle in %d rounds", rounds)
}

// follow returns the newest entry after one, nil when there is none.
func (p *Publisher) follow(ctx context.Context, entry *Entry) (*Entry, error) {
	f := &finder{p: p, read: true, sure: true}
	at, err := f.last(ctx, entry.Position())
	if err != nil || at == entry.Position() {
		return nil, err
	}
	return p.Entry(ctx, at)
}

func (p *Publisher) writeCopies(ctx context.Context, e *Entry) error {
	p.progress("settle", release.DocumentKey(p.Channel))
	o := store.PutOptions{ContentType: "application/json", CacheControl: noCache, Metadata: copyMetadata(e.Document)}
	if err := p.Store.PutBytes(ctx, release.DocumentKey(p.Channel), e.Text, o); err != nil {
		return fmt.Errorf("write release.json: %w", err)
	}
	latest := e.Document.Latest(p.Now())
	if latest == nil {
		return nil
	}
	p.progress("settle", release.LatestKey(p.Channel))
	from := release.PackageKey(latest.Package.SHA256, "wgt")
	if err := p.Store.Copy(ctx, from, release.LatestKey(p.Channel), latestOptions(e.Document, latest)); err != nil {
		return fmt.Errorf("write latest.wgt: %w", err)
	}
	return nil
}

func latestOptions(d *release.Document, latest *release.Release) store.PutOptions {
	m := copyMetadata(d)
	m["version-name"] = latest.Version.Name
	m["version-code"] = itoa(latest.Version.Code)
	return store.PutOptions{ContentType: PackageType, CacheControl: noCache, Metadata: m}
}

// PackageType is the content type of packages.
const PackageType = "application/octet-stream"

// CopiesFollow reports, through the store API, whether release.json and
// latest.wgt are those of an entry.
func (p *Publisher) CopiesFollow(ctx context.Context, e *Entry) (bool, error) {
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
	latest := e.Document.Latest(p.Now())
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

// Repair makes the copies follow the journal. changed says whether they did not.
func (p *Publisher) Repair(ctx context.Context) (entry *Entry, changed bool, err error) {
	entry, err = p.Head(ctx)
	if err != nil || entry == nil {
		return nil, false, err
	}
	same, err := p.CopiesFollow(ctx, entry)
	if err != nil || same {
		return entry, false, err
	}
	entry, err = p.settle(context.WithoutCancel(ctx), entry)
	return entry, true, err
}
