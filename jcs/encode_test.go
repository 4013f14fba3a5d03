package jcs

import (
	"strings"
	"testing"
)

func nested(levels int, list bool) any {
	var v any = int64(0)
	for range levels {
		if list {
			v = Array{v}
		} else {
			v = Object{"a": v}
		}
	}
	return v
}

// What Encode writes, Parse reads: both stop at the same depth.
func TestEncodeBoundsDepth(t *testing.T) {
	for _, list := range []bool{true, false} {
		text, err := Encode(nested(MaxDepth, list))
		if err != nil {
			t.Errorf("%d levels: %v", MaxDepth, err)
		} else if _, err := Parse(text); err != nil {
			t.Errorf("Parse refuses what Encode wrote: %v", err)
		}
		if text, err := Encode(nested(MaxDepth+1, list)); err == nil {
			t.Errorf("%d levels became %s", MaxDepth+1, text)
		}
	}
	for _, empty := range []any{Array{}, Object{}} {
		v := empty
		for range MaxDepth {
			v = Array{v}
		}
		if text, err := Encode(v); err == nil {
			t.Errorf("%d levels around nothing became %s", MaxDepth+1, text)
		}
	}
}

func TestEncodeRefusesWhatHasNoSpelling(t *testing.T) {
	for _, v := range []any{"\xff", Object{"\xff": nil}, Array{int64(-1)}, Object{"a": int64(MaxInteger + 1)}, 1, 1.5, uint8(1), []int{1}, struct{}{}} {
		if text, err := Encode(v); err == nil {
			t.Errorf("Encode(%#v) = %s", v, text)
		} else if !strings.HasPrefix(err.Error(), "encode json: ") {
			t.Errorf("Encode(%#v): %v", v, err)
		}
	}
}

// less is an order: no two distinct names are equal, none is before itself.
func TestNamesAreOrdered(t *testing.T) {
	names := []string{
		"", "\x00", "\t", " ", "!", "\"", "1", "10", "2", "A", "a", "a\x00", "a ", "aa", "a\u0080", "aé", "a\ud7ff",
		"a\U00010000", "a\U0001f600", "a\U0001f600a", "a\U0001f680", "a\U0010ffff", "a\ue000", "a\uffff", "b", "é", "\U00010000", "\ue000", "\uffff",
	}
	for i, a := range names {
		for j, b := range names {
			if less(a, b) != (i < j) {
				t.Errorf("less(%q, %q) = %v", a, b, !(i < j))
			}
		}
	}
}
