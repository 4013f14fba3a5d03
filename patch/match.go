package patch

// A matcher finds where the contents of a patch occur before, byte by byte or with other names.
type matcher struct {
	window []byte

	heads, chain []int32 // positions by the hash of what follows them, and the one before with the same hash

	tokens       []int32  // where words begin, and every byte between them
	meaning      []uint32 // of a token: equal for all names, for all hashes, and for equal others
	named, names []int32  // tokens by the meaning of some of them, like heads and chain
}

const (
	hashBytes   = 6 // bytes that a copy has at least
	hashTokens  = 8 // tokens that a copy with other names has at least
	hashBits    = 18
	aName       = 1
	aHash       = 2
	longestWord = 64 // longer ones are compared, but known by their beginning
)

func newMatcher(window []byte) *matcher {
	m := &matcher{window: window, heads: filled(1 << hashBits), chain: make([]int32, len(window)), named: filled(1 << hashBits)}
	for at := 0; at < len(window); {
		end := m.wordEnd(at)
		m.tokens = append(m.tokens, int32(at))
		m.meaning = append(m.meaning, m.mean(at, end))
		at = end
	}
	m.names = make([]int32, len(m.tokens))
	return m
}

func filled(n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = -1
	}
	return s
}

func (m *matcher) wordEnd(at int) int {
	end := at
	for end < len(m.window) && letter[m.window[end]] != 0 {
		end++
	}
	return max(end, at+1)
}

func (m *matcher) mean(at, end int) uint32 {
	w := m.window[at:end]
	if letter[w[0]] == 0 {
		return uint32(w[0]) | 1<<16
	}
	if len(w) <= nameLength && (at == 0 || m.window[at-1] != '.') {
		return aName
	}
	if _, ok := parseHash(w); ok {
		return aHash
	}
	h := uint32(len(w))
	for _, b := range w[:min(len(w), longestWord)] {
		h = (h ^ uint32(b)) * 0x01000193
	}
	return h | 1<<31
}

// insert makes what stands in a part of the window known.
func (m *matcher) insert(from, to int) {
	for at := from; at < to && at+hashBytes <= len(m.window); at++ {
		h := m.bytesHash(at)
		m.chain[at] = m.heads[h]
		m.heads[h] = int32(at)
	}
}

// insertTokens does the same for tokens, from one to another.
func (m *matcher) insertTokens(from, to int) {
	for t := from; t < to && t+hashTokens <= len(m.tokens); t++ {
		if m.meaning[t]>>16 == 1 {
			continue
		}
		h := m.tokensHash(t)
		m.names[t] = m.named[h]
		m.named[h] = int32(t)
	}
}

func (m *matcher) bytesHash(at int) uint32 {
	w := m.window[at : at+hashBytes]
	h := uint32(w[0]) | uint32(w[1])<<8 | uint32(w[2])<<16 | uint32(w[3])<<24
	h = h*0x9E3779B1 ^ (uint32(w[4])|uint32(w[5])<<8)*0x85EBCA6B
	return (h ^ h>>15) * 0x2C1B3C6D >> (32 - hashBits)
}

func (m *matcher) tokensHash(t int) uint32 {
	h := uint32(0)
	for _, v := range m.meaning[t : t+hashTokens] {
		h = (h ^ v) * 0x85EBCA6B
		h ^= h >> 13
	}
	return h * 0x9E3779B1 >> (32 - hashBits)
}

// same returns how many bytes at two places are equal, up to a limit.
func (m *matcher) same(a, b, limit int) int {
	w := m.window
	n := 0
	for b+n < limit && w[a+n] == w[b+n] {
		n++
	}
	return n
}

// token returns the number of the token that begins at a place, or -1.
func (m *matcher) token(at int) int {
	lo, hi := 0, len(m.tokens)
	for lo < hi {
		if mid := (lo + hi) / 2; int(m.tokens[mid]) < at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(m.tokens) && int(m.tokens[lo]) == at {
		return lo
	}
	return -1
}

func (m *matcher) end(t int) int {
	if t+1 < len(m.tokens) {
		return int(m.tokens[t+1])
	}
	return len(m.window)
}

func (m *matcher) text(t int) []byte { return m.window[m.tokens[t]:m.end(t)] }
