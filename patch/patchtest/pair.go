// Package patchtest makes up pairs of packages, for tests of whoever applies patches.
package patchtest

import (
	"fmt"
	"math/rand/v2"

	"wgtup/patch"
)

// Pair returns two packages that are small and differ as two builds of one app do: names are dealt anew, hashes change,
// text is put in, left out, moved and copied, files come, go and move. The same seed gives the same pair.
func Pair(seed uint64) (base, next []patch.File) {
	r := random{rand.New(rand.NewPCG(seed, 0))}
	base = append(base, patch.File{Name: "manifest.json", Data: []byte(`{"version":{"name":"1.0.0","code":100}}`)})
	for n := r.IntN(6); n >= 0; n-- {
		base = append(base, patch.File{Name: r.name(len(base)), Data: r.content(r.IntN(1200))})
	}
	if r.IntN(20) == 0 {
		base = nil
	}
	for _, f := range base {
		switch r.IntN(8) {
		case 0: // gone
		case 1: // moved
			next = append(next, patch.File{Name: r.name(100 + len(next)), Data: f.Data})
		case 2, 3:
			next = append(next, f)
		default:
			next = append(next, patch.File{Name: f.Name, Data: r.change(f.Data)})
		}
	}
	for n := r.IntN(3); n > 0; n-- {
		data := r.content(r.IntN(600))
		if len(base) > 0 && r.IntN(2) == 0 {
			data = r.change(base[r.IntN(len(base))].Data)
		}
		next = append(next, patch.File{Name: r.name(200 + len(next)), Data: data})
	}
	return base, next
}

type random struct{ *rand.Rand }

func (r random) name(n int) string {
	return fmt.Sprintf([]string{"pages/p%d.css", "static/%d.png", "assets/a.%08x.js", "页/%d.json", "app-%d.js"}[r.IntN(5)], n*7919)
}

var words = []string{"function", "return", "e", "t", "o", "ab", "Xe", "$a", "const", "data-v-1a2b3c4d", "value", ".", "(", ")", "{", "}", ",", ";", "=>", "=", "\"", "更新", " ", "padding", "0", "12"}

func (r random) content(n int) (out []byte) {
	if r.IntN(6) == 0 { // a picture
		for range n {
			out = append(out, byte(r.Uint32()))
		}
		return out
	}
	for len(out) < n {
		out = append(out, words[r.IntN(len(words))]...)
	}
	return out
}

func (r random) change(data []byte) (out []byte) {
	renamed := map[string]string{}
	for i := 0; i < len(data); {
		j := i
		for j < len(data) && (data[j]|32 >= 'a' && data[j]|32 <= 'z' || data[j] >= '0' && data[j] <= '9' || data[j] == '$') {
			j++
		}
		word := string(data[i:max(j, i+1)])
		i = max(j, i+1)
		if len(word) <= 3 || len(word) == 8 {
			if _, ok := renamed[word]; !ok {
				renamed[word] = word
				if j > 0 && r.IntN(4) == 0 {
					renamed[word] = []string{"q", "zz", "W$1", "deadbeef", "0a0b0c0d", "longer"}[r.IntN(6)]
				}
			}
			word = renamed[word]
		}
		out = append(out, word...)
		if r.IntN(80) == 0 {
			switch at := r.IntN(len(out) + 1); r.IntN(4) {
			case 0:
				out = append(out, r.content(r.IntN(60))...)
			case 1:
				i = min(i+r.IntN(100), len(data))
			case 2:
				out = append(out, out[at:]...)
			default:
				out = out[:at+(len(out)-at)/2]
			}
		}
	}
	return out
}
