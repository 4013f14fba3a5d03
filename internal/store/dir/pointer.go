package dir

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"strings"
	"time"

	"wgtup/internal/store/driver"
)

const (
	format     = 1
	maxPointer = 16 << 10
)

// pointer is the content of a pointer file.
type pointer struct {
	Format       int               `json:"format"`
	Blob         string            `json:"blob"`
	Size         int64             `json:"size"`
	SHA256       string            `json:"sha256"`
	Modified     time.Time         `json:"modified"`
	ContentType  string            `json:"content-type"`
	CacheControl string            `json:"cache-control,omitempty"`
	Metadata     map[string]string `json:"metadata,omitempty"`
}

func (p pointer) info(key string) driver.Info {
	return driver.Info{
		Key: key, Size: p.Size, ETag: p.SHA256[:min(32, len(p.SHA256))], Modified: p.Modified,
		ContentType: p.ContentType, CacheControl: p.CacheControl, Metadata: maps.Clone(p.Metadata),
	}
}

// readPointer reads the pointer called name; a missing one is ErrNotFound.
func readPointer(ctx context.Context, r *os.Root, name string) (pointer, error) {
	if err := ctx.Err(); err != nil {
		return pointer{}, err
	}
	var data []byte
	err := patiently(func() (err error) {
		data, err = r.ReadFile(name)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(data) == 0 {
		return pointer{}, driver.ErrNotFound
	}
	if err != nil {
		return pointer{}, fmt.Errorf("read pointer: %w", err)
	}
	var p pointer
	if err := json.Unmarshal(data, &p); err != nil {
		return pointer{}, fmt.Errorf("%w: pointer %s: %v", driver.ErrCorrupt, name, err)
	}
	if p.Format != format {
		return pointer{}, fmt.Errorf("%w: pointer %s has format %d", driver.ErrUnsupported, name, p.Format)
	}
	if p.Blob == "" || strings.ContainsAny(p.Blob, `/\:`) || len(p.SHA256) != 64 || p.Size < 0 {
		return pointer{}, fmt.Errorf("%w: pointer %s", driver.ErrCorrupt, name)
	}
	return p, nil
}

// settle calls use with the pointer called name, again when the blob is gone
// because the pointer has moved meanwhile.
func settle(ctx context.Context, r *os.Root, name string, use func(pointer) error) error {
	last := ""
	for {
		p, err := readPointer(ctx, r, name)
		if err != nil {
			return err
		}
		if p.Blob == last {
			return fmt.Errorf("%w: blob %s is missing", driver.ErrCorrupt, p.Blob)
		}
		if err := use(p); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		last = p.Blob
	}
}

// point makes name point to p, and removes the blob it pointed to before; on
// failure that of p.
func (d *Dir) point(ctx context.Context, r *os.Root, name string, p pointer, createOnly bool) (err error) {
	defer func() {
		if err != nil && !errors.Is(err, driver.ErrUnknown) {
			removeBlob(r, p)
		}
	}()
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode pointer: %w", err)
	}
	if len(data) > maxPointer {
		return fmt.Errorf("%w: pointer of %d bytes", driver.ErrUnsupported, len(data))
	}
	draft := tmp + "/" + unique()
	if err := makeFolders(r, tmp); err != nil {
		return classify(err)
	}
	if err := writeFile(r, draft, data); err != nil {
		return classify(fmt.Errorf("write pointer: %w", err))
	}
	defer func() { _ = r.Remove(draft) }()
	folder := folderOf(name)
	if err := makeFolders(r, folder); err != nil {
		return classify(err)
	}

	d.mu.Lock()
	defer d.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if createOnly {
		if err := d.claim(r, draft, name, data); err != nil {
			return err
		}
	} else {
		old, readErr := readPointer(ctx, r, name)
		if err := patiently(func() error { return d.rename(r, draft, name) }); err != nil {
			return classify(fmt.Errorf("move pointer: %w", err))
		}
		if readErr == nil {
			defer removeBlob(r, old)
		}
	}
	if err := syncFolder(r, folder); err != nil {
		return fmt.Errorf("%w: sync folder: %w", driver.ErrUnknown, err)
	}
	return nil
}

// claim makes draft known as name, unless name exists. A hard link does that in
// one step. Where there are none, only one process can make the file; until its
// content is there it is empty, and read as missing. A process that dies in
// between leaves it so, and nobody can create the object before it is deleted.
func (d *Dir) claim(r *os.Root, draft, name string, data []byte) error {
	err := patiently(func() error { return d.link(r, draft, name) })
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = patiently(func() error { return writeFile(r, name, data) })
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return classify(fmt.Errorf("write pointer: %w", err))
		}
	}
	if err == nil {
		return nil
	}
	return taken(r, name)
}

// taken returns ErrExists when there is a pointer called name.
func taken(r *os.Root, name string) error {
	i, err := r.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && i.Size() == 0:
		return fmt.Errorf("%w: another process is creating the object, or died while it did: %s", driver.ErrUnavailable, name)
	}
	return driver.ErrExists
}
