package dir

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"wgtup/internal/store/driver"
)

// unique returns a name that no other process makes up.
func unique() string { return strings.ToLower(rand.Text()) }

// writeBlob writes size bytes of body to a new blob.
func writeBlob(ctx context.Context, r *os.Root, body io.Reader, size int64) (_ pointer, err error) {
	if err := makeFolders(r, blobs); err != nil {
		return pointer{}, err
	}
	fresh := pointer{Blob: unique(), Size: size}
	f, err := r.OpenFile(blobs+"/"+fresh.Blob, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return pointer{}, fmt.Errorf("write blob: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			removeBlob(r, fresh)
		}
	}()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(contextReader{ctx, body}, size+1))
	if err != nil {
		return pointer{}, fmt.Errorf("write blob: %w", err)
	}
	if n != size {
		return pointer{}, fmt.Errorf("%w: body is not of %d bytes", driver.ErrCorrupt, size)
	}
	if err := f.Sync(); err != nil {
		return pointer{}, fmt.Errorf("sync blob: %w", err)
	}
	if err := f.Close(); err != nil {
		return pointer{}, fmt.Errorf("close blob: %w", err)
	}
	fresh.SHA256 = hex.EncodeToString(h.Sum(nil))
	return fresh, syncFolder(r, blobs)
}

// copyBlob gives old's bytes a new name, by a hard link where there are any.
func copyBlob(ctx context.Context, r *os.Root, link func(*os.Root, string, string) error, old pointer) (pointer, error) {
	p := pointer{Blob: unique(), Size: old.Size, SHA256: old.SHA256}
	err := link(r, blobs+"/"+old.Blob, blobs+"/"+p.Blob)
	if err == nil {
		return p, syncFolder(r, blobs)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return pointer{}, err
	}
	f, err := openBlob(r, old)
	if err != nil {
		return pointer{}, err
	}
	defer f.Close()
	return writeBlob(ctx, r, f, old.Size)
}

// openBlob opens the bytes of p; a missing blob is fs.ErrNotExist.
func openBlob(r *os.Root, p pointer) (f *os.File, err error) {
	err = patiently(func() (err error) {
		f, err = r.Open(blobs + "/" + p.Blob)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	i, err := f.Stat()
	if err == nil && i.Size() != p.Size {
		err = fmt.Errorf("%w: blob %s has %d bytes, not %d", driver.ErrCorrupt, p.Blob, i.Size(), p.Size)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// removeBlob removes what nothing points to any more. Where that fails, it stays.
func removeBlob(r *os.Root, p pointer) {
	if p.Blob != "" {
		_ = r.Remove(blobs + "/" + p.Blob)
	}
}
