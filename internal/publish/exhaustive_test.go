package publish

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"wgtup/release"
)

// An exploration runs the production code of several writers through every order
// of their store calls, with at most one of them stopped for ever at any call.
//
// A state is what the store holds and, for each writer, all that it has heard so
// far; what a writer does next depends on nothing else (clock and keys stand
// still). From each state every writer's next call is tried; a state that was
// reached before in another order is not entered again. A call whose answer and
// effect no other call can change, now or later, is made at once: it commutes
// with all of theirs. Those are calls about journal entries that exist, which
// never change, about the journal of an epoch that nobody begins, and about
// packages, whose bytes their names fix.
type exploration struct {
	base    *bed
	contest contest
	ifMatch bool
	most    int // a test that grows beyond this many states is broken

	seen map[[32]byte]bool
	runs int
	ends int
}

// choice is who makes the next call that matters, or is stopped before it.
type choice struct {
	writer int
	kill   bool
}

func (x *exploration) all(t *testing.T) {
	x.seen = map[[32]byte]bool{}
	work := [][]choice{nil}
	for len(work) > 0 {
		prefix := work[len(work)-1]
		work = work[:len(work)-1]
		work = append(work, x.run(t, prefix)...)
		if x.runs%20_000 == 0 {
			t.Logf("%d runs, %d states, %d to be tried", x.runs, len(x.seen), len(work))
		}
		if len(x.seen) > x.most {
			t.Fatalf("more than %d states", x.most)
		}
	}
}

// run follows a prefix, then always the first choice, until a state that is
// known or the end. It returns the prefixes of the choices it did not take.
func (x *exploration) run(t *testing.T, prefix []choice) (others [][]choice) {
	t.Helper()
	x.runs++
	b := x.base.clone(t)
	b.mem.Declared.IfMatch = x.ifMatch
	runners := x.contest.runners()
	heard := make([][32]byte, len(runners))
	path := slices.Clone(prefix)
	step, known := 0, false
	dead := map[*runner]bool{}
	s := &schedule{bed: b}
	shown := release.Position{}
	s.check = func() error {
		if step < len(prefix) {
			return nil // seen by the run that left this prefix behind
		}
		objects := b.objects(t)
		now := positionIn(objects[release.DocumentKey(testChannel)].info.Metadata)
		if x.ifMatch && now.Compare(shown) < 0 {
			return fmt.Errorf("release.json went back from %s to %s", shown, now)
		}
		shown = now
		return b.never(objects)
	}
	s.heard = func(r *runner, op, key string, err error) {
		i := slices.Index(runners, r)
		what := op + " " + key + "\x00" + fmt.Sprint(err)
		if info, gone := b.mem.Head(t.Context(), key); gone == nil && !strings.HasPrefix(key, "packages/") {
			what += "\x00" + info.ETag + metadataText(info.Metadata)
		}
		heard[i] = sha256.Sum256(append(heard[i][:], what...))
	}
	s.pick = func(waiting []*runner) (*runner, turn) {
		if known {
			return waiting[0], dieFirst
		}
		for _, r := range waiting {
			if x.commutes(b, r.next) {
				return r, proceed
			}
		}
		if step == len(path) {
			if known = x.enter(b, heard, runners, dead); known {
				return waiting[0], dieFirst
			}
			var all []choice
			for _, r := range waiting {
				all = append(all, choice{slices.Index(runners, r), false})
			}
			if len(dead) == 0 {
				for _, r := range waiting {
					all = append(all, choice{slices.Index(runners, r), true})
				}
			}
			for _, c := range all[1:] {
				others = append(others, append(slices.Clone(path), c))
			}
			path = append(path, all[0])
		}
		c := path[step]
		step++
		r := runners[c.writer]
		if c.kill {
			dead[r] = true
			return r, dieFirst
		}
		return r, proceed
	}
	s.run(t, runners...)
	if known && s.broken == nil {
		return others
	}
	x.ends++
	fail := func(what string, err error) {
		t.Helper()
		t.Fatalf("%s: %s: %v\n%s", x.contest.name, what, err, strings.Join(s.trace, "\n"))
	}
	if s.broken != nil {
		fail("on the way", s.broken)
	}
	if len(dead) > 0 {
		if _, _, err := b.publisher(t, "repair", nil).Repair(t.Context()); err != nil {
			fail("repair", err)
		}
		if _, changed, err := b.publisher(t, "repair", nil).Repair(t.Context()); err != nil || changed {
			fail("repair", fmt.Errorf("a second time: changed %v, %v", changed, err))
		}
	}
	entries, err := s.verdict(t, runners...)
	if err == nil && x.contest.winner != nil && len(dead) == 0 {
		err = x.contest.winner(entries, runners)
	}
	if err != nil {
		fail("in the end", err)
	}
	return others
}

// enter reports whether a state was reached before, and remembers it.
func (x *exploration) enter(b *bed, heard [][32]byte, runners []*runner, dead map[*runner]bool) bool {
	h := sha256.New()
	list, err := b.mem.List(context.Background(), "", "", 1<<20)
	if err != nil {
		panic(err)
	}
	for _, i := range list {
		if strings.HasPrefix(i.Key, "packages/") {
			continue // who put it there has heard so
		}
		info, err := b.mem.Head(context.Background(), i.Key)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(h, "%s %s %s\n", i.Key, info.ETag, metadataText(info.Metadata))
	}
	for i, r := range runners {
		h.Write(heard[i][:])
		binary.Write(h, binary.BigEndian, []bool{r.ended, dead[r]})
	}
	var key [32]byte
	h.Sum(key[:0])
	if x.seen[key] {
		return true
	}
	x.seen[key] = true
	return false
}

func metadataText(m map[string]string) string {
	var all []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		all = append(all, k+"="+m[k])
	}
	return strings.Join(all, ",")
}

// commutes reports whether a call can neither be changed by what others may
// still do nor change it.
func (x *exploration) commutes(b *bed, call string) bool {
	op, key, _ := strings.Cut(call, " ")
	switch {
	case strings.HasPrefix(key, "packages/"):
		return true
	case op == "copy" || !strings.HasPrefix(key, "channels/"+testChannel+"/journal/"):
		return false
	case !strings.HasPrefix(key, "channels/"+testChannel+"/journal/0/"):
		return true
	}
	_, err := b.mem.Head(context.Background(), key)
	return err == nil
}

// Every order of the store calls of two writers, one of whom may be stopped for
// ever at any call, on stores with If-Match and on those that have only
// create-only. Nobody looks through a public URL here: looking changes nothing,
// and TestInterleavings has it. WGTUP_EXHAUSTIVE=2 adds the crashes to the larger
// contest (20,000 states), 3 explores three writers, which takes hours.
func TestEveryInterleaving(t *testing.T) {
	hold := func(platform string) change {
		return simple(func() Edit { return Hold(release.Hold{Platform: platform, Reason: "in review"}) })
	}
	level := os.Getenv("WGTUP_EXHAUSTIVE")
	all := []contest{
		{"two publishers, one version", []change{addChange(buildOf("1.1.0", "A"), release.Whole), addChange(buildOf("1.1.0", "B"), release.Whole)}, oneWins(VersionUsed)},
	}
	switch level {
	case "2":
		all = append(all, contest{"publish and roll back", []change{addChange(buildOf("1.1.0", ""), release.Whole), rollbackChange("")}, nil})
	case "3":
		all = []contest{
			{"roll out and two holds", []change{simple(func() Edit { return SetShare("1.0.2", 5000, nil) }), hold("ios"), hold("android")}, bothFine},
			{"publish, roll back and hold", []change{addChange(buildOf("1.1.0", ""), release.Whole), rollbackChange(""), hold("ios")}, nil},
			{"three publishers", []change{addChange(buildOf("1.1.0", "A"), 100), addChange(buildOf("1.1.0", "B"), 100), addChange(buildOf("1.2.0", ""), 100)}, highestLives("1.2.0")},
		}
	}
	base := shop(t)
	base.blind = true
	for _, c := range all {
		for _, ifMatch := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, If-Match %v", c.name, ifMatch), func(t *testing.T) {
				x := &exploration{base: base, contest: c, ifMatch: ifMatch, most: 20_000_000}
				x.all(t)
				t.Logf("%d states, %d ends, %d runs", len(x.seen), x.ends, x.runs)
				if len(x.seen) < 100 || x.ends < 50 {
					t.Errorf("only %d states and %d ends: what is explored here?", len(x.seen), x.ends)
				}
			})
		}
	}
}
