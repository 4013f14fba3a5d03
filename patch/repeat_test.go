package patch_test

import (
	"math/rand/v2"
	"testing"

	"wgtup/patch"
)

func TestRepeats(t *testing.T) {
	random := func(n int) []byte {
		r := rand.New(rand.NewPCG(1, uint64(n)))
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}
	big, small := random(100_000), random(1000)
	for name, c := range map[string]struct {
		files    [][]byte
		from, to int
	}{
		"nothing":             {nil, 0, 0},
		"short":               {[][]byte{[]byte("abc")}, 0, 0},
		"random":              {[][]byte{big}, 0, 0},
		"twice":               {[][]byte{big, big}, 99_000, 100_000},
		"three times":         {[][]byte{big, big, big}, 199_000, 200_000},
		"near":                {[][]byte{small, small}, 0, 0},
		"far":                 {[][]byte{small, big, small}, 850, 1000},
		"elsewhere in a file": {[][]byte{append([]byte("xyz"), big...), append([]byte("0123456789"), big...)}, 99_000, 100_000},
	} {
		var files []patch.File
		for _, data := range c.files {
			files = append(files, patch.File{Data: data})
		}
		if n := patch.Repeats(files); n < c.from || n > c.to {
			t.Errorf("%s: %d, want %d to %d", name, n, c.from, c.to)
		}
	}
}
