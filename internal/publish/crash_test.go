package publish

import (
	"fmt"
	"strings"
	"testing"

	"wgtup/release"
)

// doomed is a command whose writer stops for ever at one of its calls.
type doomed struct {
	name   string
	start  func(testing.TB) *bed
	change change
	other  change // what another publisher does afterwards
}

func dooms() []doomed {
	return []doomed{
		{"first ever", newBedOf, baseChange("1.0.0"), baseChange("1.0.0")},
		{"publish", shop, addChange(buildOf("1.1.0", ""), release.Whole), addChange(buildOf("1.2.0", ""), release.Whole)},
		{"roll back", shop, rollbackChange("1.0.1"), addChange(buildOf("1.2.0", ""), release.Whole)},
		{"hold", shop, simple(func() Edit { return Hold(release.Hold{Platform: release.Android}) }), addChange(buildOf("1.2.0", ""), release.Whole)},
	}
}

func newBedOf(t testing.TB) *bed { return newBed(t) }

// P01–P12: a writer is stopped before and after every single call. At each step
// devices see the whole old state or the whole new one; then another publisher,
// a repair, or the same command again makes everything follow.
func TestCrashAtEveryCall(t *testing.T) {
	for _, c := range dooms() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, ifMatch := range []bool{true, false} {
				start := c.start(t)
				start.mem.Declared.IfMatch = ifMatch
				old := mustLook(t, start)
				whole, calls := start.clone(t), &tap{}
				if _, err := c.change.run(whole.publisher(t, "victim", calls)); err != nil {
					t.Fatal(err)
				}
				after := mustLook(t, whole)
				if old == after {
					t.Fatalf("the command changes nothing that devices see: %v", old)
				}
				for at := range calls.Calls {
					c.crash(t, start, at, dieFirst, old, after)
					c.crash(t, start, at, dieAfter, old, after)
				}
				t.Logf("%d calls", len(calls.Calls))
			}
		})
	}
}

func mustLook(t testing.TB, b *bed) seen {
	t.Helper()
	s, err := b.look(t)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (c doomed) crash(t *testing.T, start *bed, at int, what turn, old, after seen) {
	t.Helper()
	b := start.clone(t)
	s := &schedule{bed: b}
	s.pick = func(waiting []*runner) (*runner, turn) {
		if waiting[0].done == at {
			return waiting[0], what
		}
		return waiting[0], proceed
	}
	fail := func(step string, err error) {
		t.Helper()
		t.Fatalf("stopped at call %d (%v): %s: %v\n%s", at+1, what, step, err, strings.Join(s.trace, "\n"))
	}
	s.check = func() error {
		now, err := b.look(t)
		switch {
		case err != nil:
			return err
		case now.Client != old.Client && now.Client != after.Client, now.Hand != old.Hand && now.Hand != after.Hand:
			return fmt.Errorf("devices see %v, neither the old %v nor the new %v", now, old, after)
		}
		return b.never(b.objects(t))
	}
	victim := &runner{name: "victim", change: c.change}
	s.run(t, victim)
	if s.broken != nil {
		fail("while it ran", s.broken)
	}
	if !victim.killed {
		fail("schedule", fmt.Errorf("the writer is still alive: %v", victim.err))
	}
	if err := s.check(); err != nil {
		fail("dead", err)
	}
	entries, err := journalOf(b.objects(t), b)
	if err != nil {
		fail("journal", err)
	}
	happened := count(entries, func(e *Entry) bool { return e.Document.By == "victim" }) == 1

	another, repaired, again := b.clone(t), b.clone(t), b.clone(t)
	if r, err := c.other.run(another.publisher(t, "other", nil)); err != nil || !r.Views[0].Visible {
		fail("another publisher", fmt.Errorf("%v, %+v", err, r))
	}
	if _, err := settled(another.objects(t), another); err != nil {
		fail("after another publisher", err)
	}

	if _, _, err := repaired.publisher(t, "repair", nil).Repair(t.Context()); err != nil {
		fail("repair", err)
	}
	want := old
	if happened {
		want = after
	}
	if now := mustLook(t, repaired); now != want {
		fail("after repair", fmt.Errorf("devices see %v, want %v", now, want))
	}

	r, err := c.change.run(again.publisher(t, "victim", nil))
	if err != nil || r.Done != happened || !r.Views[0].Visible {
		fail("the same again", fmt.Errorf("%v, %+v", err, r))
	}
	entries, err = settled(again.objects(t), again)
	if err != nil {
		fail("after the same again", err)
	}
	if n := count(entries, func(e *Entry) bool { return e.Document.By == "victim" }); n != 1 {
		fail("after the same again", fmt.Errorf("%d entries", n))
	}
	if now := mustLook(t, again); now != after {
		fail("after the same again", fmt.Errorf("devices see %v, want %v", now, after))
	}
}

// A dead publisher's request may still arrive, after others have published.
// Devices see a whole older state until somebody writes or repairs.
func TestDeadWritersCopyArrivesLate(t *testing.T) {
	b := shop(t)
	objects := b.objects(t)
	b.do(t, addChange(buildOf("1.1.0", ""), release.Whole))
	want := mustLook(t, b)
	for _, key := range []string{release.DocumentKey(testChannel), release.LatestKey(testChannel)} {
		b.put(t, key, objects[key].body, objects[key].info.Metadata)
		mustLook(t, b)
		if _, changed, err := b.publisher(t, "repair", nil).Repair(t.Context()); err != nil || !changed {
			t.Fatalf("repair: changed %v, %v", changed, err)
		}
		if now := mustLook(t, b); now != want {
			t.Fatalf("devices see %v, want %v", now, want)
		}
	}
	if _, changed, err := b.publisher(t, "repair", nil).Repair(t.Context()); err != nil || changed {
		t.Fatalf("repair of what is whole: changed %v, %v", changed, err)
	}
}
