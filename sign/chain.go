package sign

import (
	"fmt"

	"wgtup/jcs"
)

// statement is the payload of a key statement: the whole set of an epoch.
type statement struct {
	Format   int64    `json:"format"`
	Critical []string `json:"critical"`
	App      string   `json:"app"`
	Epoch    int64    `json:"epoch"`
	Keys     []member `json:"keys"`
}

// NewStatement names next as the keys after those of the recovery key's epoch.
func NewStatement(app string, next Set, recovery Secret) (Envelope, error) {
	if recovery.Role != Recovery {
		return Envelope{}, fmt.Errorf("sign key statement: %s is not a recovery key", recovery)
	}
	if next.Epoch != recovery.Epoch+1 {
		return Envelope{}, fmt.Errorf("sign key statement: epoch %d does not follow %d", next.Epoch, recovery.Epoch)
	}
	draft, err := DraftStatement(app, next)
	if err != nil {
		return Envelope{}, err
	}
	return Seal(StatementType, draft.Payload, nil, recovery)
}

func (e Envelope) statement(app string) (Set, error) {
	if e.Type != StatementType {
		return Set{}, fmt.Errorf("payload type %q, want %q", e.Type, StatementType)
	}
	tree, err := jcs.Parse(e.Payload)
	if err != nil {
		return Set{}, err
	}
	var s statement
	if err := jcs.Decode(tree, &s, false); err != nil {
		return Set{}, err
	}
	if s.Format != 1 || len(s.Critical) > 0 {
		return Set{}, fmt.Errorf("written by a newer wgtup (format %d, critical %q)", s.Format, s.Critical)
	}
	if s.App != app {
		return Set{}, fmt.Errorf("for app %q, want %q", s.App, app)
	}
	return setOf(s.Epoch, s.Keys)
}

// Open verifies an envelope by the set a verifier trusts and returns the set in
// force, which the verifier keeps from then on (never going back). The caller
// still has to compare the epoch inside the document with that set's.
func Open(e Envelope, payloadType, app, channel string, trusted Set) (Set, error) {
	if e.Type != payloadType {
		return Set{}, fmt.Errorf("%w: payload type %q, want %q", ErrRefused, e.Type, payloadType)
	}
	set, err := Walk(e.Statements, app, trusted)
	if err != nil {
		return Set{}, err
	}
	if err := e.verify(set, func(p Pin) bool { return p.Signs(channel) }); err != nil {
		return Set{}, err
	}
	return set, nil
}

// Walk follows a chain of key statements from the set a verifier trusts to the
// last one.
func Walk(statements []Envelope, app string, trusted Set) (Set, error) {
	set, last := trusted, int64(0)
	for i, e := range statements {
		next, err := e.statement(app)
		if err != nil {
			return Set{}, fmt.Errorf("%w: key statement %d: %v", ErrRefused, i+1, err)
		}
		if next.Epoch < 1 || i > 0 && next.Epoch != last+1 {
			return Set{}, fmt.Errorf("%w: key statement of epoch %d after epoch %d", ErrRefused, next.Epoch, last)
		}
		last = next.Epoch
		switch {
		case next.Epoch == trusted.Epoch && next.Digest() != trusted.Digest():
			return Set{}, fmt.Errorf("%w: another key set for epoch %d", ErrRefused, next.Epoch)
		case next.Epoch <= trusted.Epoch:
			continue
		case next.Epoch != set.Epoch+1:
			return Set{}, fmt.Errorf("%w: no key statement for epoch %d", ErrRefused, set.Epoch+1)
		}
		if err := e.verify(set, func(p Pin) bool { return p.Role == Recovery }); err != nil {
			return Set{}, fmt.Errorf("key statement of epoch %d: %w", next.Epoch, err)
		}
		set = next
	}
	if last < trusted.Epoch {
		return Set{}, fmt.Errorf("%w: keys of epoch %d, but epoch %d is known", ErrRefused, last, trusted.Epoch)
	}
	return set, nil
}
