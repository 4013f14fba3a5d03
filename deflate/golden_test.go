package deflate

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/golden.txt anew")

// The bytes are the same on every machine and never change unnoticed: who changes them runs this with -update, and names
// the encoder anew where packages are written.
func TestGoldenBytes(t *testing.T) {
	var b strings.Builder
	for _, in := range inputs() {
		for _, passes := range []int{1, Best} {
			packed := Encode(nil, in.data, Options{Passes: passes})
			fmt.Fprintf(&b, "%x %x %d -> %d, passes %d, %s\n", sha256.Sum256(in.data), sha256.Sum256(packed), len(in.data), len(packed), passes, in.name)
		}
	}
	const file = "testdata/golden.txt"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(string(data), "\n")
	got := strings.Split(b.String(), "\n")
	if len(want) != len(got) {
		t.Fatalf("%d lines, %d in %s", len(got), len(want), file)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}
}
