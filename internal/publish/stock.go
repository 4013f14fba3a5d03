package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"wgtup/internal/store"
	"wgtup/release"
)

// relied are the releases whose packages the next document names, the one before
// did not, and nobody uploads: promoted or brought back.
func (plan *Plan) relied() []*release.Release {
	var all []*release.Release
	for i := range plan.Document.Releases {
		r := &plan.Document.Releases[i]
		key := r.PackageKey()
		known := key == "" ||
			slices.ContainsFunc(plan.Uploads, func(u Upload) bool { return u.Key == key }) ||
			slices.ContainsFunc(all, func(other *release.Release) bool { return other.PackageKey() == key }) ||
			plan.Before != nil && slices.ContainsFunc(plan.Before.Document.Releases, func(old release.Release) bool { return old.PackageKey() == key })
		if !known {
			all = append(all, r)
		}
	}
	return all
}

// inStock makes sure that a package is there whole, and young, so that a prune
// under way leaves it alone.
func (p *Publisher) inStock(ctx context.Context, r *release.Release) error {
	for _, b := range packages(r) {
		p.progress("verify", b.key)
		err := p.refresh(ctx, b.key, b.options())
		if err == nil {
			err = p.readBack(ctx, b)
		}
		if errors.Is(err, store.ErrNotFound) {
			return refuse(PackageGone, "release", r.ID, "version", r.Version.Name, "key", b.key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// refresh makes an object as young as if it had just been written.
func (p *Publisher) refresh(ctx context.Context, key string, o store.PutOptions) error {
	if err := p.Store.Copy(ctx, key, key, o); err != nil {
		return fmt.Errorf("refresh %s: %w", key, err)
	}
	return nil
}

// readBack checks that an object has the content its name promises.
func (p *Publisher) readBack(ctx context.Context, b blob) error {
	size, digest, err := p.Store.Digest(ctx, b.key)
	if err != nil {
		return fmt.Errorf("read back %s: %w", b.key, err)
	}
	if !b.is(size, digest) {
		return fmt.Errorf("read back %s: %w", b.key, ErrOtherContent)
	}
	return nil
}
