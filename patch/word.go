package patch

// letter is 1 to 64 for the bytes that words are made of, and 0 for others.
var letter = func() (l [256]byte) {
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$") {
		l[c] = byte(i + 1)
	}
	return
}()

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$"

const (
	nameLength = 3 // of the longest word that is taken for a name that a minifier dealt
	hashLength = 8 // of the hexadecimal words that are taken for hashes
)

// A name is a word of up to nameLength letters as a number: 6 bits a letter and a 1 in front.
type name uint32

func pack(word []byte) name {
	n := name(1)
	for _, b := range word {
		n = n<<6 | name(letter[b]-1)
	}
	return n
}

func (n name) length() int {
	switch {
	case n < 1<<7:
		return 1
	case n < 1<<13:
		return 2
	}
	return 3
}

// at returns the letter at a place, from 0 to 63.
func (n name) at(i int) int { return int(n>>(6*(n.length()-1-i))) & 63 }

func (n name) appendTo(b []byte) []byte {
	for i := range n.length() {
		b = append(b, letters[n.at(i)])
	}
	return b
}

// names is what became of the names and hashes in the text that is copied: a minifier and a bundler rename them
// everywhere at once.
type names struct {
	to      []name // what a name became, or 0
	from    []name // which name became this one, or 0
	trust   []byte // how often in a row a name became the same, up to 3
	hashes  map[uint32]uint32
	letters [nameLength][64]byte // what a letter at a place became, when its name was new
	missed  int                  // 1 if the last name that was met first did not become what was expected

	hit    [64]counter
	length [4][4]counter
	same   [nameLength]counter
	fresh  [nameLength][64]counter
	hash   [2]counter
}

func newNames() *names {
	const all = 1 << (6*nameLength + 1)
	n := &names{to: make([]name, all), from: make([]name, all), trust: make([]byte, all), hashes: map[uint32]uint32{}}
	for i := range n.letters {
		for l := range n.letters[i] {
			n.letters[i][l] = byte(l)
		}
	}
	return n
}

// expect returns what old should become, and the context of that opinion.
func (n *names) expect(old name, member bool) (name, int) {
	if member {
		return old, 4
	}
	if to := n.to[old]; to != 0 {
		return to, int(n.trust[old]) << 3
	}
	context := n.missed
	guess := old
	for i := 0; i < 8 && n.from[guess] != 0; i++ { // another name became old: the names change places
		guess = n.from[guess]
		context |= 2
	}
	return guess, context
}

// learn notes what old became.
func (n *names) learn(old, now, guess name) {
	if n.to[old] == 0 {
		n.missed = 0
		if now != guess {
			n.missed = 1
		}
	}
	if n.to[old] != now {
		n.to[old], n.from[now], n.trust[old] = now, old, 0
	}
	n.trust[old] = min(n.trust[old]+1, 3)
}

// name codes what the name old became. A member is the name of a property, which minifiers leave alone.
func (n *names) name(c *coder, old name, member bool, now name) name {
	guess, context := n.expect(old, member)
	if c.decideBool(&n.hit[context], now == guess) {
		now = guess
	} else {
		now = n.spell(c, old, now)
	}
	if !member {
		n.learn(old, now, guess)
	}
	return now
}

// spell codes a name letter by letter; the letters of the old one tell something of those of the new.
func (n *names) spell(c *coder, old, now name) name {
	length := c.tree(n.length[old.length()][:], 2, now.length()&3)
	out := name(1)
	for i := range min(max(length, 1), nameLength) {
		letter := 0
		if !c.decoding {
			letter = now.at(i)
		}
		if i < old.length() {
			was := old.at(i)
			if c.decideBool(&n.same[i], letter == int(n.letters[i][was])) {
				letter = int(n.letters[i][was])
			} else {
				letter = c.tree(n.fresh[i][:], 6, letter)
				n.letters[i][was] = byte(letter)
			}
		} else {
			letter = c.tree(n.fresh[i][:], 6, letter)
		}
		out = out<<6 | name(letter)
	}
	return out
}

// hash codes what a hash became.
func (n *names) hashed(c *coder, old, now uint32) uint32 {
	guess, known := n.hashes[old]
	context := 1
	if !known {
		guess, context = old, 0
	}
	if c.decideBool(&n.hash[context], now == guess) {
		now = guess
	} else {
		v := 0
		for i := 31; i >= 0; i-- {
			v = v<<1 | c.bit(half, int(now>>i&1))
		}
		now = uint32(v)
	}
	n.hashes[old] = now
	return now
}

func parseHash(word []byte) (v uint32, ok bool) {
	if len(word) != hashLength {
		return 0, false
	}
	for _, b := range word {
		switch {
		case '0' <= b && b <= '9':
			v = v<<4 | uint32(b-'0')
		case 'a' <= b && b <= 'f':
			v = v<<4 | uint32(b-'a'+10)
		default:
			return 0, false
		}
	}
	return v, true
}

func appendHash(b []byte, v uint32) []byte {
	for i := 28; i >= 0; i -= 4 {
		b = append(b, "0123456789abcdef"[v>>i&15])
	}
	return b
}
