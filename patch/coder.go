package patch

// A coder is the entropy coder: a binary range coder with 32 bits, used in both directions. The code that models a patch
// hands it every decision together with the probability it expects; encoding writes the decision, decoding ignores the one
// handed in and returns the one that was written. So there is one description of the format, and not a reader and a writer
// that could differ.
type coder struct {
	decoding bool
	width    uint32 // of the interval
	code     uint32 // decoding: where in it the stream lies
	low      uint64 // encoding: its lower end, with room for a carry
	held     []byte // encoding: what is written; a carry may still change its end
	in       []byte // decoding: what is left
	cost     price  // of all decisions
	missing  int    // decoding: bytes read behind the end; what lies there is zero
}

const (
	half     = 1 << 15 // a probability of one half, in 1/65536
	leastBit = 32      // the smallest probability of a decision
	spare    = 4       // zero bytes at the end that a patch may leave out
)

func newEncoder() *coder { return &coder{width: 1<<32 - 1} }

func newDecoder(in []byte) *coder {
	c := &coder{decoding: true, width: 1<<32 - 1, in: in}
	for range 4 {
		c.code = c.code<<8 | c.read()
	}
	return c
}

func (c *coder) read() uint32 {
	if len(c.in) == 0 {
		c.missing++
		return 0
	}
	b := c.in[0]
	c.in = c.in[1:]
	return uint32(b)
}

// cut makes a decoder stop so many bytes before the end.
func (c *coder) cut(n int) { c.in = c.in[:max(0, len(c.in)-n)] }

// exhausted says that a decoder has read more than a patch may leave out: the stream is cut off or not one.
func (c *coder) exhausted() bool { return c.missing > spare }

// bit codes a decision that is 1 with probability p/65536.
func (c *coder) bit(p, bit int) int {
	bound := (c.width >> 16) * uint32(p)
	if c.decoding {
		bit = 0
		if c.code < bound {
			bit = 1
		}
	}
	if bit == 1 {
		c.cost += prices[p>>4]
		c.width = bound
	} else {
		c.cost += prices[4096-p>>4]
		c.width -= bound
		c.code -= bound
		c.low += uint64(bound)
	}
	for c.width < 1<<24 {
		c.width <<= 8
		if c.decoding {
			c.code = c.code<<8 | c.read()
		} else {
			c.shift()
		}
	}
	return bit
}

// shift moves the upper byte of low out.
func (c *coder) shift() {
	if c.low >= 1<<32 {
		c.low -= 1 << 32
		for i := len(c.held) - 1; ; i-- {
			c.held[i]++
			if c.held[i] != 0 {
				break
			}
		}
	}
	c.held = append(c.held, byte(c.low>>24))
	c.low = c.low << 8 & (1<<32 - 1)
}

// end returns the stream. Zeros at its end may be left out if nothing follows it.
func (c *coder) end() []byte {
	top := c.low + uint64(c.width) - 1
	for bits := 32; bits >= 0; bits -= 8 {
		if v := top >> bits << bits; v >= c.low {
			c.low = v
			break
		}
	}
	for range 4 {
		c.shift()
	}
	return c.held
}
