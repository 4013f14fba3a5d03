package sign

import (
	"cmp"
	"crypto/ed25519"
	"fmt"
	"slices"

	"wgtup/jcs"
)

// Envelope is a parsed envelope: well formed, not yet verified.
type Envelope struct {
	Type       string
	Payload    []byte
	Signatures []Signature
	Statements []Envelope // key statements, oldest first; none inside a statement
}

// Signature is one signature of an envelope.
type Signature struct {
	KeyID string
	Bytes []byte
}

// wire is the JSON of an envelope; Keys is absent in a statement.
type wire struct {
	Keys       *[]wire         `json:"keys,omitempty"`
	Payload    string          `json:"payload"`
	Type       string          `json:"payloadType"`
	Signatures []wireSignature `json:"signatures"`
}

type wireSignature struct {
	KeyID string `json:"keyid"`
	Sig   string `json:"sig"`
}

// Parse reads an envelope of a document.
func Parse(text []byte) (Envelope, error) { return parse(text, 1) }

// parse reads one with at least so many signatures.
func parse(text []byte, least int) (Envelope, error) {
	if len(text) > MaxEnvelope {
		return Envelope{}, fmt.Errorf("%w: envelope of %d bytes, limit %d", ErrRefused, len(text), MaxEnvelope)
	}
	tree, err := jcs.Parse(text)
	if err != nil {
		return Envelope{}, fmt.Errorf("%w: envelope: %v", ErrRefused, err)
	}
	var w wire
	if err := jcs.Decode(tree, &w, true); err != nil {
		return Envelope{}, fmt.Errorf("%w: envelope: %v", ErrRefused, err)
	}
	if w.Keys == nil {
		return Envelope{}, fmt.Errorf("%w: envelope: keys is missing", ErrRefused)
	}
	if len(*w.Keys) > MaxStatements {
		return Envelope{}, fmt.Errorf("%w: more than %d key statements", ErrRefused, MaxStatements)
	}
	e, err := w.envelope(least)
	if err != nil {
		return Envelope{}, fmt.Errorf("%w: %v", ErrRefused, err)
	}
	for i, k := range *w.Keys {
		if k.Keys != nil {
			return Envelope{}, fmt.Errorf("%w: key statement %d carries keys of its own", ErrRefused, i+1)
		}
		s, err := k.envelope(1)
		if err != nil {
			return Envelope{}, fmt.Errorf("%w: key statement %d: %v", ErrRefused, i+1, err)
		}
		e.Statements = append(e.Statements, s)
	}
	return e, nil
}

func (w wire) envelope(least int) (Envelope, error) {
	payload, ok := decodeBase64(w.Payload)
	if !ok {
		return Envelope{}, fmt.Errorf("payload is not base64")
	}
	if len(payload) > MaxPayload {
		return Envelope{}, fmt.Errorf("payload of %d bytes, limit %d", len(payload), MaxPayload)
	}
	if n := len(w.Signatures); n < least || n > MaxSignatures {
		return Envelope{}, fmt.Errorf("%d signatures, want %d to %d", n, least, MaxSignatures)
	}
	e := Envelope{Type: w.Type, Payload: payload}
	for i, s := range w.Signatures {
		sig, ok := decodeBase64(s.Sig)
		if !ok || len(sig) != ed25519.SignatureSize {
			return Envelope{}, fmt.Errorf("signature %d is not %d bytes in base64", i+1, ed25519.SignatureSize)
		}
		if i > 0 && w.Signatures[i-1].KeyID >= s.KeyID {
			return Envelope{}, fmt.Errorf("signatures are out of order")
		}
		e.Signatures = append(e.Signatures, Signature{s.KeyID, sig})
	}
	return e, nil
}

// Encode writes the one spelling of an envelope of a document.
func (e Envelope) Encode() ([]byte, error) {
	if len(e.Statements) > MaxStatements {
		return nil, fmt.Errorf("encode envelope: %d key statements, limit %d", len(e.Statements), MaxStatements)
	}
	w := e.wire()
	keys := make([]wire, len(e.Statements))
	for i, s := range e.Statements {
		keys[i] = s.wire()
	}
	w.Keys = &keys
	text, err := jcs.Marshal(w)
	if err != nil {
		return nil, fmt.Errorf("encode envelope: %w", err)
	}
	if len(text) > MaxEnvelope {
		return nil, fmt.Errorf("encode envelope: %d bytes, limit %d", len(text), MaxEnvelope)
	}
	return text, nil
}

func (e Envelope) wire() wire {
	w := wire{Payload: encodeBase64(e.Payload), Type: e.Type, Signatures: []wireSignature{}}
	for _, s := range e.Signatures {
		w.Signatures = append(w.Signatures, wireSignature{s.KeyID, encodeBase64(s.Bytes)})
	}
	return w
}

// Seal signs a payload with keys and attaches the key statements.
func Seal(payloadType string, payload []byte, statements []Envelope, keys ...Secret) (Envelope, error) {
	if len(payload) > MaxPayload {
		return Envelope{}, fmt.Errorf("sign: payload of %d bytes, limit %d", len(payload), MaxPayload)
	}
	if len(keys) < 1 || len(keys) > MaxSignatures {
		return Envelope{}, fmt.Errorf("sign: %d keys, want 1 to %d", len(keys), MaxSignatures)
	}
	e := Envelope{Type: payloadType, Payload: payload, Statements: statements}
	text := PAE(payloadType, payload)
	for _, k := range keys {
		e.Signatures = append(e.Signatures, Signature{k.Pin().ID(), ed25519.Sign(k.key(), text)})
	}
	slices.SortFunc(e.Signatures, func(a, b Signature) int { return cmp.Compare(a.KeyID, b.KeyID) })
	for i := 1; i < len(e.Signatures); i++ {
		if e.Signatures[i-1].KeyID == e.Signatures[i].KeyID {
			return Envelope{}, fmt.Errorf("sign: key %s is given twice", e.Signatures[i].KeyID)
		}
	}
	return e, nil
}

// verify checks that there is a signature and every one is by a key of the set that may sign this.
func (e Envelope) verify(set Set, may func(Pin) bool) error {
	if len(e.Signatures) == 0 {
		return fmt.Errorf("%w: no signature", ErrRefused)
	}
	text := PAE(e.Type, e.Payload)
	for _, s := range e.Signatures {
		pin, ok := set.Find(s.KeyID)
		if !ok {
			return fmt.Errorf("%w: key %s is not in the set of epoch %d", ErrRefused, s.KeyID, set.Epoch)
		}
		if !may(pin) {
			return fmt.Errorf("%w: %s key %s may not sign this", ErrRefused, pin.Role, s.KeyID)
		}
		if !ed25519.Verify(pin.Key, text, s.Bytes) {
			return fmt.Errorf("%w: signature by key %s does not verify", ErrRefused, s.KeyID)
		}
	}
	return nil
}
