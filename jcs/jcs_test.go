package jcs

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestParseAcceptsOneSpelling(t *testing.T) {
	good := []string{
		`{}`, `[]`, `""`, `0`, `9007199254740991`, `true`, `false`, `null`,
		`{"":0,"a":[1,true,"x\n"],"b":{}}`, `"\u0000\u001f\b\t\n\f\r\"\\/é` + "\u2028\u007f" + `"`,
		"{\"\U00010000\":1,\"\ue000\":2}", // UTF-16 order: D800 DC00 before E000
	}
	for _, text := range good {
		v, err := Parse([]byte(text))
		if err != nil {
			t.Errorf("Parse(%s): %v", text, err)
			continue
		}
		again, err := Encode(v)
		if err != nil || string(again) != text {
			t.Errorf("Encode(Parse(%s)) = %s, %v", text, again, err)
		}
	}
}

func TestParseRefusesOtherSpellings(t *testing.T) {
	bad := map[string]string{
		``: "empty", ` {}`: "white space", `{} `: "white space", "{}\n": "white space", `{"a": 1}`: "white space",
		`{"a":1,"a":2}`: "duplicate", `{"b":1,"a":2}`: "order", `{"a":1,}`: "comma", `[1,]`: "comma", `[,1]`: "comma",
		`01`: "leading zero", `-1`: "sign", `-0`: "sign", `+1`: "sign", `1.0`: "fraction", `1e3`: "exponent",
		`9007199254740992`: "2^53", `99999999999999999999999`: "overflow",
		`"\/"`: "escape", `"\u0041"`: "escape", `"\u000A"`: "escape", `"\n` + "\n" + `"`: "control", `"\ud800"`: "surrogate",
		`"é`: "no end", `"a`: "no end", `'a'`: "quote", `nul`: "literal", `True`: "literal", `NaN`: "literal",
		"\"\xff\"": "UTF-8", "\"\xed\xa0\x80\"": "surrogate in UTF-8", "\xef\xbb\xbf{}": "byte order mark",
		"{\"\ue000\":2,\"\U00010000\":1}": "UTF-16 order", `{a:1}`: "name", `{"a"}`: "colon", `[1 2]`: "comma", `{}{}`: "two values",
	}
	for text, why := range bad {
		if v, err := Parse([]byte(text)); err == nil {
			t.Errorf("Parse(%q) = %v, want an error: %s", text, v, why)
		}
	}
	deep := strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1)
	if _, err := Parse([]byte(deep)); err == nil {
		t.Error("nesting is not bounded")
	}
	if _, err := Parse([]byte(deep[1 : len(deep)-1])); err != nil {
		t.Errorf("%d levels: %v", MaxDepth, err)
	}
}

type sample struct {
	Name  string `json:"name"`
	Count int64  `json:"count,omitempty"`
	Parts []struct {
		A bool `json:"a"`
	} `json:"parts,omitempty"`
	Notes map[string]string `json:"notes,omitempty"`
	Sub   *sample           `json:"sub,omitempty"`
}

func TestDecode(t *testing.T) {
	cases := []struct {
		name, text, problem string
		strict              bool
	}{
		{"all", `{"count":3,"name":"x","notes":{"en":"y"},"parts":[{"a":true}],"sub":{"name":"z"}}`, "", true},
		{"unknown ignored", `{"later":[],"name":"x"}`, "", false},
		{"unknown refused", `{"later":[],"name":"x"}`, "unknown member later", true},
		{"unknown inside", `{"name":"x","sub":{"name":"y","zz":1}}`, "unknown member sub.zz", true},
		{"another letter case is another name", `{"NAME":"x"}`, "name is missing", false},
		{"missing", `{"count":1}`, "name is missing", false},
		{"null", `{"name":null}`, "name is null, not a string", false},
		{"wrong type", `{"count":"1","name":"x"}`, "count is a string, not an integer", false},
		{"wrong type inside", `{"name":"x","parts":[{"a":1}]}`, "parts[0].a is an integer, not true or false", false},
		{"wrong notes", `{"name":"x","notes":{"en":1}}`, "notes.en is an integer, not a string", false},
		{"not an object", `[]`, " is an array, not an object", false},
	}
	for _, c := range cases {
		v, err := Parse([]byte(c.text))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var s sample
		err = Decode(v, &s, c.strict)
		if (err == nil) != (c.problem == "") || err != nil && err.Error() != c.problem {
			t.Errorf("%s: got %v, want %q", c.name, err, c.problem)
		}
		var unknown *UnknownMemberError
		if errors.As(err, &unknown) != strings.HasPrefix(c.problem, "unknown") {
			t.Errorf("%s: unknown members have a type of their own", c.name)
		}
	}
}

func TestMarshalRefusesWhatHasNoSpelling(t *testing.T) {
	for _, v := range []any{1.5, -1, int64(MaxInteger) + 1, map[string]any{"a": 1e30}} {
		if text, err := Marshal(v); err == nil {
			t.Errorf("Marshal(%v) = %s", v, text)
		}
	}
	text, err := Marshal(map[string]any{"b": "<&>\u2028", "a": []int{1}})
	if err != nil || string(text) != "{\"a\":[1],\"b\":\"<&>\u2028\"}" {
		t.Errorf("got %s, %v", text, err)
	}
}

// FuzzParse: whatever is accepted has that one spelling and is JSON.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,true,"x\n"],"b":{}}`, `"\u001f"`, `[null,{"a":{}}]`, `{"a":1,"a":2}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Encode(v)
		if err != nil || !bytes.Equal(again, text) {
			t.Fatalf("%q became %q, %v", text, again, err)
		}
		if !json.Valid(text) {
			t.Fatalf("%q is not JSON", text)
		}
	})
}
