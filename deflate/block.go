package deflate

// Block types of the RFC.
const (
	stored = iota
	fixed
	dynamic

	maxStored = 1<<16 - 1
)

// A code is the code lengths of a block.
type code struct {
	litLen [numLitLen + 2]uint8 // with the two that are in the fixed code, but never occur
	dist   [numDist]uint8
}

// fixedCode lacks the two distances that never occur; they are the last ones.
var fixedCode = func() (c code) {
	for s := range c.litLen {
		switch {
		case s < 144 || s >= 280:
			c.litLen[s] = 8
		case s < 256:
			c.litLen[s] = 9
		default:
			c.litLen[s] = 7
		}
	}
	for s := range c.dist {
		c.dist[s] = 5
	}
	return c
}()

// bits is the length of what h counts in this code, without extra bits.
func (c *code) bits(h *histogram) int {
	n := 0
	for s, f := range h.litLen {
		n += int(f) * int(c.litLen[s])
	}
	for s, f := range h.dist {
		n += int(f) * int(c.dist[s])
	}
	return n
}

// A block is how a part of the input is written.
type block struct {
	size      int // in bytes of the input
	histogram histogram
	form      int
	code      code
	header    header
	bits      int // with the three in front; when stored, with as many to align as may be needed
}

// plan chooses the form of a block of tokens.
func (b *block) plan(tokens []token) {
	b.size = bytesOf(tokens)
	h := &b.histogram
	h.count(tokens)
	b.code = code{}
	huffman(b.code.litLen[:], h.litLen[:], maxCodeLength)
	huffman(b.code.dist[:], h.dist[:], maxCodeLength)
	b.header.describe(b.code.litLen[:numLitLen], b.code.dist[:], 2)
	extra := h.extra()
	b.form = dynamic
	b.bits = 3 + b.header.bits + b.code.bits(h) + extra
	if n := 3 + fixedCode.bits(h) + extra; n <= b.bits {
		b.form, b.bits, b.code = fixed, n, fixedCode
	}
	if n := storedBits(b.size) + 7; n < b.bits {
		b.form, b.bits = stored, n
	}
}

// storedBits is the length of stored blocks that begin so that nothing is lost to align.
func storedBits(size int) int {
	return 8*size + 40*max(1, (size+maxStored-1)/maxStored)
}

// write appends the block, which holds tokens that stand for data.
func (b *block) write(w *writer, tokens []token, data []byte, last bool) {
	if b.form == stored || storedBits(len(data)) <= b.bits-int(3+w.n)%8 {
		writeStored(w, data, last)
		return
	}
	w.write(bit(last), 1)
	w.write(uint32(b.form), 2)
	if b.form == dynamic {
		b.header.write(w)
	}
	var litLen [numLitLen + 2]uint16
	var dist [numDist]uint16
	codewords(litLen[:], b.code.litLen[:])
	codewords(dist[:], b.code.dist[:])
	for _, t := range tokens {
		if !t.isMatch() {
			w.write(uint32(litLen[t.value()]), uint(b.code.litLen[t.value()]))
			continue
		}
		c := lenCodes[t.value()]
		w.write(uint32(litLen[firstLen+int(c)]), uint(b.code.litLen[firstLen+int(c)]))
		w.write(t.value()-uint32(lenBase[c]), uint(lenExtra[c]))
		w.write(uint32(dist[t.slot()]), uint(b.code.dist[t.slot()]))
		w.write(t.dist()-uint32(distBase[t.slot()]), uint(distExtra[t.slot()]))
	}
	w.write(uint32(litLen[endOfBlock]), uint(b.code.litLen[endOfBlock]))
}

func writeStored(w *writer, data []byte, last bool) {
	for {
		n := min(len(data), maxStored)
		w.write(bit(last && n == len(data)), 1)
		w.write(stored, 2)
		w.align()
		w.write(uint32(n), 16)
		w.write(uint32(n)^0xffff, 16)
		w.out = append(w.out, data[:n]...)
		if data = data[n:]; len(data) == 0 {
			return
		}
	}
}

func bit(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
