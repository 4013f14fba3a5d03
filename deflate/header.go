package deflate

// Symbols of the code for code lengths, beyond the lengths themselves.
const (
	repeatLast = 16 // 3 to 6 times
	fewZeros   = 17 // 3 to 10
	manyZeros  = 18 // 11 to 138
	numLengths = 19
)

var (
	lengthOrder = [numLengths]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	repeatExtra = [numLengths]uint8{repeatLast: 2, fewZeros: 3, manyZeros: 7}
	repeatLeast = [numLengths]uint8{repeatLast: 3, fewZeros: 3, manyZeros: 11}
	repeatMost  = [numLengths]uint8{repeatLast: 6, fewZeros: 10, manyZeros: 138}
)

// A header describes the two codes of a dynamic block.
type header struct {
	litLens, dists int // lengths that are described
	steps          [numLitLen + numDist]step
	n              int               // of steps
	lengths        [numLengths]uint8 // of the code for code lengths
	written        int               // of those
	bits           int
}

// A step is a symbol and how many lengths it stands for.
type step struct{ symbol, times uint8 }

// describe finds a short description: given what the symbols cost, the shortest path over the lengths; from how often it
// uses them, new costs; and so on while that helps, at most rounds times.
func (h *header) describe(litLen, dist []uint8, rounds int) {
	h.litLens, h.dists = numLitLen, numDist
	for h.litLens > firstLen && litLen[h.litLens-1] == 0 {
		h.litLens--
	}
	for h.dists > 1 && dist[h.dists-1] == 0 {
		h.dists--
	}
	var all [numLitLen + numDist]uint8
	n := copy(all[:], litLen[:h.litLens])
	n += copy(all[n:], dist[:h.dists])

	cost := [numLengths]uint32{0: 3, 1: 6, 2: 6, 3: 5, 4: 4, 5: 4, 6: 4, 7: 3, 8: 3, 9: 4, 10: 4, 11: 5, 12: 5, 13: 6, 14: 6, 15: 6,
		repeatLast: 4, fewZeros: 4, manyZeros: 5}
	var try header
	h.bits = 0
	for range rounds {
		try.walk(all[:n], &cost)
		if h.bits > 0 && try.bits >= h.bits {
			return
		}
		h.steps, h.n, h.lengths, h.written, h.bits = try.steps, try.n, try.lengths, try.written, try.bits
		for s, l := range try.lengths {
			cost[s] = uint32(l)
			if l == 0 {
				cost[s] = maxLengthCodeLength
			}
		}
	}
}

// walk takes the cheapest steps for given costs, and sets the code for them.
func (h *header) walk(all []uint8, cost *[numLengths]uint32) {
	var toEnd [numLitLen + numDist + 1]uint32
	var best [numLitLen + numDist]step
	run := 0 // of equal lengths from i on
	for i := len(all) - 1; i >= 0; i-- {
		l := all[i]
		if i+1 < len(all) && all[i+1] == l {
			run++
		} else {
			run = 1
		}
		least, b := toEnd[i+1]+cost[l], step{l, 1}
		repeat := func(symbol int) {
			c := cost[symbol] + uint32(repeatExtra[symbol])
			for times := int(repeatLeast[symbol]); times <= min(run, int(repeatMost[symbol])); times++ {
				if toEnd[i+times]+c < least {
					least, b = toEnd[i+times]+c, step{uint8(symbol), uint8(times)}
				}
			}
		}
		if l == 0 {
			repeat(fewZeros)
			repeat(manyZeros)
		} else if i > 0 && all[i-1] == l {
			repeat(repeatLast)
		}
		toEnd[i], best[i] = least, b
	}

	var freq [numLengths]uint32
	h.n, h.bits = 0, 5+5+4
	for i := 0; i < len(all); i += int(best[i].times) {
		h.steps[h.n] = best[i]
		h.n++
		freq[best[i].symbol]++
		h.bits += int(repeatExtra[best[i].symbol])
	}
	huffman(h.lengths[:], freq[:], maxLengthCodeLength)
	h.written = numLengths
	for h.written > 4 && h.lengths[lengthOrder[h.written-1]] == 0 {
		h.written--
	}
	h.bits += 3 * h.written
	for s, f := range freq {
		h.bits += int(f) * int(h.lengths[s])
	}
}

func (h *header) write(w *writer) {
	w.write(uint32(h.litLens-firstLen), 5)
	w.write(uint32(h.dists-1), 5)
	w.write(uint32(h.written-4), 4)
	for _, s := range lengthOrder[:h.written] {
		w.write(uint32(h.lengths[s]), 3)
	}
	var words [numLengths]uint16
	codewords(words[:], h.lengths[:])
	for _, s := range h.steps[:h.n] {
		w.write(uint32(words[s.symbol]), uint(h.lengths[s.symbol]))
		if s.symbol < repeatLast {
			continue
		}
		w.write(uint32(s.times-repeatLeast[s.symbol]), uint(repeatExtra[s.symbol]))
	}
}
