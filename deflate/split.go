package deflate

import "slices"

const (
	maxCells = 400
	minCell  = 24             // tokens
	hopeless = 600 << logBits // a block that is so much longer than the best way does not get better before it
)

// A splitter cuts tokens into blocks.
//
// First at multiples of a cell of so many tokens: the shortest path from the first cell to the last, a step being a block,
// its length the cost of its tally. Then, of every two neighbours, to the token.
type splitter struct {
	symbols []uint16 // of all cells, each once for each cell
	counts  []uint16 // how often
	cells   []cell   // and one that begins at the end
	cost    []uint64 // from the beginning to each cell
	from    []int32  // where the last block before it begins

	before, after tally
}

// A cell is where it begins, and the sums of all before it.
type cell struct {
	symbol, token, matches, extra, bytes int32
}

// split returns where blocks end, in tokens.
func (s *splitter) split(ends []int, tokens []token) []int {
	s.fill(tokens)
	n := len(s.cells) - 1
	s.cost = resize(s.cost, n+1)
	s.from = resize(s.from, n+1)
	s.cost[0] = 0
	t := &s.before
	for to := 1; to <= n; to++ {
		s.cost[to] = ^uint64(0)
		t.reset()
		end := s.cells[to]
		for from := to - 1; from >= 0; from-- {
			a := s.cells[from]
			for i := a.symbol; i < s.cells[from+1].symbol; i++ {
				t.add(s.symbols[i], uint32(s.counts[i]))
			}
			t.tokens, t.matches = uint32(end.token-a.token), uint32(end.matches-a.matches)
			t.extra, t.bytes = int(end.extra-a.extra), int(end.bytes-a.bytes)
			if c := s.cost[from] + t.cost(); c < s.cost[to] {
				s.cost[to], s.from[to] = c, int32(from)
			} else if c > s.cost[to]+hopeless {
				break
			}
		}
	}
	for to := n; to > 0; to = int(s.from[to]) {
		ends = append(ends, int(s.cells[to].token))
	}
	slices.Reverse(ends)
	for range 2 {
		s.refine(ends, tokens)
	}
	return ends
}

// fill counts the cells.
func (s *splitter) fill(tokens []token) {
	size := max(minCell, (len(tokens)+maxCells-1)/maxCells)
	s.symbols, s.counts, s.cells = s.symbols[:0], s.counts[:0], s.cells[:0]
	var at cell
	s.cells = append(s.cells, at)
	for part := range slices.Chunk(tokens, size) {
		var h histogram
		h.count(part)
		h.litLen[endOfBlock] = 0
		for i, f := range h.litLen {
			if f > 0 {
				s.symbols, s.counts = append(s.symbols, uint16(i)), append(s.counts, uint16(f))
			}
		}
		for i, f := range h.dist {
			if f > 0 {
				s.symbols, s.counts = append(s.symbols, uint16(numLitLen+i)), append(s.counts, uint16(f))
				at.matches += int32(f)
			}
		}
		at.symbol = int32(len(s.symbols))
		at.token += int32(len(part))
		at.extra += int32(h.extra())
		at.bytes += int32(bytesOf(part))
		s.cells = append(s.cells, at)
	}
}

// refine moves each end but the last to where the blocks on its two sides are shortest.
func (s *splitter) refine(ends []int, tokens []token) {
	start := 0
	for i := range len(ends) - 1 {
		both := tokens[start:ends[i+1]]
		s.before.reset()
		s.after.reset()
		for _, t := range both {
			s.after.count(t, 1)
		}
		best, at := ^uint64(0), 0
		for j, t := range both[:len(both)-1] {
			s.before.count(t, 1)
			s.after.count(t, -1)
			if c := s.before.cost() + s.after.cost(); c < best || c == best && start+j+1 == ends[i] {
				best, at = c, start+j+1
			}
		}
		ends[i] = at
		start = at
	}
}
