package patch

// Literals are coded bit by bit. Some contexts, such as the byte before or the word so far, each have a counter for every
// bit, and so has the byte that followed when the last bytes occurred before. A mixer weighs these opinions and learns whom
// to believe.
type literals struct {
	contexts int  // how many give their opinion
	recall   bool // what occurred before does too

	slots   []counter // of all contexts, found by hash
	hash    [maxContexts]uint32
	slot    [maxContexts]uint32
	opinion [maxContexts + 1]int32
	weights []int32 // of the opinions, in 1/65536, a set of them for every situation

	places  []int32 // where the last bytes occurred before, by hash
	known   int     // up to where places knows the window
	match   int     // where what occurred before goes on
	matched int     // how many bytes it was right, 0 if there is none
	right   [32]counter
}

const (
	maxContexts = 3
	slotBits    = 20
	patient     = 255 // the patience of the counters here
	placeBits   = 18
	matchBytes  = 4  // that say what occurred before
	longMatch   = 16 // bytes after which what occurred before is trusted more
	longestWord = 12 // letters that tell words apart
	memory      = 32 // bytes of a long copy, its last, that are remembered
)

func newLiterals(contexts int, recall bool) *literals {
	l := &literals{contexts: contexts, recall: recall, slots: make([]counter, 1<<slotBits)}
	if recall {
		l.places = make([]int32, 1<<placeBits)
	}
	l.weights = make([]int32, 3*(contexts+1)*(contexts+1))
	for i := range l.weights {
		l.weights[i] = 1 << 16 * 3 / 10
	}
	return l
}

// literal codes the byte at pos of a window of which everything before is known.
func (l *literals) literal(c *coder, window []byte, pos int, v byte) byte {
	l.look(window, pos)
	expected := uint32(0)
	if l.recall {
		if l.remember(window, pos); l.matched > 0 {
			expected = uint32(window[l.match]) | 256
		}
	}
	node := uint32(1)
	for i := 7; i >= 0; i-- {
		foretold := -1
		if expected>>(i+1) == node {
			foretold = int(expected >> i & 1)
		}
		node = node<<1 | uint32(l.bit(c, node, foretold, int(v>>i&1)))
	}
	if l.matched > 0 {
		l.match++
		if l.matched++; node != expected {
			l.matched = 0
		}
	}
	return byte(node)
}

// look hashes the contexts: the byte before, the word so far and the two bytes before.
func (l *literals) look(window []byte, pos int) {
	one, two, word := uint32(0), uint32(0), uint32(0)
	if pos > 0 {
		one = uint32(window[pos-1])
	}
	if pos > 1 {
		two = uint32(window[pos-2])
	}
	for i := pos - 1; i >= 0 && i >= pos-longestWord && letter[window[i]] != 0; i-- {
		word = (word + uint32(window[i])) * 0x2C1B3C6D
	}
	l.hash = [maxContexts]uint32{
		(one + 1) * 0x2F0B4C47,
		word + 1<<30,
		(one<<8+two+257)*0x3D4D51CB + 1<<31,
	}
}

// remember finds what occurred before with the bytes in front of pos, and remembers these.
func (l *literals) remember(window []byte, pos int) {
	from := max(l.known, matchBytes)
	if l.known < pos {
		l.matched = 0 // there was a copy
		if l.known > 0 {
			from = max(from, pos-memory)
		}
	}
	for ; from < pos; from++ {
		l.places[placeHash(window, from)] = int32(from)
	}
	l.known = pos + 1
	if pos < matchBytes {
		return
	}
	h := placeHash(window, pos)
	if l.matched == 0 {
		m := int(l.places[h])
		n := 0
		for n < m && n < longMatch && window[m-1-n] == window[pos-1-n] {
			n++
		}
		if n >= matchBytes {
			l.match, l.matched = m, n
		}
	}
	l.places[h] = int32(pos)
}

// placeHash is that of the bytes in front of at.
func placeHash(w []byte, at int) uint32 {
	h := uint32(w[at-4]) | uint32(w[at-3])<<8 | uint32(w[at-2])<<16 | uint32(w[at-1])<<24
	return h * 0x2F0B4C47 >> (32 - placeBits)
}

// bit codes a bit of a literal. node is 1 followed by the bits before it; foretold is the bit that followed before, or -1.
func (l *literals) bit(c *coder, node uint32, foretold, bit int) int {
	n, set := l.contexts, 0
	for i := range n {
		at := (l.hash[i] + node*0x9E3779B1) >> (32 - slotBits)
		s := l.slots[at]
		if s&255 != 0 {
			set++ // the more contexts know something, the longer ones do
		}
		l.slot[i] = at
		l.opinion[i] = stretch[s.opinion()]
	}
	right := &l.right[min(l.matched, 31)]
	l.opinion[n] = 0
	if foretold >= 0 {
		l.opinion[n] = stretch[right.opinion()]
		if foretold == 0 {
			l.opinion[n] *= -1
		}
		if set += n + 1; l.matched > longMatch {
			set += n + 1
		}
	}
	opinions, weights := l.opinion[:n+1], l.weights[set*(n+1):]
	sum := int32(0)
	for i, o := range opinions {
		sum += weights[i] * o >> 8
	}
	p := squash(sum >> 8)
	bit = c.bit(int(p)<<4, bit)
	wrong := int32(bit)<<12 - p
	for i, o := range opinions {
		weights[i] += (o*wrong + 1<<9) >> 10
	}
	for i := range n {
		l.slots[l.slot[i]].update(bit, patient)
	}
	if foretold >= 0 {
		right.update(1-(foretold^bit), patient)
	}
	return bit
}
