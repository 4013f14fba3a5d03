package publish

import (
	"errors"
	"testing"

	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

// rotated is a shop whose keys were replaced after entry 0/2: the owner's first
// entry under the new ones, 1/1, continues that one. What a thief signed with
// the old key since, 0/3 to 0/5, is outlived.
func rotated(t testing.TB) (*bed, []sign.Envelope) {
	t.Helper()
	b := shop(t)
	entries := b.journal(t)
	thief := b.do(t, full("6.6.6"), full("6.6.7"))
	if thief.Position().Sequence != 5 {
		t.Fatal(thief.Position())
	}
	statement, err := sign.NewStatement(testApp, testSet(t, 1), testKey(t, sign.Recovery, 0))
	if err != nil {
		t.Fatal(err)
	}
	statements := []sign.Envelope{statement}
	d := *entries[1].Document
	d.Epoch, d.Sequence, d.Previous = 1, 1, release.Digest(entries[1].Payload)
	payload, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	e, err := sign.Seal(release.PayloadType, payload, statements, testKey(t, sign.Signing, 1))
	if err != nil {
		t.Fatal(err)
	}
	text, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	b.put(t, release.JournalKey(testChannel, d.Position()), text, nil)
	b.key = testKey(t, sign.Signing, 1)
	return b, statements
}

// Pins of before and after the rotation lead to the same entry, with and
// without release.json, and to the same history.
func TestEpochs(t *testing.T) {
	for _, pins := range []int64{0, 1} {
		for _, copies := range []string{"behind", "missing", "right"} {
			b, _ := rotated(t)
			b.trusted = testSet(t, pins)
			switch copies {
			case "missing":
				b.remove(t, release.DocumentKey(testChannel))
			case "right":
				if _, changed, err := b.publisher(t, "x", nil).Repair(t.Context()); err != nil || !changed {
					t.Fatalf("repair: %v, %v", changed, err)
				}
			}
			p := b.publisher(t, "x", nil)
			head, err := p.Head(t.Context())
			if err != nil || head.Position() != (release.Position{Epoch: 1, Sequence: 1}) {
				t.Fatalf("pins %d, copy %s: head %s, %v", pins, copies, head.Position(), err)
			}
			r, err := full("1.0.3").run(p)
			if err != nil || r.Entry.Position() != (release.Position{Epoch: 1, Sequence: 2}) || !r.Views[0].Visible {
				t.Fatalf("pins %d, copy %s: %v, %+v", pins, copies, err, r)
			}
			if got := r.Entry.Document.Releases; got[len(got)-1].ID != "r1-2" || got[len(got)-2].Version.Name == "6.6.7" {
				t.Errorf("pins %d, copy %s: releases %s", pins, copies, ids(r.Entry.Document))
			}
			if pins == 0 { // only the old pins can read the old epoch
				records, err := p.History(t.Context(), 0)
				if err != nil || len(records) != 4 {
					t.Errorf("copy %s: history of %d, %v", copies, len(records), err)
				}
				if a, err := p.Audit(t.Context()); err != nil || len(a.Flaws) != 0 || a.Entries != 4 {
					t.Errorf("copy %s: audit %+v, %v", copies, a, err)
				}
			}
		}
	}
}

// A channel that began in epoch 1 was not found without release.json.
func TestChannelThatBeganLater(t *testing.T) {
	b, statements := rotated(t)
	b.trusted = testSet(t, 1)
	for key := range b.objects(t) {
		if key != release.JournalKey(testChannel, release.Position{Epoch: 1, Sequence: 1}) {
			b.remove(t, key)
		}
	}
	if head := b.head(t); head.Position() != (release.Position{Epoch: 1, Sequence: 1}) {
		t.Errorf("head %s", head.Position())
	}

	empty := newBed(t)
	empty.trusted, empty.key = testSet(t, 1), testKey(t, sign.Signing, 1)
	p := empty.publisher(t, "x", nil)
	if _, err := baseChange("1.0.0").run(p); !errors.Is(err, sign.ErrRefused) || len(empty.objects(t)) != 0 {
		t.Errorf("first entry without the statements that lead to its keys: %v", err)
	}
	signed := p.Sign
	p.Sign = func(payload []byte, _ []sign.Envelope) (sign.Envelope, error) { return signed(payload, statements) }
	if r, err := baseChange("1.0.0").run(p); err != nil || r.Entry.Position() != (release.Position{Epoch: 1, Sequence: 1}) {
		t.Errorf("with them: %v", err)
	}
}

// The entry that a new epoch continues is looked for behind a thief's, but a
// store that cannot be read is not taken for "not found".
func TestBeforeAnEpoch(t *testing.T) {
	b, _ := rotated(t)
	b.put(t, release.JournalKey(testChannel, release.Position{Sequence: 4}), []byte("damaged"), nil)
	head := b.head(t)
	before, err := b.publisher(t, "x", nil).Before(t.Context(), head)
	if err != nil || before.Position() != (release.Position{Sequence: 2}) {
		t.Fatalf("%s, %v", before.Position(), err)
	}
	through := &tap{Before: func(op, key string) error {
		if op == "get" {
			return store.ErrUnavailable
		}
		return nil
	}}
	if _, err := b.publisher(t, "x", through).Before(t.Context(), head); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	b.remove(t, release.JournalKey(testChannel, release.Position{Sequence: 2}))
	var bad *EntryError
	if _, err := b.publisher(t, "x", nil).Before(t.Context(), head); err == nil {
		t.Error("found what is not there")
	} else if !errors.As(err, &bad) && !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
