package publish

import (
	"errors"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"wgtup/release"
	"wgtup/sign"
)

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

// Where nobody listens, nobody is waited for.
func TestLookAtNobody(t *testing.T) {
	b := shop(t)
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	p := b.publisher(t, "x", nil)
	p.Sites = b.publisher(t, "site", &tap{Before: func(string, string) error { return refused }}).Sites
	before := b.clock()
	r, err := full("1.1.0").run(p)
	if err != nil || r.Views[0].Visible || b.clock() != before {
		t.Fatalf("%v, %+v, waited %v", err, r, b.clock().Sub(before))
	}
}

// What keeps a public URL from showing the newest entry is said.
func TestViews(t *testing.T) {
	document, latest := release.DocumentKey(testChannel), release.LatestKey(testChannel)
	journal := release.JournalKey(testChannel, release.Position{Sequence: 3})
	older := shop(t)
	other := buildOf("1.0.1", "")
	for _, c := range []struct {
		name  string
		spoil func(*bed)
		want  string
	}{
		{"all is well", func(*bed) {}, ""},
		{"not public", func(b *bed) { b.remove(t, document) }, "404"},
		{"no metadata", func(b *bed) { b.put(t, document, b.head(t).Text, nil) }, NoMetadata},
		{"metadata that is no number", func(b *bed) {
			b.put(t, document, b.head(t).Text, map[string]string{"release": "3x", "epoch": "0"})
		}, NoMetadata},
		{"metadata that is no number of ours", func(b *bed) {
			b.put(t, document, b.head(t).Text, map[string]string{"release": "9999999999999999", "epoch": "0"})
		}, NoMetadata},
		{"older copy", func(b *bed) { b.put(t, document, nil, map[string]string{"release": "2", "epoch": "0"}) }, EntryBehind},
		{"newer copy", func(b *bed) { b.put(t, document, nil, map[string]string{"release": "4", "epoch": "0"}) }, ""},
		{"no entry", func(b *bed) { b.remove(t, journal) }, "404"},
		{"another entry", func(b *bed) { b.put(t, journal, older.journal(t)[1].Text, nil) }, OtherEntry},
		{"no latest.wgt", func(b *bed) { b.remove(t, latest) }, "404"},
		{"older latest.wgt", func(b *bed) { b.put(t, latest, other.body, map[string]string{"release": "2", "epoch": "0"}) }, LatestBehind},
		{"another latest.wgt", func(b *bed) {
			b.put(t, latest, other.body, map[string]string{"release": "3", "epoch": "0", "version-name": "1.0.1"})
		}, OtherLatest},
	} {
		b := shop(t)
		head := b.head(t)
		c.spoil(b)
		v := b.publisher(t, "x", nil).LookOnce(t.Context(), head)[0]
		if v.Visible != (c.want == "") || !strings.Contains(v.Problem, c.want) {
			t.Errorf("%s: got %+v, want %q", c.name, v, c.want)
		}
	}
}

// Devices have seen more than the store has.
func TestStoreBehind(t *testing.T) {
	b := shop(t)
	ahead := b.clone(t)
	ahead.do(t, full("1.1.0"))
	forged := *ahead.head(t).Document
	forged.Sequence = 999
	publish := func(site *bed, through *tap) error {
		p := b.clone(t).publisher(t, "x", nil)
		p.Sites = append(site.publisher(t, "site", through).Sites, p.Sites...)
		_, err := full("1.2.0").run(p)
		return err
	}

	r := refusedAs(t, publish(ahead, nil), StoreBehind)
	if r.Facts["shown"] != "0/4" || r.Facts["position"] != "0/3" || r.Facts["site"] == "" {
		t.Errorf("facts %v", r.Facts)
	}
	stripped := ahead.clone(t)
	stripped.put(t, release.DocumentKey(testChannel), stripped.head(t).Text, nil)
	refusedAs(t, publish(stripped, nil), StoreBehind)
	second := func() error {
		p := b.clone(t).publisher(t, "x", nil)
		p.Sites = append(p.Sites, ahead.publisher(t, "site", nil).Sites...)
		_, err := full("1.2.0").run(p)
		return err
	}
	refusedAs(t, second(), StoreBehind)

	for name, text := range map[string][]byte{"forged": seal(t, forged, testKey(t, sign.Signing, 7)), "garbage": []byte("x")} {
		site := ahead.clone(t)
		site.put(t, release.DocumentKey(testChannel), text, map[string]string{"release": "999", "epoch": "0"})
		if err := publish(site, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := publish(ahead, &tap{Before: func(string, string) error { return errors.New("no route") }}); err != nil {
		t.Errorf("unreachable: %v", err)
	}
	if err := publish(newBed(t), nil); err != nil {
		t.Errorf("not public yet: %v", err)
	}

	empty := newBed(t).publisher(t, "x", nil)
	empty.Sites = ahead.publisher(t, "site", nil).Sites
	_, err := baseChange("1.0.0").run(empty)
	refusedAs(t, err, StoreBehind)
}
