// Package sign makes and checks the signatures of wgtup: Ed25519 over a DSSE
// envelope of one exact spelling, and the chain of key statements by which an
// owner replaces keys that apps in the field have pinned. It knows nothing of
// releases.
//
// # Keys
//
// A key has a role. A signing key signs documents; a recovery key signs only
// the statement that names the next set of keys, and stays offline. Keys live
// in sets, one per epoch; an app pins the set of the epoch in which it was
// built. Key ids are the first 16 hex digits of SHA-256(public key): selectors,
// not a security boundary. The few public keys for which anyone can sign (points
// of small order, all zeros among them) are refused wherever a key is read.
//
//	pin:    signing:0:qDfQ…=            role, epoch, public key in base64
//	        signing:0:qDfQ…=:beta,prod  the same, for these channels only
//	secret: wgtup-secret:signing:0:mJ2…=   role, epoch, 32-byte seed
//
// # Envelope
//
// One JSON object in the canonical form of package jcs (no white space, members
// sorted, each once), at most MaxEnvelope bytes:
//
//	{"keys":[<statement>,…],"payload":"<base64>","payloadType":"…","signatures":[{"keyid":"…","sig":"<base64>"}]}
//
// Base64 is standard, padded, with zero trailing bits. There are 1 to
// MaxSignatures signatures, sorted by key id, and every one must be by a known
// key and verify: no byte of an accepted envelope can be changed (a whole
// signature of several, or a leading statement that a holder skips, can be left out). A
// statement is an envelope without "keys". The signed bytes are DSSE's
// pre-authentication encoding, whose lengths count bytes:
//
//	"DSSEv1 " len(type) " " type " " len(payload) " " payload
//
// # Chain
//
// The statements have consecutive epochs, ascending. A holder of the set of
// epoch e skips statements up to e (the one for e itself must name the same
// set; nothing else in them can be checked without older keys), then takes each
// next one if a recovery key of the set before signed it.
// The document must be signed by a signing key of the last set.
package sign

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
)

const (
	// StatementType is the payload type of a key statement.
	StatementType = "application/vnd.wgtup.keys+json"
	// MaxEnvelope and MaxPayload are sizes in bytes above which a text is refused unread.
	MaxEnvelope = 64 << 10
	MaxPayload  = 32 << 10
	// MaxSignatures, MaxStatements and MaxKeys bound the work of a verifier.
	MaxSignatures = 4
	MaxStatements = 32
	MaxKeys       = 16
)

// ErrRefused is what every failed verification is (errors.Is).
var ErrRefused = errors.New("signature refused")

// PAE is the text that is signed for a payload (DSSE, pre-authentication encoding).
func PAE(payloadType string, payload []byte) []byte {
	b := append([]byte("DSSEv1 "), strconv.Itoa(len(payloadType))...)
	b = append(append(append(b, ' '), payloadType...), ' ')
	b = append(strconv.AppendInt(b, int64(len(payload)), 10), ' ')
	return append(b, payload...)
}

// KeyID selects a key among others.
func KeyID(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:8])
}

// decodeBase64 accepts one spelling: the decoder alone would skip line breaks.
func decodeBase64(s string) ([]byte, bool) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || base64.StdEncoding.EncodeToString(b) != s {
		return nil, false
	}
	return b, true
}

func encodeBase64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
