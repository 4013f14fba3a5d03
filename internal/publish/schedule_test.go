package publish

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// A schedule lets writers run one at a time, one call after the other: every
// call to the store or the public site waits for its turn. Who is next is up to
// pick, so that a run is the same each time. A writer may be stopped for ever.
type schedule struct {
	bed    *bed
	pick   func(waiting []*runner) (*runner, turn)
	check  func() error                               // after each write
	heard  func(r *runner, op, key string, err error) // each answer; may be nil
	trace  []string
	broken error
}

// turn is what the next call of a writer may do.
type turn int

const (
	proceed  turn = iota
	dieFirst      // the writer stops for ever, the call never happens
	dieAfter      // the call happens, and the writer never hears of it
)

// runner is one writer.
type runner struct {
	name   string
	change change
	turns  chan turn
	ended  bool
	next   string // the call it waits for
	done   int    // calls made

	result *Result
	err    error
	killed bool
}

func (s *schedule) run(t testing.TB, runners ...*runner) {
	t.Helper()
	events := make(chan *runner)
	for _, r := range runners {
		r.turns = make(chan turn)
		r.result, r.err, r.killed, r.ended, r.done = nil, errors.New("stopped for ever"), true, false, 0
		gate := &tap{}
		var now turn
		gate.Before = func(op, key string) error {
			r.next = op + " " + key
			events <- r
			if now = <-r.turns; now == dieFirst {
				runtime.Goexit()
			}
			r.done++
			s.trace = append(s.trace, r.name+": "+op+" "+key)
			return nil
		}
		gate.After = func(op, key string, err error) error {
			if err == nil && s.check != nil && (op == "put" || op == "copy") && s.broken == nil {
				if err := s.check(); err != nil {
					s.broken = fmt.Errorf("after %s: %s %s: %w", r.name, op, key, err)
				}
			}
			if now == dieAfter {
				runtime.Goexit()
			}
			if s.heard != nil {
				s.heard(r, op, key, err)
			}
			return err
		}
		p := s.bed.publisher(t, r.name, gate)
		go func() {
			defer func() { r.ended = true; events <- r }()
			result, err := r.change.run(p)
			r.result, r.err, r.killed = result, err, false
		}()
		<-events
	}
	for {
		var waiting []*runner
		for _, r := range runners {
			if !r.ended {
				waiting = append(waiting, r)
			}
		}
		if waiting == nil {
			return
		}
		r, what := s.pick(waiting)
		r.turns <- what
		<-events
	}
}

// atRandom picks by a seed. Every writer has a pace of its own, so that there
// are runs in which one stands almost still.
func atRandom(seed uint64, crash bool) func([]*runner) (*runner, turn) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	paces := [...]int{1, 1, 3, 12}
	pace := map[*runner]int{}
	victim := -1
	if crash {
		victim = rnd.IntN(45)
	}
	return func(waiting []*runner) (*runner, turn) {
		sum := 0
		for _, r := range waiting {
			if pace[r] == 0 {
				pace[r] = paces[rnd.IntN(len(paces))]
			}
			sum += pace[r]
		}
		n := rnd.IntN(sum)
		for _, r := range waiting {
			if n -= pace[r]; n >= 0 {
				continue
			}
			if victim--; victim == -1 {
				return r, dieFirst + turn(rnd.IntN(2))
			}
			return r, proceed
		}
		panic("unreachable")
	}
}

// inTurns lets the first writer make a calls, the second b calls, then the
// first finish, then the others.
func inTurns(first, second *runner, a, b int) func([]*runner) (*runner, turn) {
	return func(waiting []*runner) (*runner, turn) {
		switch {
		case !first.ended && first.done < a:
			return first, proceed
		case !second.ended && second.done < b:
			return second, proceed
		case !first.ended:
			return first, proceed
		}
		return waiting[0], proceed
	}
}

// verdict checks a run that is over: the channel is whole, every writer that
// reported success has its entry in the history, and every other one has none.
func (s *schedule) verdict(t testing.TB, runners ...*runner) ([]*Entry, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	return judged(s.bed.objects(t), s.bed, runners...)
}

func judged(objects map[string]object, b *bed, runners ...*runner) ([]*Entry, error) {
	entries, err := settled(objects, b)
	if err != nil {
		return nil, err
	}
	for _, r := range runners {
		mine := count(entries, func(e *Entry) bool { return e.Document.By == r.name })
		var refusal *Refusal
		switch {
		case r.killed:
			if mine > 1 {
				return nil, fmt.Errorf("%s has %d entries", r.name, mine)
			}
		case r.err != nil && !errors.As(r.err, &refusal):
			return nil, fmt.Errorf("%s failed: %w", r.name, r.err)
		case r.err != nil && refusal.Code == StoreBehind:
			return nil, fmt.Errorf("%s was refused though the store is not behind: %w", r.name, r.err)
		case r.err != nil || r.result.Done:
			if mine != 0 {
				return nil, fmt.Errorf("%s reported %v and has %d entries", r.name, r.err, mine)
			}
		default:
			if err := acknowledged(entries, r); err != nil {
				return nil, err
			}
			// Another publisher's older copy may have been there for a moment.
			if v := r.result.Views; len(v) > 0 && !v[0].Visible && !strings.Contains(v[0].Problem, "still") {
				return nil, fmt.Errorf("%s does not see what it published: %s", r.name, v[0].Problem)
			}
		}
	}
	return entries, nil
}

// acknowledged: a writer that reported success has exactly its entry in the
// history, and what it added is there until an entry says why not.
func acknowledged(entries []*Entry, r *runner) error {
	at := r.result.Entry.Position().Sequence
	if at > int64(len(entries)) || string(entries[at-1].Text) != string(r.result.Entry.Text) {
		return fmt.Errorf("%s reported %s, which is not in the journal", r.name, r.result.Entry.Position())
	}
	if n := count(entries, func(e *Entry) bool { return e.Document.By == r.name }); n != 1 {
		return fmt.Errorf("%s has %d entries", r.name, n)
	}
	for i := int(at); i < len(entries); i++ {
		before, after := entries[i-1].Document, entries[i].Document
		said := map[string]bool{}
		for _, d := range Differences(before, after) {
			said[d.Kind+" "+d.Release] = true
		}
		for _, old := range before.Releases {
			if after.Find(old.ID) == nil && !said["left "+old.ID] && !said["withdrawn "+old.ID] {
				return fmt.Errorf("entry %s lost %s silently", entries[i].Position(), old.ID)
			}
		}
		if len(after.Holds) < len(before.Holds) || len(after.Withdrawn) < len(before.Withdrawn) {
			return fmt.Errorf("entry %s lost a hold or a withdrawal", entries[i].Position())
		}
	}
	return nil
}
