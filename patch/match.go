package patch

// A matcher finds where the contents of a patch occur before, byte by byte or with other names.
type matcher struct {
	window []byte

	stride       int     // of large windows, only every so many positions are known
	heads, chain []int32 // positions by the hash of what follows them, and for each the one before with the same hash
	seen         int     // up to where positions are known

	words        []int32 // where words begin
	named, names []int32 // like heads and chain, but of words, by what some tokens from there on mean
	seenWords    int
}

const (
	hashBytes   = 6 // bytes that a copy has at least
	hashTokens  = 8 // tokens that a copy with other names has at least
	hashBits    = 18
	large       = 8 << 20
	largeStride = 4
)

// What a token means: all names mean the same, so do all hashes. Other words and bytes mean what they are.
const (
	aName = 1
	aHash = 2
)

func newMatcher(window []byte) *matcher {
	m := &matcher{window: window, stride: 1, heads: make([]int32, 1<<hashBits), named: make([]int32, 1<<hashBits)}
	if len(window) > large {
		m.stride = largeStride
	}
	m.chain = make([]int32, len(window)/m.stride+1)
	count := 0
	for at := 0; at < len(window); at = m.tokenEnd(at) {
		if letter[window[at]] != 0 {
			count++
		}
	}
	m.words = make([]int32, 0, count)
	for at := 0; at < len(window); at = m.tokenEnd(at) {
		if letter[window[at]] != 0 {
			m.words = append(m.words, int32(at))
		}
	}
	m.names = make([]int32, count)
	return m
}

// forget makes everything unknown.
func (m *matcher) forget() {
	for i := range m.heads {
		m.heads[i], m.named[i] = -1, -1
	}
	m.seen, m.seenWords = 0, 0
}

// know makes what stands before pos known.
func (m *matcher) know(pos int) {
	for ; m.seen < pos && m.seen+hashBytes <= len(m.window); m.seen += m.stride {
		h := m.bytesHash(m.seen)
		m.chain[m.seen/m.stride] = m.heads[h]
		m.heads[h] = int32(m.seen)
	}
	for m.seenWords < len(m.words) {
		h, end := m.tokensHash(int(m.words[m.seenWords]))
		if end > pos {
			break
		}
		m.names[m.seenWords] = m.named[h]
		m.named[h] = int32(m.seenWords)
		m.seenWords++
	}
}

// tokenEnd returns where the word that begins at a place ends; a byte that belongs to no word is a token of its own.
func (m *matcher) tokenEnd(at int) int {
	end := at
	for end < len(m.window) && letter[m.window[end]] != 0 {
		end++
	}
	return max(end, at+1)
}

// isToken says whether a token begins at a place.
func (m *matcher) isToken(at int) bool {
	return at == 0 || letter[m.window[at-1]] == 0 || letter[m.window[at]] == 0
}

// meaning returns what the token from at to end means, 0 if it is what it is.
func (m *matcher) meaning(at, end int) int {
	switch {
	case letter[m.window[at]] == 0:
		return 0
	case end-at <= nameLength && (at == 0 || m.window[at-1] != '.'):
		return aName
	case end-at == hashLength:
		if _, ok := parseHash(m.window[at:end]); ok {
			return aHash
		}
	}
	return 0
}

func (m *matcher) bytesHash(at int) uint32 {
	w := m.window[at : at+hashBytes]
	h := uint32(w[0]) | uint32(w[1])<<8 | uint32(w[2])<<16 | uint32(w[3])<<24
	h = h*0x9E3779B1 ^ (uint32(w[4])|uint32(w[5])<<8)*0x85EBCA6B
	return (h ^ h>>15) * 0x2C1B3C6D >> (32 - hashBits)
}

// tokensHash returns the hash of what the tokens from at on mean, and where they end.
func (m *matcher) tokensHash(at int) (uint32, int) {
	h := uint32(0)
	for n := 0; n < hashTokens && at < len(m.window); n++ {
		end := m.tokenEnd(at)
		if meaning := m.meaning(at, end); meaning != 0 {
			h = (h ^ uint32(meaning)) * 0x85EBCA6B
		} else {
			for _, b := range m.window[at:end] {
				h = (h ^ uint32(b) ^ 1<<16) * 0x85EBCA6B
			}
		}
		h ^= h >> 13
		at = end
	}
	return h * 0x9E3779B1 >> (32 - hashBits), at
}

// same returns how many bytes at two places are equal, up to a limit for the second.
func (m *matcher) same(a, b, limit int) int {
	w := m.window
	n := 0
	for b+n < limit && w[a+n] == w[b+n] {
		n++
	}
	return n
}
