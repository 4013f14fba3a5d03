package publish

import (
	"math/bits"
	"slices"
	"strings"
	"testing"

	"wgtup/release"
)

// long is a shop whose journal has n entries. Only the last three are real; a
// publisher that reads others fails.
func long(t testing.TB, n int64) *bed {
	t.Helper()
	old := shop(t)
	b, shift := newBed(t), n-3
	b.now = old.clock()
	for key, o := range old.objects(t) {
		if strings.HasPrefix(key, "packages/") {
			b.put(t, key, o.body, nil)
		}
	}
	for i := range shift {
		b.put(t, release.JournalKey(testChannel, release.Position{Sequence: i + 1}), []byte("not to be read"), nil)
	}
	rename := func(id string) string {
		at, _ := position(id)
		at.Sequence += shift
		return at.ID(0)
	}
	previous := strings.Repeat("0", 64)
	for _, e := range old.journal(t) {
		d := *e.Document
		d.Sequence, d.Previous = d.Sequence+shift, previous
		d.Releases = slices.Clone(d.Releases)
		for i := range d.Releases {
			d.Releases[i].ID = rename(d.Releases[i].ID)
		}
		previous = b.entry(t, &d)
	}
	if _, _, err := b.publisher(t, "setup", nil).Repair(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// entry signs a document, puts it where it says, makes release.json its copy,
// and returns its digest.
func (b *bed) entry(t testing.TB, d *release.Document) string {
	t.Helper()
	payload, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	text := b.signed(t, payload)
	b.put(t, release.JournalKey(testChannel, d.Position()), text, nil)
	b.put(t, release.DocumentKey(testChannel), text, copyMetadata(d))
	return release.Digest(payload)
}

func (b *bed) signed(t testing.TB, payload []byte) []byte {
	t.Helper()
	e, err := b.publisher(t, "setup", nil).Sign(payload, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The number of requests is that of the protocol, and the history does not add
// to it.
func TestRequests(t *testing.T) {
	commands := []struct {
		name string
		most int
		run  func(*Publisher) error
	}{
		{"publish", 18, running(addChange(buildOf("1.1.0", ""), 1000))},
		{"publish again", 18, running(addChange(buildOf("1.0.2", ""), release.Whole))},
		{"base", 18, running(baseChange("1.1.0"))},
		{"rollout", 18, running(simple(func() Edit { return SetShare("1.0.2", 5000, nil) }))},
		{"hold", 18, running(simple(func() Edit { return Hold(release.Hold{Platform: release.IOS}) }))},
		{"rollback", 20, running(rollbackChange(""))},
		{"rollback to", 20, running(rollbackChange("1.0.0"))},
		{"set", 18, running(simple(func() Edit { return SetMode("", release.Force) }))},
		{"set floor", 18, running(simple(func() Edit { return SetFloor(101) }))},
		{"renew", 18, running(simple(Renew))},
		{"head", 4, func(p *Publisher) error { _, err := p.Head(t.Context()); return err }},
		{"status", 9, func(p *Publisher) error {
			e, err := p.Head(t.Context())
			if err == nil {
				_, err = p.CopiesFollow(t.Context(), e)
				p.LookOnce(t.Context(), e)
			}
			return err
		}},
		{"repair", 7, func(p *Publisher) error { _, _, err := p.Repair(t.Context()); return err }},
	}
	short, far := long(t, 10), long(t, 10000)
	for _, c := range commands {
		t.Run(c.name, func(t *testing.T) {
			few, many := &tap{}, &tap{}
			for b, through := range map[*bed]*tap{short: few, far: many} {
				if err := c.run(b.clone(t).publisher(t, "x", through)); err != nil {
					t.Fatal(err)
				}
			}
			if len(few.Calls) > c.most || len(many.Calls) != len(few.Calls) {
				t.Errorf("%d requests with 10 entries, %d with 10,000, want at most %d:\n%s", len(few.Calls), len(many.Calls), c.most, strings.Join(many.Calls, "\n"))
			}
			t.Logf("%d requests", len(few.Calls))
		})
	}
}

func running(c change) func(*Publisher) error {
	return func(p *Publisher) error { _, err := c.run(p); return err }
}

// Without release.json the newest entry is found by galloping and bisecting.
func TestRequestsWithoutTheCopy(t *testing.T) {
	for _, n := range []int64{3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 100, 1000, 10000} {
		b := long(t, n)
		b.remove(t, release.DocumentKey(testChannel))
		through := &tap{}
		head, err := b.publisher(t, "x", through).Head(t.Context())
		if err != nil || head.Position().Sequence != n {
			t.Fatalf("%d entries: found %s, %v", n, head.Position(), err)
		}
		if most := 4 + 2*bits.Len64(uint64(n)); len(through.Calls) > most {
			t.Errorf("%d entries: %d requests, want at most %d", n, len(through.Calls), most)
		}
		if count(through.Calls, func(c string) bool { return strings.HasPrefix(c, "list") }) > 0 {
			t.Errorf("%d entries: it asked for a list", n)
		}
	}
}

// A copy that is behind costs a logarithm of what it misses.
func TestRequestsWithAnOldCopy(t *testing.T) {
	b := long(t, 10000)
	d := *b.head(t).Document
	d.Sequence = 9000
	payload, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	b.put(t, release.DocumentKey(testChannel), b.signed(t, payload), nil)
	through := &tap{}
	head, err := b.publisher(t, "x", through).Head(t.Context())
	if err != nil || head.Position().Sequence != 10000 || len(through.Calls) > 4+2*11 {
		t.Fatalf("found %s with %d requests, %v", head.Position(), len(through.Calls), err)
	}
}

func (b *bed) head(t testing.TB) *Entry {
	t.Helper()
	e, err := b.publisher(t, "reader", nil).Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return e
}
