package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"wgtup/internal/store"
	"wgtup/release"
)

// Every call of a publish fails, once or for ever, and every answer is lost
// after the work was done. What is reported is true, devices see a whole state,
// and the same command again makes it good.
func TestEveryCallFails(t *testing.T) {
	faults := map[string]error{"denied": store.ErrDenied, "unavailable": store.ErrUnavailable, "unknown": store.ErrUnknown}
	for _, c := range dooms() {
		t.Run(c.name, func(t *testing.T) { c.everyCallFails(t, faults) })
	}
}

func (c doomed) everyCallFails(t *testing.T, faults map[string]error) {
	begin := c.start(t)
	old, whole, clean := mustLook(t, begin), begin.clone(t), &tap{}
	if _, err := c.change.run(whole.publisher(t, "victim", clean)); err != nil {
		t.Fatal(err)
	}
	after, runs := mustLook(t, whole), 0
	for at, call := range clean.Calls {
		for name, fault := range faults {
			for _, how := range []string{"once", "for ever", "once, done", "for ever, done"} {
				read := !strings.HasPrefix(call, "put") && !strings.HasPrefix(call, "copy")
				if read && (name == "unknown" || strings.HasSuffix(how, "done")) || strings.HasSuffix(how, "done") && name != "unknown" {
					continue
				}
				runs++
				b := begin.clone(t)
				r, err := c.change.run(b.publisher(t, "victim", failing(at, call, fault, how)))
				if problem := b.truthful(t, c.change, r, err, old, after); problem != nil {
					t.Errorf("%s %s at call %d, %s: reported %v: %v", name, how, at+1, call, err, problem)
				}
			}
		}
	}
	t.Logf("%d faults", runs)
}

// failing fails the call with a number, and with "for ever" the same call from
// then on; with "done" after it was carried out.
func failing(at int, call string, fault error, how string) *tap {
	through, n := &tap{}, -1
	hit := func(op, key string) bool {
		return n == at || n > at && strings.HasPrefix(how, "for ever") && op+" "+key == call
	}
	through.Before = func(op, key string) error {
		if n++; hit(op, key) && !strings.HasSuffix(how, "done") {
			return fault
		}
		return nil
	}
	through.After = func(op, key string, err error) error {
		if err == nil && hit(op, key) && strings.HasSuffix(how, "done") {
			return fault
		}
		return err
	}
	return through
}

func (b *bed) truthful(t *testing.T, again change, r *Result, err error, old, after seen) error {
	t.Helper()
	now, lookErr := b.look(t)
	if lookErr != nil {
		return lookErr
	}
	if now.Client != old.Client && now.Client != after.Client || now.Hand != old.Hand && now.Hand != after.Hand {
		return fmt.Errorf("devices see %v", now)
	}
	mine := func(b *bed) int {
		return count(b.journal(t), func(e *Entry) bool { return e.Document.By == "victim" })
	}
	var unsettled *UnsettledError
	switch n := mine(b); {
	case err == nil && (n != 1 || now != after):
		return fmt.Errorf("%d entries, devices see %v", n, now)
	case errors.As(err, &unsettled) && (n != 1 || r == nil):
		return fmt.Errorf("%d entries", n)
	case err != nil && unsettled == nil && n != 0 && !errors.Is(err, store.ErrUnknown):
		return errors.New("there is an entry")
	}
	if _, err := again.run(b.publisher(t, "victim", nil)); err != nil {
		return fmt.Errorf("again: %w", err)
	}
	if _, err := settled(b.objects(t), b); err != nil {
		return fmt.Errorf("after the same again: %w", err)
	}
	if n := mine(b); n != 1 {
		return fmt.Errorf("after the same again there are %d entries", n)
	}
	return nil
}

// P19: the answer to the moment itself is lost. The entry is there once.
func TestLostAnswerOfTheEntry(t *testing.T) {
	b := shop(t)
	through := &tap{After: func(op, key string, err error) error {
		if op == "put" && key == release.JournalKey(testChannel, release.Position{Sequence: 4}) && err == nil {
			return store.ErrUnknown
		}
		return err
	}}
	r, err := full("1.1.0").run(b.publisher(t, "x", through))
	if err != nil || r.Retries != 0 || len(b.journal(t)) != 4 {
		t.Fatalf("%+v, %v, %d entries", r, err, len(b.journal(t)))
	}
}

// A store that says 403 for what is not there is believed once something could
// be read: an entry, or the probe.
func TestDeniedInsteadOfMissing(t *testing.T) {
	noList := func() *tap {
		return &tap{After: func(op, key string, err error) error {
			if errors.Is(err, store.ErrNotFound) {
				return store.ErrDenied
			}
			return err
		}}
	}
	b := newBed(t)
	if _, err := b.publisher(t, "reader", noList()).Head(t.Context()); err != nil {
		t.Fatalf("a writer may probe: %v", err)
	}
	for _, c := range []change{baseChange("1.0.0"), full("1.0.1"), rollbackChange("")} {
		through := noList()
		if r, err := c.run(b.publisher(t, "x", through)); err != nil || !r.Views[0].Visible {
			t.Fatalf("%v, %+v", err, r)
		}
		if len(b.journal(t)) > 1 && slices.Contains(through.Calls, "head "+probeKey) {
			t.Error("it probes though release.json could be read")
		}
	}
	b.remove(t, release.DocumentKey(testChannel))
	p := b.publisher(t, "reader", noList())
	p.Sign = nil
	if e, err := p.Head(t.Context()); err != nil || e.Position().Sequence != 3 {
		t.Fatalf("without release.json: %s, %v", e.Position(), err)
	}
	if _, err := settledAfterRepair(t, b, noList()); err != nil {
		t.Fatal(err)
	}

	empty := newBed(t).publisher(t, "reader", noList())
	empty.Sign = nil
	if e, err := empty.Head(t.Context()); !errors.Is(err, store.ErrDenied) {
		t.Errorf("a reader of an empty bucket: %s, %v", e.Position(), err)
	}
	locked := newBed(t)
	_, err := locked.publisher(t, "x", &tap{Before: func(string, string) error { return store.ErrDenied }}).Head(t.Context())
	if !errors.Is(err, store.ErrDenied) || len(locked.objects(t)) != 0 {
		t.Errorf("a bucket that is closed: %v", err)
	}
}

func settledAfterRepair(t *testing.T, b *bed, through *tap) ([]*Entry, error) {
	t.Helper()
	if _, _, err := b.publisher(t, "repair", through).Repair(t.Context()); err != nil {
		return nil, err
	}
	return settled(b.objects(t), b)
}

// Ctrl-C at any call: up to the moment nothing has happened; from then on it
// is finished.
func TestCancelAtEveryCall(t *testing.T) {
	begin, clean := shop(t), &tap{}
	if _, err := full("1.1.0").run(begin.clone(t).publisher(t, "x", clean)); err != nil {
		t.Fatal(err)
	}
	moment := slices.Index(clean.Calls, "put "+release.JournalKey(testChannel, release.Position{Sequence: 4}))
	for at := range clean.Calls {
		b := begin.clone(t)
		ctx, cancel := context.WithCancel(t.Context())
		through, n := &tap{}, -1
		through.Before = func(op, key string) error {
			if n++; n == at {
				cancel()
			}
			return nil
		}
		p := b.publisher(t, "x", through)
		c := full("1.1.0")
		_, err := p.Change(ctx, c.edit(p), c.uploads)
		switch entries := len(b.journal(t)); {
		case at < moment && (!errors.Is(err, context.Canceled) || entries != 3):
			t.Errorf("cancelled at call %d: %v, %d entries", at+1, err, entries)
		case at >= moment && (err != nil || entries != 4):
			t.Errorf("cancelled at call %d: %v, %d entries", at+1, err, entries)
		}
		if at >= moment {
			if _, err := settled(b.objects(t), b); err != nil {
				t.Errorf("cancelled at call %d: %v", at+1, err)
			}
		}
		cancel()
	}
}

// Others are faster each time it comes to the entry: then it gives up.
func TestLostRace(t *testing.T) {
	b := shop(t)
	through := &tap{}
	through.Before = func(op, key string) error {
		if op == "put" && key == release.JournalKey(testChannel, release.Position{Sequence: b.head(t).Position().Sequence + 1}) {
			b.do(t, simple(Renew))
		}
		return nil
	}
	_, err := full("1.1.0").run(b.publisher(t, "slow", through))
	refusedAs(t, err, LostRace)
	if n := len(b.journal(t)); n != 3+attempts {
		t.Errorf("%d entries", n)
	}
}
