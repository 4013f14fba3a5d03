package deflate

import (
	"encoding/binary"
	"math/bits"
)

const (
	hashBits = 16
	maxDepth = 1 << 9 // strings looked at for one position
	maxEach  = 6      // matches for one position, on the average
)

// A finder keeps the strings of the window in binary trees, one for each hash of three bytes. A string is a position. The
// newest is the root; what sorts before a string is below its left, what sorts after it below its right, and what is
// below is older. So the way down from the root meets the strings that have ever more in common with a new one, the nearest
// of each length first, and cutting the tree along that way makes the two sides of the new root.
type finder struct {
	head [1 << hashBits]int32 // root and 1, or 0
	node []int32              // left and right of each position, likewise

	matches []token // of all positions, the lengths of each rising, and thereby the distances
	first   []int32 // where those of a position begin
}

// find fills matches and first with those of the positions from start on. No match goes beyond the end of data, or back
// before its beginning. Where there are more than maxEach for each position so far, and there hardly ever are, only the
// longest is kept.
func (f *finder) find(data []byte, start int) {
	clear(f.head[:])
	f.node = resize(f.node, 2*len(data))
	f.first = resize(f.first, len(data)-start+1)
	f.matches = resize(f.matches, (maxEach+1)*(len(data)-start)+2*maxDepth)[:0]
	for pos := range start {
		f.insert(data, pos, false)
	}
	for pos := start; pos < len(data); pos++ {
		f.first[pos-start] = int32(len(f.matches))
		f.insert(data, pos, true)
		if n := len(f.matches); n > maxEach*(pos-start+1)+maxDepth {
			n = int(f.first[pos-start])
			f.matches = append(f.matches[:n], f.matches[len(f.matches)-1])
		}
	}
	f.first[len(data)-start] = int32(len(f.matches))
}

// insert makes pos a root, and records what it has in common with others.
func (f *finder) insert(data []byte, pos int, record bool) {
	end := min(pos+maxLength, len(data))
	if end-pos < minLength {
		return
	}
	root := &f.head[(uint32(data[pos])|uint32(data[pos+1])<<8|uint32(data[pos+2])<<16)*0x9E3779B1>>(32-hashBits)]
	other := int(*root) - 1
	*root = int32(pos + 1)
	node := f.node
	left, right := 2*pos, 2*pos+1 // where the next string goes that sorts before, or after
	leftLength, rightLength := 0, 0
	best := minLength - 1
	for range maxDepth {
		if other < 0 || pos-other > maxDistance {
			break
		}
		length := min(leftLength, rightLength)
		length += common(data[other+length:], data[pos+length:end])
		if length > best {
			best = length
			if record {
				f.matches = append(f.matches, match(uint32(length), uint32(pos-other)))
			}
			if pos+length == end {
				node[left], node[right] = node[2*other], node[2*other+1]
				return
			}
		}
		if data[other+length] < data[pos+length] {
			node[left] = int32(other + 1)
			left, leftLength = 2*other+1, length
			other = int(node[left]) - 1
		} else {
			node[right] = int32(other + 1)
			right, rightLength = 2*other, length
			other = int(node[right]) - 1
		}
	}
	node[left], node[right] = 0, 0
}

// common is the length of the common prefix; a is not shorter than b.
func common(a, b []byte) int {
	n := 0
	for len(b)-n >= 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)>>3
		}
		n += 8
	}
	for n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// resize gives a slice of length n with any contents.
func resize[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}
