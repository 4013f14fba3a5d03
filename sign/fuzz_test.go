package sign

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

// FuzzParse: an envelope has one spelling, and only what was signed opens.
func FuzzParse(f *testing.F) {
	_, _, trusted := testEpoch(f, 0)
	var made strings.Builder // every signature that our keys made, whatever it stands in
	for _, v := range readVectors[envelopeVector](f, "envelope.json") {
		if len(v.Envelope) < 4096 {
			f.Add([]byte(v.Envelope))
		}
		made.WriteString(v.Envelope)
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
		if _, err := Open(e, testType, testApp, "production", trusted); err != nil {
			return
		}
		for _, s := range e.Signatures {
			if !strings.Contains(made.String(), base64.StdEncoding.EncodeToString(s.Bytes)) {
				t.Fatalf("%q opens with a signature that nobody made", text)
			}
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
