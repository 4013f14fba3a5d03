package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"wgtup/internal/store"
)

const contenders = 32

func createOnly(t *testing.T, p *place) {
	if !p.Properties().CreateOnly {
		is(t, p.Create(p.ctx, "key", nil, headers), store.ErrUnsupported)
		return
	}
	if err := p.Create(p.ctx, "j/0000000001.json", []byte("one"), headers); err != nil {
		t.Fatal(err)
	}
	// Equal bytes are no excuse: whether a store overwrites is found out this way.
	for _, body := range []string{"one", "two"} {
		is(t, p.Create(p.ctx, "j/0000000001.json", []byte(body), store.PutOptions{}), store.ErrExists)
		is(t, p.PutBytes(p.ctx, "j/0000000001.json", []byte(body), store.PutOptions{CreateOnly: true}), store.ErrExists)
	}
	p.holds(t, "j/0000000001.json", "one", headers)
}

// createOnlyOneWinner lets many create the same key; the winner's bytes stay.
func createOnlyOneWinner(t *testing.T, p *place) {
	for round := range 3 {
		key := fmt.Sprintf("round/%d", round)
		var winner atomic.Int64
		winner.Store(-1)
		compete(p, func(n int, s *store.Store) {
			err := s.Create(p.ctx, key, fmt.Append(nil, "body ", n), store.PutOptions{Metadata: map[string]string{"n": fmt.Sprint(n)}})
			switch {
			case err == nil && !winner.CompareAndSwap(-1, int64(n)):
				t.Errorf("%d and %d both won", winner.Load(), n)
			case err != nil && !errors.Is(err, store.ErrExists):
				t.Errorf("loser: %v", err)
			}
		})
		if n := winner.Load(); n < 0 {
			t.Error("nobody won")
		} else {
			p.holds(t, key, fmt.Sprint("body ", n), store.PutOptions{ContentType: "application/octet-stream", Metadata: map[string]string{"n": fmt.Sprint(n)}})
		}
	}
}

func ifMatch(t *testing.T, p *place) {
	p.put(t, "key", "one", headers)
	one := p.holds(t, "key", "one", headers)
	if !p.Properties().IfMatch {
		is(t, p.PutBytes(p.ctx, "key", []byte("two"), store.PutOptions{IfMatch: one.ETag}), store.ErrUnsupported)
		p.holds(t, "key", "one", headers)
		return
	}
	o := headers
	o.IfMatch = one.ETag
	if err := p.PutBytes(p.ctx, "key", []byte("two"), o); err != nil {
		t.Fatal(err)
	}
	p.holds(t, "key", "two", headers)
	is(t, p.PutBytes(p.ctx, "key", []byte("three"), o), store.ErrChanged)
	is(t, p.PutBytes(p.ctx, "missing", []byte("three"), o), store.ErrChanged)
	p.holds(t, "key", "two", headers)
}

func ifMatchOneWinner(t *testing.T, p *place) {
	if !p.Properties().IfMatch {
		return // said so, and ifMatch has seen it refused
	}
	p.put(t, "key", "before", headers)
	etag := p.holds(t, "key", "before", headers).ETag
	var winners atomic.Int64
	compete(p, func(n int, s *store.Store) {
		err := s.PutBytes(p.ctx, "key", fmt.Append(nil, "body ", n), store.PutOptions{IfMatch: etag})
		switch {
		case err == nil:
			winners.Add(1)
		case !errors.Is(err, store.ErrChanged):
			t.Errorf("loser: %v", err)
		}
	})
	if winners.Load() != 1 {
		t.Errorf("%d winners", winners.Load())
	}
}

// compete calls f from many goroutines at once, half of them by the second way.
func compete(p *place, f func(n int, s *store.Store)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for n := range contenders {
		s := p.Store
		if n%2 == 1 {
			s = p.second
		}
		all.Go(func() {
			<-start
			f(n, s)
		})
	}
	close(start)
	all.Wait()
}
