package deflate

import "sync"

const (
	// Segment is how much of the input is looked at together; no block is longer.
	Segment = 1 << 19
	// Best is the number of passes after which more are hardly worth their time.
	Best = 8
	// MaxMemory is what one call holds besides the input and the output.
	MaxMemory = 36 << 20
)

// finishing is how often the way is looked for once more with the very codes of the blocks.
const finishing = 3

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
		window := max(0, start-maxDistance)
		way := e.segment(src[window:end], start-window, o.Passes)
		way.write(&w, src[start:end], end == len(src))
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

// An encoder holds what it takes to encode one segment.
type encoder struct {
	finder   finder
	parser   parser
	splitter splitter
	smoother smoother

	now, best way
	costs     []costs // of the blocks
	spans     []span
}

// segment finds the best way through data from start on.
func (e *encoder) segment(data []byte, start, passes int) *way {
	e.finder.find(data, start)
	data = data[start:]
	e.costs = resize(e.costs, 1)
	e.costs[0].guess(data)
	e.spans = append(e.spans[:0], span{len(data), &e.costs[0]})
	e.best.bits = 0
	failed := 0
	for pass := 0; pass < passes && failed < 2; pass++ {
		e.parse(data)
		if pass&(pass+1) == 0 { // 0, 1, 3, 7
			e.now.ends = e.splitter.split(e.now.ends[:0], e.now.tokens)
		} else {
			e.now.cut(e.spans)
		}
		e.now.plan()
		e.setCosts(&e.now, func(c *costs, b *block) { c.entropy(&b.histogram) })
		if failed++; e.better() {
			failed = 0
		}
	}

	e.best.smooth(&e.smoother)
	for range finishing {
		e.setCosts(&e.best, func(c *costs, b *block) { c.real(&b.code) })
		e.parse(data)
		e.now.cut(e.spans)
		e.now.plan()
		e.now.smooth(&e.smoother)
		if !e.better() {
			break
		}
	}
	return &e.best
}

// parse finds the cheapest way there is now.
func (e *encoder) parse(data []byte) {
	e.now.tokens = e.parser.parse(e.now.tokens[:0], data, &e.finder, e.spans)
}

// better keeps the way that was just found if it is the best so far.
func (e *encoder) better() bool {
	if e.best.bits > 0 && e.now.bits >= e.best.bits {
		return false
	}
	e.now, e.best = e.best, e.now
	return true
}

// setCosts makes each block of w a span, with costs that set sets.
func (e *encoder) setCosts(w *way, set func(*costs, *block)) {
	e.costs = resize(e.costs, len(w.blocks))
	e.spans = e.spans[:0]
	at := 0
	for i := range w.blocks {
		at += w.blocks[i].size
		set(&e.costs[i], &w.blocks[i])
		e.spans = append(e.spans, span{at, &e.costs[i]})
	}
}
