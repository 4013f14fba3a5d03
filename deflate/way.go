package deflate

// A way is tokens, and the blocks they are in.
type way struct {
	tokens []token
	ends   []int // of the blocks, in tokens
	blocks []block
	bits   int
}

// cut ends the blocks where the spans end, with the token that goes there or beyond.
func (p *way) cut(spans []span) {
	p.ends = p.ends[:0]
	at := 0
	for i, t := range p.tokens {
		at += t.bytes()
		if at < spans[0].end {
			continue
		}
		p.ends = append(p.ends, i+1)
		for len(spans) > 0 && spans[0].end <= at {
			spans = spans[1:]
		}
	}
}

// plan plans the blocks.
func (p *way) plan() {
	p.blocks = resize(p.blocks, len(p.ends))
	p.bits = 0
	start := 0
	for i, end := range p.ends {
		p.blocks[i].plan(p.tokens[start:end])
		p.bits += p.blocks[i].bits
		start = end
	}
}

// smooth finds codes for the blocks that are shorter together with their headers.
func (p *way) smooth(s *smoother) {
	p.bits = 0
	for i := range p.blocks {
		s.smooth(&p.blocks[i])
		p.bits += p.blocks[i].bits
	}
}

// write writes the blocks, whose tokens stand for data.
func (p *way) write(w *writer, data []byte, last bool) {
	if len(p.ends) == 0 { // an empty input
		w.write(bit(last), 1)
		w.write(fixed, 2)
		w.write(0, 7)
		return
	}
	start := 0
	for i, end := range p.ends {
		size := p.blocks[i].size
		p.blocks[i].write(w, p.tokens[start:end], data[:size], last && i == len(p.ends)-1)
		start, data = end, data[size:]
	}
}
