package publish

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"wgtup/internal/public"
	"wgtup/internal/serve"
	"wgtup/internal/store"
	"wgtup/internal/store/mem"
	"wgtup/release"
	"wgtup/sign"
)

const (
	testApp     = "__UNI__A1B2C3D"
	testChannel = "production"
)

// bed is a store in memory with a public site in front of it, keys from fixed
// seeds and a clock that stands still.
type bed struct {
	mem     *mem.Mem
	key     sign.Secret
	trusted sign.Set
	chain   sign.Chain
	blind   bool // without public sites
	mu      sync.Mutex
	now     time.Time
}

func newBed(t testing.TB) *bed {
	return &bed{mem: mem.New(), key: testKey(t, "signing", 0), trusted: testSet(t, 0), now: time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)}
}

func testKey(t testing.TB, role sign.Role, epoch int64) sign.Secret {
	t.Helper()
	seed := sha256.Sum256(fmt.Appendf(nil, "wgtup publish test: %s %d", role, epoch))
	key, err := sign.ParseSecret(fmt.Sprintf("wgtup-secret:%s:%d:%s", role, epoch, base64.StdEncoding.EncodeToString(seed[:])))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func testSet(t testing.TB, epoch int64) sign.Set {
	t.Helper()
	set, err := sign.NewSet([]sign.Pin{testKey(t, sign.Signing, epoch).Pin(), testKey(t, sign.Recovery, epoch).Pin()})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func (b *bed) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bed) wait(_ context.Context, d time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
	return nil
}

// clone is a bed with the same objects at the same time.
func (b *bed) clone(t testing.TB) *bed {
	c := &bed{mem: mem.New(), key: b.key, trusted: b.trusted, chain: b.chain, blind: b.blind, now: b.clock()}
	c.mem.Declared = b.mem.Declared
	for key, o := range b.objects(t) {
		if err := c.mem.Put(t.Context(), key, bytes.NewReader(o.body), int64(len(o.body)), store.PutOptions{
			ContentType: o.info.ContentType, CacheControl: o.info.CacheControl, Metadata: o.info.Metadata}); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

type object struct {
	info store.Info
	body []byte
}

// objects reads everything there is, by key.
func (b *bed) objects(t testing.TB) map[string]object {
	t.Helper()
	all := map[string]object{}
	list, err := b.mem.List(context.Background(), "", "", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range list {
		all[i.Key] = b.object(t, i.Key)
	}
	return all
}

func (b *bed) object(t testing.TB, key string) object {
	t.Helper()
	body, info, err := b.mem.Get(context.Background(), key, store.Range{})
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return object{info, data}
}

// put writes an object as somebody does who has the bucket, but no key.
func (b *bed) put(t testing.TB, key string, body []byte, metadata map[string]string) {
	t.Helper()
	if err := b.mem.Put(context.Background(), key, bytes.NewReader(body), int64(len(body)), store.PutOptions{Metadata: metadata}); err != nil {
		t.Fatal(err)
	}
}

func (b *bed) remove(t testing.TB, key string) {
	t.Helper()
	if err := b.mem.Delete(context.Background(), key); err != nil {
		t.Fatal(err)
	}
}

// tap is one writer's way to the world: to the store, and to the public site.
// Before is asked before each call; After is told what came of it and says what
// the writer hears. Either may fail the call, or never come back.
type tap struct {
	*mem.Mem
	Before func(op, key string) error
	After  func(op, key string, err error) error
	Calls  []string // "put KEY", "look GET KEY", …
}

func (t *tap) call(op, key string, verb func() error) error {
	t.Calls = append(t.Calls, op+" "+key)
	if t.Before != nil {
		if err := t.Before(op, key); err != nil {
			return err
		}
	}
	err := verb()
	if t.After != nil {
		return t.After(op, key, err)
	}
	return err
}

func (t *tap) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o store.PutOptions) error {
	return t.call("put", key, func() error { return t.Mem.Put(ctx, key, body, size, o) })
}

func (t *tap) Get(ctx context.Context, key string, r store.Range) (body io.ReadCloser, info store.Info, err error) {
	err = t.call("get", key, func() error { body, info, err = t.Mem.Get(ctx, key, r); return err })
	return body, info, err
}

func (t *tap) Head(ctx context.Context, key string) (info store.Info, err error) {
	err = t.call("head", key, func() error { info, err = t.Mem.Head(ctx, key); return err })
	return info, err
}

func (t *tap) Copy(ctx context.Context, from, to string, o store.PutOptions) error {
	return t.call("copy", to, func() error { return t.Mem.Copy(ctx, from, to, o) })
}

func (t *tap) List(ctx context.Context, prefix, after string, limit int) (list []store.Info, err error) {
	err = t.call("list", prefix, func() error { list, err = t.Mem.List(ctx, prefix, after, limit); return err })
	return list, err
}

func (t *tap) Delete(ctx context.Context, key string) error {
	return t.call("delete", key, func() error { return t.Mem.Delete(ctx, key) })
}

// RoundTrip asks the public site without a network.
func (t *tap) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	err = t.call("look", r.Method+" "+strings.TrimPrefix(r.URL.Path, "/"), func() error {
		s, err := store.New(t.Mem, "")
		if err != nil {
			return err
		}
		answer := httptest.NewRecorder()
		serve.Handler(s, nil, time.Minute).ServeHTTP(answer, r)
		resp = answer.Result()
		resp.Request = r
		return nil
	})
	if err != nil {
		return nil, err
	}
	return resp, nil
}

// publisher is a writer called by whose calls go through a tap, which may be nil.
func (b *bed) publisher(t testing.TB, by string, through *tap) *Publisher {
	t.Helper()
	if through == nil {
		through = &tap{}
	}
	through.Mem = b.mem
	s, err := store.New(through, "")
	if err != nil {
		t.Fatal(err)
	}
	s = s.WithRetry(store.Retry{Attempts: 3, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, Float: func() float64 { return 0 }})
	site, err := public.Open("http://bucket.test/", &http.Client{Transport: through})
	if err != nil {
		t.Fatal(err)
	}
	sites := []*public.Site{site}
	if b.blind {
		sites = nil
	}
	return &Publisher{
		Store: s, Sites: sites, App: testApp, Channel: testChannel, Trusted: b.trusted, Chain: b.chain, Now: b.clock, Wait: b.wait,
		Sign: func(payload []byte, statements []sign.Envelope) (sign.Envelope, error) {
			return sign.Seal(release.PayloadType, payload, statements, b.key)
		},
		By: by, Tool: "wgtup test",
	}
}

// build is what a developer wants to publish: a package that is no zip at all,
// since this package never looks inside.
type build struct {
	version release.Version
	pack    release.Package
	upload  Upload
	body    []byte
}

// buildOf makes a build; salt tells builds of one version apart.
func buildOf(version, salt string) build {
	body := []byte("package of version " + version + " " + salt)
	if salt == "big" { // enough for a connection to break in the middle
		body = bytes.Repeat(body, 10_000)
	}
	sha, old, content := sha256.Sum256(body), sha1.Sum(body), sha256.Sum256(append([]byte("content "), body...))
	digest := hex.EncodeToString(sha[:])
	return build{
		version: versionOf(version), body: body,
		pack:   release.Package{Content: hex.EncodeToString(content[:]), Size: int64(len(body)), SHA256: digest, SHA1: hex.EncodeToString(old[:])},
		upload: Upload{Key: release.PackageKey(digest, "wgt"), Size: int64(len(body)), SHA256: digest, Open: openBytes(body), Type: PackageType},
	}
}

func openBytes(body []byte) func() (io.ReadSeekCloser, error) {
	return func() (io.ReadSeekCloser, error) { return openBody{bytes.NewReader(body)}, nil }
}

type openBody struct{ *bytes.Reader }

func (openBody) Close() error { return nil }

// versionOf gives 1.2.3 the code 123.
func versionOf(name string) release.Version {
	code, _ := strconv.ParseInt(strings.ReplaceAll(name, ".", ""), 10, 64)
	return release.Version{Name: name, Code: code}
}

const testPrint = "fingerprint-1"

// android and ios are installed apps.
func androidApp(name string) release.Native {
	return release.Native{Platform: release.Android, Name: name, Code: versionOf(name).Code}
}
func iosApp(name string) release.Native {
	return release.Native{Platform: release.IOS, Name: name, Code: versionOf(name).Code}
}

// change is one command: an edit with what it uploads.
type change struct {
	edit    func(*Publisher) Edit
	uploads []Upload
}

func (c change) run(p *Publisher) (*Result, error) {
	return p.Change(context.Background(), c.edit(p), c.uploads)
}

func simple(e func() Edit) change { return change{edit: func(*Publisher) Edit { return e() }} }

func baseChange(version string, natives ...release.Native) change {
	b := buildOf(version, "base")
	if natives == nil {
		natives = []release.Native{androidApp(version), iosApp(version)}
	}
	return change{func(*Publisher) Edit {
		return AddBase(BaseAddition{Natives: natives, Fingerprint: testPrint, Source: b.pack.Content, Version: b.version, Package: b.pack})
	}, []Upload{b.upload}}
}

func addChange(b build, permyriad int64) change {
	return change{func(*Publisher) Edit { return Add(addition(b, permyriad)) }, []Upload{b.upload}}
}

func addition(b build, permyriad int64) Addition {
	return Addition{Version: b.version, Fingerprint: testPrint, Package: b.pack, Mode: release.Prompt, Rollout: release.Rollout{Permyriad: permyriad}}
}

func rollbackChange(to string) change {
	return change{edit: func(p *Publisher) Edit { return p.Rollback(context.Background(), to) }}
}

// do makes changes that must succeed, an hour apart.
func (b *bed) do(t testing.TB, changes ...change) *Entry {
	t.Helper()
	var last *Entry
	for i, c := range changes {
		b.wait(nil, time.Hour)
		r, err := c.run(b.publisher(t, "setup", nil))
		if err != nil {
			t.Fatalf("change %d: %v", i+1, err)
		}
		last = r.Entry
	}
	return last
}

// shop is a bed with a base 1.0.0, and the releases 1.0.1 and 1.0.2 for everybody.
func shop(t testing.TB) *bed {
	t.Helper()
	b := newBed(t)
	b.do(t, baseChange("1.0.0"), addChange(buildOf("1.0.1", ""), release.Whole), addChange(buildOf("1.0.2", ""), release.Whole))
	return b
}

// ids are the releases of a document in their order; landings in brackets,
// shares below 100% behind.
func ids(d *release.Document) string {
	var all []string
	for _, r := range d.Releases {
		s := r.Version.Name
		if r.Landing {
			s = "(" + s + ")"
		} else if r.Rollout.Permyriad != release.Whole || !r.Rollout.Paused.IsZero() || r.Rollout.Ramp != nil {
			s += "@" + Percent(r.Rollout.Permyriad)
		}
		all = append(all, s)
	}
	var taken []string
	for _, w := range d.Withdrawn {
		if !slices.Contains(taken, w.Version.Name) {
			taken = append(taken, w.Version.Name)
		}
	}
	s := strings.Join(all, " ")
	if taken != nil {
		s += " -" + strings.Join(taken, " -")
	}
	return s
}

// refusedAs checks that an error is a refusal with a code, and returns it.
func refusedAs(t testing.TB, err error, code string) *Refusal {
	t.Helper()
	r, ok := err.(*Refusal)
	if !ok || r.Code != code {
		t.Fatalf("got %v, want the refusal %s", err, code)
	}
	return r
}

func count[T any](list []T, is func(T) bool) int {
	return len(slices.DeleteFunc(slices.Clone(list), func(v T) bool { return !is(v) }))
}
