package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"wgtup/internal/store"
	"wgtup/release"
)

// blob is something that a document names by its digest.
type blob struct {
	key    string
	size   int64 // -1 where the document does not say
	sha256 string
}

// is reports whether what was read is what was signed.
func (b blob) is(size int64, sha256 string) bool {
	return (b.size < 0 || size == b.size) && sha256 == b.sha256
}

// options of what a key names.
func (b blob) options() store.PutOptions {
	o := store.PutOptions{ContentType: PackageType, CacheControl: immutable}
	switch path.Ext(b.key) {
	case ".apk":
		o.ContentType = APKType
	case ".plist":
		o.ContentType = PlistType
	}
	return o
}

// Content types of what is uploaded.
const (
	PackageType = "application/octet-stream"                // packages and patches; browsers download it
	APKType     = "application/vnd.android.package-archive" // Android offers to install it
	PlistType   = "application/xml"                         // of the manifest for itms-services
)

// blobs are the packages, manifests and patches of a document, each once.
func blobs(d *release.Document) []blob {
	var all []blob
	for i := range d.Releases {
		r := &d.Releases[i]
		for _, b := range append(packages(r), patches(r)...) {
			if !slices.Contains(all, b) {
				all = append(all, b)
			}
		}
	}
	return all
}

// packages are the package of a release and its manifest for itms-services, as far
// as they are in the store.
func packages(r *release.Release) []blob {
	var all []blob
	if key := r.PackageKey(); key != "" {
		all = append(all, blob{key, r.Package.Size, r.Package.SHA256})
	}
	key := r.PlistKey()
	if digest := strings.TrimSuffix(path.Base(key), ".plist"); key != "" && key == release.PackageKey(digest, "plist") {
		all = append(all, blob{key, -1, digest})
	}
	return all
}

func patches(r *release.Release) []blob {
	var all []blob
	for _, p := range r.Patches {
		all = append(all, blob{release.PatchKey(p.SHA256), p.Size, p.SHA256})
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
	if err == nil && !b.is(size, hex.EncodeToString(hash.Sum(nil))) {
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
