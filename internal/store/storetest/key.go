package storetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"wgtup/internal/store"
)

func list(t *testing.T, p *place) {
	all := []string{"a-b", "a.b", "a/b", "a/b-c/d", "a/b.c", "a0", "aa/z", "b/0000000009", "b/0000000010"}
	if !p.NoNesting {
		all = append(all, "a", "a/b/c", "b")
	}
	slices.Sort(all)
	for _, key := range all {
		p.put(t, key, key, headers)
	}
	p.lists(t, "", "", 100, all...)
	for _, limit := range []int{1, 2, len(all), len(all) + 1} {
		var got []string
		for after := ""; ; {
			page, err := p.List(p.ctx, "", after, limit)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, keys(page)...)
			if len(page) < limit {
				break
			}
			after = page[limit-1].Key
		}
		if !slices.Equal(got, all) {
			t.Errorf("pages of %d: %q, want %q", limit, got, all)
		}
	}
	for _, prefix := range []string{"a", "a/", "a/b", "aa", "b/", "b/000000000", "c", "a/b/c/d"} {
		for _, after := range append([]string{"", "a/", "a/a", "a/b0", "zzz"}, all...) {
			var want []string
			for _, key := range all {
				if strings.HasPrefix(key, prefix) && key > after {
					want = append(want, key)
				}
			}
			p.lists(t, prefix, after, 100, want...)
		}
	}
	found, err := p.List(p.ctx, "a-b", "", 1)
	if err != nil || len(found) != 1 || found[0].Size != 3 || found[0].ETag == "" || found[0].Modified.IsZero() {
		t.Errorf("%+v, %v", found, err)
	}
	_, err = p.List(p.ctx, "", "", 0)
	is(t, err, store.ErrInvalid)
}

// listPages makes more objects than a service returns at once, and asks for
// small pages of them and for all.
func listPages(t *testing.T, p *place) {
	var want []string
	var writers sync.WaitGroup
	work := make(chan string)
	for range 8 {
		writers.Go(func() {
			for key := range work {
				if err := p.PutBytes(p.ctx, key, nil, store.PutOptions{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := range p.Keys {
		key := fmt.Sprintf("journal/%d/%010d.json", n%3, n/3)
		want = append(want, key)
		work <- key
	}
	close(work)
	writers.Wait()
	slices.Sort(want)
	p.lists(t, "journal/", "", p.Keys+1, want...)
	p.lists(t, "", "", p.Keys, want...)
	pages := min(p.Keys, 100)
	for n := 0; n < pages; n += 7 {
		p.lists(t, "", want[n], 7, want[n+1:min(n+8, len(want))]...)
	}
}

// oddKeys are allowed although some file systems make trouble with them.
func oddKeys(t *testing.T, p *place) {
	all := []string{
		"Case", "case", "CASE/x", "con", "nul.txt", "com1/lpt9", "AUX.json", "dot.", "dots..", ".wgtup/probe", "-dash", "_under_",
		"a..b", "...", "x.json", "x.json.json", "con.", "Con", strings.Repeat("long/", 60) + "end", strings.Repeat("s", 100),
	}
	for _, key := range all {
		p.put(t, key, key, headers)
	}
	for _, key := range all {
		p.holds(t, key, key, headers)
	}
	slices.Sort(all)
	p.lists(t, "", "", 100, all...)
}

func refused(t *testing.T, p *place) {
	for _, key := range []string{
		"", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a/./b", "../a", "a b", "a\\b", "a:b", "a%2fb", "ä", "版本", "a\x00", "a\nb", "a=b",
		"a+b", "a?b", "a*", "~", strings.Repeat("k", 513),
	} {
		is(t, p.PutBytes(p.ctx, key, nil, store.PutOptions{}), store.ErrInvalid)
		is(t, p.Create(p.ctx, key, nil, store.PutOptions{}), store.ErrInvalid)
		is(t, p.Copy(p.ctx, key, "to", store.PutOptions{}), store.ErrInvalid)
		is(t, p.Copy(p.ctx, "from", key, store.PutOptions{}), store.ErrInvalid)
		is(t, p.Delete(p.ctx, key), store.ErrInvalid)
		_, err := p.Head(p.ctx, key)
		is(t, err, store.ErrInvalid)
		_, _, err = p.GetBytes(p.ctx, key, 1)
		is(t, err, store.ErrInvalid)
	}
	for _, o := range []store.PutOptions{
		{Metadata: map[string]string{"": "x"}},
		{Metadata: map[string]string{"Upper": "x"}},
		{Metadata: map[string]string{"under_score": "x"}},
		{Metadata: map[string]string{"n": ""}},
		{Metadata: map[string]string{"n": " x"}},
		{Metadata: map[string]string{"n": "x "}},
		{Metadata: map[string]string{"n": "a,b"}},
		{Metadata: map[string]string{"n": `a"b`}},
		{Metadata: map[string]string{"n": "版本"}},
		{Metadata: map[string]string{"n": "a\nb"}},
		{Metadata: map[string]string{"n": strings.Repeat("x", 2048)}},
		{ContentType: "text/plain\r\nX: y"},
		{CacheControl: "no-cache\n"},
		{CreateOnly: true, IfMatch: "x"},
	} {
		if err := p.PutBytes(p.ctx, "key", nil, o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
	p.lists(t, "", "", 10)
	p.put(t, "key", "", store.PutOptions{Metadata: map[string]string{"n": strings.Repeat("x", 2047)}})
}
