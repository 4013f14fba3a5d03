package wgt

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
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
	for _, f := range files {
		raw, err := readValid(tree, f)
		if err != nil {
			return Package{}, err
		}
		data := packed[f.Name]
		if e == Kept {
			if data, err = tree.Lookup(f.Name).kept(); err != nil {
				return Package{}, err
			}
		}
		crc := crc32.ChecksumIEEE(raw)
		var beside sync.WaitGroup // two digests of each form take longer than all the rest
		if e != Stored {
			beside.Go(func() { plain.add(f.Name, stored, crc, len(raw), raw) }) // io.Discard does not fail
		}
		if data != nil {
			err = written.add(f.Name, deflated, crc, len(raw), data)
		} else {
			err = written.add(f.Name, stored, crc, len(raw), raw)
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
