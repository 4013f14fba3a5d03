// Package dir keeps objects in a folder, so that a demo, a test or an intranet
// needs no service. Many processes may use the folder at the same time, on
// Linux, macOS and Windows.
//
// # Layout
//
//	objects/<key>=.json   the pointer: metadata and the name of the body
//	blobs/<unique name>   a body; written once, never changed
//	tmp/<unique name>     pointers being written
//
// A body gets a new unique name whenever it is written and is synced to disk
// before anything points to it. The pointer is a small file that appears under
// its final name in one step: renamed over the old one, or hard-linked when the
// key must not exist, which only one of many processes can do. (Without hard
// links, on FAT for one, a new pointer is made exclusively and then filled; an
// empty one is no object yet.) So readers see
// the old object or the new one, and a crash at any moment leaves one of the
// two. The body that is no longer pointed to is removed after that; who has it
// open reads it to its end. A crash between the two steps, or two processes that
// replace the same object at the same moment, may leave a body that nothing
// points to: it costs space, is never served, and is what ListUploads lists.
//
// Nothing in the folder knows where the folder is: it may be moved or copied.
//
// # Names
//
// File names hold only lower-case letters, so that keys which differ in case do
// not meet on file systems that ignore it. "=" is not a key's character and
// marks what is: an upper-case letter is written "=" and its lower-case form,
// and "==" stands for nothing but keeps a name apart from the device names of
// Windows ("con" is "==con") and from a dot at the end ("a." is "a.=="). A
// segment longer than 200 bytes in this form is ErrUnsupported.
package dir

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"wgtup/internal/store/driver"
)

// Dir is a store in a folder.
type Dir struct {
	path   string                                  // absolute
	now    func() time.Time                        // stamps objects
	rename func(r *os.Root, from, to string) error // over what is there; Windows refuses while that is open
	link   func(r *os.Root, from, to string) error // hard links; some file systems have none
	mu     sync.Mutex                              // held while a pointer moves, so that this process leaves no blob behind
}

var (
	_ driver.Driver = (*Dir)(nil)
	_ driver.Seeker = (*Dir)(nil)
)

// New returns the store in the folder at path. The folder is made by the first
// write; until then the store is empty.
func New(path string) (*Dir, error) {
	if path == "" {
		return nil, errors.New("open folder: empty path")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open folder: %w", err)
	}
	return &Dir{path: abs, now: time.Now, rename: (*os.Root).Rename, link: (*os.Root).Link}, nil
}

func (d *Dir) Properties() driver.Properties {
	return driver.Properties{Scheme: "dir", CreateOnly: true, MetadataBytes: 2048, ID: "dir:" + filepath.ToSlash(d.path), Movable: true}
}

// Path returns the folder's absolute path.
func (d *Dir) Path() string { return d.path }

func (d *Dir) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o driver.PutOptions) error {
	name, err := pointerName(key)
	if err != nil {
		return err
	}
	r, err := d.create()
	if err != nil {
		return err
	}
	defer r.Close()
	if o.CreateOnly {
		// Saves writing the body in vain; the claim decides.
		if err := taken(r, name); err != nil {
			return err
		}
	}
	p, err := writeBlob(ctx, r, &sentReader{Reader: body, sent: o.Sent}, size)
	if err != nil {
		return classify(err)
	}
	return d.point(ctx, r, name, d.describe(p, o), o.CreateOnly)
}

func (d *Dir) Copy(ctx context.Context, from, to string, o driver.PutOptions) error {
	source, err := pointerName(from)
	if err != nil {
		return err
	}
	name, err := pointerName(to)
	if err != nil {
		return err
	}
	r, err := d.open()
	if err != nil {
		return err
	}
	defer r.Close()
	// A link is a second name of the same bytes: each pointer owns its own.
	var p pointer
	err = settle(ctx, r, source, func(old pointer) (err error) {
		p, err = copyBlob(ctx, r, d.link, old)
		return err
	})
	if err != nil {
		return classify(err)
	}
	return d.point(ctx, r, name, d.describe(p, o), false)
}

func (d *Dir) describe(p pointer, o driver.PutOptions) pointer {
	p.Format, p.Modified = format, d.now().UTC()
	p.ContentType, p.CacheControl, p.Metadata = o.ContentType, o.CacheControl, o.Metadata
	return p
}

func (d *Dir) Head(ctx context.Context, key string) (driver.Info, error) {
	name, err := pointerName(key)
	if err != nil {
		return driver.Info{}, err
	}
	r, err := d.open()
	if err != nil {
		return driver.Info{}, err
	}
	defer r.Close()
	p, err := readPointer(ctx, r, name)
	return p.info(key), classify(err)
}

func (d *Dir) Get(ctx context.Context, key string, rng driver.Range) (io.ReadCloser, driver.Info, error) {
	body, info, err := d.GetSeeker(ctx, key)
	if err != nil {
		return nil, driver.Info{}, err
	}
	n, err := rng.Cut(info.Size)
	if err == nil {
		_, err = body.Seek(rng.Offset, io.SeekStart)
	}
	if err != nil {
		body.Close()
		return nil, driver.Info{}, err
	}
	return cutBody{io.LimitReader(contextReader{ctx, body}, n), body}, info, nil
}

// GetSeeker opens the body itself.
func (d *Dir) GetSeeker(ctx context.Context, key string) (io.ReadSeekCloser, driver.Info, error) {
	name, err := pointerName(key)
	if err != nil {
		return nil, driver.Info{}, err
	}
	r, err := d.open()
	if err != nil {
		return nil, driver.Info{}, err
	}
	defer r.Close()
	var f *os.File
	var found pointer
	err = settle(ctx, r, name, func(p pointer) (err error) {
		found = p
		f, err = openBlob(r, p)
		return err
	})
	if err != nil {
		return nil, driver.Info{}, classify(err)
	}
	return f, found.info(key), nil
}

func (d *Dir) Delete(ctx context.Context, key string) error {
	name, err := pointerName(key)
	if err != nil {
		return err
	}
	r, err := d.open()
	if errors.Is(err, driver.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Close()
	d.mu.Lock()
	defer d.mu.Unlock()
	p, err := readPointer(ctx, r, name)
	if err == nil || errors.Is(err, driver.ErrCorrupt) || errors.Is(err, driver.ErrNotFound) {
		err = patiently(func() error { return r.Remove(name) })
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return classify(err)
	}
	removeBlob(r, p)
	return syncFolder(r, folderOf(name))
}

// open opens the folder for reading; a missing one is ErrNotFound.
func (d *Dir) open() (*os.Root, error) {
	r, err := os.OpenRoot(d.path)
	return r, classify(err)
}

// create opens the folder and makes it when it is missing.
func (d *Dir) create() (*os.Root, error) {
	if err := os.MkdirAll(d.path, 0o777); err != nil {
		return nil, classify(fmt.Errorf("make folder: %w", err))
	}
	return d.open()
}

// classify gives an error of the operating system its sentinel.
func classify(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist) && !errors.Is(err, driver.ErrNotFound):
		return fmt.Errorf("%w: %w", driver.ErrNotFound, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: %w", driver.ErrDenied, err)
	}
	return err
}

type cutBody struct {
	io.Reader
	io.Closer
}

// sentReader tells how much was read.
type sentReader struct {
	io.Reader
	at   int64
	sent func(int64) // may be nil
}

func (r *sentReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if r.at += int64(n); n > 0 && r.sent != nil {
		r.sent(r.at)
	}
	return n, err
}

// contextReader stops reading when the context ends.
type contextReader struct {
	ctx context.Context
	io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
