package strictjson

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"b": 1.0, "a": [1e2, "\u00e9"]}`, `{"a":[100,"é"],"b":1}`},
		{` null `, `null`}, {`true`, `true`}, {`false`, `false`}, {`[]`, `[]`}, {`{}`, `{}`},
		{`-0`, `0`}, {`0.0e9`, `0`}, {`1.50`, `15e-1`}, {`-12.5E1`, `-125`}, {`1e+20`, `100000000000000000000`},
		{`1e21`, `1e21`}, {`10e20`, `1e21`}, {`123456789012345678901`, `123456789012345678901`},
		{`1234567890123456789012`, `1234567890123456789012e0`}, {`0.001`, `1e-3`}, {`1e0001`, `10`},
		{`"\"\\\/\b\f\n\r\t\u0001\u007f"`, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\""},
		{`"\ud83d\ude00"`, `"😀"`}, {"\"\u2028\"", "\"\u2028\""},
		{`{"":1,"é":2,"z":3,"A":4}`, `{"":1,"A":4,"z":3,"é":2}`},
	} {
		v, err := Parse([]byte(c.in))
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if got := string(v.Append(nil)); got != c.want {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "1:1: end of text where a value is expected"},
		{"\xef\xbb\xbf{}", "1:1: byte order mark"},
		{"{\n // x\n}", "2:2: comment"},
		{"{} /* x */", "1:4: comment"},
		{"{\"a\":1,}", `1:8: comma before '}'`},
		{"[1,]", `1:4: comma before ']'`},
		{"{'a':1}", "1:2: single quote"},
		{`{"a":1,"\u0061":2}`, `1:8: duplicate name "a"`},
		{`{"x":{"a":1,"a":1}}`, `1:13: duplicate name "a"`},
		{`"\ud800"`, "1:2: half a surrogate pair"},
		{`"\ud800\ud800"`, "1:2: half a surrogate pair"},
		{`"\udc00\ud800"`, "1:2: half a surrogate pair"},
		{"\"\xff\"", "1:2: not UTF-8"},
		{"\"\n\"", "1:2: control character in a string"},
		{`"\x41"`, "1:2: unknown escape"}, {`"\u12g4"`, "1:2: unknown escape"}, {`"\`, "1:2: unknown escape"},
		{`01`, "1:1: number with a leading zero"}, {`-`, "1:2: end of text in a number"},
		{`+1`, `1:1: unexpected '+' where a value is expected`}, {`.5`, `1:1: unexpected '.' where a value is expected`},
		{`1.`, "1:3: end of text after the point of a number"}, {`1e`, "1:3: end of text in an exponent"},
		{`1e1000001`, "1:1: number with an exponent beyond 1000000"},
		{`1e99999999999999999999`, "1:1: number with an exponent beyond 1000000"},
		{`NaN`, `1:1: unexpected 'N' where a value is expected`}, {`nul`, `1:1: unexpected 'n' where a value is expected`},
		{`{} {}`, `1:4: unexpected '{' after the value`},
		{`{"a" 1}`, `1:6: unexpected '1' where a colon is expected`},
		{`[1 2]`, `1:4: unexpected '2' where a comma or ']' is expected`},
		{"{\u00a0}", "1:2: unexpected character where a name is expected"},
		{"<!DOCTYPE html>", `1:1: unexpected '<' where a value is expected`},
		{strings.Repeat("[", MaxDepth+1), "1:65: more than 64 levels"},
	} {
		_, err := Parse([]byte(c.in))
		if err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.in, err, c.want)
		}
		var syntax *SyntaxError
		if err != nil && !errors.As(err, &syntax) {
			t.Errorf("%q: %T", c.in, err)
		}
	}
	if _, err := Parse([]byte(strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth))); err != nil {
		t.Errorf("%d levels: %v", MaxDepth, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e3,"x\u00e9"],"b":null}`, `{"a":1,"a":2}`, "\"\\ud83d\\ude00\"", `-0.0e-5`, "// x", "[[[[", `1e400`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Parse(data)
		if err != nil {
			return
		}
		if !json.Valid(data) {
			t.Fatalf("encoding/json refuses %q", data)
		}
		text := v.Append(nil)
		again, err := Parse(text)
		if err != nil {
			t.Fatalf("canonical text %q of %q: %v", text, data, err)
		}
		if second := again.Append(nil); string(second) != string(text) {
			t.Fatalf("%q, then %q", text, second)
		}
	})
}
