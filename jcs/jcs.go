// Package jcs reads and writes the JSON that wgtup signs: RFC 8785 (JSON
// Canonicalization Scheme) narrowed to non-negative integers.
//
// One value has exactly one spelling here, so a signed text cannot be said in
// two ways: two parsers that disagree about duplicate members, number rounding,
// escapes or invalid UTF-8 cannot be played against each other (the measured
// disagreements of encoding/json and JSON.parse are in docs/decisions/0002).
//
// The grammar, which Parse enforces byte by byte:
//
//   - no white space anywhere, nothing before or after the value;
//   - object members sorted by the UTF-16 code units of their names, each once;
//   - strings are valid UTF-8; only `"`, `\` and characters below U+0020 are
//     escaped, as \" \\ \b \t \n \f \r or \u00xx with lower-case digits;
//   - numbers are integers 0 to 2^53-1 without sign, leading zero or exponent;
//   - true, false and null are spelled so;
//   - at most MaxDepth levels of nesting.
//
// Example: {"a":[1,true,"x\n"],"b":{}} is the only spelling of that value.
package jcs

import (
	"fmt"
	"unicode/utf16"
)

const (
	// MaxDepth is the deepest nesting of objects and arrays.
	MaxDepth = 32
	// MaxInteger is the largest number: 2^53-1, exact in JavaScript and Go.
	MaxInteger = 1<<53 - 1
)

// Object, Array and the Go types string, int64, bool and nil are the values.
type (
	Object map[string]any
	Array  []any
)

// SyntaxError says where a text leaves the grammar.
type SyntaxError struct {
	Offset int // in bytes
	Reason string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("byte %d: %s", e.Offset, e.Reason) }

// less orders member names by UTF-16 code units (RFC 8785, 3.2.3).
func less(a, b string) bool {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] == b[i] {
			continue
		}
		if a[i] < 0x80 && b[i] < 0x80 {
			return a[i] < b[i]
		}
		ua, ub := utf16.Encode([]rune(a)), utf16.Encode([]rune(b))
		for j := 0; j < len(ua) && j < len(ub); j++ {
			if ua[j] != ub[j] {
				return ua[j] < ub[j]
			}
		}
		return len(ua) < len(ub)
	}
	return len(a) < len(b)
}
