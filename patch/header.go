package patch

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
)

// format is the first byte of a patch.
const format = 1

// A header says how a patch is coded. It is the first thing in the stream.
type header struct {
	contexts int  // of literals, see literals
	recall   bool // of literals
	residue  int  // bytes at the end of the patch that are not part of the stream
	inflated int  // bytes that they are inflated to, or 0 if they are as they are
}

var errHeader = errors.New("the header is damaged")

func (c *coder) header(h header) header {
	var m [8]counter
	var size number
	h.contexts = c.tree(m[:], 3, h.contexts)
	h.recall = c.decideBool(&m[0], h.recall)
	h.residue = c.number(&size, h.residue)
	if h.residue > 0 {
		h.inflated = c.number(&size, h.inflated)
	}
	return h
}

// open returns the residue at the end of a patch.
func (h header) open(patch []byte) ([]byte, error) {
	if h.contexts == 0 || h.residue > len(patch) || h.inflated > MaxUnpacked {
		return nil, errHeader
	}
	residue := patch[len(patch)-h.residue:]
	if h.inflated == 0 {
		return residue, nil
	}
	out := make([]byte, h.inflated)
	r := flate.NewReader(bytes.NewReader(residue))
	if _, err := io.ReadFull(r, out); err != nil {
		return nil, errHeader
	}
	return out, nil
}
