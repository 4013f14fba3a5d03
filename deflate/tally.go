package deflate

// What a dynamic header is taken to be long, until one is made: the number of symbols that occur decides.
const (
	headerBits = 60 << logBits
	symbolBits = 13 << (logBits - 2)
)

// A tally counts symbols, and knows about how long a block of them is.
type tally struct {
	freq    [numLitLen + numDist]uint32 // distances begin at numLitLen
	tokens  uint32
	matches uint32
	extra   int // bits
	bytes   int
	used    uint64 // symbols
	logs    uint64 // the sum of xlog2 of freq
}

func (t *tally) reset() {
	*t = tally{used: 1}
	t.freq[endOfBlock] = 1
}

// add adds n, which may be less than nothing.
func (t *tally) add(symbol uint16, n uint32) {
	before := t.freq[symbol]
	after := before + n
	t.freq[symbol] = after
	t.logs += xlog2(after) - xlog2(before)
	if before == 0 {
		t.used++
	}
	if after == 0 {
		t.used--
	}
}

// count adds a token, or takes it away.
func (t *tally) count(k token, n int) {
	if k.isMatch() {
		length := lenCodes[k.value()]
		t.add(firstLen+uint16(length), uint32(n))
		t.add(numLitLen+uint16(k.slot()), uint32(n))
		t.matches += uint32(n)
		t.extra += n * int(lenExtra[length]+distExtra[k.slot()])
	} else {
		t.add(uint16(k.value()), uint32(n))
	}
	t.tokens += uint32(n)
	t.bytes += n * k.bytes()
}

// cost is the length of the shortest block, in bits with logBits after the point: for one with codes of its own the
// entropy, the extra bits and a usual header.
func (t *tally) cost() uint64 {
	c := xlog2(t.tokens+1) + xlog2(t.matches) - t.logs + headerBits + symbolBits*t.used + uint64(t.extra)<<logBits
	return min(c, uint64(storedBits(t.bytes))<<logBits)
}
