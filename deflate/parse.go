package deflate

// A span is a part of a segment in which one set of costs holds.
type span struct {
	end   int // in bytes
	costs *costs
}

// A parser finds the cheapest way through a segment.
type parser struct {
	cost   []uint32 // from each position to the end
	choice []token  // with which token the cheapest way goes on there
}

// parse appends the cheapest way through data to tokens. A token costs what it costs in the span in which it starts.
func (p *parser) parse(tokens []token, data []byte, f *finder, spans []span) []token {
	n := len(data)
	p.cost = resize(p.cost, n+1)
	p.choice = resize(p.choice, n)
	p.cost[n] = 0
	for s := len(spans) - 1; s >= 0; s-- {
		start := 0
		if s > 0 {
			start = spans[s-1].end
		}
		p.back(data, f, start, spans[s])
	}
	for i := 0; i < n; {
		t := p.choice[i]
		tokens = append(tokens, t)
		i += t.bytes()
	}
	return tokens
}

// back goes back through one span, from its end to start.
func (p *parser) back(data []byte, f *finder, start int, s span) {
	cost := p.cost
	lengths := &s.costs.length
	for i := s.end - 1; i >= start; i-- {
		best := cost[i+1] + s.costs.literal[data[i]]
		choice := literal(data[i])
		matches := f.matches[f.first[i]:f.first[i+1]]
		dist := ^uint32(0)
		var nearest token // the cheapest distance, not always the nearest
		for m := len(matches) - 1; m >= 0; m-- {
			shorter := uint32(minLength - 1)
			if m > 0 {
				shorter = matches[m-1].value()
			}
			if d := s.costs.dist[matches[m].slot()]; d < dist {
				dist, nearest = d, matches[m]
			}
			longest := matches[m].value()
			after := cost[i+int(shorter)+1 : i+int(longest)+1]
			per := lengths[shorter+1 : longest+1]
			per = per[:len(after)]
			for j, c := range after {
				if c += per[j] + dist; c < best {
					best = c
					choice = nearest.with(shorter + 1 + uint32(j))
				}
			}
		}
		cost[i] = best
		p.choice[i] = choice
	}
}
