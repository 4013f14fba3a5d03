package wgt

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
)

// bigTree is like the largest build that was measured: 180 styles that repeat each other, two megabytes of script.
func bigTree(b *testing.B) (*Tree, *Report) {
	random := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 4000)
	for i := range words {
		words[i] = fmt.Sprintf(".c%x[data-v-%08x]{margin:%dpx;", random.Uint32N(1<<16), random.Uint32(), random.IntN(40))
	}
	text := func(size int) string {
		var t bytes.Buffer
		for t.Len() < size {
			t.WriteString(words[int(random.ExpFloat64()*400)%len(words)])
		}
		return t.String()
	}
	changes := []string{ServiceName, text(2 << 20)}
	for i := range 180 {
		changes = append(changes, fmt.Sprintf("pages/%d.css", i), text(80_000))
	}
	tree := dirTree(b, build(changes...))
	return tree, check(b, tree)
}

func BenchmarkCheck(b *testing.B) {
	tree, report := bigTree(b)
	b.SetBytes(report.Unpacked)
	for b.Loop() {
		check(b, tree)
	}
}

func BenchmarkWrite(b *testing.B) {
	tree, report := bigTree(b)
	for _, e := range []Encoding{Fast, Best, Stored} {
		b.Run(string(e), func(b *testing.B) {
			b.SetBytes(report.Unpacked)
			for b.Loop() {
				if _, err := Write(io.Discard, tree, report, e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReadPackage(b *testing.B) {
	tree, report := bigTree(b)
	var packed bytes.Buffer
	if _, err := Write(&packed, tree, report, Fast); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(report.Unpacked)
	for b.Loop() {
		if _, err := readPackage(packed.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}
