package sign

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"wgtup/jcs"
)

// Set is the keys of one epoch.
type Set struct {
	Epoch int64
	Pins  []Pin // in the order of their text form
}

// NewSet checks that pins are the keys of one epoch: at least one signing and
// one recovery key, none twice.
func NewSet(pins []Pin) (Set, error) {
	if len(pins) == 0 || len(pins) > MaxKeys {
		return Set{}, fmt.Errorf("a key set has 1 to %d keys, not %d", MaxKeys, len(pins))
	}
	s := Set{Epoch: pins[0].Epoch, Pins: slices.Clone(pins)}
	slices.SortFunc(s.Pins, func(a, b Pin) int { return cmp.Compare(a.String(), b.String()) })
	roles := map[Role]int{}
	ids := map[string]bool{}
	for _, p := range s.Pins {
		if p.Epoch != s.Epoch {
			return Set{}, fmt.Errorf("keys of epochs %d and %d in one set", s.Epoch, p.Epoch)
		}
		if err := p.check(); err != nil {
			return Set{}, err
		}
		if ids[p.ID()] {
			return Set{}, fmt.Errorf("key %s is named twice", p.ID())
		}
		ids[p.ID()] = true
		roles[p.Role]++
	}
	if roles[Signing] == 0 || roles[Recovery] == 0 {
		return Set{}, fmt.Errorf("a key set needs a signing and a recovery key")
	}
	return s, nil
}

// Find returns the key with an id.
func (s Set) Find(id string) (Pin, bool) {
	for _, p := range s.Pins {
		if p.ID() == id {
			return p, true
		}
	}
	return Pin{}, false
}

// Digest identifies a set: hex SHA-256 of the canonical JSON of its keys, as
// they stand in a statement.
func (s Set) Digest() string {
	text, err := jcs.Marshal(s.members())
	if err != nil {
		panic(err) // strings and base64 always have a spelling
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// member is a key in a statement.
type member struct {
	Role     Role     `json:"role"`
	Key      string   `json:"key"`
	Channels []string `json:"channels,omitempty"`
}

func (s Set) members() []member {
	m := make([]member, len(s.Pins))
	for i, p := range s.Pins {
		m[i] = member{p.Role, encodeBase64(p.Key), p.Channels}
	}
	return m
}

func setOf(epoch int64, members []member) (Set, error) {
	pins := make([]Pin, len(members))
	for i, m := range members {
		key, ok := decodeBase64(m.Key)
		if !ok {
			return Set{}, fmt.Errorf("key %d of the statement is not base64", i+1)
		}
		if m.Channels != nil && len(m.Channels) == 0 {
			return Set{}, fmt.Errorf("key %d of the statement is for no channel", i+1)
		}
		pins[i] = Pin{m.Role, epoch, key, m.Channels}
	}
	s, err := NewSet(pins)
	if err != nil {
		return Set{}, err
	}
	if !slices.EqualFunc(pins, s.Pins, func(a, b Pin) bool { return a.String() == b.String() }) {
		return Set{}, fmt.Errorf("keys of the statement are out of order")
	}
	return s, nil
}
