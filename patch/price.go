package patch

// Prices are in 1/256 bit.
type price = int32

// prices says what a decision with a probability in 1/4096 costs.
var prices = func() (p [4097]price) {
	for i := 1; i <= 4096; i++ {
		v, whole := uint64(i)<<19, price(0)
		for v < 1<<31 {
			v <<= 1
			whole++
		}
		part := price(0) // of the binary logarithm, bit by bit
		for range 8 {
			v = v * v >> 31
			part <<= 1
			if v >= 1<<32 {
				v >>= 1
				part |= 1
			}
		}
		p[i] = whole<<8 - part
	}
	p[0] = p[1]
	return
}()

func (c counter) price(bit int) price {
	p := c.p() >> 4
	if bit == 0 {
		p = 4096 - p
	}
	return prices[p]
}

func treePrice(m []counter, bits, v int) (sum price) {
	node := 1
	for i := bits - 1; i >= 0; i-- {
		bit := v >> i & 1
		sum += m[node].price(bit)
		node = node<<1 | bit
	}
	return
}

func (m *number) price(v int) (sum price) {
	v++
	length := 0
	for v>>(length+1) != 0 {
		length++
	}
	sum = treePrice(m.length[:], 5, length)
	node := 1
	for i := length - 1; i >= 0; i-- {
		if node >= 8 {
			return sum + price(i+1)<<8
		}
		bit := v >> i & 1
		sum += m.upper[length][node].price(bit)
		node = node<<1 | bit
	}
	return sum
}

// A tariff is what steps cost, according to a body that has seen such steps.
type tariff struct {
	*body
	bytes [256][256]price // of a literal, by the byte before it, as long as nothing better is known
	exact []uint16        // of the bytes behind the base as literals
}

// became says what a name becomes, 0 if that is not known, and whether anything is.
func (t *tariff) became(old name) (now name, known bool) {
	if t.names == nil {
		return 0, false
	}
	return t.names.to[old], true
}

func newTariff() *tariff { return &tariff{body: &body{}} }

// weigh learns from text what literals cost.
func (t *tariff) weigh(text []byte) {
	if t.exact != nil {
		return
	}
	var count [256][257]int32
	before := byte(0)
	for _, b := range text {
		count[before][b]++
		count[before][256]++
		before = b
	}
	for a := range count {
		for b := range 256 {
			p := (int64(count[a][b])*4 + 1) * 4096 / (int64(count[a][256])*4 + 256)
			t.bytes[a][b] = prices[p] * 3 / 4 // longer contexts know more
		}
	}
}

// short is the length of copies that may as well be literals.
const short = 48

// learn takes the prices from a body and the steps that it has seen.
func (t *tariff) learn(b *body, all [][]step) {
	t.body = b
	if t.exact == nil {
		t.exact = make([]uint16, len(b.window)-b.base)
	}
	for i := range t.exact {
		t.exact[i] = 8 << 8
	}
	l, c := newLiterals(b.literals.contexts, b.literals.recall), newEncoder()
	pos := b.base
	for _, steps := range all {
		for _, s := range steps {
			end := pos + s.length
			for s.kind != rawStep && s.length < short && pos < end {
				was := c.cost
				l.literal(c, b.window, pos, b.window[pos])
				t.exact[pos-b.base] = uint16(min(c.cost-was, 1<<16-1))
				pos++
			}
			pos = end
		}
	}
}

// literalPrice is that of the byte at pos.
func (t *tariff) literalPrice(window []byte, pos int) price {
	if t.exact != nil {
		return price(t.exact[pos-len(window)+len(t.exact)])
	}
	before := byte(0)
	if pos > 0 {
		before = window[pos-1]
	}
	return t.bytes[before][window[pos]]
}

func (t *tariff) kindPrice(kind, context int) price {
	if kind == literalStep {
		return t.kind[context].price(1)
	}
	if kind == renameStep {
		return t.kind[context].price(0) + t.named[context].price(1)
	}
	return t.kind[context].price(0) + t.named[context].price(0) + t.raw[context].price(0)
}

// placePrice is that of where the source of a copy at pos is.
func (t *tariff) placePrice(s *state, kind, source, pos int) (int, price) {
	place := s.findPlace(source, pos)
	sum := treePrice(t.place[s.last%3*3+kind][:], 3, place)
	switch place {
	case skipPlace:
		sum += t.skip.price(source - s.next - 1)
	case otherPlace:
		sum += t.distance.price(pos - 1 - source)
	}
	return place, sum
}

func (t *tariff) lengthPrice(kind, place, length int, toEnd bool) price {
	which := kind - copyStep
	if toEnd {
		return t.toEnd[which][place].price(1)
	}
	return t.toEnd[which][place].price(0) + t.length[which].price(length-1)
}
