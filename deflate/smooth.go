package deflate

// A smoother looks for code lengths that make a block longer than the optimal ones, but pay for it in the header, where
// equal lengths in a row are cheap.
//
// The cheapest lengths for block and header together are a shortest path over the symbols, the state being the length of
// the symbol before, if the third demand, that the code be complete, has a price too: the part 2^-l of all words that a
// length of l takes up is charged at the total of the frequencies divided by ln 2, the rate at which an optimal code takes
// it up. The lengths on that path take up about all words. Taken as frequencies they give a code that takes up precisely
// all, with nearly those lengths.
type smoother struct {
	freq  [numBoth]uint64
	total [numBoth]uint64                        // of the alphabet
	sum   [maxCodeLength + 1][numBoth + 1]uint64 // what a length costs from a symbol to the end, but for the header
	cost  [numBoth + 1][maxCodeLength + 1]uint64 // from a symbol to the end, after a length
	step  [numBoth][maxCodeLength + 1]step

	code   code // to try
	header header
}

const (
	numBoth = numLitLen + numDist
	perNat  = 369 // 1/ln 2, costBits after the point
	around  = 2   // lengths that differ by more from the ideal one are not looked at
)

// smooth replaces the code of a dynamic block by a cheaper one, if it finds one.
func (s *smoother) smooth(b *block) {
	if b.form != dynamic {
		return
	}
	h := &b.histogram
	rest := 3 + h.extra()
	for range 3 {
		n := s.fill(h, &b.header)
		s.path(n, &b.header)
		s.follow(n, b.header.litLens)
		s.header.describe(s.code.litLen[:numLitLen], s.code.dist[:], 3)
		bits := s.header.bits + s.code.bits(h) + rest
		if bits >= b.bits {
			return
		}
		b.code, b.header, b.bits = s.code, s.header, bits
	}
}

// fill puts the symbols that head describes one after the other, and returns how many they are.
func (s *smoother) fill(h *histogram, head *header) int {
	put := func(at int, freq []uint32) int {
		total := uint64(0)
		for _, f := range freq {
			total += uint64(f)
		}
		for i, f := range freq {
			s.freq[at+i], s.total[at+i] = uint64(f), total
		}
		return at + len(freq)
	}
	n := put(put(0, h.litLen[:head.litLens]), h.dist[:head.dists])
	for l := range s.sum {
		sum := &s.sum[l]
		sum[n] = 0
		for i := n - 1; i >= 0; i-- {
			sum[i] = sum[i+1] + s.freq[i]*uint64(l)<<costBits
			if l > 0 {
				sum[i] += s.total[i] * perNat >> l
			}
		}
	}
	return n
}

// path finds the cheapest step for each symbol after each length, a step costing what it costs in head.
func (s *smoother) path(n int, head *header) {
	var cost [numLengths]uint64 // of the header's symbols
	for i, l := range head.lengths {
		if l == 0 {
			l = maxLengthCodeLength
		}
		cost[i] = uint64(l+repeatExtra[i]) << costBits
	}
	s.cost[n] = [maxCodeLength + 1]uint64{}
	zeros := 0 // from i on
	for i := n - 1; i >= 0; i-- {
		low, high := s.likely(i)
		if zeros++; low > 0 {
			zeros = 0
		}
		best, b := ^uint64(0), step{}
		for l := low; l <= high; l++ {
			if c := s.cost[i+1][l] + cost[l] + s.sum[l][i] - s.sum[l][i+1]; c < best {
				best, b = c, step{uint8(l), 1}
			}
		}
		for symbol := fewZeros; symbol <= manyZeros; symbol++ {
			for t := int(repeatLeast[symbol]); t <= min(zeros, int(repeatMost[symbol])); t++ {
				if c := s.cost[i+t][0] + cost[symbol]; c < best {
					best, b = c, step{uint8(symbol), uint8(t)}
				}
			}
		}
		for l := range s.cost[i] {
			s.cost[i][l], s.step[i][l] = best, b
			for t := 3; l > 0 && t <= min(n-i, 6); t++ {
				if c := s.cost[i+t][l] + cost[repeatLast] + s.sum[l][i] - s.sum[l][i+t]; c < s.cost[i][l] {
					s.cost[i][l], s.step[i][l] = c, step{repeatLast, uint8(t)}
				}
			}
		}
	}
}

// likely gives the lengths that may suit a symbol.
func (s *smoother) likely(i int) (low, high int) {
	if s.freq[i] == 0 {
		return 0, maxCodeLength
	}
	ideal := int((log2(uint32(s.total[i])) - log2(uint32(s.freq[i])) + 1<<(logBits-1)) >> logBits)
	ideal = min(max(ideal, 1), maxCodeLength)
	return max(ideal-around, 1), min(ideal+around, maxCodeLength)
}

// follow sets the code from the cheapest steps.
func (s *smoother) follow(n, litLens int) {
	var freq [numBoth]uint32
	last := uint8(0)
	for i := 0; i < n; {
		st := s.step[i][last]
		switch {
		case st.symbol < repeatLast:
			last = st.symbol
		case st.symbol > repeatLast:
			last = 0
		}
		for range st.times {
			at := i
			if i >= litLens {
				at = numLitLen + i - litLens
			}
			if last > 0 {
				freq[at] = 1 << (maxCodeLength - last)
			}
			i++
		}
	}
	huffman(s.code.litLen[:numLitLen], freq[:numLitLen], maxCodeLength)
	huffman(s.code.dist[:], freq[numLitLen:], maxCodeLength)
}
