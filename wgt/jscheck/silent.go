package jscheck

import (
	"bytes"

	"github.com/evanw/esbuild/pkg/api"
)

// A form is syntax that leaves no trace in what esbuild prints, and how to make it ungrammatical wherever its bytes occur.
type form struct {
	level  int
	damage func(src []byte) []byte // returns nil when the bytes do not occur
}

var silent = []form{{es2021, damageSeparators}, {es2019, damageLineSeparators}, {es2017, damageLastCommas}}

// used says whether the form occurs as code: in strings, templates, regular expressions and comments the damage is no
// mistake.
func (f *form) used(name string, src []byte) bool {
	damaged := f.damage(src)
	return damaged != nil && len(transform(name, damaged, api.ESNext, true).Errors) > 0
}

// insert copies src with text put in front of the places.
func insert(src []byte, places []int, text byte) []byte {
	if len(places) == 0 {
		return nil
	}
	out := make([]byte, 0, len(src)+len(places))
	from := 0
	for _, at := range places {
		out = append(append(out, src[from:at]...), text)
		from = at
	}
	return append(out, src[from:]...)
}

// damageSeparators doubles the separator in what looks like a number: 1__000.
func damageSeparators(src []byte) []byte {
	var places []int
	for at := next(src, 0, '_'); at >= 0; at = next(src, at+1, '_') {
		if at+1 == len(src) || !isWord(src[at+1]) {
			continue
		}
		start := at
		for start > 0 && (isWord(src[start-1]) || src[start-1] == '.') {
			start--
		}
		if start < at && src[start] == '.' {
			start++
		}
		if isDigit(src[start]) {
			places = append(places, at)
		}
	}
	return insert(src, places, '_')
}

// damageLastCommas doubles a comma in front of a closing parenthesis.
func damageLastCommas(src []byte) []byte {
	var places []int
	for at := next(src, 0, ','); at >= 0; at = next(src, at+1, ',') {
		if rest := bytes.TrimLeft(src[at+1:min(len(src), at+200)], " \t\r\n"); len(rest) > 0 && rest[0] == ')' {
			places = append(places, at)
		}
	}
	return insert(src, places, ',')
}

// damageLineSeparators turns U+2028 and U+2029 into line feeds, which only strings and regular expressions may not hold.
func damageLineSeparators(src []byte) []byte {
	if !bytes.Contains(src, []byte("\u2028")) && !bytes.Contains(src, []byte("\u2029")) {
		return nil
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(src, []byte("\u2028"), []byte("\n")), []byte("\u2029"), []byte("\n"))
}

func next(src []byte, from int, c byte) int {
	at := bytes.IndexByte(src[from:], c)
	if at < 0 {
		return -1
	}
	return from + at
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWord(c byte) bool {
	return isDigit(c) || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_' || c == '$' || c >= 0x80
}
