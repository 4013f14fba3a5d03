package wgt

import (
	"bytes"
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/flate"

	"wgtup/deflate"
)

// An Encoding is a way to pack files, by the name that Package.Encoder gives it. The bytes of a package are the same
// wherever they are made, on however many cores, as long as its encoding has this name.
type Encoding string

const (
	// Fast packs some 30 MB a second on one core, and a little worse than zip -9.
	Fast Encoding = "klauspost-flate-9/v1.20.3"
	// Best looks for the smallest stream, at 1 to 2 MB a second on one core, and holds deflate.MaxMemory for each.
	Best Encoding = "wgtup-deflate-8/1"
	// Stored packs nothing: the stored form.
	Stored Encoding = "stored"
	// Kept leaves what ReadPackage read as it was packed: the package that was tried is the one that is published. A tree
	// from elsewhere cannot be written so.
	Kept Encoding = "kept"
)

// pack packs files, the big ones first, so that no core is left without work at the end. It returns by name what is smaller
// than the contents.
func (e Encoding) pack(tree *Tree, files []ValidFile) (map[string][]byte, error) {
	encode := fast
	switch e {
	case Stored, Kept:
		return nil, nil
	case Best:
		encode = best
	}
	bySize := slices.Clone(files)
	slices.SortStableFunc(bySize, func(a, b ValidFile) int { return cmp.Compare(b.Size, a.Size) })
	packed := make([][]byte, len(files))
	errs := make([]error, len(files))
	var next atomic.Int64
	var failed atomic.Bool
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		workers.Go(func() {
			for !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= len(bySize) {
					return
				}
				var raw []byte
				if raw, errs[i] = readValid(tree, bySize[i]); errs[i] != nil {
					failed.Store(true)
					return
				}
				packed[i] = encode(raw)
			}
		})
	}
	workers.Wait()
	all := make(map[string][]byte, len(files))
	for i, f := range bySize {
		if errs[i] != nil {
			return nil, errs[i]
		}
		if packed[i] != nil {
			all[f.Name] = packed[i]
		}
	}
	return all, nil
}

var fastWriters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, 9)
	if err != nil {
		panic(err) // only for a level that does not exist
	}
	return w
}}

// fast returns nil when it does not make the data smaller.
func fast(raw []byte) []byte {
	w := fastWriters.Get().(*flate.Writer)
	defer fastWriters.Put(w)
	var packed bytes.Buffer
	w.Reset(&packed)
	w.Write(raw) // a bytes.Buffer does not fail
	w.Close()
	if packed.Len() >= len(raw) {
		return nil
	}
	return packed.Bytes()
}

// best returns nil when it does not make the data smaller. It spends no time on what fast has given up, which are pictures
// and the like.
func best(raw []byte) []byte {
	if fast(raw) == nil {
		return nil
	}
	packed := deflate.Encode(nil, raw, deflate.Options{Passes: deflate.Best})
	if len(packed) >= len(raw) {
		return nil
	}
	return packed
}
