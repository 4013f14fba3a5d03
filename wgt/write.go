package wgt

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"sort"
)

// Encoder names what makes the packed bytes: another version may pack the same contents into other bytes.
const Encoder = "klauspost-flate-9/v1.20.3"

// StoredEncoder is Package.Encoder of the stored form, which is the same whoever writes it.
const StoredEncoder = "stored"

// WriteOptions says how to write a package.
type WriteOptions struct {
	Stored bool // write the stored form
}

// A Form is the size and the digests of the bytes of a package, in hex.
type Form struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	SHA1   string `json:"sha1"`
}

// A Package describes what Write wrote. The embedded Form is that of the written bytes.
type Package struct {
	Content string `json:"content"`
	Form
	Stored   Form      `json:"stored"`
	Files    int       `json:"files"`
	Unpacked int64     `json:"unpacked"`
	Encoder  string    `json:"encoder"`
	Manifest *Manifest `json:"manifest"`
}

// Write writes the package that report, which Check made of tree, describes. It fails when a file is not what Check saw.
// What is in w after an error is no package.
func Write(w io.Writer, tree *Tree, report *Report, o WriteOptions) (Package, error) {
	if !report.OK() {
		return Package{}, errors.New("write package: the report says no")
	}
	files := append([]ValidFile(nil), report.Valid...)
	sort.Slice(files, func(i, j int) bool { return before(files[i].Name, files[j].Name) })

	written := newForm(w)
	plain := written
	if !o.Stored {
		plain = newForm(io.Discard)
	}
	done := make(chan struct{})
	defer close(done)
	for f := range load(tree, files, !o.Stored, done) {
		f := <-f
		if f.err != nil {
			return Package{}, fmt.Errorf("write package: %w", f.err)
		}
		if err := plain.add(f.name, stored, f.crc, len(f.raw), f.raw); err != nil {
			return Package{}, fmt.Errorf("write package: %w", err)
		}
		if o.Stored {
			continue
		}
		method, data := uint16(stored), f.raw
		if f.packed != nil {
			method, data = deflated, f.packed
		}
		if err := written.add(f.name, method, f.crc, len(f.raw), data); err != nil {
			return Package{}, fmt.Errorf("write package: %w", err)
		}
	}
	if err := plain.end(); err != nil {
		return Package{}, fmt.Errorf("write package: %w", err)
	}
	p := Package{Content: report.Content, Stored: plain.form(), Files: len(files), Unpacked: report.Unpacked, Encoder: StoredEncoder, Manifest: report.Manifest}
	if !o.Stored {
		p.Encoder = Encoder
		if err := written.end(); err != nil {
			return Package{}, fmt.Errorf("write package: %w", err)
		}
	}
	p.Form = written.form()
	return p, nil
}

// A loaded file is ready to be written.
type loaded struct {
	name        string
	raw, packed []byte // packed is nil when deflate does not help
	crc         uint32
	err         error
}

// load reads and packs files, some at a time, and gives them in order. It stops when done is closed.
func load(tree *Tree, files []ValidFile, pack bool, done <-chan struct{}) <-chan chan loaded {
	workers := runtime.GOMAXPROCS(0)
	queue := make(chan chan loaded, workers-1) // and one is being written: this bounds the memory
	go func() {
		defer close(queue)
		for _, f := range files {
			result := make(chan loaded, 1)
			select {
			case queue <- result:
			case <-done:
				return
			}
			go func() { result <- loadFile(tree, f, pack) }()
		}
	}()
	return queue
}

func loadFile(tree *Tree, valid ValidFile, pack bool) loaded {
	l := loaded{name: valid.Name}
	f := tree.Lookup(valid.Name)
	if f == nil {
		l.err = formatError(Changed, valid.Name, "")
		return l
	}
	if l.raw, l.err = f.Read(); l.err != nil {
		return l
	}
	if sha256.Sum256(l.raw) != valid.SHA256 {
		l.err = formatError(Changed, valid.Name, "")
		return l
	}
	l.crc = crc32.ChecksumIEEE(l.raw)
	if pack {
		l.packed = deflate(l.raw)
	}
	return l
}
