package storetest

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"wgtup/internal/store"
)

var headers = store.PutOptions{
	ContentType:  "application/json",
	CacheControl: "public, max-age=31536000, immutable",
	Metadata:     map[string]string{"version-name": "1.1.0", "version-code": "110", "release": "42", "epoch": "0"},
}

func (p *place) put(t *testing.T, key, body string, o store.PutOptions) {
	t.Helper()
	if err := p.PutBytes(p.ctx, key, []byte(body), o); err != nil {
		t.Fatal(err)
	}
}

// holds checks an object's bytes and, through Get and Head, its headers.
func (p *place) holds(t *testing.T, key, body string, o store.PutOptions) store.Info {
	t.Helper()
	data, info, err := p.GetBytes(p.ctx, key, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != body {
		t.Errorf("%s holds %q, want %q", key, data, body)
	}
	head, err := p.Head(p.ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	for verb, i := range map[string]store.Info{"get": info, "head": head} {
		if i.Key != key || i.Size != int64(len(body)) || i.ETag == "" || i.ETag != info.ETag || i.Modified.IsZero() {
			t.Errorf("%s describes %s as %+v", verb, key, i)
		}
		if i.ContentType != o.ContentType || i.CacheControl != o.CacheControl || !maps.Equal(i.Metadata, o.Metadata) {
			t.Errorf("%s has the headers %+v, want %+v", verb, i, o)
		}
	}
	return info
}

func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error is %v, want %v", err, want)
	}
}

func (p *place) lists(t *testing.T, prefix, after string, limit int, want ...string) {
	t.Helper()
	found, err := p.List(p.ctx, prefix, after, limit)
	if err != nil {
		t.Fatal(err)
	}
	if got := keys(found); !slices.Equal(got, want) {
		t.Errorf("list %q after %q, %d: %q, want %q", prefix, after, limit, got, want)
	}
}

func keys(found []store.Info) []string {
	var k []string
	for _, i := range found {
		k = append(k, i.Key)
	}
	return k
}
