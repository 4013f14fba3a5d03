package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
)

const day = 24 * time.Hour

// aged is a bed whose objects are stamped by its clock.
func aged(t testing.TB) *bed {
	b := newBed(t)
	b.mem.Now = b.clock
	return b
}

// hoard is a channel with a base and the releases 1.0.1 to 1.0.5, one each ten
// days, a rollout in beta, and a package that nobody knows.
func hoard(t testing.TB) *bed {
	t.Helper()
	b := aged(t)
	b.put(t, release.PackageKey(strings.Repeat("a", 64), "wgt"), []byte("nobody's"), nil)
	b.put(t, release.PatchKey(strings.Repeat("b", 64)), []byte("nobody's"), nil)
	b.do(t, baseChange("1.0.0"), inBeta(baseChange("1.0.0")), inBeta(addChange(buildOf("1.0.1", ""), 1000)))
	for n := range 5 {
		b.wait(nil, 10*day)
		b.do(t, full(fmt.Sprintf("1.0.%d", n+1)))
	}
	b.wait(nil, 2*day)
	return b
}

// said is the verdict on each package: "1.0.1 live beta", in order.
func said(p *Pruning) string {
	var all []string
	for _, one := range slices.Concat(p.Kept, p.Removed) {
		name := "?"
		for _, version := range []string{"1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.0.5"} {
			for _, salt := range []string{"", "base"} {
				if buildOf(version, salt).upload.Key == one.Key {
					name = version
				}
			}
		}
		all = append(all, strings.TrimSpace(name+" "+one.Why+" "+one.Channel))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func TestPrune(t *testing.T) {
	for _, c := range []struct {
		name string
		keep Retention
		want string
	}{
		{"nothing but what is live", Retention{1, 0, time.Hour},
			"1.0.0 live beta, 1.0.1 live beta, 1.0.2 unneeded, 1.0.3 unneeded, 1.0.4 unneeded, 1.0.5 live production, ? unneeded, ? unneeded"},
		{"the last three entries", Retention{3, 0, time.Hour},
			"1.0.0 live beta, 1.0.1 live beta, 1.0.2 unneeded, 1.0.3 history production, 1.0.4 history production, 1.0.5 live production, ? unneeded, ? unneeded"},
		{"what was in force since 15 days", Retention{1, 15 * day, time.Hour},
			"1.0.0 live beta, 1.0.1 live beta, 1.0.2 unneeded, 1.0.3 history production, 1.0.4 history production, 1.0.5 live production, ? unneeded, ? unneeded"},
		{"what is younger than 25 days, or was in force", Retention{1, 0, 25 * day},
			"1.0.0 live beta, 1.0.1 live beta, 1.0.2 history production, 1.0.3 history production, 1.0.4 history production, 1.0.5 live production, ? unneeded, ? unneeded"},
		{"everything is young", Retention{1, 0, 100 * day},
			"1.0.0 live beta, 1.0.1 live beta, 1.0.2 history production, 1.0.3 history production, 1.0.4 history production, 1.0.5 live production, ? young, ? young"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := hoard(t)
			before := b.objects(t)
			look, err := b.publisher(t, "x", nil).Prune(t.Context(), c.keep, false)
			if err != nil || said(look) != c.want {
				t.Fatalf("%v, got %s\nwant %s", err, said(look), c.want)
			}
			if !same(before, b.objects(t)) {
				t.Error("a look removed something")
			}
			done, err := b.publisher(t, "x", nil).Prune(t.Context(), c.keep, true)
			if err != nil || said(done) != c.want || !slices.Equal(done.Channels, []string{"beta", "production"}) {
				t.Fatalf("%v, got %s in %v", err, said(done), done.Channels)
			}
			for _, gone := range done.Removed {
				if _, ok := b.objects(t)[gone.Key]; ok {
					t.Errorf("%s is still there", gone.Key)
				}
			}
			if _, err := settled(b.objects(t), b); err != nil {
				t.Error(err)
			}
			again, err := b.publisher(t, "x", nil).Prune(t.Context(), c.keep, true)
			if err != nil || len(again.Removed) != 0 || len(again.Kept) != len(done.Kept) {
				t.Errorf("again: %v, %s", err, said(again))
			}
		})
	}
}

// A clock that is years ahead makes nothing old: the store's counts.
func TestPruneByTheClockOfTheStore(t *testing.T) {
	b := hoard(t)
	p := b.publisher(t, "x", nil)
	p.Now = func() time.Time { return b.clock().AddDate(2, 0, 0) }
	found, err := p.Prune(t.Context(), Retention{1, 0, 100 * day}, true)
	if err != nil || len(found.Removed) != 0 {
		t.Errorf("%v, %s", err, said(found))
	}
}

// Whatever a channel needs that cannot be read is not known: nothing is removed.
func TestPruneOfWhatCannotBeRead(t *testing.T) {
	entry := func(channel string, n int64) string {
		return release.JournalKey(channel, release.Position{Sequence: n})
	}
	newer := func(b *bed) []byte {
		payload := strings.Replace(string(b.journal(t)[5].Payload), `{"app"`, `{"aaa":1,"app"`, 1)
		return sealPayload(t, []byte(payload), b.key)
	}
	for name, spoil := range map[string]func(*bed){
		"a stranger's entry in beta": func(b *bed) { b.put(t, entry(beta, 3), []byte("x"), nil) },
		"a newer tool's entry":       func(b *bed) { b.put(t, entry(testChannel, 6), newer(b), nil) },
		"a hole in the history":      func(b *bed) { b.remove(t, entry(testChannel, 5)) },
		"a lost entry":               func(b *bed) { b.remove(t, entry(testChannel, 6)) },
		"a channel of another app": func(b *bed) {
			b.put(t, "channels/zeta/release.json", []byte("x"), nil)
			b.put(t, entry("zeta", 1), []byte("x"), nil)
		},
	} {
		b := hoard(t)
		spoil(b)
		before := len(b.objects(t))
		if _, err := b.publisher(t, "x", nil).Prune(t.Context(), Retention{2, 0, time.Hour}, true); err == nil {
			t.Errorf("%s: no error", name)
		}
		if now := len(b.objects(t)); now < before {
			t.Errorf("%s: removed %d", name, before-now)
		}
	}
	// A store that is behind what phones see does not know what they need.
	b, ahead := hoard(t), hoard(t)
	ahead.do(t, full("1.0.6"))
	p := b.publisher(t, "x", nil)
	p.Sites = ahead.publisher(t, "site", nil).Sites
	_, err := p.Prune(t.Context(), Retention{1, 0, time.Hour}, true)
	refusedAs(t, err, StoreBehind)
}

// Every call fails: what is needed stays, and a second prune finishes.
func TestPruneFails(t *testing.T) {
	keep := Retention{1, 0, time.Hour}
	for at := 0; at < 60; at++ {
		b := hoard(t)
		through, n, hit := &tap{}, -1, false
		through.Before = func(op, key string) error {
			if n++; n >= at && !strings.HasPrefix(op, "look") {
				hit = true
				return store.ErrUnavailable
			}
			return nil
		}
		_, err := b.publisher(t, "x", through).Prune(t.Context(), keep, true)
		if hit != errors.Is(err, store.ErrUnavailable) {
			t.Fatalf("call %d: %v", at+1, err)
		}
		if _, err := settled(b.objects(t), b); err != nil {
			t.Fatalf("call %d: %v", at+1, err)
		}
		if _, err := b.publisher(t, "x", nil).Prune(t.Context(), keep, true); err != nil {
			t.Fatalf("call %d: again: %v", at+1, err)
		}
		if !hit {
			return
		}
	}
	t.Error("it never came to an end")
}

// Others publish, promote and roll back at every call of a prune, and a prune
// comes at every call of theirs. The one moment that stays is a removal under way
// when its object is made young.
func TestPruneWhileOthersPublish(t *testing.T) {
	keep := Retention{1, 0, time.Hour}
	old := buildOf("1.0.2", "")
	oldBytes := change{func(*Publisher) Edit {
		return AddBase(BaseAddition{Natives: []release.Native{androidApp("9.0.2")}, Fingerprint: testPrint, Source: old.pack.Content, Version: old.version, Package: old.pack})
	}, []Upload{old.upload}}
	for name, c := range map[string]change{
		"a rollback that brings back": rollbackChange("1.0.3"),
		"a promotion":                 promote("", nil),
		"a base of old bytes":         oldBytes,
		"a new release":               full("1.0.6"),
	} {
		start := func() *bed {
			b := hoard(t)
			if name == "a promotion" {
				b.do(t, inBeta(full("1.0.6")))
			}
			b.wait(nil, 2*day)
			return b
		}
		whole := func(b *bed, at int, err error) {
			t.Helper()
			var r *Refusal
			if err != nil && (!errors.As(err, &r) || r.Code != PackageGone) {
				t.Fatalf("%s, at %d: %v", name, at, err)
			}
			if _, err := settled(b.objects(t), b); err != nil {
				t.Fatalf("%s, at %d: %v", name, at, err)
			}
		}
		for at := 0; ; at++ { // all of theirs at one call of ours
			b := start()
			through, n, hit := &tap{}, -1, false
			var theirs error
			through.Before = func(op, key string) error {
				if n++; n == at {
					hit = true
					if op != "delete" {
						_, theirs = c.run(b.publisher(t, "other", nil))
					}
				}
				return nil
			}
			if _, err := b.publisher(t, "prune", through).Prune(context.Background(), keep, true); err != nil {
				t.Fatalf("%s, at %d: %v", name, at, err)
			}
			if !hit {
				break
			}
			whole(b, at, theirs)
		}
		for at := 0; ; at++ { // all of ours at one call of theirs
			b := start()
			through, n, hit := &tap{}, -1, false
			through.Before = func(op, key string) error {
				if n++; n == at {
					hit = true
					if _, err := b.publisher(t, "prune", nil).Prune(context.Background(), keep, true); err != nil {
						t.Fatalf("%s, at %d: %v", name, at, err)
					}
				}
				return nil
			}
			_, err := c.run(b.publisher(t, "other", through))
			if !hit {
				break
			}
			whole(b, at, err)
		}
	}
}
