package deflate

// headerBits guesses the length of a dynamic header from the number of symbols that occur.
const (
	headerBits = 70 << logBits
	symbolBits = 15 << (logBits - 2)
	maxCells   = 400
	minCell    = 64 // tokens
)

// A splitter cuts tokens into blocks.
//
// First at multiples of a cell of so many tokens: the shortest path from the first cell to the last, a step being a block,
// its length that of its entropy, of the extra bits and of a header as they usually are. Then, with the codes a block
// really gets, boundaries move, and blocks that are better one become one.
type splitter struct {
	symbols []uint16 // of all cells, each once for each cell; distances begin at numLitLen
	counts  []uint16 // how often
	cells   []cell
	cost    []uint64 // from the beginning to each cell
	from    []int32  // where the last block before it begins
	block   block    // to try
}

// A cell counts its tokens and what they stand for.
type cell struct {
	first int32 // in symbols; of the next cell: the end
	token int32
	bytes int32
	extra int32
	// the sums of all cells before it
}

// split returns where blocks end, in tokens.
func (s *splitter) split(ends []int, tokens []token) []int {
	s.fill(tokens)
	n := len(s.cells) - 1
	s.cost = resize(s.cost, n+1)
	s.from = resize(s.from, n+1)
	s.cost[0] = 0
	for to := 1; to <= n; to++ {
		s.cost[to] = ^uint64(0)
		var freq [numLitLen + numDist]uint32
		var sumLogs uint64 // of f log f
		var used uint64
		freq[endOfBlock] = 1
		for from := to - 1; from >= 0; from-- {
			a, b := s.cells[from], s.cells[from+1]
			for i := a.first; i < b.first; i++ {
				f := &freq[s.symbols[i]]
				if *f == 0 {
					used++
				} else {
					sumLogs -= xlog2(*f)
				}
				*f += uint32(s.counts[i])
				sumLogs += xlog2(*f)
			}
			end := s.cells[to]
			symbols := uint32(end.token - a.token + 1)
			matches := uint32(0)
			for _, f := range freq[numLitLen:] {
				matches += f
			}
			c := xlog2(symbols) + xlog2(max(matches, 1)) - sumLogs
			c += headerBits + symbolBits*used + uint64(end.extra-a.extra)<<logBits
			if plain := uint64(storedBits(int(end.bytes-a.bytes))) << logBits; plain < c {
				c = plain
			}
			if c += s.cost[from]; c < s.cost[to] {
				s.cost[to], s.from[to] = c, int32(from)
			}
		}
	}
	start := len(ends)
	for to := n; to > 0; to = int(s.from[to]) {
		ends = append(ends, int(s.cells[to].token))
	}
	for i, j := start, len(ends)-1; i < j; i, j = i+1, j-1 {
		ends[i], ends[j] = ends[j], ends[i]
	}
	return ends
}

// fill counts the cells.
func (s *splitter) fill(tokens []token) {
	size := max(minCell, (len(tokens)+maxCells-1)/maxCells)
	s.symbols, s.counts, s.cells = s.symbols[:0], s.counts[:0], s.cells[:0]
	var sum cell
	s.cells = append(s.cells, sum)
	for len(tokens) > 0 {
		part := tokens[:min(size, len(tokens))]
		tokens = tokens[len(part):]
		var h histogram
		h.count(part)
		h.litLen[endOfBlock] = 0
		sum.token += int32(len(part))
		sum.extra += int32(h.extra())
		for _, t := range part {
			sum.bytes += int32(t.bytes())
		}
		for i, f := range h.litLen {
			if f > 0 {
				s.symbols, s.counts = append(s.symbols, uint16(i)), append(s.counts, uint16(f))
			}
		}
		for i, f := range h.dist {
			if f > 0 {
				s.symbols, s.counts = append(s.symbols, uint16(numLitLen+i)), append(s.counts, uint16(f))
			}
		}
		sum.first = int32(len(s.symbols))
		s.cells = append(s.cells, sum)
	}
}
