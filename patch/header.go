package patch

import "errors"

// format is the first byte of a patch.
const format = 1

// A header says how a patch is coded. It is the first thing in the stream.
type header struct {
	contexts int  // of literals, see literals
	recall   bool // of literals
	residue  int  // bytes at the end of the patch that are not part of the stream
}

var errHeader = errors.New("the header is damaged")

func (c *coder) header(h header) header {
	var m [4]counter
	var size number
	h.contexts = c.tree(m[:], 2, h.contexts)
	h.recall = c.decideBool(&m[0], h.recall)
	h.residue = c.number(&size, h.residue)
	return h
}

// open returns the residue at the end of a patch.
func (h header) open(patch []byte) ([]byte, error) {
	if h.contexts == 0 || h.residue > len(patch) {
		return nil, errHeader
	}
	return patch[len(patch)-h.residue:], nil
}
