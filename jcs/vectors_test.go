package jcs

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"testing"
)

type vector struct {
	Name   string
	Text   *string
	Base64 []byte // instead of Text, if that is not UTF-8
	Want   string
	Reason string
}

// The TypeScript client reads the same file. Its verdicts were made by another
// implementation: parse, write canonically, compare.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile("../testdata/vectors/sign/jcs.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []vector }
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		t.Fatal(err)
	}
	tally := map[string]int{}
	for _, v := range file.Cases {
		tally[v.Want]++
		in := v.Base64
		if v.Text != nil {
			in = []byte(*v.Text)
		}
		value, err := Parse(in)
		if v.Want == "refuse" {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || syntax.Offset > len(in) || v.Reason == "" {
				t.Errorf("%s: Parse(%q) = %v, %v", v.Name, in, value, err)
			}
			continue
		}
		again, encodeErr := Encode(value)
		if err != nil || encodeErr != nil || !bytes.Equal(again, in) {
			t.Errorf("%s: Parse: %v; Encode = %q, %v", v.Name, err, again, encodeErr)
		}
	}
	if want := map[string]int{"accept": 35, "refuse": 136}; !maps.Equal(tally, want) {
		t.Errorf("cases: %v, want %v", tally, want)
	}
}
