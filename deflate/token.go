package deflate

// Alphabets of RFC 1951.
const (
	numLitLen  = 286
	numDist    = 30
	endOfBlock = 256
	firstLen   = 257

	minLength   = 3
	maxLength   = 258
	maxDistance = 1 << 15
)

// A token is a literal or a match. Bits 0 to 15 are the distance, 0 for a literal; bits 16 to 24 are the length, or the
// literal; bits 27 to 31 are the distance code.
type token uint32

func literal(b byte) token            { return token(b) << 16 }
func match(length, dist uint32) token { return token(distCode(dist)<<27 | length<<16 | dist) }

func (t token) isMatch() bool            { return t&0xffff != 0 }
func (t token) dist() uint32             { return uint32(t & 0xffff) }
func (t token) value() uint32            { return uint32(t>>16) & 0x1ff } // the length, or the literal
func (t token) slot() uint32             { return uint32(t >> 27) }
func (t token) with(length uint32) token { return t&^(0x1ff<<16) | token(length<<16) }

// bytes is how much of the input the token stands for.
func (t token) bytes() int {
	if t.isMatch() {
		return int(t.value())
	}
	return 1
}

func bytesOf(tokens []token) int {
	n := 0
	for _, t := range tokens {
		n += t.bytes()
	}
	return n
}

// lenCodes[n] is the length code of n, less firstLen; the bases and extra bits are those of the RFC's tables.
var (
	lenBase  [29]uint16
	lenExtra [29]uint8
	lenCodes [maxLength + 1]uint8

	distBase  [numDist]uint16
	distExtra [numDist]uint8
	nearCodes [256]uint8 // of distances up to 256, less one
	farCodes  [256]uint8 // of larger ones, less one, in 128s
	_         = fillCodes()
)

func fillCodes() struct{} {
	next := uint16(minLength)
	for c := range lenBase {
		if c >= 8 {
			lenExtra[c] = uint8(c/4 - 1)
		}
		if c == 28 {
			next, lenExtra[c] = maxLength, 0
		}
		lenBase[c] = next
		for i := uint16(0); i < 1<<lenExtra[c]; i++ {
			if next+i <= maxLength {
				lenCodes[next+i] = uint8(c)
			}
		}
		next += 1 << lenExtra[c]
	}
	far := uint32(1)
	for c := range distBase {
		if c >= 4 {
			distExtra[c] = uint8(c/2 - 1)
		}
		distBase[c] = uint16(far)
		for d := far; d < far+1<<distExtra[c]; d++ {
			if d <= 256 {
				nearCodes[d-1] = uint8(c)
			} else {
				farCodes[(d-1)>>7] = uint8(c)
			}
		}
		far += 1 << distExtra[c]
	}
	return struct{}{}
}

func distCode(dist uint32) uint32 {
	if dist <= 256 {
		return uint32(nearCodes[dist-1])
	}
	return uint32(farCodes[(dist-1)>>7])
}
