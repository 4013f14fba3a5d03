package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
)

// Every call of a publish fails, once or for ever, and every answer is lost
// after the work was done. What is reported is true, devices see a whole state,
// and the same command again makes it good.
func TestEveryCallFails(t *testing.T) {
	faults := map[string]error{"denied": store.ErrDenied, "unavailable": store.ErrUnavailable, "unknown": store.ErrUnknown}
	begin, command := shop(t), full("1.1.0")
	old, whole, clean := mustLook(t, begin), begin.clone(t), &tap{}
	if _, err := command.run(whole.publisher(t, "victim", clean)); err != nil {
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
				r, err := command.run(b.publisher(t, "victim", failing(at, call, fault, how)))
				if problem := b.truthful(t, r, err, old, after); problem != nil {
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

func (b *bed) truthful(t *testing.T, r *Result, err error, old, after seen) error {
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
	if _, err := full("1.1.0").run(b.publisher(t, "victim", nil)); err != nil {
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

// A store that has no create-only, or only says so, is refused, before and
// after there is an entry; --single-writer goes on.
func TestStoresThatOverwrite(t *testing.T) {
	kinds := map[string]func(*bed){
		"says so": func(b *bed) { b.mem.Declared.CreateOnly = false },
		"lies":    func(b *bed) { b.mem.Overwrites = true },
	}
	for name, spoil := range kinds {
		for _, c := range []struct {
			name   string
			begin  func(testing.TB) *bed
			change change
		}{{"empty", newBedOf, baseChange("1.0.0")}, {"shop", shop, full("1.1.0")}} {
			t.Run(name+" "+c.name, func(t *testing.T) {
				b := c.begin(t)
				entries := len(b.journal(t))
				spoil(b)
				p := b.publisher(t, "x", nil)
				if _, err := c.change.run(p); !errors.Is(err, ErrOverwrites) {
					t.Fatalf("got %v", err)
				}
				if n := len(b.journal(t)); n != entries {
					t.Fatalf("%d entries, want %d", n, entries)
				}
				p.SingleWriter = true
				if r, err := c.change.run(p); err != nil || !r.Views[0].Visible {
					t.Fatalf("single writer: %v, %+v", err, r)
				}
				if _, err := settled(b.objects(t), b); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// A single writer on a store without create-only looks before it writes; if it
// cannot look, it does not write.
func TestSingleWriterLooksFirst(t *testing.T) {
	b := shop(t)
	b.mem.Declared.CreateOnly = false
	key := release.JournalKey(testChannel, release.Position{Sequence: 4})
	through, looks := &tap{}, 0
	through.Before = func(op, k string) error {
		if op == "head" && k == key {
			if looks++; looks > 1 {
				return store.ErrUnavailable
			}
		}
		return nil
	}
	p := b.publisher(t, "x", through)
	p.SingleWriter = true
	if _, err := full("1.1.0").run(p); !errors.Is(err, store.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	if n := len(b.journal(t)); n != 3 {
		t.Errorf("%d entries", n)
	}
	through.Before = func(op, k string) error { // somebody else publishes after all
		if op == "head" && k == key {
			if looks++; looks == 5 {
				b.do(t, change{edit: func(*Publisher) Edit { return Renew() }}.alone())
			}
		}
		return nil
	}
	looks = 3
	if r, err := full("1.1.0").run(p); err != nil || r.Retries != 1 || r.Entry.Position().Sequence != 5 {
		t.Fatalf("%v, %+v", err, r)
	}
}

// alone is the change by a single writer.
func (c change) alone() change {
	return change{edit: func(p *Publisher) Edit { p.SingleWriter = true; return c.edit(p) }, uploads: c.uploads}
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
		if r, err := c.run(b.publisher(t, "x", noList())); err != nil || !r.Views[0].Visible {
			t.Fatalf("%v, %+v", err, r)
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

// P25: a clock behind the last writer's issues nothing earlier, and takes no
// step of a ramp back.
func TestClockBehind(t *testing.T) {
	b := shop(t)
	last := b.do(t, share("1.1.0", 1000), setShare("", 1000, step(290*time.Minute, 10000)), simple(Renew))
	if got := b.object(t, release.LatestKey(testChannel)).info.Metadata["version-name"]; got != "1.1.0" {
		t.Fatalf("latest.wgt is %s before the test", got)
	}
	b.wait(nil, -time.Hour-time.Minute)
	r, err := holdOf("harmony", "", nil).run(b.publisher(t, "x", nil))
	if err != nil {
		t.Fatal(err)
	}
	if d := r.Entry.Document; !d.Issued.Equal(last.Document.Issued.Time) || d.Expires.Sub(d.Issued.Time) != Lifetime {
		t.Errorf("issued %s after %s", d.Issued, last.Document.Issued)
	}
	if r.Latest.Version.Name != "1.1.0" || !r.Views[0].Visible {
		t.Errorf("latest.wgt went back to %s, %+v", r.Latest.Version.Name, r.Views)
	}
}

// The step of a ramp comes between writing the copies and reading them.
func TestRampStepWhileSettling(t *testing.T) {
	for _, late := range []time.Duration{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11} {
		b := shop(t)
		at := b.clock().Add(time.Minute)
		through, left := &tap{}, 7+late
		through.Before = func(op, key string) error {
			if left--; left == 0 {
				b.wait(nil, time.Hour)
			}
			return nil
		}
		r, err := with(buildOf("1.1.0", ""), 1000, func(a *Addition) {
			a.Rollout.Ramp = []release.Step{{At: release.At(at), Permyriad: release.Whole}}
		}).run(b.publisher(t, "x", through))
		if err != nil || !r.Views[0].Visible {
			t.Fatalf("late by %d calls: %v, %+v", late, err, r)
		}
		// It is as of the time of writing; a scheduled repair takes the step.
		if got := b.object(t, release.LatestKey(testChannel)).info.Metadata["version-name"]; r.Latest.Version.Name != got {
			t.Errorf("late by %d calls: latest.wgt is %s, reported was %s", late, got, r.Latest.Version.Name)
		}
		if _, err := settledAfterRepair(t, b, nil); err != nil {
			t.Errorf("late by %d calls: %v", late, err)
		}
	}
}

// Others publish whenever this one has written a copy. It does not fail after
// its entry exists.
func TestSteadyContention(t *testing.T) {
	for _, ifMatch := range []bool{true, false} {
		b := shop(t)
		b.mem.Declared.IfMatch = ifMatch
		through := &tap{}
		through.After = func(op, key string, err error) error {
			if op == "copy" && key == release.LatestKey(testChannel) {
				b.do(t, simple(Renew))
			}
			return err
		}
		r, err := full("1.1.0").run(b.publisher(t, "slow", through))
		if err != nil || r.Entry.Position().Sequence != 4 {
			t.Fatalf("%v, %+v", err, r)
		}
		if len(through.Calls) > 20+8*rounds {
			t.Errorf("%d calls", len(through.Calls))
		}
		if _, err := settledAfterRepair(t, b, nil); err != nil {
			t.Error(err)
		}
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

// P32: a store that drops metadata is found out, after a bounded number of tries.
func TestStoreThatDropsMetadata(t *testing.T) {
	b := shop(t)
	through := &tap{}
	through.After = func(op, key string, err error) error {
		if op == "put" && key == release.DocumentKey(testChannel) {
			b.put(t, key, b.object(t, key).body, nil)
		}
		return err
	}
	_, err := full("1.1.0").run(b.publisher(t, "x", through))
	var unsettled *UnsettledError
	if !errors.As(err, &unsettled) || unsettled.Position.Sequence != 4 || len(through.Calls) > 20+8*rounds {
		t.Fatalf("%d calls, %v", len(through.Calls), err)
	}
}

// P29: the document alone may not be written. What exists is said, and devices
// keep what they had.
func TestDocumentCannotBeWritten(t *testing.T) {
	b := shop(t)
	old := mustLook(t, b)
	through := &tap{Before: func(op, key string) error {
		if op == "put" && key == release.DocumentKey(testChannel) {
			return store.ErrDenied
		}
		return nil
	}}
	_, err := full("1.1.0").run(b.publisher(t, "x", through))
	var unsettled *UnsettledError
	if !errors.As(err, &unsettled) || !errors.Is(err, store.ErrDenied) || mustLook(t, b) != old {
		t.Fatalf("got %v, devices see %v", err, mustLook(t, b))
	}
}

// P33, P40: an object under a content-addressed key has other bytes, arrived
// cut, or the file here changed. Nothing is published.
func TestPackageWithOtherBytes(t *testing.T) {
	good := buildOf("1.1.0", "")
	cut := good
	cut.upload.Open = openBytes(good.body[:len(good.body)-1])
	other := good
	other.upload.Open = openBytes(bytes.ToUpper(good.body))
	broken := good
	broken.upload.Open = func() (io.ReadSeekCloser, error) { return nil, io.ErrClosedPipe }
	for _, c := range []struct {
		name  string
		build build
		there []byte // in the bucket already
		cut   bool   // the store keeps less than it was given
		want  error
	}{
		{"other bytes are there", good, []byte("something else"), false, ErrOtherContent},
		{"other bytes of the same size are there", good, bytes.ToUpper(good.body), false, ErrOtherContent},
		{"nothing is there but a name", good, []byte{}, false, ErrOtherContent},
		{"the store cuts", good, nil, true, ErrOtherContent},
		{"the file is shorter", cut, nil, false, store.ErrCorrupt},
		{"the file has other bytes", other, nil, false, ErrOtherContent},
		{"the file is gone", broken, nil, false, io.ErrClosedPipe},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := shop(t)
			if c.there != nil {
				b.put(t, c.build.upload.Key, c.there, nil)
			}
			through := &tap{After: func(op, key string, err error) error {
				if c.cut && op == "put" && key == c.build.upload.Key {
					b.put(t, key, c.build.body[:5], nil)
				}
				return err
			}}
			if _, err := addChange(c.build, release.Whole).run(b.publisher(t, "x", through)); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if n := len(b.journal(t)); n != 3 {
				t.Errorf("%d entries", n)
			}
		})
	}
}

// P37: a CDN that shows the old copy for a while is waited for; one that does
// so for long is reported.
func TestLookWaits(t *testing.T) {
	for _, c := range []struct {
		stale   int
		visible bool
		latency time.Duration
	}{{0, true, 0}, {1, true, 200 * time.Millisecond}, {3, true, 1400 * time.Millisecond}, {99, false, 6200 * time.Millisecond}} {
		b := shop(t)
		cdn := b.clone(t)
		through, looks := &tap{}, 0
		p := b.publisher(t, "x", nil)
		p.Sites = cdn.publisher(t, "cdn", through).Sites
		through.Before = func(op, key string) error {
			if key == "HEAD "+release.DocumentKey(testChannel) {
				if looks++; looks == 2+c.stale { // the first look is before publishing
					through.Mem = b.mem
				}
			}
			return nil
		}
		r, err := full("1.1.0").run(p)
		if err != nil {
			t.Fatal(err)
		}
		if v := r.Views[0]; v.Visible != c.visible || v.Latency != c.latency || (v.Problem == "") != c.visible {
			t.Errorf("stale %d times: %+v", c.stale, v)
		}
	}
}
