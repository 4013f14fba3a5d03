package publish

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wgtup/release"
)

// contest is what several writers want at the same time.
type contest struct {
	name   string
	wants  []change
	winner func(entries []*Entry, runners []*runner) error // more to check; may be nil
}

func contests() []contest {
	hold := simple(func() Edit { return Hold(release.Hold{Platform: release.IOS, Reason: "in review"}) })
	return []contest{
		{"P14 same version, other content", []change{addChange(buildOf("1.1.0", "A"), release.Whole), addChange(buildOf("1.1.0", "B"), release.Whole)}, oneWins(VersionUsed)},
		{"P14 same content twice", []change{addChange(buildOf("1.1.0", "A"), 1000), addChange(buildOf("1.1.0", "A"), 1000)}, bothFine},
		{"P15 different versions", []change{addChange(buildOf("1.1.0", ""), release.Whole), addChange(buildOf("1.2.0", ""), 1000)}, highestLives("1.2.0")},
		{"P16 publish and roll back", []change{addChange(buildOf("1.1.0", ""), release.Whole), rollbackChange("")}, nil},
		{"P16 publish and roll back to", []change{addChange(buildOf("1.1.0", ""), 5000), rollbackChange("1.0.1")}, nil},
		{"P17 promote and publish", []change{promote("", nil), addChange(buildOf("1.2.0", ""), 1000)}, highestLives("1.2.0")},
		{"P17 promote and roll back", []change{promote("", nil), rollbackChange("")}, nil},
		{"publish and roll out", []change{addChange(buildOf("1.1.0", ""), 100), simple(func() Edit { return SetShare("1.0.2", 5000, nil) })}, bothFine},
		{"publish and hold", []change{addChange(buildOf("1.1.0", ""), 100), hold}, bothFine},
		{"roll back twice", []change{rollbackChange(""), rollbackChange("")}, nil},
		{"three writers", []change{addChange(buildOf("1.1.0", ""), release.Whole), rollbackChange(""), hold}, nil},
		{"three publishers", []change{addChange(buildOf("1.1.0", "A"), 100), addChange(buildOf("1.1.0", "B"), 100), addChange(buildOf("1.2.0", ""), 100)}, highestLives("1.2.0")},
	}
}

// oneWins: exactly one publisher succeeds, the other is refused with the code.
func oneWins(code string) func([]*Entry, []*runner) error {
	return func(entries []*Entry, runners []*runner) error {
		won, lost := 0, 0
		for _, r := range runners {
			if r.err == nil {
				won++
			} else if refusal, ok := r.err.(*Refusal); ok && refusal.Code == code {
				lost++
			}
		}
		if won != 1 || lost != len(runners)-1 {
			return fmt.Errorf("%d won, %d were refused: %v, %v", won, lost, runners[0].err, runners[1].err)
		}
		return nil
	}
}

func bothFine(_ []*Entry, runners []*runner) error {
	for _, r := range runners {
		if r.err != nil {
			return fmt.Errorf("%s: %w", r.name, r.err)
		}
	}
	return nil
}

func highestLives(version string) func([]*Entry, []*runner) error {
	return func(entries []*Entry, runners []*runner) error {
		if named(entries[len(entries)-1].Document, version) == nil {
			return fmt.Errorf("%s is not live", version)
		}
		return nil
	}
}

// contested is the shop, with a release in beta that may be promoted.
func contested(t testing.TB) *bed {
	b := shop(t)
	b.do(t, inBeta(baseChange("1.0.0")), inBeta(addChange(buildOf("1.1.0", "B"), 1000)))
	return b
}

// P14–P17: seeds draw who calls the store next. Half of the stores have If-Match.
func TestInterleavings(t *testing.T) {
	base := contested(t)
	for _, c := range contests() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(seeds) {
				c.play(t, base, fmt.Sprint("seed ", seed), seed%2 == 0, c.runners(), atRandom(seed, false))
			}
		})
	}
}

// The same with two switches between two writers, at every pair of places.
func TestInterleavingsTwoSwitches(t *testing.T) {
	base := contested(t)
	for _, c := range contests() {
		if len(c.wants) != 2 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for n := 0; n < 24*24; n += stride {
				a, b := n/24, n%24
				runners := c.runners()
				first, second := runners[n%2], runners[1-n%2]
				c.play(t, base, fmt.Sprintf("%s makes %d calls, then the other %d", first.name, a, b), n%4 < 2, runners, inTurns(first, second, a, b))
			}
		})
	}
}

// A writer that stops for ever at any call loses nothing that was acknowledged
// and keeps nobody from going on; a repair makes the rest whole.
func TestInterleavingsWithACrash(t *testing.T) {
	base := contested(t)
	for _, c := range contests() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(seeds) / 2 {
				c.play(t, base, fmt.Sprint("seed ", seed), seed%2 == 0, c.runners(), atRandom(seed, true))
			}
		})
	}
}

func (c contest) runners() []*runner {
	var all []*runner
	for i, want := range c.wants {
		all = append(all, &runner{name: string(rune('A' + i)), change: want})
	}
	return all
}

func (c contest) play(t *testing.T, base *bed, name string, ifMatch bool, runners []*runner, pick func([]*runner) (*runner, turn)) {
	t.Helper()
	b := base.clone(t)
	b.mem.Declared.IfMatch = ifMatch
	s := &schedule{bed: b, pick: pick}
	shown := release.Position{}
	s.check = func() error {
		objects := b.objects(t)
		now := positionIn(objects[release.DocumentKey(testChannel)].info.Metadata)
		if ifMatch && now.Compare(shown) < 0 {
			return fmt.Errorf("release.json went back from %s to %s", shown, now)
		}
		shown = now
		return b.never(objects)
	}
	s.run(t, runners...)
	killed := slices.ContainsFunc(runners, func(r *runner) bool { return r.killed })
	if killed {
		if _, _, err := b.publisher(t, "repair", nil).Repair(t.Context()); err != nil {
			t.Fatalf("%s: repair: %v\n%s", name, err, strings.Join(s.trace, "\n"))
		}
	}
	entries, err := s.verdict(t, runners...)
	if err == nil && c.winner != nil && !killed {
		err = c.winner(entries, runners)
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, strings.Join(s.trace, "\n"))
	}
}

// P14–P17 on a folder, on an S3 server and on the stand-ins of the clouds, as fast as they can: all that the
// winner of each number wrote is there, and nobody is told something else.
func TestP14toP17RacesOnRealStores(t *testing.T) {
	base := contested(t)
	start := base.clone(t)
	start.now = time.Now().UTC().Truncate(time.Second)
	for _, c := range contests() {
		t.Run(c.name, func(t *testing.T) {
			everyGround(t, func(t *testing.T, g *ground) {
				for range 3 {
					g.become(t, start)
					runners := c.runners()
					ended := make(chan struct{})
					for _, r := range runners {
						r.killed = false
						go func() {
							p := g.publisher(t, start, r.name)
							p.Wait = func(context.Context, time.Duration) error { return nil }
							r.result, r.err = r.change.run(p)
							ended <- struct{}{}
						}()
					}
					for range runners {
						<-ended
					}
					entries, err := judged(g.objects(t), start, runners...)
					if err == nil && c.winner != nil {
						err = c.winner(entries, runners)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
			})
		})
	}
}
