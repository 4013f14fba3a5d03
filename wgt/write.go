package wgt

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"slices"
	"sort"
	"sync"
)

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
	Encoder  Encoding  `json:"encoder"`
	Manifest *Manifest `json:"manifest"`
}

// Write writes the package that report, which Check made of tree, describes. It fails when a file is not what Check saw.
// What is in w after an error is no package. It holds the packed files until it is their turn.
func Write(w io.Writer, tree *Tree, report *Report, e Encoding) (Package, error) {
	if !report.OK() {
		return Package{}, errors.New("write package: the report says no")
	}
	if e == Kept && (!tree.canonical || report.Guard.Inserted) {
		return Package{}, errors.New("write package: nothing to keep")
	}
	p, err := writeForms(w, tree, report, e)
	if err != nil {
		return Package{}, fmt.Errorf("write package: %w", err)
	}
	return p, nil
}

func writeForms(w io.Writer, tree *Tree, report *Report, e Encoding) (Package, error) {
	packed, err := e.pack(tree, report.Valid)
	if err != nil {
		return Package{}, err
	}
	files := slices.Clone(report.Valid)
	sort.Slice(files, func(i, j int) bool { return before(files[i].Name, files[j].Name) })
	written := newForm(w)
	plain := written
	if e != Stored {
		plain = newForm(io.Discard)
	}
	for m := range members(tree, files, packed, e) {
		if m.err != nil {
			return Package{}, m.err
		}
		var beside sync.WaitGroup // two digests of each form take longer than all the rest
		if e != Stored {
			beside.Go(func() { plain.add(m.name, stored, m.crc, len(m.raw), m.raw) }) // io.Discard does not fail
		}
		if m.packed != nil {
			err = written.add(m.name, deflated, m.crc, len(m.raw), m.packed)
		} else {
			err = written.add(m.name, stored, m.crc, len(m.raw), m.raw)
		}
		beside.Wait()
		if err != nil {
			return Package{}, err
		}
	}
	if err := plain.end(); err != nil {
		return Package{}, err
	}
	if e != Stored {
		if err := written.end(); err != nil {
			return Package{}, err
		}
	}
	return Package{
		Content: report.Content, Form: written.form(), Stored: plain.form(), Files: len(files), Unpacked: report.Unpacked,
		Encoder: e, Manifest: report.Manifest,
	}, nil
}

// A member is a file on its way into the package.
type member struct {
	name        string
	raw, packed []byte // packed is nil for one that is stored
	crc         uint32
	err         error
}

// members reads the files, one ahead of its user. The one with an error is the last.
func members(tree *Tree, files []ValidFile, packed map[string][]byte, e Encoding) iter.Seq[member] {
	read := func(f ValidFile) (m member) {
		m.name, m.packed = f.Name, packed[f.Name]
		if e == Kept { // every entry is read against the size and the checksum that Check saw
			kept := tree.Lookup(f.Name)
			if m.raw, m.err = kept.Read(); m.err == nil {
				m.packed, m.err = kept.kept()
			}
		} else {
			m.raw, m.err = readValid(tree, f)
		}
		m.crc = crc32.ChecksumIEEE(m.raw)
		return m
	}
	return func(yield func(member) bool) {
		ahead, enough := make(chan member), make(chan struct{})
		defer close(enough)
		go func() {
			defer close(ahead)
			for _, f := range files {
				m := read(f)
				select {
				case ahead <- m:
				case <-enough:
					return
				}
				if m.err != nil {
					return
				}
			}
		}()
		for m := range ahead {
			if !yield(m) {
				return
			}
		}
	}
}

// readValid reads a file and fails unless it is what Check saw.
func readValid(tree *Tree, valid ValidFile) ([]byte, error) {
	f := tree.Lookup(valid.Name)
	if f == nil {
		return nil, formatError(Changed, valid.Name, "")
	}
	raw, err := valid.read(f)
	if err != nil {
		return nil, err
	}
	if sha256.Sum256(raw) != valid.SHA256 {
		return nil, formatError(Changed, valid.Name, "")
	}
	return raw, nil
}
