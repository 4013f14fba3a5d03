package deflate

import "slices"

const (
	maxCodeLength       = 15 // of literals, lengths and distances
	maxLengthCodeLength = 7  // of the code for code lengths
)

// huffman gives the code lengths, at most limit, with the smallest sum of frequency times length, and at least two symbols
// have a length: a code of one word is incomplete. Symbols that do not occur are the lowest ones where they fill up.
func huffman(lengths []uint8, freq []uint32, limit int) {
	var order [numLitLen]uint64 // frequency and symbol, rising
	n := 0
	for s, f := range freq {
		lengths[s] = 0
		if f > 0 {
			order[n] = uint64(f)<<16 | uint64(s)
			n++
		}
	}
	for s := 0; n < 2; s++ {
		if freq[s] == 0 {
			order[n] = uint64(s)
			n++
		}
	}
	slices.Sort(order[:n])
	if unlimited(lengths, order[:n], limit) {
		return
	}
	packageMerge(lengths, order[:n], limit)
}

// unlimited gives the lengths of a Huffman code if none is above limit, which they rarely are.
func unlimited(lengths []uint8, order []uint64, limit int) bool {
	var weight [numLitLen]uint32
	var parent [2 * numLitLen]uint16 // of the leaves in order, then of the inner nodes
	n := len(order)
	leaf, inner := 0, 0
	for made := range n - 1 {
		for range 2 {
			if inner == made || leaf < n && uint32(order[leaf]>>16) <= weight[inner] {
				weight[made] += uint32(order[leaf] >> 16)
				parent[leaf] = uint16(made)
				leaf++
			} else {
				weight[made] += weight[inner]
				parent[n+inner] = uint16(made)
				inner++
			}
		}
	}
	var depth [numLitLen]uint8
	for i := n - 3; i >= 0; i-- {
		depth[i] = depth[parent[n+i]] + 1
	}
	if int(depth[parent[0]])+1 > limit { // the rarest is the deepest
		return false
	}
	for i, o := range order {
		lengths[o&0xffff] = depth[parent[i]] + 1
	}
	return true
}

// packageMerge makes a list for each length, of the symbols by rising frequency merged with the pairs of neighbours in the
// list before. The cheapest 2n-2 of the last list are taken; a pair that is taken takes two of the list before; a symbol is
// as long as the number of lists in which it is taken.
func packageMerge(lengths []uint8, order []uint64, limit int) {
	n := len(order)
	var weights, previous [2 * numLitLen]uint64
	var isPair [maxCodeLength][2 * numLitLen]bool
	size := 0 // of the list before
	for level := range limit {
		list := weights[:0]
		leaf, pair := 0, 0
		for leaf < n || pair+1 < size {
			if pair+1 >= size || leaf < n && order[leaf]>>16 <= previous[pair]+previous[pair+1] {
				list = append(list, order[leaf]>>16)
				leaf++
			} else {
				isPair[level][len(list)] = true
				list = append(list, previous[pair]+previous[pair+1])
				pair += 2
			}
		}
		size = len(list)
		weights, previous = previous, weights
	}
	take := 2*n - 2
	for level := limit - 1; level >= 0; level-- {
		pairs := 0
		for _, p := range isPair[level][:take] {
			if p {
				pairs++
			}
		}
		for _, o := range order[:take-pairs] {
			lengths[o&0xffff]++
		}
		take = 2 * pairs
	}
}
