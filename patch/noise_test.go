package patch

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Pictures that are new go into the residue without a search; a picture that stands
// in the base under another name, or most of one, is searched for.
func TestNoise(t *testing.T) {
	random := rand.NewChaCha8([32]byte{7})
	picture := func(size int) []byte {
		data := make([]byte, size)
		random.Read(data)
		return data
	}
	old, text := picture(40_000), bytes.Repeat([]byte("a page says the same. "), 2000)
	base := []File{{Name: "a.png", Data: old}, {Name: "b.js", Data: text}}
	next := []File{
		{Name: "cropped.png", Data: old[10_000:]},
		{Name: "icon.png", Data: picture(leastNoise - 1)},
		{Name: "new.png", Data: picture(200_000)},
		{Name: "text.js", Data: append(slices.Clone(text), picture(100)...)},
	}
	p := newPlan(inOrder(base), inOrder(next))
	var noisy []string
	for i, made := range p.made {
		if p.noisy[i] {
			at := slices.IndexFunc(next, func(f File) bool { return bytes.Equal(f.Data, made) })
			noisy = append(noisy, next[at].Name)
		}
	}
	if fmt.Sprint(noisy) != "[new.png]" {
		t.Errorf("noise: %v", noisy)
	}
	data, err := Make(base, next)
	if err != nil {
		t.Fatal(err)
	}
	if most := 200_000 + leastNoise + 1000; len(data) > most {
		t.Errorf("%d bytes, want at most %d", len(data), most)
	}
	var got bytes.Buffer
	if err := Apply(base, data, &got); err != nil {
		t.Fatal(err)
	}
	for _, f := range next {
		if !bytes.Contains(got.Bytes(), f.Data) {
			t.Errorf("%s is not in the result", f.Name)
		}
	}
}
