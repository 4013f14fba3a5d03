package publish

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"time"

	"wgtup/patch"
	"wgtup/release"
	"wgtup/wgt"
)

// Patching makes patches to the packages that a change publishes, within bounds:
// they save traffic, and nobody waits long for them.
type Patching struct {
	Bases int           // releases that devices may hold, the newest first; what installed apps ship comes on top
	Bytes int64         // of packages that are read for it
	Time  time.Duration // after which no other patch is begun

	made map[[2]string][]byte // by the contents from and to, for a change that lost a race; nil: none that pays
}

// NewPatching has the bounds that suit a build machine.
func NewPatching() *Patching {
	return &Patching{Bases: 10, Bytes: 256 << 20, Time: time.Minute}
}

// leastSaved is how many bytes a patch saves: a device asks once more, and may fail
// to apply it.
const leastSaved = 16 << 10

// pays reports whether a patch is worth being published.
func pays(size int, whole *release.Package) bool {
	return whole.Size-int64(size) >= max(leastSaved, whole.Size/4)
}

// patch adds patches to the releases that a document has and the one before it
// had not, and returns them as uploads. What cannot be had from the store is no
// base; without patches devices take the package.
func (p *Publisher) patch(ctx context.Context, head *Entry, d *release.Document, uploads []Upload) ([]Upload, error) {
	var made []Upload
	for i := range d.Releases {
		r := &d.Releases[i]
		fresh := head == nil || head.Document.Find(r.ID) == nil
		if !fresh || r.Landing || r.Kind != release.Wgt || r.Package.Stored == nil {
			continue
		}
		r.Patches = nil
		bases, err := p.heldBefore(ctx, head, r)
		if err != nil {
			return nil, err
		}
		patches, err := p.patchesTo(ctx, r.Package, bases, uploads)
		if err != nil {
			return nil, err
		}
		for _, one := range patches {
			sum := sha256.Sum256(one.data)
			digest := hex.EncodeToString(sum[:])
			r.Patches = append(r.Patches, release.Patch{From: one.from, Size: int64(len(one.data)), SHA256: digest})
			made = append(made, Upload{Key: release.PatchKey(digest), Size: int64(len(one.data)), SHA256: digest, Type: PackageType,
				Open: func() (io.ReadSeekCloser, error) { return nopCloser{bytes.NewReader(one.data)}, nil }})
		}
	}
	return made, nil
}

type nopCloser struct{ *bytes.Reader }

func (nopCloser) Close() error { return nil }

// builtPatch leads from a content.
type builtPatch struct {
	from string
	data []byte
}

// patchesTo makes the patches to a package that pay: from each of some others, and
// from nothing.
func (p *Publisher) patchesTo(ctx context.Context, to *release.Package, bases []*release.Release, uploads []Upload) ([]builtPatch, error) {
	begun := time.Now()
	left := p.Patching.Bytes - to.Size
	if left < 0 || !pays(0, to) {
		return nil, nil
	}
	next, err := p.unpacked(ctx, to, uploads)
	if err != nil || next == nil {
		return nil, err
	}
	if p.Patching.made == nil {
		p.Patching.made = map[[2]string][]byte{}
	}
	var result []builtPatch
	var mu sync.Mutex
	var working sync.WaitGroup
	seats := make(chan struct{}, workers(to.Stored.Size))
	build := func(from string, base []patch.File) {
		working.Go(func() {
			defer func() { <-seats }()
			data := exactPatch(base, next, to)
			mu.Lock()
			defer mu.Unlock()
			p.Patching.made[[2]string{from, to.Content}] = data
			if data != nil {
				result = append(result, builtPatch{from, data})
			}
		})
	}
	if patch.Repeats(next) > int(to.Stored.Size/3) { // at last from nothing, if there is a chance that it pays
		bases = append(bases, nil)
	}
	for _, r := range bases {
		from, name, size := "", "", int64(0)
		if r != nil {
			from, name, size = r.Package.Content, r.Version.Name, r.Package.Size
		}
		mu.Lock()
		data, known := p.Patching.made[[2]string{from, to.Content}]
		if data != nil {
			result = append(result, builtPatch{from, data})
		}
		mu.Unlock()
		if known || size > left {
			continue
		}
		left -= size
		seats <- struct{}{}
		if time.Since(begun) > p.Patching.Time {
			<-seats
			break
		}
		var base []patch.File
		if r != nil {
			if base, err = p.unpacked(ctx, r.Package, uploads); err != nil || base == nil {
				<-seats
				if err != nil {
					break
				}
				continue
			}
		}
		p.progress("patch", name)
		build(from, base)
	}
	working.Wait()
	if err != nil {
		return nil, err
	}
	// The smallest first, whoever was ready first.
	slices.SortFunc(result, func(a, b builtPatch) int { return cmp.Or(len(a.data)-len(b.data), cmp.Compare(a.from, b.from)) })
	return result, ctx.Err()
}

// makeMemory is how many bytes of memory patch.Make takes for a byte of the tree.
const makeMemory = 20

// workers are as many as there are processors and, within 1 GiB, room.
func workers(tree int64) int {
	return max(1, min(runtime.NumCPU(), int((1<<30)/(makeMemory*max(tree, 1)))))
}

// exactPatch is a patch that pays and was applied with success; nil without one.
func exactPatch(base, next []patch.File, to *release.Package) []byte {
	data, err := patch.Make(base, next)
	if err != nil || !pays(len(data), to) {
		return nil
	}
	digest := sha256.New()
	if err := patch.Apply(base, data, digest); err != nil || hex.EncodeToString(digest.Sum(nil)) != to.Stored.SHA256 {
		return nil
	}
	return data
}

// unpacked are the files of a package, that of an upload or one in the store; nil
// if it is gone, or no package that wgtup made.
func (p *Publisher) unpacked(ctx context.Context, of *release.Package, uploads []Upload) ([]patch.File, error) {
	key := release.PackageKey(of.SHA256, "wgt")
	var data []byte
	var err error
	if i := slices.IndexFunc(uploads, func(u Upload) bool { return u.Key == key }); i >= 0 {
		data, err = content(uploads[i])
	} else {
		data, _, err = p.Store.GetBytes(ctx, key, of.Size)
	}
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != of.SHA256 {
		return nil, nil
	}
	tree, err := wgt.ReadPackage(bytes.NewReader(data), int64(len(data)))
	var format *wgt.FormatError
	if errors.As(err, &format) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	files := make([]patch.File, 0, len(tree.Files))
	for _, f := range tree.Files {
		contents, err := f.Read()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", key, err)
		}
		files = append(files, patch.File{Name: f.Name, Data: contents})
	}
	return files, nil
}

func content(u Upload) ([]byte, error) {
	body, err := u.Open()
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(body)
}
