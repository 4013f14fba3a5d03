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
	b.chain = testChain(t, 1)
	statements := b.chain.Statements
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
			records, err := p.History(t.Context(), 0)
			if err != nil || len(records) != 4 {
				t.Errorf("pins %d, copy %s: history of %d, %v", pins, copies, len(records), err)
			}
			if a, err := p.Audit(t.Context()); err != nil || len(a.Flaws) != 0 || a.Entries != 4 {
				t.Errorf("pins %d, copy %s: audit %+v, %v", pins, copies, a, err)
			}
			r, err = rollbackChange("1.0.1").run(p) // what the thief's entries do not stand in the way of
			if d := r.Entry.Document; err != nil || d.Find("r2") == nil {
				t.Errorf("pins %d, copy %s: rollback: %v", pins, copies, err)
			}
		}
	}
}

// A channel that began in epoch 1 was not found without release.json.
func TestChannelThatBeganLater(t *testing.T) {
	b, _ := rotated(t)
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
	if _, err := baseChange("1.0.0").run(p); !isRefusal(err, NoKeyChain) || len(empty.objects(t)) != 0 {
		t.Errorf("first entry without the statements that lead to its keys: %v", err)
	}
	p.Chain = b.chain
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

// testChain are the test keys of epochs 0 to last.
func testChain(t testing.TB, last int64) sign.Chain {
	t.Helper()
	c := sign.Chain{Sets: []sign.Set{testSet(t, 0)}}
	for epoch := int64(1); epoch <= last; epoch++ {
		s, err := sign.NewStatement(testApp, testSet(t, epoch), testKey(t, sign.Recovery, epoch-1))
		if err != nil {
			t.Fatal(err)
		}
		if c, err = c.With(testApp, s); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func isRefusal(err error, code string) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Code == code
}

// adopting is the change that takes a channel into the newest epoch of its keys.
func adopting(last release.Position) change {
	return change{edit: func(p *Publisher) Edit {
		p.Adopt = &Adoption{Last: last}
		return p.Adopt.Edit
	}}
}

// replaced is a bed whose project has new keys, of epoch last; its channel is where
// it was.
func replaced(t testing.TB, b *bed, last int64) *bed {
	b.chain, b.trusted, b.key = testChain(t, last), testSet(t, last), testKey(t, sign.Signing, last)
	return b
}

// A channel moves to new keys when its owner says so, and continues the entry that
// they vouch for; doing it again changes nothing.
func TestAdopt(t *testing.T) {
	tests := []struct {
		name   string
		last   release.Position
		thief  bool
		epochs int64
		want   string // releases of the first entry
	}{
		{"the newest", release.Position{}, false, 1, "(1.0.0) 1.0.2"},
		{"the last that the owner vouches for", release.Position{Sequence: 3}, true, 1, "(1.0.0) 1.0.2 -6.6.6"},
		{"an older one", release.Position{Sequence: 2}, false, 1, "(1.0.0) 1.0.1 -1.0.2"},
		{"after two replacements", release.Position{}, false, 2, "(1.0.0) 1.0.2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := shop(t)
			if tt.thief {
				b.do(t, full("6.6.6"))
			}
			replaced(t, b, tt.epochs)
			p := b.publisher(t, "x", nil)
			if _, err := p.Head(t.Context()); !isRefusal(err, KeysBehind) {
				t.Errorf("read before: %v", err)
			}
			before := b.objects(t)
			if _, err := full("1.1.0").run(p); !isRefusal(err, KeysBehind) || !same(before, b.objects(t)) {
				t.Errorf("published before: %v", err)
			}
			e := b.do(t, adopting(tt.last))
			if at := (release.Position{Epoch: tt.epochs, Sequence: 1}); e.Position() != at || ids(e.Document) != tt.want {
				t.Errorf("entry %s with %s, want %s", e.Position(), ids(e.Document), tt.want)
			}
			if tt.thief != e.Document.IsWithdrawn("r4") { // phones leave it, though its version is the highest
				t.Errorf("withdrawn: %v", e.Document.Withdrawn)
			}
			if again := b.do(t, adopting(release.Position{})); again.Position() != e.Position() {
				t.Errorf("again: %s", again.Position())
			}
			b.do(t, full("1.1.0"))
			for epoch := range tt.epochs + 1 { // every app that was ever built follows
				b.trusted = testSet(t, epoch)
				p := b.publisher(t, "x", nil)
				head, err := p.Head(t.Context())
				if err != nil || head.Position() != (release.Position{Epoch: tt.epochs, Sequence: 2}) {
					t.Errorf("pins %d: %s, %v", epoch, head.Position(), err)
				}
				if records, err := p.History(t.Context(), 0); err != nil || len(records) < 4 {
					t.Errorf("pins %d: history of %d, %v", epoch, len(records), err)
				}
			}
		})
	}
}

func TestAdoptRefuses(t *testing.T) {
	b := replaced(t, shop(t), 1)
	before := b.objects(t)
	for name, tt := range map[string]struct {
		last    release.Position
		channel string
		code    string
	}{
		"an entry that is not there": {release.Position{Sequence: 9}, testChannel, UnknownEntry},
		"a channel that is not":      {release.Position{}, "beta", NoChannel},
	} {
		p := b.publisher(t, "x", nil)
		p.Channel = tt.channel
		if _, err := adopting(tt.last).run(p); !isRefusal(err, tt.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What a stranger put where the epoch begins, or at the end of the one before.
	for _, key := range []release.Position{{Epoch: 1, Sequence: 1}, {Sequence: 4}} {
		c := b.clone(t)
		c.put(t, release.JournalKey(testChannel, key), []byte("x"), nil)
		before := c.objects(t)
		var bad *EntryError
		if _, err := adopting(release.Position{}).run(c.publisher(t, "x", nil)); !errors.As(err, &bad) || !same(before, c.objects(t)) {
			t.Errorf("with a stranger's %s: %v", key, err)
		}
	}
	if !same(before, b.objects(t)) {
		t.Error("something was written")
	}
}

// Somebody who has the bucket puts another statement in place of an old one, which
// newer pins cannot check. The next entry carries the project's.
func TestStatementsAreTheProjects(t *testing.T) {
	b := replaced(t, shop(t), 2)
	e := b.do(t, adopting(release.Position{}))
	forged, err := sign.NewStatement(testApp, testSet(t, 1), testKey(t, sign.Recovery, 0))
	if err != nil {
		t.Fatal(err)
	}
	forged.Signatures[0].Bytes[0] ^= 1
	changed := e.Envelope
	changed.Statements = []sign.Envelope{forged, e.Envelope.Statements[1]}
	text, err := changed.Encode()
	if err != nil {
		t.Fatal(err)
	}
	b.put(t, release.JournalKey(testChannel, e.Position()), text, nil)
	if a, err := b.publisher(t, "x", nil).Audit(t.Context()); err != nil || len(a.Flaws) == 0 || a.Flaws[0].Code != "statements" {
		t.Errorf("audit: %+v, %v", a, err)
	}
	next := b.do(t, full("1.1.0"))
	if _, err := OpenEntry("x", next.Text, testApp, testChannel, testSet(t, 0)); err != nil {
		t.Errorf("the oldest app: %v", err)
	}
}
