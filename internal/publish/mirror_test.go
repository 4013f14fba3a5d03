package publish

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"wgtup/internal/store"
	"wgtup/release"
)

// pair is a home and its mirror, each with a public site.
type pair struct{ home, mirror *bed }

func newPair(t testing.TB, home *bed) *pair {
	m := &pair{home, newBed(t)}
	m.mirror.mem.Declared.ID, m.mirror.now = "mem:mirror", home.clock()
	m.mirror.mem.Now = home.mem.Now
	m.mirror.trusted, m.mirror.key = home.trusted, home.key
	return m
}

func (m *pair) clone(t testing.TB) *pair { return &pair{m.home.clone(t), m.mirror.clone(t)} }

// publisher works on the home and carries to the mirror, each through a tap.
func (m *pair) publisher(t testing.TB, by string, home, mirror *tap) *Publisher {
	p := m.home.publisher(t, by, home)
	side := m.mirror.publisher(t, by, mirror)
	p.Mirrors = []Mirror{{Name: "mem:mirror", Store: side.Store, Sites: side.Sites}}
	return p
}

func (m *pair) do(t testing.TB, changes ...change) *Result {
	t.Helper()
	var r *Result
	for _, c := range changes {
		m.home.wait(nil, 3600e9)
		var err error
		if r, err = c.run(m.publisher(t, "setup", nil, nil)); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// repair makes both follow.
func (m *pair) repair(t testing.TB) []Mirrored {
	t.Helper()
	p := m.publisher(t, "repair", nil, nil)
	p.Sign = nil
	e, _, err := p.Repair(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, err := p.RepairMirrors(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// equal reports what the mirror has not, or has otherwise, of a channel and all
// packages.
func (m *pair) equal(t testing.TB) error {
	t.Helper()
	ours, theirs := m.home.objects(t), m.mirror.objects(t)
	delete(ours, probeKey)
	delete(theirs, probeKey)
	for key, o := range ours {
		other, ok := theirs[key]
		switch {
		case !ok:
			return fmt.Errorf("the mirror lacks %s", key)
		case string(o.body) != string(other.body) || !maps.Equal(o.info.Metadata, other.info.Metadata) ||
			o.info.ContentType != other.info.ContentType || o.info.CacheControl != other.info.CacheControl:
			return fmt.Errorf("%s differs: %+v, %+v", key, o.info, other.info)
		}
	}
	if len(theirs) != len(ours) {
		return fmt.Errorf("the mirror has %v", slices.Sorted(maps.Keys(theirs)))
	}
	return nil
}

// Every command carries: after it the mirror holds what the home holds, and phones
// see the same at both.
func TestMirrorFollowsEveryCommand(t *testing.T) {
	m := newPair(t, newBed(t))
	for i, c := range []change{
		baseChange("1.0.0"), share("1.1.0", 1000), setShare("", release.Whole), holdOf("android", "review", nil), unholdOf("android", nil),
		full("1.1.1"), rollbackChange(""), rollbackChange("1.1.1"), rollbackChange("1.0.0"), baseChange("2.0.0"), simple(Renew), simple(Renew),
	} {
		r := m.do(t, c)
		if len(r.Mirrors) != 1 || r.Mirrors[0].Err != nil || r.Mirrors[0].Standing != Follows || r.Mirrors[0].Position != r.Entry.Position() ||
			r.Mirrors[0].Carried != 1 || !r.Mirrors[0].Views[0].Visible {
			t.Fatalf("step %d: %+v", i+1, r.Mirrors)
		}
		if err := m.equal(t); err != nil {
			t.Fatalf("step %d: %v", i+1, err)
		}
		if mustLook(t, m.home) != mustLook(t, m.mirror) {
			t.Fatalf("step %d: %v, %v", i+1, mustLook(t, m.home), mustLook(t, m.mirror))
		}
	}
	before := m.mirror.objects(t)
	if all := m.repair(t); all[0].Err != nil || all[0].Carried != 0 || !same(before, m.mirror.objects(t)) {
		t.Errorf("repair of what is whole: %+v", all)
	}
}

// A new mirror gets the history with all packages that are still there, so that it
// can become the home: then a rollback works there, too.
func TestNewMirrorGetsEverything(t *testing.T) {
	m := newPair(t, shop(t))
	m.home.remove(t, buildOf("1.0.1", "").upload.Key) // pruned
	if r := m.do(t, full("1.1.0")); r.Mirrors[0].Err != nil || r.Mirrors[0].Carried != 4 {
		t.Fatalf("%+v", r.Mirrors)
	}
	if err := m.equal(t); err != nil {
		t.Fatal(err)
	}
	p := m.mirror.publisher(t, "x", nil)
	_, err := rollbackChange("1.0.2").run(p)
	refusedAs(t, err, OtherHome)
	p.TakeHome = true
	if r, err := rollbackChange("1.0.2").run(p); err != nil || r.Entry.Position().Sequence != 5 || !strings.HasPrefix(mustLook(t, m.mirror).Client, "0/5: installs 1.0.2") {
		t.Fatalf("%v, %v", err, mustLook(t, m.mirror))
	}
}

// The home moves only when somebody says so; what was the home receives then.
func TestHome(t *testing.T) {
	m := newPair(t, shop(t))
	m.do(t, simple(Renew))
	turned := &pair{m.mirror, m.home}
	before := m.mirror.objects(t)
	_, err := full("1.1.0").run(turned.publisher(t, "x", nil, nil))
	if r := refusedAs(t, err, OtherHome); r.Facts["home"] == r.Facts["store"] || !same(before, m.mirror.objects(t)) {
		t.Fatalf("%v", r)
	}
	head := m.mirror.head(t)
	if _, err := turned.publisher(t, "x", nil, nil).RepairMirrors(t.Context(), head); err == nil {
		t.Error("a mirror repairs the home")
	}
	p := turned.publisher(t, "x", nil, nil)
	p.TakeHome = true
	r, err := simple(Renew).run(p)
	if err != nil || r.Mirrors[0].Err != nil || text(Differences(r.Plan.Before.Document, r.Entry.Document)) == "" {
		t.Fatalf("%v, %+v", err, r)
	}
	if err := turned.equal(t); err != nil {
		t.Fatal(err)
	}
	if changes := Differences(r.Plan.Before.Document, r.Entry.Document); len(changes) != 1 || changes[0].Kind != "home" {
		t.Errorf("%+v", changes)
	}
	_, err = full("1.1.0").run(m.publisher(t, "x", nil, nil))
	refusedAs(t, err, OtherHome)
	turned.do(t, full("1.1.0"))
}

// A folder may be moved: it is the same home wherever it is.
func TestHomeOfAFolder(t *testing.T) {
	ids := map[string]bool{}
	for _, url := range []string{"dir:" + t.TempDir(), "dir:" + t.TempDir(), "oss://a/x?region=r", "oss://a/x?region=r&endpoint=internal", "oss://a/y?region=r"} {
		s, err := store.Open(t.Context(), url, nil)
		if err != nil {
			t.Fatal(err)
		}
		ids[(&Publisher{Store: s}).home()] = true
	}
	if len(ids) != 3 {
		t.Errorf("%d homes, want the folders, a/x and a/y", len(ids))
	}
}

// What is newer, or not the home's, is never written over; what is merely damaged
// is made good.
func TestMirrorsThatDoNotFit(t *testing.T) {
	document, latest, journal := release.DocumentKey(testChannel), release.LatestKey(testChannel), func(n int64) string {
		return release.JournalKey(testChannel, release.Position{Sequence: n})
	}
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, m *pair)
		want  Standing // after a renewal; Follows for what is made good by repair
	}{
		{"an old backup", func(t *testing.T, m *pair) {
			backup := m.mirror.clone(t)
			m.do(t, full("1.0.3"), full("1.0.4"))
			m.mirror = backup
		}, Follows},
		{"ahead of a restored home", func(t *testing.T, m *pair) {
			backup := m.home.clone(t)
			m.do(t, full("1.0.3"))
			backup.now, m.home = m.home.clock(), backup
		}, Ahead},
		{"the same number, another entry", func(t *testing.T, m *pair) {
			backup := m.home.clone(t)
			m.do(t, full("1.0.3"))
			backup.now, m.home = m.home.clock(), backup
			m.home.do(t, full("1.0.9"))
		}, Differs},
		{"an older number, another entry", func(t *testing.T, m *pair) {
			backup := m.home.clone(t)
			m.do(t, full("1.0.3"))
			backup.now, m.home = m.home.clock(), backup
			m.home.do(t, full("1.0.8"), full("1.0.9"))
		}, Differs},
		{"a stranger's entry", func(t *testing.T, m *pair) { m.mirror.put(t, journal(5), []byte("{}"), nil) }, Differs},
		{"an entry of its past replaced", func(t *testing.T, m *pair) { m.mirror.put(t, journal(4), []byte("{}"), nil) }, Differs},
		{"the newest entry lost", func(t *testing.T, m *pair) { m.mirror.remove(t, journal(4)) }, Follows},
		{"release.json lost", func(t *testing.T, m *pair) { m.mirror.remove(t, document) }, Follows},
		{"release.json a stranger's", func(t *testing.T, m *pair) { m.mirror.put(t, document, []byte("{}"), nil) }, Follows},
		{"latest.wgt another", func(t *testing.T, m *pair) { m.mirror.put(t, latest, []byte("x"), nil) }, Follows},
		{"latest.wgt of the same size", func(t *testing.T, m *pair) {
			o := m.mirror.object(t, latest)
			m.mirror.put(t, latest, []byte(strings.ToUpper(string(o.body))), o.info.Metadata)
		}, Follows},
		{"a live package lost", func(t *testing.T, m *pair) { m.mirror.remove(t, buildOf("1.0.2", "").upload.Key) }, Follows},
		{"everything lost", func(t *testing.T, m *pair) { m.mirror = newPair(t, m.home).mirror }, Follows},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newPair(t, shop(t))
			m.do(t, simple(Renew))
			c.spoil(t, m)
			before := m.mirror.objects(t)
			p := m.publisher(t, "x", nil, nil)
			p.Mirrors[0].Sites = nil // a mirror that phones do not read
			e := m.home.head(t)
			if there := p.Standings(t.Context(), e); !same(before, m.mirror.objects(t)) || c.want != Follows && (there[0].Standing != c.want || there[0].Err == nil) {
				t.Errorf("standing %+v", there)
			}
			all, err := p.RepairMirrors(t.Context(), e)
			if err != nil || all[0].Standing != c.want || (all[0].Err == nil) != (c.want == Follows) {
				t.Fatalf("repair: %v, %+v", err, all)
			}
			if c.want != Follows && !same(before, m.mirror.objects(t)) {
				t.Error("it was written")
			}
			if err := m.equal(t); c.want == Follows && err != nil {
				t.Error(err)
			}
			r, err := simple(Renew).run(p)
			if err != nil || r.Mirrors[0].Standing != c.want && c.want != Ahead {
				t.Fatalf("renew: %v, %+v", err, r)
			}
			a, err := p.Audit(t.Context())
			if flaws := count(a.Flaws, func(f Flaw) bool { return f.Code == "mirror" && f.Mirror != "" }); err != nil || (flaws == 0) != (c.want == Follows) {
				t.Errorf("audit: %v, %+v", err, a)
			}
		})
	}
}

// A home restored from a backup goes no further while a mirror shows phones more.
func TestHomeBehindItsMirror(t *testing.T) {
	m := newPair(t, shop(t))
	backup := m.home.clone(t)
	m.do(t, full("1.0.3"))
	backup.now, m.home = m.home.clock(), backup
	_, err := full("1.0.4").run(m.publisher(t, "x", nil, nil))
	refusedAs(t, err, StoreBehind)
}

// --all-mirrors: nothing happens anywhere while one cannot take it.
func TestAllMirrors(t *testing.T) {
	start := newPair(t, shop(t))
	start.do(t, simple(Renew))
	home, mirror := &tap{}, &tap{}
	p := start.clone(t).publisher(t, "x", home, mirror)
	p.AllMirrors = true
	if r, err := full("1.1.0").run(p); err != nil || r.Mirrors[0].Standing != Follows {
		t.Fatalf("%v, %+v", err, r)
	}
	stopped := 0
	for at, call := range mirror.Calls {
		m := start.clone(t)
		old := mustLook(t, m.home)
		p := m.publisher(t, "x", nil, failing(at, call, store.ErrUnavailable, "for ever"))
		p.AllMirrors = true
		r, err := full("1.1.0").run(p)
		var refused *MirrorError
		switch {
		case errors.As(err, &refused):
			stopped++
			if len(m.home.journal(t)) != 4 || mustLook(t, m.home) != old || refused.Name != "mem:mirror" || !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("call %d, %s: %v, %d entries", at+1, call, err, len(m.home.journal(t)))
			}
		case err != nil || r.Mirrors[0].Err == nil && m.equal(t) != nil:
			t.Errorf("call %d, %s: %v, %+v", at+1, call, err, r)
		}
		if err := m.whole(t); err != nil {
			t.Errorf("call %d, %s: %v", at+1, call, err)
		}
	}
	if stopped < 5 {
		t.Errorf("stopped only %d times in %d", stopped, len(mirror.Calls))
	}
	// A rival's mirror: nothing of ours in the home, and an entry there.
	strange := newPair(t, newBed(t))
	strange.mirror.do(t, baseChange("1.0.0"))
	p = strange.publisher(t, "x", nil, nil)
	p.AllMirrors, p.Mirrors[0].Sites = true, nil
	var refused *MirrorError
	if _, err := baseChange("1.0.0").run(p); !errors.As(err, &refused) || refused.Standing != Ahead || len(strange.home.journal(t)) != 0 {
		t.Errorf("%v", err)
	}
}

// A mirror that says 403 for what is not there, and one that cannot create-only.
func TestWeakMirrors(t *testing.T) {
	m := newPair(t, shop(t))
	noList := func() *tap {
		return &tap{After: func(_, _ string, err error) error {
			if errors.Is(err, store.ErrNotFound) {
				return store.ErrDenied
			}
			return err
		}}
	}
	for i, c := range []change{simple(Renew), full("1.1.0"), rollbackChange("")} {
		if r, err := c.run(m.publisher(t, "x", nil, noList())); err != nil || r.Mirrors[0].Err != nil {
			t.Fatalf("change %d: %v, %+v", i, err, r)
		}
	}
	if err := m.equal(t); err != nil {
		t.Fatal(err)
	}
	plain := newPair(t, m.home)
	plain.mirror.mem.Declared.CreateOnly, plain.mirror.mem.Declared.IfMatch = false, false
	if r := plain.do(t, full("1.2.0")); r.Mirrors[0].Err != nil {
		t.Fatalf("%+v", r.Mirrors)
	}
	if err := plain.equal(t); err != nil {
		t.Fatal(err)
	}
}

// The keys were replaced, and what a thief signed with the old ones is in the mirror.
func TestMirrorOfANewEpoch(t *testing.T) {
	for _, pins := range []int64{0, 1} {
		b, _ := rotated(t)
		m := newPair(t, b)
		for key, o := range b.objects(t) {
			if !strings.Contains(key, "/journal/1/") {
				m.mirror.put(t, key, o.body, o.info.Metadata)
			}
		}
		b.trusted, m.mirror.trusted = testSet(t, pins), testSet(t, pins)
		if all := m.repair(t); all[0].Err != nil || all[0].Carried != 1 {
			t.Fatalf("pins %d: %+v", pins, all)
		}
		if r := m.do(t, full("1.0.3")); r.Mirrors[0].Standing != Follows || r.Mirrors[0].Position != (release.Position{Epoch: 1, Sequence: 2}) {
			t.Fatalf("pins %d: %+v", pins, r.Mirrors)
		}
	}
}

// A damaged package at home goes no further.
func TestMirrorTakesNothingDamaged(t *testing.T) {
	m := newPair(t, shop(t))
	key := buildOf("1.0.2", "").upload.Key
	m.home.put(t, key, []byte(strings.ToUpper(string(buildOf("1.0.2", "").body))), nil)
	r := m.do(t, simple(Renew))
	if _, found := m.mirror.objects(t)[key]; !errors.Is(r.Mirrors[0].Err, ErrOtherContent) || found {
		t.Errorf("%+v", r.Mirrors)
	}
	if err := m.whole(t); err != nil {
		t.Error(err)
	}
}

// Publishers at the same time carry to the same mirror: whole for phones all the
// while, and equal in the end.
func TestMirrorOfManyPublishers(t *testing.T) {
	phone := release.Device{App: testApp, Channel: testChannel, Platform: release.Android, Native: versionOf("1.0.0"), Running: release.Running{Name: "1.0.0", Code: 100}, Install: "device-1"}
	for range 20 {
		m := newPair(t, shop(t))
		m.home.mem.Declared.IfMatch, m.mirror.mem.Declared.IfMatch = false, false
		ended := make(chan error)
		for _, c := range []change{full("1.1.0"), simple(Renew), holdOf("ios", "", nil)} {
			go func() {
				_, err := c.run(m.publisher(t, "x", nil, &tap{}))
				ended <- err
			}()
		}
		for range 3 {
			if err := <-ended; err != nil {
				t.Fatal(err)
			}
			if _, err := m.mirror.device(m.mirror.publisher(t, "device", nil).Sites[0], phone); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.whole(t); err != nil {
			t.Fatal(err)
		}
		m.repair(t)
		if err := m.equal(t); err != nil {
			t.Fatal(err)
		}
	}
}

// Prune keeps in a mirror what the home needs, and what the mirror does, which may
// be behind; it leaves one alone that does not fit.
func TestPruneMirrors(t *testing.T) {
	keep := Retention{1, 0, 24 * 3600e9}
	m := newPair(t, hoard(t))
	for _, channel := range []string{testChannel, beta} {
		p := m.publisher(t, "setup", nil, nil)
		p.Channel = channel
		e, err := p.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if all, err := p.RepairMirrors(t.Context(), e); err != nil || all[0].Err != nil {
			t.Fatalf("%v, %+v", err, all)
		}
	}
	m.home.do(t, full("1.0.6")) // the mirror is behind, and still offers 1.0.5
	m.home.wait(nil, 10*day)
	m.mirror.now = m.home.clock()
	for key, o := range m.mirror.objects(t) { // what was carried long ago
		if strings.HasPrefix(key, "packages/") {
			m.mirror.put(t, key, o.body, o.info.Metadata)
		}
	}
	m.mirror.wait(nil, 2*day)
	m.home.now = m.mirror.clock()
	dry, err := m.publisher(t, "x", nil, nil).Prune(t.Context(), keep, false)
	if err != nil || dry.Mirrors != nil {
		t.Fatalf("%v, %+v", err, dry)
	}
	strange := m.clone(t)
	strange.mirror.put(t, release.JournalKey(testChannel, release.Position{Sequence: 7}), []byte("{}"), nil)
	before := strange.mirror.objects(t)
	if found, err := strange.publisher(t, "x", nil, nil).Prune(t.Context(), keep, true); err != nil || len(found.Mirrors) != 1 || !foreign(found.Mirrors[0].Err) {
		t.Errorf("a mirror that does not fit: %v, %+v", err, found.Mirrors)
	}
	for key := range before {
		if _, ok := strange.mirror.objects(t)[key]; !ok {
			t.Errorf("%s was removed from a mirror that does not fit", key)
		}
	}
	if _, err := m.publisher(t, "x", nil, nil).Prune(t.Context(), keep, true); err != nil {
		t.Fatal(err)
	}
	old := m.mirror.objects(t)
	for version, stays := range map[string]bool{"1.0.1": true, "1.0.2": false, "1.0.3": false, "1.0.4": false, "1.0.5": true} {
		if _, ok := old[buildOf(version, "").upload.Key]; ok != stays {
			t.Errorf("package %s there: %v", version, ok)
		}
	}
	if err := m.whole(t); err != nil {
		t.Error(err)
	}
	if all := m.repair(t); all[0].Err != nil {
		t.Errorf("%+v", all)
	}
}

// A mirror in step costs few requests, however long the journal is.
func TestRequestsToMirrors(t *testing.T) {
	short, far := long(t, 10), long(t, 10000)
	var calls []int
	for _, b := range []*bed{short, far} {
		m := &pair{b, b.clone(t)}
		m.mirror.mem.Declared.ID = "mem:mirror"
		through := &tap{}
		if r, err := full("1.1.0").run(m.publisher(t, "x", nil, through)); err != nil || r.Mirrors[0].Err != nil {
			t.Fatalf("%v, %+v", err, r)
		}
		calls = append(calls, len(through.Calls))
	}
	if calls[0] != calls[1] || calls[0] > 24 {
		t.Errorf("%d requests with 10 entries, %d with 10,000", calls[0], calls[1])
	}
	t.Logf("%d requests", calls[0])
}

// Ctrl-C after the entry exists stops the mirror, not the home.
func TestCancelWhileMirroring(t *testing.T) {
	m := newPair(t, shop(t))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	through := &tap{Before: func(op, key string) error {
		if op == "put" && strings.HasPrefix(key, "packages/") {
			cancel()
		}
		return nil
	}}
	p, c := m.publisher(t, "x", nil, through), full("1.1.0")
	r, err := p.Change(ctx, c.edit(p), c.uploads)
	if err != nil || !errors.Is(r.Mirrors[0].Err, context.Canceled) || r.Mirrors[0].Standing != Behind {
		t.Fatalf("%v, %+v", err, r)
	}
	if _, err := settled(m.home.objects(t), m.home); err != nil {
		t.Fatal(err)
	}
	if all := m.repair(t); all[0].Err != nil || m.equal(t) != nil {
		t.Fatalf("%+v", all)
	}
}
