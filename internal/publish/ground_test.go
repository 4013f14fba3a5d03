package publish

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"wgtup/internal/public"
	"wgtup/internal/serve"
	"wgtup/internal/store"
	"wgtup/internal/store/bos/bostest"
	"wgtup/internal/store/cos/costest"
	"wgtup/internal/store/oss/osstest"
	"wgtup/internal/store/storetest"
)

// ground is a real store that strangers can read.
type ground struct {
	url   string
	env   func(string) string
	store *store.Store
	site  *public.Site
}

// grounds makes an empty store of each kind for a test: a folder and an S3 server.
func grounds(t *testing.T, test func(t *testing.T, g *ground)) { onGrounds(t, test, "dir", "s3") }

// everyGround has the stand-ins of the clouds, too, none of which has more than
// create-only.
func everyGround(t *testing.T, test func(t *testing.T, g *ground)) {
	onGrounds(t, test, "dir", "s3", "oss", "cos", "bos")
}

// standIn is a cloud that is played.
type standIn interface {
	Env(name string) string
	StoreURL(base, prefix string) string
	PublicURL(base, prefix string) string
}

func onGrounds(t *testing.T, test func(t *testing.T, g *ground), kinds ...string) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) { test(t, newGround(t, kind)) })
	}
}

func newGround(t testing.TB, kind string) *ground {
	t.Helper()
	g := &ground{env: func(string) string { return "" }}
	var publicURL string
	cloud := func(s standIn, base string) {
		g.url, publicURL, g.env = s.StoreURL(base, "app")+"&acl=object", s.PublicURL(base, "app"), s.Env
	}
	switch kind {
	case "dir":
		g.url = "dir:" + t.TempDir()
	case "oss":
		s := osstest.Start(t)
		cloud(s, s.URL)
	case "cos":
		s := costest.Start(t)
		cloud(s, s.URL)
	case "bos":
		s := bostest.Start(t)
		cloud(s, s.URL)
	default:
		gateway := s3Gateway(t)
		g.url, publicURL = gateway.Place()
		g.env = gateway.Env
	}
	var err error
	if g.store, err = store.Open(t.Context(), g.url, g.env); err != nil {
		t.Fatal(err)
	}
	g.store = g.store.WithRetry(storetest.Patience)
	if kind == "dir" {
		server := httptest.NewServer(serve.Handler(g.store, nil, time.Minute))
		t.Cleanup(server.Close)
		publicURL = server.URL
	}
	if g.site, err = public.Open(publicURL, nil); err != nil {
		t.Fatal(err)
	}
	return g
}

// publisher is one of a bed that works on this ground.
func (g *ground) publisher(t testing.TB, b *bed, by string) *Publisher {
	p := b.publisher(t, by, nil)
	p.Store, p.Sites, p.TakeHome = g.store, []*public.Site{g.site}, true // what become copies was made in memory
	return p
}

// become makes the store hold what a bed holds, and nothing else.
func (g *ground) become(t testing.TB, b *bed) {
	t.Helper()
	want := b.objects(t)
	for key := range g.objects(t) {
		if _, ok := want[key]; !ok {
			if err := g.store.Delete(t.Context(), key); err != nil {
				t.Fatal(err)
			}
		}
	}
	for key, o := range want {
		if err := g.store.Put(t.Context(), key, bytes.NewReader(o.body), int64(len(o.body)), store.PutOptions{
			ContentType: o.info.ContentType, CacheControl: o.info.CacheControl, Metadata: o.info.Metadata}); err != nil {
			t.Fatal(err)
		}
	}
}

// objects reads everything there is.
func (g *ground) objects(t testing.TB) map[string]object {
	t.Helper()
	list, err := g.store.List(t.Context(), "", "", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]object{}
	for _, i := range list {
		body, info, err := g.store.GetBytes(t.Context(), i.Key, 1<<30)
		if err != nil {
			t.Fatal(fmt.Errorf("%s: %w", i.Key, err))
		}
		all[i.Key] = object{info, body}
	}
	return all
}
