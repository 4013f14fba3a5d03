package patch

import "errors"

// The kinds of steps that make the contents of new and changed files.
const (
	literalStep = iota // one byte
	copyStep           // bytes as they stand before
	renameStep         // bytes as they stand before, but names and hashes become what they became elsewhere
	rawStep            // bytes from the residue
)

// The places a copy is taken from.
const (
	samePlace  = iota // as far before as the last copy: what lies between was replaced by as much
	nextPlace         // where the last copy ended: what lies between was put in
	skipPlace         // somewhat behind that: what lies there was left out
	oldPlace          // one of three other distances that were used before
	otherPlace = oldPlace + 3
)

// A step makes bytes of the window.
type step struct {
	kind   int
	source int // of a copy: where it is taken from
	length int // bytes that it makes, 1 for a literal
	end    int // of a copy: where its source ends; not coded
}

// A body is the model of the contents: of the window, which begins with files of the base and ends with the files that
// the patch makes.
type body struct {
	*coder
	window  []byte
	base    int    // where the files that are made begin
	pos     int    // everything before is known
	limit   int    // the end of the file that is being made
	residue []byte // what is left of it
	state

	kind, named, raw [9]counter
	place            [9][8]counter
	toEnd            [2][otherPlace + 1]counter
	length           [3]number
	skip, distance   number
	literals         *literals
	names            *names
}

// A state is what the steps so far say about the next one.
type state struct {
	near [4]int // distances to the sources of the last copies, the last first
	next int    // where the source of the last copy ended
	last int    // the kinds of the last two steps
}

var (
	errBody    = errors.New("a step leaves the window")
	errResidue = errors.New("a step leaves the residue")
)

func newBody(c *coder, h header, window []byte, base int) *body {
	return &body{coder: c, window: window, base: base, pos: base, literals: newLiterals(h.contexts, h.recall), names: newNames()}
}

// begin notes in s that a file is made from pos on, after the one at source if that is not negative.
func (s *state) begin(pos, source int) {
	if source >= 0 {
		s.copied(otherPlace, source, pos)
	}
}

// copied notes a copy from some place, whose source ended at next and that ended at pos.
func (s *state) copied(place, next, pos int) {
	shift := 0
	switch {
	case place >= otherPlace:
		shift = 3
	case place >= oldPlace:
		shift = place - oldPlace + 1
	}
	copy(s.near[1:shift+1], s.near[:shift])
	s.near[0] = pos - next
	s.next = next
}

// stepped notes the kind of a step.
func (s *state) stepped(kind int) {
	s.last = s.last%3*3 + kind%rawStep
}

// step codes a step and does it.
func (b *body) step(s step) error {
	context := b.last
	s.kind = b.codeKind(s.kind, context)
	b.stepped(s.kind)
	switch s.kind {
	case literalStep:
		b.window[b.pos] = b.literals.literal(b.coder, b.window, b.pos, b.window[b.pos])
		b.pos++
		return nil
	case rawStep:
		s.length = b.number(&b.length[2], s.length-1) + 1
		if s.length > len(b.residue) || s.length > b.limit-b.pos {
			return errResidue
		}
		copy(b.window[b.pos:], b.residue[:s.length])
		b.pos, b.residue = b.pos+s.length, b.residue[s.length:]
		return nil
	}
	place := b.codePlace(&s, context)
	which := s.kind - copyStep
	if b.decideBool(&b.toEnd[which][place], b.pos+s.length == b.limit) {
		s.length = b.limit - b.pos
	} else {
		s.length = b.number(&b.length[which], s.length-1) + 1
	}
	if s.source < 0 || s.source >= b.pos || s.length > b.limit-b.pos {
		return errBody
	}
	next, err := s.source+s.length, error(nil)
	if s.kind == renameStep {
		next, err = b.rename(s.source, b.pos+s.length)
	} else {
		for n := 0; n < s.length; { // a source may run into what it makes
			n += copy(b.window[b.pos+n:b.pos+s.length], b.window[s.source:b.pos+n])
		}
		b.pos += s.length
	}
	b.copied(place, next, b.pos)
	return err
}

func (b *body) codeKind(kind, context int) int {
	switch {
	case b.decideBool(&b.kind[context], kind == literalStep):
		return literalStep
	case b.decideBool(&b.named[context], kind == renameStep):
		return renameStep
	case b.decideBool(&b.raw[context], kind == rawStep):
		return rawStep
	}
	return copyStep
}

// codePlace codes where a copy is taken from.
func (b *body) codePlace(s *step, context int) int {
	place := otherPlace
	if !b.decoding {
		place = b.findPlace(s.source, b.pos)
	}
	place = b.tree(b.place[context%3*3+s.kind][:], 3, place)
	switch place {
	case samePlace:
		s.source = b.pos - b.near[0]
	case nextPlace:
		s.source = b.next
	case skipPlace:
		s.source = b.next + 1 + b.number(&b.skip, s.source-b.next-1)
	case otherPlace, otherPlace + 1:
		s.source = b.pos - 1 - b.number(&b.distance, b.pos-1-s.source)
	default:
		s.source = b.pos - b.near[place-oldPlace+1]
	}
	return min(place, otherPlace)
}

// farthest is how many bytes of a source are skipped at most without naming the place anew.
const farthest = 1 << 12

// findPlace returns the cheapest description of a source of what is made at pos.
func (s *state) findPlace(source, pos int) int {
	switch {
	case source == pos-s.near[0]:
		return samePlace
	case source == s.next:
		return nextPlace
	case source > s.next && source-s.next <= farthest:
		return skipPlace
	}
	for i, d := range s.near[1:] {
		if source == pos-d {
			return oldPlace + i
		}
	}
	return otherPlace
}

// rename copies from source up to the end at end, word by word, and returns where the source ended.
func (b *body) rename(source, end int) (int, error) {
	from, w := b.pos, b.window
	for b.pos < end {
		if source >= from {
			return 0, errBody
		}
		if b.exhausted() {
			return 0, errShort
		}
		stop := source
		for stop < from && letter[w[stop]] != 0 {
			stop++
		}
		word := w[source:stop]
		hash, hashed := parseHash(word)
		switch {
		case stop == source:
			w[b.pos] = w[source]
			b.pos, stop = b.pos+1, source+1
		case len(word) <= nameLength:
			now := b.names.name(b.coder, pack(word), source > 0 && w[source-1] == '.', b.nameAt())
			if now.length() > end-b.pos {
				return 0, errBody
			}
			b.pos = len(now.appendTo(w[:b.pos]))
		case len(word) > end-b.pos:
			return 0, errBody
		case hashed:
			now := uint32(0)
			if !b.decoding {
				now, _ = parseHash(w[b.pos : b.pos+hashLength])
			}
			b.pos = len(appendHash(w[:b.pos], b.names.hashed(b.coder, hash, now)))
		default:
			b.pos += copy(w[b.pos:], word)
		}
		source = stop
	}
	return source, nil
}

// nameAt returns the name that an encoder, which has the whole window, sees at pos.
func (b *body) nameAt() name {
	if b.decoding {
		return 0
	}
	stop := b.pos
	for stop < b.limit && letter[b.window[stop]] != 0 {
		stop++
	}
	return pack(b.window[b.pos:min(stop, b.pos+nameLength)])
}
