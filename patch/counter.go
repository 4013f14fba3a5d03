package patch

// A counter is the probability that a decision is 1 and how often it was made: (p - 32768) << 8 | count. Zero is one half
// and never.
type counter int32

// rates says how far a counter moves towards a decision, in 1/16384, by how often it was made before.
var rates = func() (r [256]int32) {
	for n := range r {
		r[n] = int32(163840 / (10*n + 16))
	}
	return
}()

func (c counter) p() int {
	return min(max(int(c>>8)+half, leastBit), 1<<16-leastBit)
}

// opinion is the probability in 1/4096.
func (c counter) opinion() int { return (int(c>>8) + half) >> 4 }

func (c *counter) update(bit int, limit counter) {
	n, p := *c&255, int32(*c>>8)
	p += (int32(bit)*0xffff - half - p) * rates[n] >> 14
	if n < limit {
		n++
	}
	*c = counter(p)<<8 | n
}

// patience is how often a counter in the structure of a patch (all but the literals) is moved at most by its share.
const patience = 60

// decide codes one decision.
func (c *coder) decide(m *counter, bit int) int {
	bit = c.bit(m.p(), bit)
	m.update(bit, patience)
	return bit
}

// decideBool is decide for what is true or not.
func (c *coder) decideBool(m *counter, v bool) bool {
	bit := 0
	if v {
		bit = 1
	}
	return c.decide(m, bit) == 1
}

// tree codes a number of some bits from the top, each bit known by those above it. m has 1<<bits counters.
func (c *coder) tree(m []counter, bits, v int) int {
	node := 1
	for i := bits - 1; i >= 0; i-- {
		node = node<<1 | c.decide(&m[node], v>>i&1)
	}
	return node - 1<<bits
}

// A number is the model of a number from 0 to 2^31-2 that is small more often than large: the bits of v+1 are counted,
// then follow, the upper three of them modelled.
type number struct {
	length [32]counter
	upper  [32][8]counter
}

func (c *coder) number(m *number, v int) int {
	v++
	length := 0
	if !c.decoding {
		for v>>(length+1) != 0 {
			length++
		}
	}
	length = c.tree(m.length[:], 5, length)
	node, out := 1, 1
	for i := length - 1; i >= 0; i-- {
		var bit int
		if node < 8 {
			bit = c.decide(&m.upper[length][node], v>>i&1)
			node = node<<1 | bit
		} else {
			bit = c.bit(half, v>>i&1)
		}
		out = out<<1 | bit
	}
	return out - 1
}
