package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
)

// Reissuable is what `rollback --reissue` publishes once more under a higher
// version: what devices would go back to.
type Reissuable struct {
	Release release.Release
	Version release.Version  // one that is higher than all that was ever offered to the same devices
	Natives []release.Native // those that it is for, where no app is registered
	Done    *Entry           // the newest entry reissued already
}

// Reissuable finds the release that a rollback leads to, for all apps of what is
// withdrawn the same one.
func (p *Publisher) Reissuable(ctx context.Context, to string) (*Reissuable, error) {
	plan, err := p.Plan(ctx, p.rollback(ctx, to, newestHot), nil)
	if err != nil {
		return nil, err
	}
	before, after := plan.Before.Document, plan.Document
	if hot := newestHot(before); hot != nil && justWithdrawn(before) && position0(hot.ID) == before.Position() {
		return &Reissuable{Release: *hot, Version: hot.Version, Done: plan.Before}, nil
	}
	var target *release.Release
	for _, w := range after.Withdrawn {
		if to != "" || w.ID == "" || before.IsWithdrawn(w.ID) && w.Entry != before.Position() {
			continue
		}
		for _, n := range groups(after) {
			if !slices.Contains(w.Platforms, n.Platform) || !w.Natives.Include(n) {
				continue
			}
			best := wayBack(after, n, p.Now())
			switch {
			case best == nil:
			case target == nil:
				target = best
			case target.Package.Content != best.Package.Content:
				return nil, refuse(ManyTargets, "release", target.ID, "version", target.Version.Name, "other", best.Version.Name)
			}
		}
	}
	if to != "" {
		target = named(after, to)
	}
	if target == nil || target.Package == nil {
		return nil, refuse(NoHotRelease, "channel", p.Channel)
	}
	again := &Reissuable{Release: *target, Version: above(before, after, target)}
	if !slices.ContainsFunc(after.Bases, func(b release.Base) bool { return !b.Retired && slices.Contains(target.Platforms, b.Platform) }) {
		again.Natives = target.Natives.List
	}
	return again, nil
}

func position0(id string) release.Position {
	at, _ := position(id)
	return at
}

// wayBack is what everybody on an app is sent to.
func wayBack(d *release.Document, n release.Native, now time.Time) *release.Release {
	for _, r := range fitting(d, n) {
		if r.Rollout.Full(now) && aboveFloor(d, r) {
			return r
		}
	}
	return d.Landing(n)
}

// above is a version just higher than every one that devices of a release may
// run, withdrawn ones included.
func above(before, after *release.Document, r *release.Release) release.Version {
	v := r.Version
	raise := func(o release.Version) {
		if release.Higher(o.Name, v.Name) {
			v.Name = o.Name
		}
		v.Code = max(v.Code, o.Code)
	}
	for _, d := range []*release.Document{before, after} {
		for _, o := range d.Releases {
			if o.Kind == release.Wgt && shares(&o, r.Platforms, r.Natives) {
				raise(o.Version)
			}
		}
		for _, w := range d.Withdrawn {
			if shares(&release.Release{Platforms: w.Platforms, Natives: w.Natives}, r.Platforms, r.Natives) {
				raise(w.Version)
			}
		}
	}
	segments := strings.Split(v.Name, ".")
	last, err := strconv.ParseInt(segments[len(segments)-1], 10, 32)
	if err != nil {
		return release.Version{Name: v.Name, Code: v.Code + 1} // refused later: the caller has to name one
	}
	segments[len(segments)-1] = itoa(last + 1)
	return release.Version{Name: strings.Join(segments, "."), Code: v.Code + 1}
}

// Reissue withdraws as Rollback does and publishes an addition, the old content
// under a higher version, in the same entry.
func (p *Publisher) Reissue(ctx context.Context, to string, a Addition) Edit {
	back := p.rollback(ctx, to, newestHot)
	return func(d *release.Document, at release.Position, now time.Time) (bool, error) {
		if _, err := back(d, at, now); err != nil {
			return false, err
		}
		for _, w := range d.Withdrawn {
			if w.ID != "" && shares(&release.Release{Platforms: w.Platforms, Natives: w.Natives}, a.Platforms, release.Natives{Range: &release.CodeRange{}}) &&
				(!release.Higher(a.Version.Name, w.Version.Name) || a.Version.Code <= w.Version.Code) {
				return false, refuse(VersionNotHigher, "version", a.Version.Name, "live", w.Version.Name, "release", w.ID)
			}
		}
		return Add(a)(d, at, now)
	}
}

// Fetch copies the package of a release, and checks that it is the one.
func (p *Publisher) Fetch(ctx context.Context, r *release.Release, to io.Writer) error {
	key := r.PackageKey()
	body, _, err := p.Store.Get(ctx, key, store.Range{})
	if missing(err) {
		return refuse(PackageGone, "release", r.ID, "version", r.Version.Name, "key", key)
	}
	if err != nil {
		return fmt.Errorf("fetch %s: %w", key, err)
	}
	defer body.Close()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(h, to), io.LimitReader(body, r.Package.Size+1))
	if err != nil {
		return fmt.Errorf("fetch %s: %w", key, err)
	}
	if n != r.Package.Size || hex.EncodeToString(h.Sum(nil)) != r.Package.SHA256 {
		return fmt.Errorf("fetch %s: %w", key, ErrOtherContent)
	}
	return nil
}
