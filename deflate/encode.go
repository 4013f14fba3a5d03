package deflate

import "sync"

const (
	// Segment is how much of the input is looked at together; no block is longer.
	Segment = 1 << 19
	// Best is the number of passes after which more rarely help.
	Best = 10
)

// Options say how much time to spend.
type Options struct {
	Passes int // over the input, with ever better costs; 0 is Best
}

// Bound is the length of n bytes in stored blocks, which Encode does not exceed.
func Bound(n int) int { return storedBits(n) / 8 }

// Encode appends src as one DEFLATE stream to dst, and returns it.
func Encode(dst, src []byte, o Options) []byte {
	if o.Passes <= 0 {
		o.Passes = Best
	}
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	before := len(dst)
	w := writer{out: dst}
	for start := 0; ; {
		end := min(start+Segment, len(src))
		e.segment(&w, src[max(0, start-maxDistance):end], min(start, maxDistance), o.Passes, end == len(src))
		if start = end; start == len(src) {
			break
		}
	}
	w.align()
	if len(w.out)-before > Bound(len(src)) {
		w = writer{out: w.out[:before]}
		writeStored(&w, src, true)
	}
	return w.out
}

var encoders = sync.Pool{New: func() any { return new(encoder) }}

// An encoder holds what encoding one segment needs.
type encoder struct {
	finder   finder
	parser   parser
	splitter splitter

	now, best way
	costs     []costs
	spans     []span
}

// A way is tokens and the blocks they are in.
type way struct {
	tokens []token
	ends   []int // of the blocks, in tokens
	blocks []block
	bits   int
}

// segment writes data from start on.
func (e *encoder) segment(w *writer, data []byte, start, passes int, last bool) {
	e.finder.find(data, start)
	data = data[start:]
	e.resetCosts(1)
	e.costs[0].guess(data)
	e.spans = append(e.spans, span{len(data), &e.costs[0]})
	e.best.bits = 0
	for pass := range passes {
		e.now.tokens = e.parser.parse(e.now.tokens[:0], data, &e.finder, e.spans)
		e.now.ends = e.splitter.split(e.now.ends[:0], e.now.tokens)
		e.plan()
		if pass == 0 || e.now.bits < e.best.bits {
			e.now, e.best = e.best, e.now
			e.now.ends = append(e.now.ends[:0], e.best.ends...)
		}
	}
	at := 0
	for i := range e.best.blocks {
		first := 0
		if i > 0 {
			first = e.best.ends[i-1]
		}
		tokens := e.best.tokens[first:e.best.ends[i]]
		size := 0
		for _, t := range tokens {
			size += t.bytes()
		}
		e.best.blocks[i].write(w, tokens, data[at:at+size], last && i == len(e.best.blocks)-1)
		at += size
	}
	if len(data) == 0 {
		(&block{form: fixed, bits: 10, code: fixedCode}).write(w, nil, nil, last)
	}
}

func (e *encoder) resetCosts(n int) {
	e.costs = resize(e.costs, n)
	e.spans = e.spans[:0]
}

// plan plans the blocks of now, and sets the costs from them.
func (e *encoder) plan() {
	p := &e.now
	e.resetCosts(len(p.ends))
	p.blocks = resize(p.blocks, len(p.ends))
	p.bits = 0
	first, at := 0, 0
	for i, end := range p.ends {
		var h histogram
		h.count(p.tokens[first:end])
		size := 0
		for _, t := range p.tokens[first:end] {
			size += t.bytes()
		}
		p.blocks[i].plan(&h, size)
		p.bits += p.blocks[i].bits
		at += size
		e.costs[i].entropy(&h)
		e.spans = append(e.spans, span{at, &e.costs[i]})
		first = end
	}
}
