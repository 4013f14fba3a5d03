package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"wgtup/internal/store"
	"wgtup/internal/store/driver"
)

const (
	partSize  = 5 << 20 // the least that services take
	partsBody = 2*partSize + 12345
)

// partsOf is the store of a driver, with small parts; nil when it has none.
func partsOf(t *testing.T, d store.Driver, prefix string) *store.Store {
	if _, ok := d.(driver.Multipart); !ok {
		return nil
	}
	return Quick(t, d, prefix).WithParts(store.Parts{Above: partSize, Size: partSize})
}

func digestOf(size int64) string {
	h := sha256.New()
	io.Copy(h, &pattern{size: size})
	return hex.EncodeToString(h.Sum(nil))
}

// interrupted is a driver that counts the parts it is given, and calls stop
// before the one of number at.
type interrupted struct {
	driver.Multipart
	parts atomic.Int64
	at    int
	stop  func()
}

func (d *interrupted) PutPart(ctx context.Context, u driver.Upload, number int, body io.ReadSeeker, size int64, o driver.PutOptions) (driver.Part, error) {
	d.parts.Add(1)
	if d.stop != nil && number == d.at {
		d.stop()
	}
	return d.Multipart.PutPart(ctx, u, number, body, size, o)
}

// parts sends a large body in parts: whole or not there, with its headers, once.
func parts(t *testing.T, p *place) {
	s := partsOf(t, p.Driver, p.Prefix)
	if s == nil {
		return
	}
	var last int64
	o := store.PutOptions{ContentType: "application/zip", CacheControl: "no-cache", Sent: func(n int64) { last = n }}
	if _, err := s.CreateFrom(p.ctx, "a/large", &pattern{size: partsBody}, partsBody, o); err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(p.ctx, "a/large", partsBody, digestOf(partsBody)); err != nil || last != partsBody {
		t.Errorf("%v, %d bytes sent", err, last)
	}
	info, err := s.Head(p.ctx, "a/large")
	if err != nil || info.ContentType != o.ContentType || info.CacheControl != o.CacheControl {
		t.Errorf("%+v, %v", info, err)
	}
	_, err = s.CreateFrom(p.ctx, "a/large", &pattern{size: partsBody}, partsBody, o)
	is(t, err, store.ErrExists)
	if err := s.Put(p.ctx, "a/large", &pattern{size: partsBody + 1}, partsBody+1, headers); err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(p.ctx, "a/large", partsBody+1, digestOf(partsBody+1)); err != nil {
		t.Error(err)
	}
	unfinished(t, p, s, 0)
}

// partsGoOn ends a process in the middle of a body: nothing is to be seen, and
// another one goes on.
func partsGoOn(t *testing.T, p *place) {
	if partsOf(t, p.Driver, p.Prefix) == nil {
		return
	}
	ctx, cancel := context.WithCancel(p.ctx)
	first := &interrupted{Multipart: p.Driver.(driver.Multipart), at: 2, stop: cancel}
	_, err := partsOf(t, first, p.Prefix).CreateFrom(ctx, "a/large", &pattern{size: partsBody}, partsBody, store.PutOptions{})
	is(t, err, context.Canceled)
	_, err = p.Head(p.ctx, "a/large")
	is(t, err, store.ErrNotFound)
	p.lists(t, "", "", 10)
	unfinished(t, p, p.second, 1)

	second := &interrupted{Multipart: p.Second.(driver.Multipart)}
	s := partsOf(t, second, p.Prefix)
	begun := int64(-1)
	o := store.PutOptions{Sent: func(n int64) {
		if begun < 0 {
			begun = n
		}
	}}
	if _, err := s.CreateFrom(p.ctx, "a/large", &pattern{size: partsBody}, partsBody, o); err != nil {
		t.Fatal(err)
	}
	if n := second.parts.Load(); n != 2 || begun != partSize {
		t.Errorf("%d parts were sent, the first of them at %d", n, begun)
	}
	if err := p.Verify(p.ctx, "a/large", partsBody, digestOf(partsBody)); err != nil {
		t.Error(err)
	}
	unfinished(t, p, p.second, 0)
}

// partsOfOthers: an unfinished upload of the same key holds other bytes.
func partsOfOthers(t *testing.T, p *place) {
	s := partsOf(t, p.Driver, p.Prefix)
	if s == nil {
		return
	}
	d := p.Driver.(driver.Multipart)
	key := "a/large"
	if p.Prefix != "" {
		key = p.Prefix + "/" + key
	}
	u, err := d.BeginUpload(p.ctx, key, driver.PutOptions{ContentType: "application/octet-stream"})
	if err != nil {
		t.Fatal(err)
	}
	body := &pattern{size: partSize + 1}
	body.Seek(1, io.SeekStart)
	if _, err := d.PutPart(p.ctx, u, 1, body, partSize, driver.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateFrom(p.ctx, "a/large", &pattern{size: partsBody}, partsBody, store.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := p.Verify(p.ctx, "a/large", partsBody, digestOf(partsBody)); err != nil {
		t.Error(err)
	}
	unfinished(t, p, s, 0)
}

// partsAborted: uploads are found by prefix and age, and end with their parts.
func partsAborted(t *testing.T, p *place) {
	if partsOf(t, p.Driver, p.Prefix) == nil {
		found, err := p.Uploads(p.ctx, "", time.Now())
		if err != nil || len(found) > 0 {
			t.Errorf("%v, %v", found, err)
		}
		return
	}
	ctx, cancel := context.WithCancel(p.ctx)
	first := &interrupted{Multipart: p.Driver.(driver.Multipart), at: 3, stop: cancel}
	partsOf(t, first, p.Prefix).CreateFrom(ctx, "a/large", &pattern{size: partsBody}, partsBody, store.PutOptions{})
	if found, err := p.Uploads(p.ctx, "b/", time.Now().Add(time.Hour)); err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
	if found, err := p.Uploads(p.ctx, "a/", time.Now().Add(-time.Hour)); err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
	u := unfinished(t, p, p.second, 1)[0]
	if u.Key != "a/large" {
		t.Errorf("%+v", u)
	}
	for range 2 {
		if err := p.second.AbortUpload(p.ctx, u); err != nil {
			t.Error(err)
		}
	}
	unfinished(t, p, p.Store, 0)
}

// partsAtOnce lets many create one key in parts at once: whoever comes later may use
// or lose to what is there. Two may win: versitygw looks first and writes then. What is
// large enough for parts is named by its content, so both wrote the same bytes.
func partsAtOnce(t *testing.T, p *place) {
	if partsOf(t, p.Driver, p.Prefix) == nil {
		return
	}
	compete(p, func(n int, s *store.Store) {
		if n >= 4 {
			return
		}
		_, err := s.WithParts(store.Parts{Above: partSize, Size: partSize}).CreateFrom(p.ctx, "a/large", &pattern{size: partsBody}, partsBody, store.PutOptions{})
		if err != nil && !errors.Is(err, store.ErrExists) {
			t.Errorf("loser: %v", err)
		}
	})
	if err := p.Verify(p.ctx, "a/large", partsBody, digestOf(partsBody)); err != nil {
		t.Error(err)
	}
}

// unfinished checks how many uploads are under way.
func unfinished(t *testing.T, p *place, s *store.Store, want int) []store.Upload {
	t.Helper()
	found, err := s.Uploads(p.ctx, "", time.Now().Add(time.Hour))
	if err != nil || len(found) != want {
		t.Fatalf("%d unfinished uploads, want %d: %+v, %v", len(found), want, found, err)
	}
	return found
}
