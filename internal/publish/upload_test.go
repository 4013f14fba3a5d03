package publish

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"wgtup/internal/store"
	"wgtup/release"
)

// A store that has no create-only, or only says so, is refused, before and
// after there is an entry; --single-writer goes on.
func TestStoresThatOverwrite(t *testing.T) {
	kinds := map[string]func(*bed){
		"says so": func(b *bed) { b.mem.Declared.CreateOnly = false },
		"lies":    func(b *bed) { b.mem.Overwrites = true },
	}
	for name, spoil := range kinds {
		for _, c := range []struct {
			name   string
			begin  func(testing.TB) *bed
			change change
		}{{"empty", newBedOf, baseChange("1.0.0")}, {"shop", shop, full("1.1.0")}} {
			t.Run(name+" "+c.name, func(t *testing.T) {
				b := c.begin(t)
				entries := len(b.journal(t))
				spoil(b)
				p := b.publisher(t, "x", nil)
				if _, err := c.change.run(p); !errors.Is(err, ErrOverwrites) {
					t.Fatalf("got %v", err)
				}
				if n := len(b.journal(t)); n != entries {
					t.Fatalf("%d entries, want %d", n, entries)
				}
				p.SingleWriter = true
				if r, err := c.change.run(p); err != nil || !r.Views[0].Visible {
					t.Fatalf("single writer: %v, %+v", err, r)
				}
				if _, err := settled(b.objects(t), b); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// A single writer on a store without create-only looks before it writes; if it
// cannot look, it does not write.
func TestSingleWriterLooksFirst(t *testing.T) {
	b := shop(t)
	b.mem.Declared.CreateOnly = false
	key := release.JournalKey(testChannel, release.Position{Sequence: 4})
	through, looks := &tap{}, 0
	through.Before = func(op, k string) error {
		if op == "head" && k == key {
			if looks++; looks > 1 {
				return store.ErrUnavailable
			}
		}
		return nil
	}
	p := b.publisher(t, "x", through)
	p.SingleWriter = true
	if _, err := full("1.1.0").run(p); !errors.Is(err, store.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	if n := len(b.journal(t)); n != 3 {
		t.Errorf("%d entries", n)
	}
	through.Before = func(op, k string) error { // somebody else publishes after all
		if op == "head" && k == key {
			if looks++; looks == 5 {
				b.do(t, change{edit: func(*Publisher) Edit { return Renew() }}.alone())
			}
		}
		return nil
	}
	looks = 3
	if r, err := full("1.1.0").run(p); err != nil || r.Retries != 1 || r.Entry.Position().Sequence != 5 {
		t.Fatalf("%v, %+v", err, r)
	}
}

// alone is the change by a single writer.
func (c change) alone() change {
	return change{edit: func(p *Publisher) Edit { p.SingleWriter = true; return c.edit(p) }, uploads: c.uploads}
}

// P33, P40: an object under a content-addressed key has other bytes, arrived
// cut, or the file here changed. Nothing is published.
func TestPackageWithOtherBytes(t *testing.T) {
	good := buildOf("1.1.0", "")
	cut := good
	cut.upload.Open = openBytes(good.body[:len(good.body)-1])
	other := good
	other.upload.Open = openBytes(bytes.ToUpper(good.body))
	broken := good
	broken.upload.Open = func() (io.ReadSeekCloser, error) { return nil, io.ErrClosedPipe }
	for _, c := range []struct {
		name  string
		build build
		there []byte // in the bucket already
		cut   bool   // the store keeps less than it was given
		want  error
	}{
		{"other bytes are there", good, []byte("something else"), false, ErrOtherContent},
		{"other bytes of the same size are there", good, bytes.ToUpper(good.body), false, ErrOtherContent},
		{"nothing is there but a name", good, []byte{}, false, ErrOtherContent},
		{"the store cuts", good, nil, true, ErrOtherContent},
		{"the file is shorter", cut, nil, false, store.ErrCorrupt},
		{"the file has other bytes", other, nil, false, ErrOtherContent},
		{"the file is gone", broken, nil, false, io.ErrClosedPipe},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := shop(t)
			if c.there != nil {
				b.put(t, c.build.upload.Key, c.there, nil)
			}
			through := &tap{After: func(op, key string, err error) error {
				if c.cut && op == "put" && key == c.build.upload.Key {
					b.put(t, key, c.build.body[:5], nil)
				}
				return err
			}}
			if _, err := addChange(c.build, release.Whole).run(b.publisher(t, "x", through)); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if n := len(b.journal(t)); n != 3 {
				t.Errorf("%d entries", n)
			}
		})
	}
}
