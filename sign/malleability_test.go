package sign

import (
	"crypto/ed25519"
	"encoding/hex"
	"math/big"
	"slices"
	"testing"
)

// groupOrder is L of RFC 8032, 5.1.
var groupOrder, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)

// withScalar puts another S, little-endian, into a signature.
func withScalar(signature []byte, change func(s *big.Int)) []byte {
	b := slices.Clone(signature)
	slices.Reverse(b[32:])
	s := new(big.Int).SetBytes(b[32:])
	change(s)
	s.FillBytes(b[32:])
	slices.Reverse(b[32:])
	return b
}

// A signature has one spelling: S + L would verify by the bare equation.
func TestScalarAboveTheGroupOrder(t *testing.T) {
	_, _, trusted := testEpoch(t, 0)
	good := testChain(t, 1, "{}")
	for _, part := range []string{"document", "statement"} {
		for factor := int64(0); factor <= 14; factor++ {
			e := good
			e.Statements = slices.Clone(good.Statements)
			signed := &e
			if part == "statement" {
				signed = &e.Statements[0]
			}
			signature := signed.Signatures[0]
			signature.Bytes = withScalar(signature.Bytes, func(s *big.Int) { s.Add(s, new(big.Int).Mul(big.NewInt(factor), groupOrder)) })
			signed.Signatures = []Signature{signature}
			_, err := Open(e, testType, testApp, "production", trusted)
			if (err == nil) != (factor == 0) {
				t.Errorf("%s, S + %d L: %v", part, factor, err)
			}
		}
	}
}

// A key of small order verifies what nobody signed: by crypto/ed25519 the
// identity accepts one signature for every text, and zeros, what an unset key
// looks like, for every fourth. Such pins are refused, in every spelling.
func TestKeysOfSmallOrder(t *testing.T) {
	forged := make([]byte, ed25519.SignatureSize)
	forged[0] = 1 // R is the identity, S is zero
	identity, _ := hex.DecodeString(weakKeys[1])
	if !ed25519.Verify(identity, []byte("anything"), forged) {
		t.Error("crypto/ed25519 refuses the identity by itself now")
	}
	zeros := make([]byte, ed25519.PublicKeySize)
	accepted := 0
	for i := range 256 {
		if ed25519.Verify(zeros, []byte{byte(i)}, forged) {
			accepted++
		}
	}
	if accepted == 0 {
		t.Error("crypto/ed25519 refuses the key of zeros by itself now")
	}
	recovery, signing, set := testEpoch(t, 0)
	for _, spelling := range weakKeys {
		for _, sign := range []byte{0, 0x80} {
			key, _ := hex.DecodeString(spelling)
			key[31] |= sign
			for _, role := range []Role{Signing, Recovery} {
				p := Pin{Role: role, Key: key}
				if _, err := ParsePin(p.String()); err == nil {
					t.Errorf("ParsePin(%s) is accepted", p)
				}
				if _, err := NewSet([]Pin{recovery.Pin(), signing.Pin(), p}); err == nil {
					t.Errorf("NewSet with %s is accepted", p)
				}
			}
		}
	}
	for _, p := range set.Pins {
		if weak(p.Key) {
			t.Errorf("%s is weak", p)
		}
	}
}
