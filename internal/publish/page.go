package publish

import (
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

// WritePage puts the install page of the channel where browsers find it. It is no part of what is signed: what it links to
// is under names that are digests, and systems check what they install.
func (p *Publisher) WritePage(ctx context.Context, text []byte) error {
	key := PageKey(p.Channel)
	p.progress("upload", key)
	if err := p.Store.PutBytes(ctx, key, text, store.PutOptions{ContentType: "text/html; charset=utf-8", CacheControl: noCache}); err != nil {
		return fmt.Errorf("write %s: %w", key, err)
	}
	return nil
}
