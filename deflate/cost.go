package deflate

const (
	costBits  = 8              // of a cost, after the point
	maxSymbol = 20 << costBits // cost of a symbol
	inHeader  = 2 << costBits  // what the use of a symbol costs in the header, shared by all its uses
)

// A histogram counts the symbols of a block.
type histogram struct {
	litLen [numLitLen]uint32
	dist   [numDist]uint32
}

func (h *histogram) count(tokens []token) {
	*h = histogram{}
	for _, t := range tokens {
		if t.isMatch() {
			h.litLen[firstLen+int(lenCodes[t.value()])]++
			h.dist[t.slot()]++
		} else {
			h.litLen[t.value()]++
		}
	}
	h.litLen[endOfBlock] = 1
}

// extra is the bits that follow the code words.
func (h *histogram) extra() int {
	n := 0
	for c, extra := range lenExtra {
		n += int(extra) * int(h.litLen[firstLen+c])
	}
	for c, extra := range distExtra {
		n += int(extra) * int(h.dist[c])
	}
	return n
}

// costs is what tokens cost in a block, with their extra bits.
type costs struct {
	literal [256]uint32
	length  [maxLength + 1]uint32
	dist    [numDist]uint32
}

// guess sets costs that no way through the segment was needed for: literals as often as they are in data, all lengths and
// distances of one code alike.
func (c *costs) guess(data []byte) {
	var h [256]uint32
	for _, b := range data {
		h[b]++
	}
	symbolCosts(c.literal[:], h[:])
	for n := minLength; n <= maxLength; n++ {
		c.length[n] = 6 << costBits
	}
	for i := range c.dist {
		c.dist[i] = 5 << costBits
	}
	c.addExtra()
}

// entropy sets the costs of an ideal code for h.
func (c *costs) entropy(h *histogram) {
	var s [numLitLen]uint32
	symbolCosts(s[:], h.litLen[:])
	c.spread(&s)
	symbolCosts(c.dist[:], h.dist[:])
	c.addExtra()
}

// real sets the costs of a code that exists.
func (c *costs) real(code *code) {
	var s [numLitLen]uint32
	codeCosts(s[:], code.litLen[:numLitLen])
	c.spread(&s)
	codeCosts(c.dist[:], code.dist[:])
	c.addExtra()
}

func (c *costs) spread(s *[numLitLen]uint32) {
	copy(c.literal[:], s[:])
	for n := minLength; n <= maxLength; n++ {
		c.length[n] = s[firstLen+int(lenCodes[n])]
	}
}

func (c *costs) addExtra() {
	for n := minLength; n <= maxLength; n++ {
		c.length[n] += uint32(lenExtra[lenCodes[n]]) << costBits
	}
	for i := range c.dist {
		c.dist[i] += uint32(distExtra[i]) << costBits
	}
}

func symbolCosts(costs, freq []uint32) {
	total := uint32(0)
	for _, f := range freq {
		total += f
	}
	all := log2(max(total, 1))
	for i, f := range freq {
		f = max(f, 1)
		costs[i] = min((all-log2(f))>>(logBits-costBits)+inHeader/f, maxSymbol)
	}
}

func codeCosts(costs []uint32, lengths []uint8) {
	longest := uint8(0)
	for _, l := range lengths {
		longest = max(longest, l)
	}
	for i, l := range lengths {
		if l == 0 {
			l = min(longest+1, maxCodeLength)
		}
		costs[i] = uint32(l) << costBits
	}
}
