package sign

import (
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// replacements are all letters of base64 and JSON's punctuation, and of the
// rest what readers are known to be lenient about.
var replacements = []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=" +
	`-_."{}[]:,\'` + " \t\n\r\v\f\x00\x01\x1f\x7f\x80\xbf\xc0\xc3\xed\xf4\xfe\xff")

// insertions are put before every byte and at the end.
var insertions = []byte("A=0 \n\r\t\x00\x80\xff\"\\,{}")

// mutants calls yield with every text one small change away, which it may not
// keep: each is written over the one before.
func mutants(text []byte, yield func(kind string, at int, mutant []byte)) {
	b := make([]byte, 0, len(text)+1)
	for i, old := range text {
		b = append(b[:0], text...)
		for _, c := range replacements {
			if c != old {
				b[i] = c
				yield("substitution", i, b)
			}
		}
		yield("deletion", i, append(append(b[:0], text[:i]...), text[i+1:]...))
		yield("truncation", i, append(b[:0], text[:i]...))
		yield("repetition", i, slices.Insert(append(b[:0], text...), i, old))
		if i > 0 && text[i-1] != old {
			b = append(b[:0], text...)
			b[i-1], b[i] = b[i], b[i-1]
			yield("exchange", i, b)
		}
	}
	for i := range len(text) + 1 {
		for _, c := range insertions {
			if i == len(text) || c != text[i] {
				yield("insertion", i, slices.Insert(append(b[:0], text...), i, c))
			}
		}
	}
}

// Nothing in an envelope can be changed: not one byte, anywhere.
func TestNoChangeIsAccepted(t *testing.T) {
	text, err := testChain(t, 2, `{"epoch":2}`).Encode()
	if err != nil {
		t.Fatal(err)
	}
	_, _, trusted := testEpoch(t, 0)
	if _, err := openText(string(text), testType, testApp, "production", trusted); err != nil {
		t.Fatal(err)
	}
	var count, parsed, wrong atomic.Int64
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Go(func() {
			n := 0
			mutants(text, func(kind string, at int, mutant []byte) {
				if n++; n%stride != 0 || n/stride%workers != w {
					return
				}
				count.Add(1)
				e, err := Parse(mutant)
				if err == nil {
					parsed.Add(1)
					_, err = Open(e, testType, testApp, "production", trusted)
				}
				if !errors.Is(err, ErrRefused) && wrong.Add(1) <= 10 {
					t.Errorf("%s at byte %d: %v: %q", kind, at, err, mutant)
				}
			})
		})
	}
	group.Wait()
	t.Logf("%d bytes, %d mutants, %d of them well formed, %d not refused", len(text), count.Load(), parsed.Load(), wrong.Load())
	if want := int64(len(text)*(len(replacements)+len(insertions))) / stride; count.Load() < want {
		t.Errorf("%d mutants, want at least %d", count.Load(), want)
	}
}
