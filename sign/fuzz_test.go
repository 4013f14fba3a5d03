package sign

import (
	"bytes"
	"errors"
	"testing"
)

// FuzzParse: an envelope has one spelling, and only what was signed opens.
func FuzzParse(f *testing.F) {
	_, _, trusted := testEpoch(f, 0)
	opens := map[string]bool{}
	for _, v := range readVectors[envelopeVector](f, "envelope.json") {
		if len(v.Envelope) < 4096 {
			f.Add([]byte(v.Envelope))
		}
		if _, err := openText(v.Envelope, testType, testApp, "production", trusted); err == nil {
			opens[v.Envelope] = true
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := Parse(text)
		if err != nil {
			if !errors.Is(err, ErrRefused) {
				t.Fatalf("%q: %v is not ErrRefused", text, err)
			}
			return
		}
		again, err := e.Encode()
		if err != nil || !bytes.Equal(again, text) {
			t.Fatalf("%q became %q, %v", text, again, err)
		}
		if _, err := Open(e, testType, testApp, "production", trusted); err == nil && !opens[string(text)] {
			t.Fatalf("%q opens", text)
		}
	})
}

// FuzzParsePin: a pin has one spelling.
func FuzzParsePin(f *testing.F) {
	for _, v := range readVectors[pinVector](f, "pin.json") {
		f.Add(v.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePin(text)
		if err == nil && p.String() != text {
			t.Fatalf("%q became %q", text, p)
		}
	})
}

// FuzzParseSecret: a key file holds one key, and no error repeats a part of it.
func FuzzParseSecret(f *testing.F) {
	for _, v := range readVectors[keyVector](f, "keyid.json") {
		f.Add(v.Secret)
		f.Add("# comment\n" + v.Secret + "\r\n")
		f.Add(v.Secret + "\n" + v.Pin)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSecret(text)
		if err != nil {
			if len(err.Error()) > 80 {
				t.Fatalf("%q: a long error: %v", text, err)
			}
			return
		}
		again, err := ParseSecret(s.Text())
		if err != nil || again.Text() != s.Text() || !bytes.Contains([]byte(text), []byte(s.Text())) {
			t.Fatalf("%q became %q, %v", text, again.Text(), err)
		}
	})
}
