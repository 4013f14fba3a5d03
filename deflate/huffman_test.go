package deflate

import (
	"math/rand/v2"
	"testing"
)

// cheapest tries all lengths from 1 to limit for each frequency that is above 0; kraft is what is left of the code space.
func cheapest(freq []uint32, limit, kraft int) int {
	if len(freq) == 0 {
		return 0
	}
	if freq[0] == 0 {
		return cheapest(freq[1:], limit, kraft)
	}
	best := 1 << 30
	for l := 1; l <= limit; l++ {
		if left := kraft - 1<<(limit-l); left >= 0 {
			best = min(best, l*int(freq[0])+cheapest(freq[1:], limit, left))
		}
	}
	return best
}

func TestHuffmanIsOptimal(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 3000 {
		limit := 3 + r.IntN(3)
		freq := make([]uint32, 2+r.IntN(5))
		for i := range freq {
			freq[i] = r.Uint32() >> (12 + r.IntN(20))
		}
		freq[0]++
		freq[1]++
		lengths := make([]uint8, len(freq))
		huffman(lengths, freq, limit)
		got := 0
		for i, l := range lengths {
			got += int(l) * int(freq[i])
		}
		if want := cheapest(freq, limit, 1<<limit); got != want {
			t.Fatalf("%v, at most %d bits: %v is %d bits, %d are enough", freq, limit, lengths, got, want)
		}
	}
}

// checkComplete fails unless every word is used up, exactly the symbols that occur have one, and none is too long.
func checkComplete(t *testing.T, lengths []uint8, freq []uint32, limit int) {
	t.Helper()
	space, words := 0, 0
	for s, l := range lengths {
		if int(l) > limit {
			t.Fatalf("symbol %d has %d bits", s, l)
		}
		if freq[s] > 0 && l == 0 {
			t.Fatalf("symbol %d has no word", s)
		}
		if l > 0 {
			space += 1 << (limit - int(l))
			words++
		}
	}
	if space != 1<<limit || words < 2 {
		t.Fatalf("%d words take %d of %d", words, space, 1<<limit)
	}
}

func TestCodesAreCompleteAndLimited(t *testing.T) {
	fibonacci := make([]uint32, 40)
	fibonacci[0], fibonacci[1] = 1, 1
	for i := 2; i < len(fibonacci); i++ {
		fibonacci[i] = fibonacci[i-1] + fibonacci[i-2]
	}
	lengths := make([]uint8, numLitLen)
	for limit, freq := range map[int][]uint32{
		15: fibonacci,
		7:  fibonacci[:numLengths],
		3:  fibonacci[5:13],
		1:  {3, 0, 9},
		2:  {0, 0, 0},
		4:  {0, 0, 5},
	} {
		huffman(lengths[:len(freq)], freq, limit)
		checkComplete(t, lengths[:len(freq)], freq, limit)
	}
	r := rand.New(rand.NewPCG(9, 10))
	for range 2000 {
		freq := make([]uint32, 2+r.IntN(numLitLen-1))
		for i := range freq {
			freq[i] = r.Uint32() >> (1 + r.IntN(31)) >> 12
		}
		huffman(lengths[:len(freq)], freq, maxCodeLength)
		checkComplete(t, lengths[:len(freq)], freq, maxCodeLength)
	}
}

// Both ways to a code cost the same where both are possible.
func TestPackageMergeIsHuffmanWithoutALimit(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 500 {
		order := make([]uint64, 2+r.IntN(280))
		f := uint64(50)
		for i := range order {
			f += 1 + r.Uint64()%40
			order[i] = f<<16 | uint64(i)
		}
		var a, b [numLitLen]uint8
		if !unlimited(a[:], order, maxCodeLength) {
			t.Fatal("too long")
		}
		packageMerge(b[:], order, maxCodeLength)
		one, other := uint64(0), uint64(0)
		for i, o := range order {
			one += o >> 16 * uint64(a[i])
			other += o >> 16 * uint64(b[i])
		}
		if one != other {
			t.Fatalf("%d and %d bits", one, other)
		}
	}
}
