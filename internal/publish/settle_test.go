package publish

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
)

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

// Somebody changes release.json whenever we are about to write it. An older copy
// is never forced over a newer one: it is left, and said.
func TestDocumentIsNeverForced(t *testing.T) {
	b := shop(t)
	document := release.DocumentKey(testChannel)
	through := &tap{}
	through.Before = func(op, key string) error {
		if op == "put" && key == document {
			b.put(t, document, fmt.Appendf(nil, "x%d", len(through.Calls)), nil)
		}
		return nil
	}
	_, err := full("1.1.0").run(b.publisher(t, "x", through))
	var unsettled *UnsettledError
	if !errors.As(err, &unsettled) || !errors.Is(err, store.ErrChanged) {
		t.Fatalf("got %v", err)
	}
	if body := b.object(t, document).body; body[0] != 'x' {
		t.Errorf("release.json was forced")
	}
}

// Who has replaced the bytes of latest.wgt and kept its size and metadata is
// found by repair, as by an audit.
func TestRepairReadsLatest(t *testing.T) {
	b := shop(t)
	o := b.object(t, release.LatestKey(testChannel))
	b.put(t, release.LatestKey(testChannel), bytes.ToUpper(o.body), o.info.Metadata)
	if a, err := b.publisher(t, "x", nil).Audit(t.Context()); err != nil || len(a.Flaws) != 1 || a.Flaws[0].Code != "latest" {
		t.Fatalf("audit: %+v, %v", a, err)
	}
	if _, changed, err := b.publisher(t, "x", nil).Repair(t.Context()); err != nil || !changed {
		t.Fatalf("repair: %v, %v", changed, err)
	}
	if _, err := settled(b.objects(t), b); err != nil {
		t.Error(err)
	}
}
