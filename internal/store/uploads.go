package store

import (
	"context"
	"time"

	"wgtup/internal/store/driver"
)

// Upload is an upload in parts that was begun and neither completed nor aborted.
type Upload = driver.Upload

// maxUploads is how many unfinished uploads are looked at.
const maxUploads = 10_000

// Uploads returns the unfinished uploads of keys that begin with prefix, and that
// began before a time. A store that has no such thing has none.
func (s *Store) Uploads(ctx context.Context, prefix string, before time.Time) ([]Upload, error) {
	d, ok := s.driver.(driver.Uploads)
	if !ok {
		return nil, nil
	}
	if err := checkListing(prefix, "", maxUploads); err != nil {
		return nil, fail("list", prefix, err)
	}
	var all []Upload
	err := s.repeat(ctx, func() (err error) {
		all, err = d.ListUploads(ctx, s.prefix+prefix, maxUploads)
		return err
	})
	if err != nil {
		return nil, fail("list", prefix, err)
	}
	var found []Upload
	for _, u := range all {
		if u.Began.Before(before) {
			u.Key = u.Key[len(s.prefix):]
			found = append(found, u)
		}
	}
	return found, nil
}

// AbortUpload removes an unfinished upload with its parts; a missing one is no
// error.
func (s *Store) AbortUpload(ctx context.Context, u Upload) error {
	d, ok := s.driver.(driver.Uploads)
	if !ok {
		return fail("delete", u.Key, ErrUnsupported)
	}
	inside := u
	inside.Key = s.prefix + u.Key
	return fail("delete", u.Key, s.repeatWrite(ctx, PutOptions{}, func() error { return d.AbortUpload(ctx, inside) }))
}
