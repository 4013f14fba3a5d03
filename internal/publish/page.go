package publish

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
)

// PageKey is where the install page of a channel lies: production has the short address.
func PageKey(channel string) string {
	if channel == "production" {
		return "page/index.html"
	}
	return "page/" + channel + "/index.html"
}

// Installable are the full packages that strangers may get, at most one a platform: the newest that is for everybody, not
// withdrawn, under no hold.
func Installable(d *release.Document, now time.Time) []*release.Release {
	var all []*release.Release
	for _, platform := range []string{release.Android, release.IOS, release.Harmony} {
		held := false
		for _, h := range d.Holds {
			held = held || h.Platform == platform && h.Native == nil
		}
		for _, r := range offers(d, platform) {
			if !held && r.Rollout.Full(now) {
				all = append(all, r)
				break
			}
		}
	}
	return all
}

// WritePage puts the install page of the channel where browsers find it, in the mirrors, too. It is no part of what is
// signed: what it links to is under names that are digests, and systems check what they install.
func (p *Publisher) WritePage(ctx context.Context, head *Entry, text []byte) ([]Mirrored, error) {
	if err := p.checkHome(head.Document); err != nil {
		return nil, err
	}
	if err := p.putPage(ctx, text); err != nil {
		return nil, err
	}
	var all []Mirrored
	for _, m := range p.Mirrors {
		c := p.carrier(m, nil)
		c.page = true
		all = append(all, c.carry(ctx, head))
	}
	return all, nil
}

func (p *Publisher) putPage(ctx context.Context, text []byte) error {
	key := PageKey(p.Channel)
	p.progress("upload", key)
	if err := p.Store.PutBytes(ctx, key, text, store.PutOptions{ContentType: "text/html; charset=utf-8", CacheControl: noCache}); err != nil {
		return fmt.Errorf("write %s: %w", key, err)
	}
	return nil
}

// maxPage bounds what is read of a page: its icon is inside.
const maxPage = 4 << 20

// otherPage is the page of the home if the mirror has not the same; nil, too, where the home has none.
func (p *Publisher) otherPage(ctx context.Context, side *Publisher) ([]byte, error) {
	key := PageKey(p.Channel)
	ours, _, err := p.Store.GetBytes(ctx, key, maxPage)
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	theirs, _, err := side.Store.GetBytes(ctx, key, maxPage)
	switch {
	case err == nil && bytes.Equal(ours, theirs):
		return nil, nil
	case err != nil && !missing(err):
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	return ours, nil
}

func (c *carrier) carryPage(ctx context.Context) error {
	text, err := c.home.otherPage(ctx, c.mirror)
	if err != nil || text == nil {
		return err
	}
	return c.mirror.putPage(ctx, text)
}
