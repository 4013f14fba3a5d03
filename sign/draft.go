package sign

import (
	"cmp"
	"crypto/ed25519"
	"fmt"
	"slices"

	"wgtup/jcs"
)

// Draft is an envelope that nobody has signed yet. Its encoding is what a person
// signs elsewhere; with signatures it is the envelope itself.
func Draft(payloadType string, payload []byte, statements []Envelope) (Envelope, error) {
	if len(payload) > MaxPayload {
		return Envelope{}, fmt.Errorf("sign: payload of %d bytes, limit %d", len(payload), MaxPayload)
	}
	return Envelope{Type: payloadType, Payload: payload, Statements: statements}, nil
}

// DraftStatement names next as the keys after the set before.
func DraftStatement(app string, next Set) (Envelope, error) {
	payload, err := jcs.Marshal(statement{1, []string{}, app, next.Epoch, next.members()})
	if err != nil {
		return Envelope{}, fmt.Errorf("sign key statement: %w", err)
	}
	return Draft(StatementType, payload, nil)
}

// ParseDraft reads an envelope that may have no signature yet.
func ParseDraft(text []byte) (Envelope, error) { return parse(text, 0) }

// SignedText is what a signature of the envelope is over.
func (e Envelope) SignedText() []byte { return PAE(e.Type, e.Payload) }

// Signed is the envelope with one more signature, whoever made it: it must verify
// by one of the keys, which says whose it is.
func (e Envelope) Signed(signature []byte, keys []Pin) (Envelope, Pin, error) {
	text := e.SignedText()
	for _, p := range keys {
		if len(signature) != ed25519.SignatureSize || !ed25519.Verify(p.Key, text, signature) {
			continue
		}
		for _, s := range e.Signatures {
			if s.KeyID == p.ID() {
				return Envelope{}, Pin{}, fmt.Errorf("key %s has signed already", p.ID())
			}
		}
		if len(e.Signatures) >= MaxSignatures {
			return Envelope{}, Pin{}, fmt.Errorf("%d signatures, limit %d", len(e.Signatures)+1, MaxSignatures)
		}
		e.Signatures = append(slices.Clone(e.Signatures), Signature{p.ID(), signature})
		slices.SortFunc(e.Signatures, func(a, b Signature) int { return cmp.Compare(a.KeyID, b.KeyID) })
		return e, p, nil
	}
	return Envelope{}, Pin{}, fmt.Errorf("%w: a signature that is by none of the %d keys that may sign this", ErrRefused, len(keys))
}

// Sign signs what SignedText says.
func (s Secret) Sign(text []byte) []byte { return ed25519.Sign(s.key(), text) }

// In is the key as a set names it, whatever its own text says of role and epoch:
// a key that stays through a rotation has the epoch of each set it is in.
func (s Secret) In(set Set) (Secret, bool) {
	pin, ok := set.Find(s.Pin().ID())
	if !ok || pin.Role != s.Role {
		return Secret{}, false
	}
	return Secret{pin.Role, pin.Epoch, s.key}, true
}

// SigningKeys are the keys of a set that may sign documents of a channel.
func (s Set) SigningKeys(channel string) []Pin {
	return slices.DeleteFunc(slices.Clone(s.Pins), func(p Pin) bool { return !p.Signs(channel) })
}

// RecoveryKeys are the keys of a set that may sign the next statement.
func (s Set) RecoveryKeys() []Pin {
	return slices.DeleteFunc(slices.Clone(s.Pins), func(p Pin) bool { return p.Role != Recovery })
}
