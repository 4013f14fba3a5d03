package publish

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"wgtup/internal/store"
)

// whole checks a mirror at any moment: phones that read only there see an entry of
// the home and its package, or nothing.
func (m *pair) whole(t testing.TB) error {
	t.Helper()
	if _, err := m.mirror.look(t); err != nil {
		return err
	}
	if err := m.mirror.never(m.mirror.objects(t)); err != nil {
		return err
	}
	for key, o := range m.mirror.objects(t) {
		if !strings.Contains(key, "/journal/") {
			continue
		}
		if ours, ok := m.home.objects(t)[key]; !ok || string(ours.body) != string(o.body) {
			return fmt.Errorf("%s is not the home's", key)
		}
	}
	return nil
}

// mirrorStarts are a home with a mirror in several states.
func mirrorStarts(t testing.TB) map[string]*pair {
	step, empty, behind := newPair(t, shop(t)), newPair(t, shop(t)), newPair(t, shop(t))
	step.do(t, simple(Renew))
	behind.do(t, simple(Renew))
	behind.home.do(t, full("1.0.3"), share("1.0.4", 100))
	return map[string]*pair{"in step": step, "empty": empty, "three behind": behind}
}

// Killed, or cut off, before and after every call to the home and the mirror: phones
// at either see whole releases, the home is never stopped by the mirror, and repair
// or the same command again makes both equal.
func TestMirrorAtEveryCall(t *testing.T) {
	for name, start := range mirrorStarts(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, ifMatch := range []bool{true, false} {
				start := start.clone(t)
				start.home.mem.Declared.IfMatch, start.mirror.mem.Declared.IfMatch = ifMatch, ifMatch
				home, mirror := &tap{}, &tap{}
				if _, err := full("1.1.0").run(start.clone(t).publisher(t, "victim", home, mirror)); err != nil {
					t.Fatal(err)
				}
				for at := range len(home.Calls) + len(mirror.Calls) {
					for _, done := range []bool{false, true} {
						killedAt(t, start.clone(t), at, done)
					}
				}
				for at := range mirror.Calls {
					for _, fault := range []error{store.ErrDenied, store.ErrUnavailable, store.ErrUnknown} {
						for _, how := range []string{"once", "for ever", "once, done", "for ever, done"} {
							faultAt(t, start.clone(t), at, mirror.Calls[at], fault, how)
						}
					}
				}
				t.Logf("%d calls to the home, %d to the mirror", len(home.Calls), len(mirror.Calls))
			}
		})
	}
}

var errKilled = errors.New("killed")

// killedAt lets nothing through from one call on: that is what the world sees of a
// process that was killed.
func killedAt(t *testing.T, m *pair, at int, done bool) {
	t.Helper()
	old, n := mustLook(t, m.home), -1
	before := func(string, string) error {
		if n++; n > at || n == at && !done {
			return errKilled
		}
		return nil
	}
	after := func(_, _ string, err error) error {
		if n >= at {
			return errKilled
		}
		return err
	}
	full("1.1.0").run(m.publisher(t, "victim", &tap{Before: before, After: after}, &tap{Before: before, After: after}))
	m.made(t, fmt.Sprintf("killed at call %d, done %v", at+1, done), old)
}

// faultAt fails calls to the mirror only: the release must happen all the same.
func faultAt(t *testing.T, m *pair, at int, call string, fault error, how string) {
	t.Helper()
	if strings.HasSuffix(how, "done") != errors.Is(fault, store.ErrUnknown) {
		return
	}
	old := mustLook(t, m.home)
	r, err := full("1.1.0").run(m.publisher(t, "x", nil, failing(at, call, fault, how)))
	what := fmt.Sprintf("%v %s at call %d, %s", fault, how, at+1, call)
	if err != nil || !r.Views[0].Visible || r.Mirrors[0].Err == nil && m.equal(t) != nil {
		t.Fatalf("%s: %v, %+v", what, err, r)
	}
	m.made(t, what, old)
}

// made checks a pair after a mishap, and that both ways out lead to the same.
func (m *pair) made(t *testing.T, what string, old seen) {
	t.Helper()
	if err := m.whole(t); err != nil {
		t.Fatalf("%s: at the mirror: %v", what, err)
	}
	repaired, again := m.clone(t), m.clone(t)
	if all := repaired.repair(t); all[0].Err != nil {
		t.Fatalf("%s: repair: %+v", what, all)
	}
	if now := mustLook(t, repaired.home); now != mustLook(t, repaired.mirror) || now != old && !strings.Contains(now.Client, "1.1.0") {
		t.Fatalf("%s: after repair: %v, %v", what, now, mustLook(t, repaired.mirror))
	}
	if r, err := full("1.1.0").run(again.publisher(t, "victim", nil, nil)); err != nil || r.Mirrors[0].Err != nil {
		t.Fatalf("%s: again: %v, %+v", what, err, r)
	}
	if err := again.equal(t); err != nil {
		t.Fatalf("%s: again: %v", what, err)
	}
}
