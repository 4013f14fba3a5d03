package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
)

// Retention says what stays although no device is offered it any more: what the
// newest entries of a channel name, and what was in force within a time, for a
// rollback can bring it back. Whatever is younger than Grace stays, too: somebody
// may be about to publish it.
type Retention struct {
	Entries int
	Since   time.Duration
	Grace   time.Duration
}

// DefaultRetention keeps what a rollback of the last month needs.
var DefaultRetention = Retention{Entries: 20, Since: 30 * 24 * time.Hour, Grace: 24 * time.Hour}

// Reasons why an object stays or goes.
const (
	StaysLive    = "live"       // a channel's newest entry names it
	StaysHistory = "history"    // an entry within the retention names it
	StaysYoung   = "young"      // younger than the grace
	Goes         = "unneeded"   // nothing of these
	GoesUpload   = "unfinished" // an upload that nobody finished
)

// Pruned is an object with the reason why it stays or goes.
type Pruned struct {
	Key     string    `json:"key"`
	Size    int64     `json:"size"`
	Written time.Time `json:"written"`
	Why     string    `json:"why"`
	Mirror  string    `json:"mirror,omitempty"`  // where it is, unless in the home
	Channel string    `json:"channel,omitempty"` // whose entry names it
	Release string    `json:"release,omitempty"`
}

// Pruning is what Prune looked at.
type Pruning struct {
	Channels []string `json:"channels"`
	Kept     []Pruned `json:"kept"`
	Removed  []Pruned `json:"removed"` // or what would be

	Mirrors []Mirrored `json:"-"` // those that nothing was removed from, with the reason
}

// Prune finds the packages, patches and unfinished uploads that nothing needs,
// and removes them if remove says so. It reads every channel of the app; one
// that does not verify, or that a newer wgtup wrote, ends it, since nobody knows
// what that one needs.
//
// Others may publish meanwhile: who relies on an object that is there already
// makes it young first, and each object is looked at once more right before it is
// removed.
//
// A mirror keeps what the home needs, and what it needs by its own journal, which
// may be behind. One that cannot be read, or whose journal is not the home's, is
// left alone.
func (p *Publisher) Prune(ctx context.Context, keep Retention, remove bool) (*Pruning, error) {
	result, err := p.prune(ctx, keep, remove)
	if err != nil {
		return result, err
	}
	for _, m := range p.Mirrors {
		found, err := p.at(m).prune(ctx, keep, remove)
		if found != nil {
			result.Kept = append(result.Kept, inMirror(m.Name, found.Kept)...)
			result.Removed = append(result.Removed, inMirror(m.Name, found.Removed)...)
		}
		if err != nil {
			result.Mirrors = append(result.Mirrors, Mirrored{Name: m.Name, Err: err})
		}
	}
	return result, nil
}

func inMirror(name string, objects []Pruned) []Pruned {
	for i := range objects {
		objects[i].Mirror = name
	}
	return objects
}

func (p *Publisher) prune(ctx context.Context, keep Retention, remove bool) (*Pruning, error) {
	now, err := p.storeTime(ctx, remove)
	if err != nil {
		return nil, err
	}
	// The objects first, then what names them: what is published in between is
	// either young or found among the names.
	objects, err := p.listed(ctx, "packages/", "patches/")
	if err != nil {
		return nil, err
	}
	result := &Pruning{Channels: []string{}, Kept: []Pruned{}, Removed: []Pruned{}}
	needed := map[string]Pruned{}
	if p.origin != nil {
		if _, err := p.origin.needed(ctx, keep, now, needed); err != nil {
			return nil, err
		}
	}
	if result.Channels, err = p.needed(ctx, keep, now, needed); err != nil {
		return nil, err
	}
	for _, o := range objects {
		found, ok := needed[o.Key]
		found.Key, found.Size, found.Written = o.Key, o.Size, o.Modified
		switch {
		case ok:
		case o.Modified.After(now.Add(-keep.Grace)):
			found.Why = StaysYoung
		default:
			found.Why = Goes
			if remove {
				if err := p.removeOld(ctx, &found, now.Add(-keep.Grace)); err != nil {
					return result, err
				}
			}
		}
		if found.Why == Goes {
			result.Removed = append(result.Removed, found)
		} else {
			result.Kept = append(result.Kept, found)
		}
	}
	return result, p.pruneUploads(ctx, now.Add(-keep.Grace), remove, result)
}

// needed adds what the channels of the store need, and returns their names.
func (p *Publisher) needed(ctx context.Context, keep Retention, now time.Time, needed map[string]Pruned) ([]string, error) {
	channels, err := p.Channels(ctx)
	if err != nil {
		return nil, err
	}
	for _, channel := range channels {
		one := *p
		one.Channel = channel
		if err := one.need(ctx, keep, now, needed); err != nil {
			return nil, err
		}
	}
	return channels, nil
}

// storeTime is the store's idea of now, so that a wrong clock here makes nothing
// old. A look that writes nothing takes the clock of this machine.
func (p *Publisher) storeTime(ctx context.Context, write bool) (time.Time, error) {
	if !write {
		return p.Now().UTC(), nil
	}
	if err := p.Store.PutBytes(ctx, probeKey, probeText, probeOptions()); err != nil {
		return time.Time{}, fmt.Errorf("ask the store for the time: %w", err)
	}
	info, err := p.Store.Head(ctx, probeKey)
	if err != nil {
		return time.Time{}, fmt.Errorf("ask the store for the time: %w", err)
	}
	return info.Modified, nil
}

// page is how many objects one listing asks for.
const page = 1000

func (p *Publisher) listed(ctx context.Context, prefixes ...string) ([]store.Info, error) {
	var all []store.Info
	for _, prefix := range prefixes {
		after := ""
		for {
			some, err := p.Store.List(ctx, prefix, after, page)
			if err != nil {
				return nil, fmt.Errorf("list %s: %w", prefix, err)
			}
			all = append(all, some...)
			if len(some) < page {
				break
			}
			after = some[len(some)-1].Key
		}
	}
	return all, nil
}

// Channels are those that have any object. It asks once per channel, however
// long the journals are.
func (p *Publisher) Channels(ctx context.Context) ([]string, error) {
	const prefix = "channels/"
	all, after := []string{}, ""
	for {
		next, err := p.Store.List(ctx, prefix, after, 1)
		if err != nil {
			return nil, fmt.Errorf("list channels: %w", err)
		}
		if len(next) == 0 {
			return all, nil
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(next[0].Key, prefix), "/")
		if release.ValidChannel(name) {
			all = append(all, name)
		}
		after = prefix + name + "/z" // behind journal, latest.wgt and release.json
	}
}

// need adds what the entries of a channel name that may still count: the newest,
// as many as the retention says, and each that was in force since then.
func (p *Publisher) need(ctx context.Context, keep Retention, now time.Time, needed map[string]Pruned) error {
	head, _, err := p.current(ctx)
	if err == nil && p.origin != nil {
		err = p.ofOrigin(ctx, head)
	}
	if err != nil || head == nil {
		return err
	}
	since := now.Add(-max(keep.Since, keep.Grace))
	why := StaysLive
	for e, n := head, 1; e != nil; n++ {
		if err := e.writable(); err != nil {
			return &EntryError{releaseKey(p, e), err}
		}
		for i := range e.Document.Releases {
			r := &e.Document.Releases[i]
			keys := []string{r.PackageKey(), r.PlistKey()}
			for _, patch := range r.Patches {
				keys = append(keys, release.PatchKey(patch.SHA256))
			}
			for _, key := range keys {
				if have, ok := needed[key]; !ok || have.Why == StaysHistory && why == StaysLive {
					needed[key] = Pruned{Why: why, Channel: p.Channel, Release: r.ID}
				}
			}
		}
		if n >= keep.Entries && e.Document.Issued.Before(since) {
			return nil
		}
		why = StaysHistory
		if e, err = p.Before(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// ofOrigin: a mirror that is ahead of the home, or has another journal, may be the
// better one; who knows what it needs.
func (p *Publisher) ofOrigin(ctx context.Context, there *Entry) error {
	home := *p.origin
	home.Channel = p.Channel
	head, err := home.Head(ctx)
	if err == nil {
		_, err = home.standing(ctx, head, there)
	}
	return err
}

// removeOld removes an object unless it became young since it was listed.
func (p *Publisher) removeOld(ctx context.Context, found *Pruned, old time.Time) error {
	p.progress("remove", found.Key)
	info, err := p.Store.Head(ctx, found.Key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil // somebody else did it
	case err != nil:
		return fmt.Errorf("remove %s: %w", found.Key, err)
	case info.Modified.After(old):
		found.Why, found.Written = StaysYoung, info.Modified
		return nil
	}
	if err := p.Store.Delete(ctx, found.Key); err != nil {
		return fmt.Errorf("remove %s: %w", found.Key, err)
	}
	return nil
}

func (p *Publisher) pruneUploads(ctx context.Context, before time.Time, remove bool, result *Pruning) error {
	uploads, err := p.Store.Uploads(ctx, "", before)
	if errors.Is(err, store.ErrUnsupported) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list unfinished uploads: %w", err)
	}
	slices.SortFunc(uploads, func(a, b store.Upload) int { return cmp.Compare(a.Key+a.ID, b.Key+b.ID) })
	for _, u := range uploads {
		if remove {
			p.progress("remove", u.Key)
			if err := p.Store.AbortUpload(ctx, u); err != nil {
				return fmt.Errorf("abort upload of %s: %w", u.Key, err)
			}
		}
		result.Removed = append(result.Removed, Pruned{Key: u.Key, Written: u.Began, Why: GoesUpload})
	}
	return nil
}
