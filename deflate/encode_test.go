package deflate

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// inflate fails unless packed is one stream, with nothing after it.
func inflate(t testing.TB, packed []byte) []byte {
	t.Helper()
	in := bytes.NewReader(packed)
	data, err := io.ReadAll(flate.NewReader(in))
	if err != nil {
		t.Fatalf("inflate: %v", err)
	}
	if in.Len() != 0 {
		t.Fatalf("%d bytes after the stream", in.Len())
	}
	return data
}

func roundTrip(t testing.TB, data []byte, o Options) []byte {
	t.Helper()
	packed := Encode(nil, data, o)
	if got := inflate(t, packed); !bytes.Equal(got, data) {
		t.Fatalf("%d bytes came back as %d others", len(data), len(got))
	}
	if len(packed) > Bound(len(data)) {
		t.Fatalf("%d bytes became %d, above the bound of %d", len(data), len(packed), Bound(len(data)))
	}
	return packed
}

func TestInputsComeBack(t *testing.T) {
	for _, in := range inputs() {
		t.Run(in.name, func(t *testing.T) {
			for _, passes := range []int{0, 2} {
				roundTrip(t, in.data, Options{Passes: passes})
			}
		})
	}
}

func TestEveryShortLength(t *testing.T) {
	text, random := style(300), noise(300)
	for n := range 301 {
		roundTrip(t, text[:n], Options{})
		roundTrip(t, random[:n], Options{})
		roundTrip(t, make([]byte, n), Options{})
	}
}

func TestInputsThatLookLikeNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		b := make([]byte, r.IntN(3000))
		letters := 1 + r.IntN(255)
		for i := 0; i < len(b); i++ {
			b[i] = byte(r.IntN(letters))
			if back := 1 + r.IntN(2000); back <= i && r.IntN(8) == 0 {
				for n := r.IntN(400); n > 0 && i < len(b); n-- {
					b[i] = b[i-back]
					i++
				}
			}
		}
		roundTrip(t, b, Options{})
	}
}

// The farthest distance is found, and a byte farther is not.
func TestEdgesOfTheWindow(t *testing.T) {
	for distance, want := range map[int]token{maxDistance: match(12, maxDistance), maxDistance + 1: 0} {
		data := apart(distance)
		var f finder
		f.find(data, 0)
		got := token(0)
		for _, m := range f.matches[f.first[distance]:f.first[distance+1]] {
			if m.value() >= 12 {
				got = m
			}
		}
		if got != want {
			t.Errorf("a repetition at %d: length %d at %d", distance, got.value(), got.dist())
		}
		roundTrip(t, data, Options{})
	}
}

// Every length that occurs in the window is there, at its nearest distance.
func TestMatchesAreAllThereAre(t *testing.T) {
	for _, data := range [][]byte{style(3000), script(3000), twoSymbols(1200), bytes.Repeat([]byte("abcab"), 200)} {
		var f finder
		f.find(data, 500)
		for pos := 500; pos < len(data); pos++ {
			var want []token
			best := minLength - 1
			for from := pos - 1; from >= 0; from-- {
				if n := common(data[from:], data[pos:min(pos+maxLength, len(data))]); n > best {
					best = n
					want = append(want, match(uint32(n), uint32(pos-from)))
				}
			}
			got := f.matches[f.first[pos-500]:f.first[pos-500+1]]
			if !slices.Equal(got, want) {
				t.Fatalf("at %d: %x, not %x", pos, got, want)
			}
		}
	}
}

func TestAppendsToWhatIsThere(t *testing.T) {
	data := style(5000)
	alone := Encode(nil, data, Options{})
	got := Encode([]byte("in front"), data, Options{})
	if string(got[:8]) != "in front" || !bytes.Equal(got[8:], alone) {
		t.Error("what was there changes what is appended")
	}
}

// What an encoder did before, or does at the same time, is not seen in the output.
func TestManyAtOnce(t *testing.T) {
	list := inputs()
	want := make([][]byte, len(list))
	for i, in := range list {
		want[i] = Encode(nil, in.data, Options{Passes: 2})
	}
	var group sync.WaitGroup
	for w := range 4 {
		group.Go(func() {
			for i := range list {
				i = (i*7 + w*5) % len(list)
				if got := Encode(nil, list[i].data, Options{Passes: 2}); !bytes.Equal(got, want[i]) {
					t.Errorf("%s: other bytes", list[i].name)
				}
			}
		})
	}
	group.Wait()
}

// What is found last starts from another way, and is now and then a little longer for it.
func TestMorePassesAreRarelyWorse(t *testing.T) {
	for _, in := range inputs() {
		before := len(Encode(nil, in.data, Options{Passes: 1}))
		if n := len(Encode(nil, in.data, Options{})); n > before+before/300 {
			t.Errorf("%s: %d bytes, and %d after one pass", in.name, n, before)
		}
	}
}

func FuzzEncode(f *testing.F) {
	for _, in := range inputs() {
		if len(in.data) < 5000 {
			f.Add(in.data, 1)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, passes int) {
		roundTrip(t, data, Options{Passes: passes % 6})
	})
}
