package sign

import (
	"crypto/ed25519"
	"crypto/sha256"
	"testing"
)

const (
	testType = "application/vnd.wgtup.release+json"
	testApp  = "__UNI__A1B2C3D"
)

// testSecret is a key of the vectors, by the name it has there.
func testSecret(name string, role Role, epoch int64) Secret {
	seed := sha256.Sum256([]byte("wgtup test vector: " + name))
	return secretOf(role, epoch, ed25519.NewKeyFromSeed(seed[:]))
}

// testEpoch is the recovery key, the signing key and the set of an epoch.
func testEpoch(tb testing.TB, epoch int64) (recovery, signing Secret, set Set) {
	tb.Helper()
	n := string(rune('0' + epoch))
	recovery, signing = testSecret("recovery "+n, Recovery, epoch), testSecret("signing "+n, Signing, epoch)
	return recovery, signing, setOfSecrets(tb, recovery, signing)
}

func setOfSecrets(tb testing.TB, keys ...Secret) Set {
	tb.Helper()
	pins := make([]Pin, len(keys))
	for i, k := range keys {
		pins[i] = k.Pin()
	}
	set, err := NewSet(pins)
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

func setFromText(tb testing.TB, texts ...string) Set {
	tb.Helper()
	pins := make([]Pin, len(texts))
	for i, text := range texts {
		pin, err := ParsePin(text)
		if err != nil {
			tb.Fatal(err)
		}
		pins[i] = pin
	}
	set, err := NewSet(pins)
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

func openText(text, payloadType, app, channel string, trusted Set) (Set, error) {
	e, err := Parse([]byte(text))
	if err != nil {
		return Set{}, err
	}
	return Open(e, payloadType, app, channel, trusted)
}

// testChain is an envelope with the statements of the epochs after 0, signed by
// the signing key of the last.
func testChain(tb testing.TB, epochs int64, payload string) Envelope {
	tb.Helper()
	recovery, signing, _ := testEpoch(tb, 0)
	var statements []Envelope
	for e := int64(1); e <= epochs; e++ {
		next, key, set := testEpoch(tb, e)
		s, err := NewStatement(testApp, set, recovery)
		if err != nil {
			tb.Fatal(err)
		}
		statements, recovery, signing = append(statements, s), next, key
	}
	e, err := Seal(testType, []byte(payload), statements, signing)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}
