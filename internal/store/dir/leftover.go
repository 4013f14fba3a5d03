package dir

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"

	"wgtup/internal/store/driver"
)

// youngest is the age below which a file may belong to somebody who is writing it
// now, or is about to point to it.
const youngest = time.Hour

var _ driver.Uploads = (*Dir)(nil)

// ListUploads returns what a crash left in the folder: bodies that nothing points
// to, and pointers that never came to their place. They have no key; ID is the
// file, and Began its time. Files of the last hour are nobody's leftovers yet.
//
// It reads every pointer, after the bodies: a body that is pointed to in between
// is younger than an hour.
func (d *Dir) ListUploads(ctx context.Context, prefix string, limit int) ([]driver.Upload, error) {
	r, err := d.open()
	if errors.Is(err, driver.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	old := d.now().Add(-youngest)
	var found []driver.Upload
	for _, folder := range []string{blobs, tmp} {
		entries, err := fs.ReadDir(r.FS(), folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, classify(err)
		}
		for _, e := range entries {
			info, err := e.Info()
			if err == nil && info.Mode().IsRegular() && info.ModTime().Before(old) {
				found = append(found, driver.Upload{Key: prefix + folder + "/" + e.Name(), ID: folder + "/" + e.Name(), Began: info.ModTime().UTC()})
			}
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	used, err := d.blobsInUse(ctx, r)
	if err != nil {
		return nil, err
	}
	var left []driver.Upload
	for _, u := range found {
		if name, isBlob := strings.CutPrefix(u.ID, blobs+"/"); (!isBlob || !used[name]) && len(left) < limit {
			left = append(left, u)
		}
	}
	return left, nil
}

// blobsInUse are the bodies that some pointer of the folder names. A pointer that
// cannot be read ends it: nobody knows what that one needs.
func (d *Dir) blobsInUse(ctx context.Context, r *os.Root) (map[string]bool, error) {
	used := map[string]bool{}
	err := fs.WalkDir(r.FS(), objects, func(name string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile, or there is none
		}
		if err != nil || e.IsDir() || !strings.HasSuffix(name, suffix) {
			return err
		}
		p, err := readPointer(ctx, r, name)
		if errors.Is(err, driver.ErrNotFound) {
			return nil
		}
		used[p.Blob] = true
		return err
	})
	if err != nil {
		return nil, classify(err)
	}
	return used, nil
}

// AbortUpload removes such a file, if it still is one.
func (d *Dir) AbortUpload(ctx context.Context, u driver.Upload) error {
	left, err := d.ListUploads(ctx, "", 1<<30)
	if err != nil {
		return err
	}
	r, err := d.open()
	if err != nil {
		return err
	}
	defer r.Close()
	for _, l := range left {
		if l.ID == u.ID {
			if err := r.Remove(u.ID); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return classify(err)
			}
		}
	}
	return nil
}
