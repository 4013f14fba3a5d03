package sign

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"slices"
	"strings"
	"testing"
)

// envelopes of the vectors that Go must write byte for byte.
func TestSealWritesTheVectors(t *testing.T) {
	vectors := map[string]string{}
	for _, v := range readVectors[envelopeVector](t, "envelope.json") {
		vectors[v.Name] = v.Envelope
	}
	seal := func(payloadType, payload string, keys ...Secret) Envelope {
		e, err := Seal(payloadType, []byte(payload), nil, keys...)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	const document = `{"app":"__UNI__A1B2C3D","channel":"production","epoch":0,"format":1,"sequence":42}`
	_, signing, _ := testEpoch(t, 0)
	four := []Secret{signing}
	for _, name := range []string{"second", "third", "fourth"} {
		four = append(four, testSecret(name+" signing 0", Signing, 0))
	}
	slices.Reverse(four)
	for name, e := range map[string]Envelope{
		"no rotation":                       seal(testType, document, signing),
		"two signatures":                    seal(testType, document, four[2:]...),
		"four signatures":                   seal(testType, document, four...),
		"empty payload":                     seal(testType, "", signing),
		"payload that is not JSON":          seal(testType, "\x00\xff\x80\n", signing),
		"lengths count bytes: payload":      seal(testType, `{"notes":"热更新 🚀"}`, signing),
		"lengths count bytes: payload type": seal("application/测试+json", "{}", signing),
		"payload of 32768 bytes":            seal(testType, strings.Repeat("a", MaxPayload), signing),
		"one rotation":                      testChain(t, 1, strings.Replace(document, `"epoch":0`, `"epoch":1`, 1)),
		"three rotations, pins of epoch 0":  testChain(t, 3, strings.Replace(document, `"epoch":0`, `"epoch":3`, 1)),
	} {
		text, err := e.Encode()
		if err != nil || vectors[name] == "" || string(text) != vectors[name] {
			t.Errorf("%s: %v\n got %s\nwant %s", name, err, text, vectors[name])
		}
	}
}

func TestSealRefuses(t *testing.T) {
	_, signing, _ := testEpoch(t, 0)
	five := []Secret{signing}
	for _, name := range []string{"a", "b", "c", "d"} {
		five = append(five, testSecret(name, Signing, 0))
	}
	for name, c := range map[string]struct {
		size int
		keys []Secret
		says string
	}{
		"no key":         {0, nil, "0 keys"},
		"five keys":      {0, five, "5 keys"},
		"one key twice":  {0, []Secret{signing, signing}, "given twice"},
		"payload":        {MaxPayload + 1, five[:1], "32769 bytes"},
		"twice in four":  {0, []Secret{five[0], five[1], five[2], five[1]}, "given twice"},
		"same as signer": {0, []Secret{signing, testSecret("signing 0", Recovery, 4)}, "given twice"},
	} {
		if _, err := Seal(testType, make([]byte, c.size), nil, c.keys...); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Encode writes nothing that Parse refuses for its size.
func TestEncodeBounds(t *testing.T) {
	e := testChain(t, 1, "{}")
	for n, ok := range map[int]bool{0: true, MaxStatements: true, MaxStatements + 1: false} {
		e.Statements = slices.Repeat(testChain(t, 1, "{}").Statements, n)
		text, err := e.Encode()
		if (err == nil) != ok {
			t.Errorf("%d statements: %v", n, err)
		}
		if _, parseErr := Parse(text); ok && parseErr != nil {
			t.Errorf("%d statements: %v", n, parseErr)
		}
	}
	fits := testChain(t, 0, strings.Repeat("a", MaxPayload))
	text, err := fits.Encode()
	if err != nil {
		t.Fatal(err)
	}
	fits.Type += strings.Repeat("x", MaxEnvelope-len(text))
	if text, err := fits.Encode(); err != nil || len(text) != MaxEnvelope {
		t.Errorf("%d bytes: %v", len(text), err)
	} else if _, err := Parse(text); err != nil {
		t.Errorf("%d bytes: %v", len(text), err)
	}
	fits.Type += "x"
	if text, err := fits.Encode(); err == nil {
		t.Errorf("%d bytes are written", len(text))
	}
}

// An envelope that no Parse has seen is verified all the same.
func TestOpenOfAnEnvelopeMadeByHand(t *testing.T) {
	recovery, signing, trusted := testEpoch(t, 0)
	good := testChain(t, 1, "{}")
	open := func(e Envelope) error { _, err := Open(e, testType, testApp, "production", trusted); return err }
	if err := open(good); err != nil {
		t.Fatal(err)
	}
	bare := good
	bare.Signatures = nil
	if err := open(bare); !errors.Is(err, ErrRefused) {
		t.Errorf("no signature: %v", err)
	}
	bare = good
	bare.Statements = slices.Clone(good.Statements)
	bare.Statements[0].Signatures = []Signature{}
	if err := open(bare); !errors.Is(err, ErrRefused) {
		t.Errorf("no signature on a statement: %v", err)
	}
	for _, length := range []int{0, 1, 63, 65, 128} {
		e := testChain(t, 0, "{}")
		e.Signatures[0].Bytes = append(bytes.Clone(e.Signatures[0].Bytes), make([]byte, 64)...)[:length]
		if err := open(e); !errors.Is(err, ErrRefused) {
			t.Errorf("signature of %d bytes: %v", length, err)
		}
	}
	forged := Envelope{Type: testType, Payload: []byte("{}")}
	for _, k := range []Secret{recovery, signing} {
		forged.Signatures = []Signature{{k.Pin().ID(), make([]byte, ed25519.SignatureSize)}}
		if err := open(forged); !errors.Is(err, ErrRefused) {
			t.Errorf("zeros under the id of the %s: %v", k, err)
		}
	}
}

func TestParseRefusesMoreThanItReads(t *testing.T) {
	huge := bytes.Repeat([]byte("["), 10<<20)
	if _, err := Parse(huge); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "limit") {
		t.Errorf("got %v", err)
	}
}
