package patch

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

var errShort = errors.New("it ends too early")

// Apply makes the package that a patch leads to from the files of its base, and writes its stored form. Its digest is for
// the caller to check: with another base, or with a damaged patch, another package is made, or none.
func Apply(base []File, patch []byte, w io.Writer) error {
	base = inOrder(base)
	b, entries, err := apply(base, patch, MaxUnpacked)
	if err != nil {
		return fmt.Errorf("apply patch: %w", err)
	}
	a := archive{w: w}
	at := b.base
	for _, e := range entries {
		switch {
		case e.kind == removedEntry:
		case e.made():
			data := b.window[at : at+e.size]
			if !e.sent {
				e.crc = crc32.ChecksumIEEE(data)
			}
			a.add(e.name, e.crc, data)
			at += e.size
		default:
			data := base[e.base].Data
			a.add(e.name, crc32.ChecksumIEEE(data), data)
		}
	}
	if err := a.end(); err != nil {
		return fmt.Errorf("apply patch: %w", err)
	}
	return nil
}

// apply makes the window, unless the files of the package are larger than limit together.
func apply(base []File, patch []byte, limit int) (*body, []entry, error) {
	if len(patch) == 0 || patch[0] != format {
		return nil, nil, errors.New("the format is unknown")
	}
	c := newDecoder(patch[1:])
	h := c.header(header{})
	residue, err := h.open(patch[1:])
	if err != nil {
		return nil, nil, err
	}
	if h.residue > 0 {
		c.cut(h.residue)
	}
	entries, err := c.index(base, nil, limit)
	if err != nil {
		return nil, nil, err
	}
	l := newLayout(base, entries)
	window := make([]byte, l.size)
	l.fill(window, base)
	b := newBody(c, h, window, l.base)
	b.residue = residue
	for _, e := range entries {
		if !e.made() {
			continue
		}
		b.limit = b.pos + e.size
		for b.begin(b.pos, l.source(&e)); b.pos < b.limit; {
			if err := b.step(step{}); err != nil {
				return nil, nil, err
			}
			if b.exhausted() {
				return nil, nil, errShort
			}
		}
	}
	return b, entries, nil
}
