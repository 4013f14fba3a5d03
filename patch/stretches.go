package patch

// stretchLength is how long a stretch is of which one is looked for elsewhere.
const stretchLength = 64

// stretches finds where a stretch of data stood before, of those that begin at a
// multiple of its length.
type stretches struct {
	data  []byte
	known map[uint32]int // hash of a stretch -> where it begins
	until int            // what begins before is known
}

func newStretches(data []byte) *stretches {
	return &stretches{data: data, known: map[uint32]int{}}
}

// roll visits every stretch between from and to, until visit is false.
func (s *stretches) roll(from, to int, visit func(start int, hash uint32) bool) {
	const factor = 0x9e3779b1
	power := uint32(1) // of the factor, for the byte that leaves the stretch
	for range stretchLength {
		power *= factor
	}
	var hash uint32
	for i := from; i < to; i++ {
		hash = hash*factor + uint32(s.data[i])
		start := i + 1 - stretchLength
		if start < from {
			continue
		}
		if start > from {
			hash -= power * uint32(s.data[start-1])
		}
		if !visit(start, hash) {
			return
		}
	}
}

// know remembers a stretch.
func (s *stretches) know(start int, hash uint32) {
	if start%stretchLength == 0 {
		s.known[hash] = start
	}
}

// knowUntil remembers all stretches that begin and end before a place.
func (s *stretches) knowUntil(end int) {
	s.roll(s.until, end, func(start int, hash uint32) bool { s.know(start, hash); return true })
	s.until = max(s.until, (end-stretchLength)/stretchLength*stretchLength)
}

// find returns where the same stretch is known to stand.
func (s *stretches) find(start int, hash uint32) (at int, ok bool) {
	at, ok = s.known[hash]
	return at, ok && string(s.data[at:at+stretchLength]) == string(s.data[start:start+stretchLength])
}
