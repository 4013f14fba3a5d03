package deflate

import "math/bits"

// A writer appends bits to bytes, the lowest bit first.
type writer struct {
	out []byte
	acc uint64
	n   uint // bits in acc, below 8 between calls
}

// write appends n bits, at most 32. v has no others.
func (w *writer) write(v uint32, n uint) {
	w.acc |= uint64(v) << w.n
	w.n += n
	for w.n >= 8 {
		w.out = append(w.out, byte(w.acc))
		w.acc >>= 8
		w.n -= 8
	}
}

// align fills the last byte up with zeros.
func (w *writer) align() {
	if w.n > 0 {
		w.write(0, 8-w.n)
	}
}

// codewords gives the canonical code for lengths, as it is written: the highest bit of a code word first.
func codewords(words []uint16, lengths []uint8) {
	var next [maxCodeLength + 2]uint16
	for _, l := range lengths {
		if l > 0 {
			next[l+1]++
		}
	}
	for l := 1; l <= maxCodeLength; l++ {
		next[l+1] = (next[l+1] + next[l]) << 1
	}
	for i, l := range lengths {
		if l > 0 {
			words[i] = bits.Reverse16(next[l]) >> (16 - l)
			next[l]++
		}
	}
}
