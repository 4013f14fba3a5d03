package deflate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
)

// An input is made by code, the same on every machine.
type input struct {
	name string
	data []byte
}

func inputs() []input {
	var list []input
	add := func(name string, data []byte) { list = append(list, input{name, data}) }
	add("empty", nil)
	add("one byte", []byte{0})
	for _, n := range []int{2, 3, 4, 257, 258, 259, 260, 515, 516, 517, 100_000} {
		add(fmt.Sprintf("run of %d", n), bytes.Repeat([]byte{'a'}, n))
	}
	for _, n := range []int{1, 100, 5000, maxStored, maxStored + 1, 3*maxStored + 1} {
		add(fmt.Sprintf("noise of %d", n), noise(n))
	}
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	add("all bytes", all)
	add("all bytes, 40 times", bytes.Repeat(all, 40))
	for _, n := range []int{2, 3, 5, 7, 257, 300} {
		add(fmt.Sprintf("period of %d", n), bytes.Repeat(noise(n), 20_000/n))
	}
	for _, d := range []int{1, 2, 3, 4, 5, 256, 257, 258, 24_576, 24_577, maxDistance - 1, maxDistance, maxDistance + 1} {
		add(fmt.Sprintf("distance of %d", d), apart(d))
	}
	add("style", style(20_000))
	add("script", script(60_000))
	add("style and noise and script", slicesOf(style(20_000), noise(20_000), script(20_000), bytes.Repeat([]byte{0}, 20_000)))
	add("skew", skew(40_000))
	add("two symbols", twoSymbols(9000))
	add("a segment and a byte", script(Segment+1))
	return list
}

func slicesOf(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1951)) }

func noise(n int) []byte {
	r := source(uint64(n))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// apart repeats twelve bytes at a distance, with nothing to match between where that is possible.
func apart(distance int) []byte {
	b := noise(distance)
	return append(b, b[:min(12, distance)]...)
}

// style looks like the style sheets of a build: class names with hashes, few properties, numbers.
func style(n int) []byte {
	r := source(1)
	names := []string{"wd-button", "wd-cell", "wd-icon", "goods", "card", "price", "order-item", "page"}
	properties := []string{"color:#%06x", "margin:%drpx", "padding:0 %drpx", "font-size:%drpx", "width:%d%%", "display:flex", "align-items:center", "border-radius:%drpx"}
	var b strings.Builder
	for b.Len() < n {
		fmt.Fprintf(&b, ".%s__%s[data-v-%08x]{", names[r.IntN(len(names))], names[r.IntN(len(names))], r.Uint32()>>(r.IntN(3)*8))
		for range 1 + r.IntN(6) {
			p := properties[r.IntN(len(properties))]
			if strings.Contains(p, "%") {
				p = fmt.Sprintf(p, r.IntN(1<<uint(1+r.IntN(10))))
			}
			b.WriteString(p + ";")
		}
		b.WriteString("}\n")
	}
	return []byte(b.String()[:n])
}

// script looks like minified code: short names, many brackets, now and then a table or some text.
func script(n int) []byte {
	r := source(2)
	words := []string{"function", "return", "const ", "createElementVNode", "null", "void 0", "=>", "openBlock", "props", "exports", "this.", "length", "computed"}
	text := []string{"订单", "商品", "地址", "the", "and", "请选择", "成功"}
	var b strings.Builder
	for b.Len() < n {
		switch r.IntN(40) {
		case 0:
			b.WriteString("[")
			for range 10 + r.IntN(80) {
				fmt.Fprintf(&b, "%d,", r.IntN(1000))
			}
			b.WriteString("]")
		case 1, 2:
			b.WriteString(`"`)
			for range 2 + r.IntN(12) {
				b.WriteString(text[r.IntN(len(text))])
			}
			b.WriteString(`"`)
		default:
			b.WriteString(words[r.IntN(len(words))])
			b.WriteByte("(){},;.="[r.IntN(8)])
			for range 1 + r.IntN(2) {
				b.WriteByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$"[int(r.ExpFloat64()*8)%54])
			}
		}
	}
	return []byte(b.String()[:n])
}

// skew makes each byte half as frequent as the one before: the codes reach the limit of their length.
func skew(n int) []byte {
	r := source(3)
	b := make([]byte, n)
	for i := range b {
		for b[i] < 60 && r.IntN(2) == 0 {
			b[i]++
		}
		b[i] = byte(int(b[i])*151 + 7)
	}
	return b
}

func twoSymbols(n int) []byte {
	r := source(4)
	b := make([]byte, n)
	for i := range b {
		b[i] = "01"[r.IntN(2)]
	}
	return b
}
