package publish

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"wgtup/internal/store"
	"wgtup/jcs"
	"wgtup/release"
	"wgtup/sign"
)

// seal signs a document as somebody else would.
func seal(t testing.TB, d release.Document, key sign.Secret) []byte {
	t.Helper()
	payload, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return sealPayload(t, payload, key)
}

func sealPayload(t testing.TB, payload []byte, key sign.Secret) []byte {
	t.Helper()
	e, err := sign.Seal(release.PayloadType, payload, nil, key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// strangers are texts that are no entry 0/n of this channel by our keys.
func strangers(t testing.TB, b *bed, n int64) map[string][]byte {
	newest := b.journal(t)[len(b.journal(t))-1]
	like := func(f func(*release.Document)) release.Document {
		d := *newest.Document
		d.Sequence, d.Previous = n, release.Digest(newest.Payload)
		f(&d)
		return d
	}
	good := seal(t, like(func(*release.Document) {}), b.key)
	damaged := bytes.Clone(good)
	damaged[len(damaged)/2] ^= 1
	otherPayload, err := sign.Seal("application/json", newest.Payload, nil, b.key)
	if err != nil {
		t.Fatal(err)
	}
	wrongType, err := otherPayload.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"signed by another key":       seal(t, like(func(*release.Document) {}), testKey(t, sign.Signing, 7)),
		"signed by the recovery key":  seal(t, like(func(*release.Document) {}), testKey(t, sign.Recovery, 0)),
		"of another app":              seal(t, like(func(d *release.Document) { d.App = "__UNI__OTHER" }), b.key),
		"of another channel":          seal(t, like(func(d *release.Document) { d.Channel = "beta" }), b.key),
		"of another number":           newest.Text,
		"of a later number":           seal(t, like(func(d *release.Document) { d.Sequence = n + 1 }), b.key),
		"of another epoch":            seal(t, like(func(d *release.Document) { d.Epoch = 1 }), b.key),
		"of a newer format":           sealPayload(t, bytes.Replace(newest.Payload, []byte(`"format":1`), []byte(`"format":2`), 1), b.key),
		"with what readers must know": sealPayload(t, bytes.Replace(newest.Payload, []byte(`"critical":[]`), []byte(`"critical":["x"]`), 1), b.key),
		"damaged":                     damaged,
		"cut":                         good[:len(good)-1],
		"empty":                       {},
		"no envelope":                 []byte("<html>not found</html>"),
		"another kind of text":        wrongType,
		"too large":                   bytes.Repeat([]byte(" "), sign.MaxEnvelope+1),
	}
}

// A thief of the bucket must not get us to continue or copy their text. Where
// the newest entry is not one that we accept, nothing is written at all.
func TestForeignEntries(t *testing.T) {
	base := shop(t)
	for place, n := range map[string]int64{"ahead": 4, "instead of the newest": 3} {
		for name, text := range strangers(t, base, n) {
			if place != "ahead" && name == "of another number" {
				continue
			}
			for _, copies := range []string{"release.json", "no release.json", "release.json like it"} {
				b := base.clone(t)
				b.put(t, release.JournalKey(testChannel, release.Position{Sequence: n}), text, nil)
				switch copies {
				case "no release.json":
					b.remove(t, release.DocumentKey(testChannel))
				case "release.json like it":
					b.put(t, release.DocumentKey(testChannel), text, map[string]string{"release": "4", "epoch": "0"})
				}
				before := b.objects(t)
				for command, run := range map[string]func(*Publisher) error{
					"publish":  running(full("1.1.0")),
					"again":    running(full("1.0.2")),
					"rollback": running(rollbackChange("")),
					"repair":   func(p *Publisher) error { _, _, err := p.Repair(t.Context()); return err },
					"history":  func(p *Publisher) error { _, err := p.History(t.Context(), 1); return err },
				} {
					err := run(b.publisher(t, "x", nil))
					var bad *EntryError
					if name == "of a later number" && copies == "release.json like it" && errors.Is(err, store.ErrNotFound) {
						continue // TestCopyOfALostEntry
					}
					if !errors.As(err, &bad) || bad.Key != release.JournalKey(testChannel, release.Position{Sequence: n}) {
						t.Errorf("%s %s, %s: %s: got %v", name, place, copies, command, err)
					}
				}
				if !same(before, b.objects(t)) {
					t.Errorf("%s %s, %s: something was written", name, place, copies)
				}
			}
		}
	}
}

func same(a, b map[string]object) bool {
	if len(a) != len(b) {
		return false
	}
	for key, o := range a {
		if p, ok := b[key]; !ok || !bytes.Equal(o.body, p.body) || !o.info.Modified.Equal(p.info.Modified) {
			return false
		}
	}
	return true
}

// Behind a gap a stranger's text is met only after ours was written: the
// copies follow ours, and it is reported.
func TestForeignEntryBehindAGap(t *testing.T) {
	b := shop(t)
	b.put(t, release.JournalKey(testChannel, release.Position{Sequence: 5}), []byte("x"), nil)
	_, err := full("1.1.0").run(b.publisher(t, "x", nil))
	var unsettled *UnsettledError
	var bad *EntryError
	if !errors.As(err, &unsettled) || !errors.As(err, &bad) {
		t.Fatalf("got %v", err)
	}
	if now := mustLook(t, b); now.Client != "0/4: installs 1.1.0" || now.Hand != "1.1.0" {
		t.Errorf("devices see %v", now)
	}
}

// Somebody who can delete makes a hole in the journal, and removes or replays
// release.json. The search ends before the hole. What is then written there is
// not reported as published, since nobody will ever follow it.
func TestHoleInTheJournal(t *testing.T) {
	for _, copies := range []string{"missing", "replayed"} {
		b := shop(t)
		third := b.object(t, release.DocumentKey(testChannel))
		b.do(t, full("1.0.3"), full("1.0.4"), full("1.0.5"))
		cdn := b.clone(t)
		b.remove(t, release.JournalKey(testChannel, release.Position{Sequence: 4}))
		if copies == "missing" {
			b.remove(t, release.DocumentKey(testChannel))
		} else {
			b.put(t, release.DocumentKey(testChannel), third.body, third.info.Metadata)
		}

		// A CDN that still shows the newest entry helps.
		helped := b.clone(t)
		p := helped.publisher(t, "x", nil)
		p.Sites = cdn.publisher(t, "cdn", nil).Sites
		if r, err := full("1.1.0").run(p); err != nil || r.Entry.Position().Sequence != 7 {
			t.Fatalf("%s: with a CDN: %v", copies, err)
		}

		_, err := holdOf("ios", "", nil).run(b.publisher(t, "x", nil))
		var unsettled *UnsettledError // would say that it is published
		if !errors.Is(err, errSplit) || errors.As(err, &unsettled) {
			t.Fatalf("%s: got %v", copies, err)
		}
		var bad *EntryError
		if !errors.As(err, &bad) || !strings.Contains(bad.Key, "0000000005") {
			t.Errorf("%s: got %v", copies, err)
		}
		if e, _, err := b.publisher(t, "x", nil).Repair(t.Context()); err != nil || e.Position().Sequence != 6 {
			t.Errorf("%s: repair: %s, %v", copies, e.Position(), err)
		}
	}
}

// release.json is only a hint: whatever it says, the journal decides.
func TestCopyIsOnlyAHint(t *testing.T) {
	b := shop(t)
	first := b.object(t, release.JournalKey(testChannel, release.Position{Sequence: 1})).body
	forged := *b.head(t).Document
	forged.Sequence = 999
	beta := *b.head(t).Document
	beta.Channel, beta.Sequence = "beta", 999
	for name, text := range map[string][]byte{
		"older":              first,
		"newer and forged":   seal(t, forged, testKey(t, sign.Signing, 7)),
		"of another channel": seal(t, beta, b.key),
		"garbage":            []byte("<Error/>"),
		"empty":              {},
		"too large":          bytes.Repeat([]byte(" "), sign.MaxEnvelope+1),
		"missing":            nil,
	} {
		for _, ifMatch := range []bool{true, false} {
			c := b.clone(t)
			c.mem.Declared.IfMatch = ifMatch
			c.put(t, release.DocumentKey(testChannel), text, map[string]string{"release": "999", "epoch": "0"})
			if text == nil {
				c.remove(t, release.DocumentKey(testChannel))
			}
			r, err := full("1.1.0").run(c.publisher(t, "x", nil))
			if err != nil || r.Entry.Position().Sequence != 4 || !r.Views[0].Visible {
				t.Fatalf("%s: %v, %+v", name, err, r)
			}
			if _, err := settled(c.objects(t), c); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// A later entry that our keys did sign, of which the store has only the copy,
// means that the store lost an entry: stop.
func TestCopyOfALostEntry(t *testing.T) {
	b := shop(t)
	b.remove(t, release.JournalKey(testChannel, release.Position{Sequence: 3}))
	before := b.objects(t)
	if _, err := full("1.1.0").run(b.publisher(t, "x", nil)); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("got %v", err)
	}
	if !same(before, b.objects(t)) {
		t.Error("something was written")
	}

	// Repair puts it back: the copy is what our keys signed.
	for n := range 2 {
		entry, changed, err := b.publisher(t, "x", nil).Repair(t.Context())
		if err != nil || changed != (n == 0) || entry.Position().Sequence != 3 {
			t.Fatalf("repair %d: changed %v, %v", n, changed, err)
		}
	}
	if _, err := settled(b.objects(t), b); err != nil {
		t.Error(err)
	}
}

// A copy that no entry of ours leads to is not put back as one.
func TestCopyThatIsNoEntry(t *testing.T) {
	position := func(n int64) string { return release.JournalKey(testChannel, release.Position{Sequence: n}) }
	for name, spoil := range map[string]func(*bed){
		"after a hole": func(b *bed) { b.remove(t, position(2)) },
		"after another entry": func(b *bed) {
			d := *b.journal(t)[1].Document
			d.Message = "history written anew"
			b.put(t, position(2), seal(t, d, b.key), nil)
		},
	} {
		b := shop(t)
		spoil(b)
		b.remove(t, position(3))
		before := b.objects(t)
		if _, changed, err := b.publisher(t, "x", nil).Repair(t.Context()); err == nil || changed {
			t.Errorf("%s: changed %v, %v", name, changed, err)
		}
		if !same(before, b.objects(t)) {
			t.Errorf("%s: something was written", name)
		}
	}
}

// A newer wgtup says something that this one does not know: it is read, but not
// extended.
func TestNewerTool(t *testing.T) {
	with := func(f func(tree jcs.Object)) []byte {
		b := shop(t)
		tree, err := jcs.Parse(b.head(t).Payload)
		if err != nil {
			t.Fatal(err)
		}
		f(tree.(jcs.Object))
		payload, err := jcs.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		return sealPayload(t, payload, b.key)
	}
	newest := func(tree jcs.Object) jcs.Object {
		all := tree["releases"].(jcs.Array)
		return all[len(all)-1].(jcs.Object)
	}
	for name, text := range map[string][]byte{
		"member of the document": with(func(tree jcs.Object) { tree["zones"] = jcs.Array{} }),
		"member of a release":    with(func(tree jcs.Object) { newest(tree)["zones"] = jcs.Array{} }),
		"kind of release":        with(func(tree jcs.Object) { newest(tree)["kind"] = "mini" }),
		"critical release":       with(func(tree jcs.Object) { newest(tree)["critical"] = jcs.Array{"zones"} }),
	} {
		b := shop(t)
		b.put(t, release.JournalKey(testChannel, release.Position{Sequence: 3}), text, nil)
		b.put(t, release.DocumentKey(testChannel), text, map[string]string{"release": "3", "epoch": "0"})
		before := b.objects(t)
		for _, c := range []change{full("1.1.0"), rollbackChange(""), simple(Renew)} {
			_, err := c.run(b.publisher(t, "x", nil))
			var bad *EntryError
			if !errors.Is(err, ErrNewerTool) || !errors.As(err, &bad) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		if !same(before, b.objects(t)) {
			t.Errorf("%s: something was written", name)
		}
		if records, err := b.publisher(t, "x", nil).History(t.Context(), 0); err != nil || len(records) != 3 {
			t.Errorf("%s: history: %v", name, err)
		}
	}
}
