package patch

// A parser finds a cheap way through the files that a patch makes: a shortest path over positions, some thousand at a
// time, in which every edge is a step.
type parser struct {
	*matcher
	*tariff
	nodes []node
}

// newParser returns a parser of what stands in the window behind the base.
func newParser(m *matcher, base int, t *tariff) *parser {
	m.forget()
	m.know(base)
	return &parser{matcher: m, tariff: t}
}

// A node is a position and the cheapest known way to it.
type node struct {
	cost  price
	from  int32 // the node before
	step  step
	place int8
	state // after the step, once the node is reached for good
}

const (
	block     = 1 << 15 // positions that are weighed together
	depth     = 24      // how many places with the same hash are looked at
	nice      = 256     // a copy as long as this is taken at once
	unlikely  = 1 << 30 // no way
	hitPrice  = 6
	missPrice = 12 << 8
	hopePrice = 3 << 8 // of a name that is not known yet to change
)

// parse returns the steps that make a file at pos and notes in s what they leave.
func (p *parser) parse(s state, pos, limit int) ([]step, state) {
	var all []step
	for pos < limit {
		steps, after := p.parseBlock(s, pos, min(limit, pos+block), limit)
		for _, st := range steps {
			pos += st.length
		}
		all, s = append(all, steps...), after
	}
	return all, s
}

// parseBlock finds the way from start to stop or a little farther, but not beyond limit.
func (p *parser) parseBlock(s state, start, stop, limit int) ([]step, state) {
	size := stop - start
	if len(p.nodes) <= size {
		p.nodes = make([]node, size+1)
	}
	nodes := p.nodes[:size+1]
	for i := range nodes {
		nodes[i].cost = unlikely
	}
	nodes[0] = node{state: s}
	var far node // the way to the farthest position behind stop
	farAt := 0
	reach := func(i, to int, n node) {
		at := to - start
		if at <= size {
			if n.cost < nodes[at].cost {
				n.from = int32(i)
				nodes[at] = n
			}
			return
		}
		if to > farAt {
			n.from = int32(i)
			far, farAt = n, to
		}
	}
	for i := 0; i < size; {
		n := &nodes[i]
		if n.cost >= unlikely {
			i++
			continue
		}
		pos := start + i
		if i > 0 {
			n.state = p.after(nodes[n.from].state, n, pos)
		}
		p.know(pos)
		reach(i, pos+1, node{cost: n.cost + p.kindPrice(literalStep, n.last) + p.literalPrice(p.matcher.window, pos), step: step{kind: literalStep, length: 1}})
		longest := max(p.copies(i, n, pos, limit, reach), p.renames(i, n, pos, limit, reach))
		if longest >= nice {
			if pos+longest > stop {
				break
			}
			i += longest
			continue
		}
		i++
	}
	// Back along the way.
	last := nodes[size]
	end := stop
	if farAt > 0 {
		last, end = far, farAt
	}
	after := p.after(nodes[last.from].state, &last, end)
	var steps []step
	for n, at := last, 0; ; n = nodes[at] {
		steps = append(steps, n.step)
		at = int(n.from)
		if at == 0 {
			break
		}
	}
	for i, j := 0, len(steps)-1; i < j; i, j = i+1, j-1 {
		steps[i], steps[j] = steps[j], steps[i]
	}
	return steps, after
}

// after returns the state after the step to n, which ends at pos, from the state before.
func (p *parser) after(s state, n *node, pos int) state {
	s.stepped(n.step.kind)
	if n.step.kind != literalStep {
		s.copied(int(n.place), n.step.end, pos)
	}
	return s
}

// copies reaches out with copies of what stands at pos, and returns the length of the longest.
func (p *parser) copies(i int, n *node, pos, limit int, reach func(int, int, node)) int {
	longest := 0
	try := func(source int) {
		length := p.same(source, pos, limit)
		if length == 0 || length < 2 && source != pos-n.near[0] && source != n.next {
			return
		}
		place, cost := p.placePrice(&n.state, copyStep, source, pos)
		if place == otherPlace && length <= longest || place == otherPlace && length < 4 {
			return
		}
		cost += n.cost + p.kindPrice(copyStep, n.last)
		at := func(l int) {
			reach(i, pos+l, node{cost: cost + p.lengthPrice(copyStep, place, l, pos+l == limit), step: step{copyStep, source, l, source + l}, place: int8(place)})
		}
		from := 1
		if place == otherPlace {
			from = max(longest+1, 4)
		}
		for l := from; l < min(length, 64); l++ {
			at(l)
		}
		at(length)
		longest = max(longest, length)
	}
	for k, d := range n.near {
		if d > 0 && pos-d >= 0 && (k == 0 || d != n.near[0]) {
			try(pos - d)
		}
	}
	if n.next < pos && n.next != pos-n.near[0] {
		try(n.next)
	}
	if longest >= nice || pos+hashBytes > limit {
		return longest
	}
	found := 0
	for at, k := p.heads[p.bytesHash(pos)], 0; at >= 0 && k < depth; at, k = p.chain[int(at)/p.stride], k+1 {
		if found > 0 && (pos+found >= limit || p.matcher.window[int(at)+found] != p.matcher.window[pos+found]) {
			continue
		}
		length := p.same(int(at), pos, limit)
		if length > found {
			found = length
			try(int(at))
			if length >= nice {
				break
			}
		}
	}
	return longest
}

// renames reaches out with copies in which names change.
func (p *parser) renames(i int, n *node, pos, limit int, reach func(int, int, node)) int {
	if !p.isToken(pos) {
		return 0
	}
	longest := 0
	try := func(source int) {
		if source >= 0 && source < pos && p.isToken(source) {
			longest = max(longest, p.renamed(i, n, pos, limit, source, reach))
		}
	}
	for k, d := range n.near {
		if d > 0 && (k == 0 || d != n.near[0]) {
			try(pos - d)
		}
	}
	if n.next != pos-n.near[0] {
		try(n.next)
	}
	if longest >= nice || letter[p.matcher.window[pos]] == 0 {
		return longest
	}
	h, end := p.tokensHash(pos)
	if end > limit {
		return longest
	}
	for u, k := p.named[h], 0; u >= 0 && k < depth && longest < nice; u, k = p.names[u], k+1 {
		try(int(p.words[u]))
	}
	return longest
}

// renamed reaches out with the copy of what stands at source for what stands at pos.
func (p *parser) renamed(i int, n *node, pos, limit, source int, reach func(int, int, node)) int {
	w := p.matcher.window
	place, cost := p.placePrice(&n.state, renameStep, source, pos)
	cost += n.cost + p.kindPrice(renameStep, n.last)
	changed, misses := false, 0
	a, b := source, pos
	out := func() {
		if changed && b > pos {
			reach(i, b, node{cost: cost + p.lengthPrice(renameStep, place, b-pos, b == limit), step: step{renameStep, source, b - pos, a}, place: int8(place)})
		}
	}
	for b < limit && a < pos {
		if letter[w[a]] == 0 || letter[w[b]] == 0 {
			if w[a] != w[b] {
				break
			}
			a, b = a+1, b+1
			continue
		}
		endA, endB := p.tokenEnd(a), p.tokenEnd(b)
		meaning := p.meaning(a, endA)
		if endA > pos || endB > limit || meaning != p.meaning(b, endB) {
			break
		}
		if string(w[a:endA]) != string(w[b:endB]) {
			if meaning == 0 {
				break
			}
			changed = true
		}
		if meaning == aName {
			old, now := pack(w[a:endA]), pack(w[b:endB])
			became, known := p.became(old)
			switch {
			case known && became == now, !known && old == now:
				cost += hitPrice
			case !known:
				cost += hopePrice
			default:
				if misses++; misses < 64 {
					out()
				}
				cost += missPrice
			}
		}
		a, b = endA, endB
	}
	out()
	if !changed {
		return 0
	}
	return b - pos
}
