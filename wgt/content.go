package wgt

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"sort"
	"strings"
)

// A Sum is the name and the digest of one file.
type Sum struct {
	Name   string
	SHA256 [sha256.Size]byte
}

// ID returns the content id of files in any order. It fails when two have one name or a name holds a line feed, since the
// id would then not tell the files.
func ID(files []Sum) (string, error) {
	sorted := append([]Sum(nil), files...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Name < sorted[j].Name })
	h := sha256.New()
	for i, f := range sorted {
		if strings.Contains(f.Name, "\n") {
			return "", fmt.Errorf("content id: %q: line feed in a name", f.Name)
		}
		if i > 0 && sorted[i-1].Name == f.Name {
			return "", fmt.Errorf("content id: %q: more than one file", f.Name)
		}
		fmt.Fprintf(h, "%x  %s\n", f.SHA256, f.Name)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// SourceID returns the content id of all files of a tree, before anything is left out. Of a tree that ReadPackage
// returned it is the content id.
func SourceID(tree *Tree) (string, error) {
	if len(tree.problems) > 0 {
		return "", fmt.Errorf("content id: %w", &FormatError{tree.problems[0]})
	}
	var total int64
	sums := make([]Sum, len(tree.Files))
	for i, f := range tree.Files {
		if total += f.Size; total > MaxUnpacked || len(tree.Files) > MaxFiles {
			return "", fmt.Errorf("content id: %w", errTooBig)
		}
		sum, err := digest(f)
		if err != nil {
			return "", fmt.Errorf("content id: %w", err)
		}
		sums[i] = Sum{f.Name, sum}
	}
	return ID(sums)
}

func digest(f *File) (sum [sha256.Size]byte, err error) {
	r, err := f.Open()
	if err != nil {
		return sum, err
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(r, f.Size+1))
	if err == nil && n < f.Size {
		err = io.ErrUnexpectedEOF
	}
	if err == nil && n > f.Size {
		err = errGrew
	}
	if err != nil {
		return sum, f.readError(err)
	}
	h.Sum(sum[:0])
	return sum, nil
}
