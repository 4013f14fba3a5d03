package sign

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// readVectors reads a list of cases that the TypeScript client reads too.
func readVectors[T any](tb testing.TB, name string) []T {
	tb.Helper()
	text, err := os.ReadFile("../testdata/vectors/sign/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var file struct{ Cases []T }
	if err := d.Decode(&file); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	if _, err := d.Token(); err != io.EOF {
		tb.Fatalf("%s: text after the cases", name)
	}
	return file.Cases
}

type envelopeVector struct {
	Name        string
	Pins        []string
	App         string
	Channel     string
	PayloadType string
	Want        string
	Envelope    string
	Epoch       int64  // of the set in force, if accepted
	Set         string // its digest
	Reason      string // a key of envelopeReasons, if refused
}

// envelopeReasons is what an error says, by the reason in the vectors.
var envelopeReasons = map[string][]string{
	"size":        {"limit", "more than"},
	"grammar":     {"envelope: ", "carries keys of its own"},
	"base64":      {"base64"},
	"signatures":  {"signatures", "signature 1 is not 64 bytes"},
	"unknown key": {"is not in the set"},
	"role":        {"may not sign"},
	"signature":   {"does not verify"},
	"type":        {"payload type"},
	"chain":       {"after epoch", "no key statement for epoch", "another key set", "is known"},
	"app":         {"for app"},
	"newer":       {"newer wgtup"},
	"statement":   {"key statement 1: "},
}

// The vectors were made and judged by another implementation (JavaScript,
// OpenSSL's Ed25519), written from the package comment.
func TestEnvelopeVectors(t *testing.T) {
	tally := map[string]int{}
	for _, v := range readVectors[envelopeVector](t, "envelope.json") {
		tally[v.Want+v.Reason]++
		set, err := openText(v.Envelope, v.PayloadType, v.App, v.Channel, setFromText(t, v.Pins...))
		switch v.Want {
		case "accept":
			if err != nil || set.Epoch != v.Epoch || set.Digest() != v.Set {
				t.Errorf("%s: epoch %d, %v; want epoch %d", v.Name, set.Epoch, err, v.Epoch)
				continue
			}
			e, _ := Parse([]byte(v.Envelope))
			if again, err := e.Encode(); err != nil || string(again) != v.Envelope {
				t.Errorf("%s: Encode writes other bytes, %v", v.Name, err)
			}
		case "refuse":
			if !errors.Is(err, ErrRefused) {
				t.Errorf("%s: got %v, want ErrRefused", v.Name, err)
				continue
			}
			says := func(part string) bool { return strings.Contains(err.Error(), part) }
			if !slices.ContainsFunc(envelopeReasons[v.Reason], says) {
				t.Errorf("%s: %v, want the reason %q", v.Name, err, v.Reason)
			}
		default:
			t.Fatalf("%s: want %q", v.Name, v.Want)
		}
	}
	want := map[string]int{
		"accept": 30, "refusesize": 4, "refusegrammar": 78, "refusebase64": 22, "refusesignatures": 11,
		"refuseunknown key": 15, "refuserole": 14, "refusesignature": 26, "refusetype": 8,
		"refusechain": 19, "refuseapp": 4, "refusenewer": 5, "refusestatement": 59,
	}
	if !maps.Equal(tally, want) {
		t.Errorf("cases: %v, want %v", tally, want)
	}
}

type pinVector struct {
	Name     string
	Text     string
	Want     string
	Reason   string
	Role     Role
	Epoch    int64
	Key      string // hex
	KeyID    string
	Channels []string
}

func TestPinVectors(t *testing.T) {
	reasons := map[string]string{
		"parts": "want role:epoch:key",
		"role":  "the role must be", "epoch": "the epoch must be", "key": "bytes in base64",
		"small order": "anyone can sign", "channels": "channels",
	}
	tally := map[string]int{}
	for _, v := range readVectors[pinVector](t, "pin.json") {
		tally[v.Want]++
		p, err := ParsePin(v.Text)
		if v.Want == "refuse" {
			if reason := reasons[v.Reason]; err == nil || reason == "" || !strings.Contains(err.Error(), reason) {
				t.Errorf("%s: %v, want the reason %q", v.Name, err, v.Reason)
			}
			continue
		}
		same := p.Role == v.Role && p.Epoch == v.Epoch && hex.EncodeToString(p.Key) == v.Key && p.ID() == v.KeyID && slices.Equal(p.Channels, v.Channels)
		if err != nil || !same || p.String() != v.Text {
			t.Errorf("%s: %+v, %v", v.Name, p, err)
		}
	}
	if want := map[string]int{"accept": 12, "refuse": 81}; !maps.Equal(tally, want) {
		t.Errorf("cases: %v, want %v", tally, want)
	}
}

type keyVector struct {
	Name   string
	Role   Role
	Epoch  int64
	Seed   string
	Public string
	KeyID  string
	Pin    string
	Secret string
}

func TestKeyVectors(t *testing.T) {
	vectors := readVectors[keyVector](t, "keyid.json")
	if len(vectors) != 19 {
		t.Errorf("%d cases, want 19", len(vectors))
	}
	for _, v := range vectors {
		s, err := ParseSecret(v.Secret)
		if err != nil {
			t.Errorf("%s: %v", v.Name, err)
			continue
		}
		p := s.Pin()
		if s.Role != v.Role || s.Epoch != v.Epoch || s.Text() != v.Secret || base64.StdEncoding.EncodeToString(s.key().Seed()) != v.Seed {
			t.Errorf("%s: the secret reads as %s of epoch %d", v.Name, s, s.Epoch)
		}
		if p.ID() != v.KeyID || KeyID(p.Key) != v.KeyID || p.String() != v.Pin || base64.StdEncoding.EncodeToString(p.Key) != v.Public {
			t.Errorf("%s: the public side is %s, id %s", v.Name, p, p.ID())
		}
	}
}
