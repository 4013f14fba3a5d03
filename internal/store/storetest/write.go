package storetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"wgtup/internal/store"
)

func roundTrip(t *testing.T, p *place) {
	p.put(t, "channels/production/release.json", `{"format":1}`, headers)
	p.holds(t, "channels/production/release.json", `{"format":1}`, headers)
	p.put(t, "plain", "x", store.PutOptions{})
	p.holds(t, "plain", "x", store.PutOptions{ContentType: "application/octet-stream"})
}

func emptyBody(t *testing.T, p *place) {
	p.put(t, "empty", "", headers)
	p.holds(t, "empty", "", headers)
	_, _, err := p.Get(p.ctx, "empty", store.Range{Length: 1})
	is(t, err, store.ErrRange)
	p.put(t, "empty", "no more", headers)
	p.holds(t, "empty", "no more", headers)
}

func largeBody(t *testing.T, p *place) {
	const size = 64 << 20
	h := sha256.New()
	io.Copy(h, &pattern{size: size})
	var last int64
	o := headers
	o.Sent = func(n int64) { last = n }
	if err := p.Put(p.ctx, "large", &pattern{size: size}, size, o); err != nil {
		t.Fatal(err)
	}
	if last != size {
		t.Errorf("%d bytes sent, want %d", last, size)
	}
	if err := p.Verify(p.ctx, "large", size, hex.EncodeToString(h.Sum(nil))); err != nil {
		t.Error(err)
	}
	_, _, err := p.GetBytes(p.ctx, "large", size-1)
	is(t, err, store.ErrCorrupt)
}

func wrongSize(t *testing.T, p *place) {
	p.put(t, "key", "before", headers)
	for _, size := range []int64{0, 3, 5, 1 << 20} {
		is(t, p.Put(p.ctx, "key", strings.NewReader("body"), size, store.PutOptions{}), store.ErrCorrupt)
		is(t, p.Put(p.ctx, "new", strings.NewReader("body"), size, store.PutOptions{CreateOnly: true}), store.ErrCorrupt)
	}
	p.holds(t, "key", "before", headers)
	_, err := p.Head(p.ctx, "new")
	is(t, err, store.ErrNotFound)

	// A body that has been read in part is stored from where it stands.
	body := strings.NewReader("skip this")
	body.Seek(5, io.SeekStart)
	if err := p.Put(p.ctx, "rest", body, 4, headers); err != nil {
		t.Fatal(err)
	}
	p.holds(t, "rest", "this", headers)
}

func overwrite(t *testing.T, p *place) {
	p.put(t, "key", "one", headers)
	other := store.PutOptions{ContentType: "text/plain", Metadata: map[string]string{"only": "this"}}
	p.put(t, "key", "two, longer", other)
	p.holds(t, "key", "two, longer", other)
	bare := store.PutOptions{ContentType: "text/plain"}
	p.put(t, "key", "3", bare)
	p.holds(t, "key", "3", bare)
}

// neverMixed replaces an object all the time and reads it: body and metadata
// always belong together, and the object is never missing.
func neverMixed(t *testing.T, p *place) {
	version := func(n int) ([]byte, store.PutOptions) {
		return bytes.Repeat([]byte{byte('a' + n)}, 5000+n), store.PutOptions{Metadata: map[string]string{"n": fmt.Sprint(n)}}
	}
	first, o := version(0)
	p.put(t, "key", string(first), o)
	var writers, readers sync.WaitGroup
	done := make(chan struct{})
	for w, s := range []*store.Store{p.Store, p.second} {
		writers.Go(func() {
			for i := range 20 {
				body, o := version(2*i%26 + w)
				if err := s.PutBytes(p.ctx, "key", body, o); err != nil {
					t.Errorf("writer: %v", err)
				}
			}
		})
	}
	for range 2 {
		readers.Go(func() {
			for {
				data, info, err := p.GetBytes(p.ctx, "key", 1<<20)
				if err != nil || len(data) == 0 || info.Metadata["n"] != fmt.Sprint(data[0]-'a') || len(data) != 5000+int(data[0]-'a') || bytes.Count(data, data[:1]) != len(data) {
					t.Errorf("reader: %d bytes %.3q with %v, %v", len(data), data, info.Metadata, err)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
}

func copyObject(t *testing.T, p *place) {
	p.put(t, "packages/a.wgt", "body", headers)
	other := store.PutOptions{ContentType: "application/zip", CacheControl: "no-cache", Metadata: map[string]string{"release": "43"}}
	if err := p.Copy(p.ctx, "packages/a.wgt", "latest.wgt", other); err != nil {
		t.Fatal(err)
	}
	p.holds(t, "latest.wgt", "body", other)
	p.holds(t, "packages/a.wgt", "body", headers)
	// The copy lives on its own.
	if err := p.Delete(p.ctx, "packages/a.wgt"); err != nil {
		t.Fatal(err)
	}
	p.holds(t, "latest.wgt", "body", other)
	is(t, p.Copy(p.ctx, "latest.wgt", "x", store.PutOptions{CreateOnly: true}), store.ErrUnsupported)
}

func copyOntoItself(t *testing.T, p *place) {
	p.put(t, "key", "body", headers)
	other := store.PutOptions{ContentType: "text/plain", CacheControl: "no-cache", Metadata: map[string]string{"release": "43"}}
	if err := p.Copy(p.ctx, "key", "key", other); err != nil {
		t.Fatal(err)
	}
	p.holds(t, "key", "body", other)
}

func deleteObject(t *testing.T, p *place) {
	p.put(t, "a/key", "body", headers)
	for range 2 {
		if err := p.Delete(p.ctx, "a/key"); err != nil {
			t.Error(err)
		}
	}
	_, err := p.Head(p.ctx, "a/key")
	is(t, err, store.ErrNotFound)
	if err := p.Create(p.ctx, "a/key", []byte("again"), headers); err != nil {
		t.Error(err)
	}
	p.holds(t, "a/key", "again", headers)
}
