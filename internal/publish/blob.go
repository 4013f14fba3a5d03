package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"wgtup/internal/store"
	"wgtup/release"
)

// blob is something that a document names by its digest.
type blob struct {
	key    string
	size   int64
	sha256 string
}

// blobs are the packages and patches of a document, each once.
func blobs(d *release.Document) []blob {
	var all []blob
	add := func(b blob) {
		if b.key != "" && !slices.Contains(all, b) {
			all = append(all, b)
		}
	}
	for i := range d.Releases {
		r := &d.Releases[i]
		if key := r.PackageKey(); key != "" {
			add(blob{key, r.Package.Size, r.Package.SHA256})
		}
		for _, p := range r.Patches {
			add(blob{release.PatchKey(p.SHA256), p.Size, p.SHA256})
		}
	}
	return all
}

// fetch brings an object here. What is not what was signed goes no further.
func (p *Publisher) fetch(ctx context.Context, b blob) (io.ReadSeekCloser, error) {
	from, _, err := p.Store.Get(ctx, b.key, store.Range{})
	if err != nil {
		return nil, err
	}
	defer from.Close()
	file, err := os.CreateTemp("", "wgtup-mirror-*")
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", b.key, err)
	}
	body := &fetched{file}
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(file, hash), from)
	if err == nil && (size != b.size || hex.EncodeToString(hash.Sum(nil)) != b.sha256) {
		err = ErrOtherContent
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		body.Close()
		return nil, fmt.Errorf("fetch %s: %w", b.key, err)
	}
	return body, nil
}

// fetched is a temporary file that is gone when it is closed.
type fetched struct{ *os.File }

func (f *fetched) Close() error { return errors.Join(f.File.Close(), os.Remove(f.Name())) }
