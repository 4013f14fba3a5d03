package storetest

import (
	"context"
	"io"
	"strings"
	"testing"

	"wgtup/internal/store"
)

func ranges(t *testing.T, p *place) {
	p.put(t, "key", "01234567", headers)
	for _, test := range []struct {
		r    store.Range
		want string
	}{
		{store.Range{}, "01234567"},
		{store.Range{Length: 1}, "0"},
		{store.Range{Length: 8}, "01234567"},
		{store.Range{Length: 100}, "01234567"},
		{store.Range{Offset: 3, Length: 2}, "34"},
		{store.Range{Offset: 3}, "34567"},
		{store.Range{Offset: 7}, "7"},
		{store.Range{Offset: 7, Length: 1}, "7"},
		{store.Range{Offset: 7, Length: 2}, "7"},
		{store.Range{Offset: 6, Length: 2}, "67"},
	} {
		body, info, err := p.Get(p.ctx, "key", test.r)
		if err != nil {
			t.Errorf("%+v: %v", test.r, err)
			continue
		}
		data, err := io.ReadAll(body)
		body.Close()
		if err != nil || string(data) != test.want || info.Size != 8 || info.Metadata["version-name"] != "1.1.0" {
			t.Errorf("%+v: %q of %+v, %v; want %q", test.r, data, info, err, test.want)
		}
	}
	for _, r := range []store.Range{{Offset: 8}, {Offset: 8, Length: 1}, {Offset: 1 << 40, Length: 5}} {
		_, _, err := p.Get(p.ctx, "key", r)
		is(t, err, store.ErrRange)
	}
	for _, r := range []store.Range{{Offset: -1}, {Length: -1}} {
		_, _, err := p.Get(p.ctx, "key", r)
		is(t, err, store.ErrInvalid)
	}
}

func verify(t *testing.T, p *place) {
	p.put(t, "key", "hello", headers)
	const hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	if err := p.Verify(p.ctx, "key", 5, hello); err != nil {
		t.Error(err)
	}
	is(t, p.Verify(p.ctx, "key", 4, hello), store.ErrCorrupt)
	is(t, p.Verify(p.ctx, "key", 5, strings.Repeat("0", 64)), store.ErrCorrupt)
	is(t, p.Verify(p.ctx, "missing", 5, hello), store.ErrNotFound)
}

func missing(t *testing.T, p *place) {
	for _, key := range []string{"missing", "missing/deeper"} {
		_, err := p.Head(p.ctx, key)
		is(t, err, store.ErrNotFound)
		_, _, err = p.Get(p.ctx, key, store.Range{})
		is(t, err, store.ErrNotFound)
		_, _, err = p.GetBytes(p.ctx, key, 1)
		is(t, err, store.ErrNotFound)
		is(t, p.Copy(p.ctx, key, "to", headers), store.ErrNotFound)
		if err := p.Delete(p.ctx, key); err != nil {
			t.Error(err)
		}
	}
	p.lists(t, "", "", 10)
}

func cancelled(t *testing.T, p *place) {
	p.put(t, "key", "body", headers)
	ctx, cancel := context.WithCancel(p.ctx)
	cancel()
	is(t, p.PutBytes(ctx, "key", []byte("other"), headers), context.Canceled)
	is(t, p.Create(ctx, "new", []byte("other"), headers), context.Canceled)
	is(t, p.Copy(ctx, "key", "new", headers), context.Canceled)
	is(t, p.Delete(ctx, "key"), context.Canceled)
	_, err := p.Head(ctx, "key")
	is(t, err, context.Canceled)
	_, _, err = p.GetBytes(ctx, "key", 10)
	is(t, err, context.Canceled)
	_, err = p.List(ctx, "", "", 10)
	is(t, err, context.Canceled)
	p.holds(t, "key", "body", headers)
	p.lists(t, "", "", 10, "key")
}

// cancelledHalfway ends the context in the middle of a body.
func cancelledHalfway(t *testing.T, p *place) {
	const size = 8 << 20
	p.put(t, "key", "body", headers)
	for _, key := range []string{"key", "new"} {
		ctx, cancel := context.WithCancel(p.ctx)
		is(t, p.Put(ctx, key, &trap{pattern{size: size}, cancel}, size, store.PutOptions{}), context.Canceled)
		cancel()
	}
	p.holds(t, "key", "body", headers)
	_, err := p.Head(p.ctx, "new")
	is(t, err, store.ErrNotFound)
}

func identity(t *testing.T, p *place) {
	props := p.Properties()
	if props.Scheme == "" || props.MetadataBytes < 256 || !strings.HasPrefix(props.ID, props.Scheme+":") {
		t.Errorf("properties %+v", props)
	}
	if p.second.Properties() != props {
		t.Errorf("second way in has the properties %+v, the first %+v", p.second.Properties(), props)
	}
}
