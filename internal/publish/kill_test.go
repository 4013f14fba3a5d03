package publish

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"wgtup/internal/public"
	"wgtup/internal/store"
	"wgtup/internal/store/dir"
	"wgtup/internal/store/s3"
	"wgtup/internal/store/storetest"
	"wgtup/release"
	"wgtup/sign"
)

// A point is where a writer's process is killed: before a call, after it, or when
// a part of its body has been read.
type point struct {
	call string // "put package", or "sign", "open"
	nth  int    // of these calls, from 1
	when string // before, after, or a share of the body: 1%
}

// points of the cases P01 to P12 in trust-and-faults, and ours after them.
var points = map[string]point{
	"P01 start":                   {call: "get document", nth: 1, when: "before"},
	"P02 after read":              {call: "get entry", nth: 1, when: "after"},
	"P03 after repack":            {call: "open", nth: 1, when: "before"},
	"P04 after hash":              {call: "put package", nth: 1, when: "0%"},
	"P05 payload PUT at 1%":       {call: "put package", nth: 1, when: "1%"},
	"P06 payload PUT at 50%":      {call: "put package", nth: 1, when: "50%"},
	"P07 payload PUT at 99%":      {call: "put package", nth: 1, when: "99%"},
	"P08 after payload":           {call: "put package", nth: 1, when: "after"},
	"P09 after read-back":         {call: "put entry", nth: 1, when: "before"},
	"P10 after sign":              {call: "sign", nth: 1, when: "after"},
	"P11 document PUT at 50%":     {call: "put entry", nth: 2, when: "50%"},
	"P12 after document":          {call: "put entry", nth: 2, when: "after"},
	"P12 CDN check":               {call: "look document", nth: 2, when: "before"},
	"after a package is touched":  {call: "copy package", nth: 1, when: "after"},
	"release.json PUT at 50%":     {call: "put document", nth: 1, when: "50%"},
	"after release.json":          {call: "put document", nth: 1, when: "after"},
	"after latest.wgt":            {call: "copy latest", nth: 1, when: "after"},
	"mirror: before anything":     {call: "mirror get document", nth: 1, when: "before"},
	"mirror: package at 50%":      {call: "mirror put package", nth: 1, when: "50%"},
	"mirror: after the package":   {call: "mirror put package", nth: 1, when: "after"},
	"mirror: entry at 50%":        {call: "mirror put entry", nth: 1, when: "50%"},
	"mirror: after the entry":     {call: "mirror put entry", nth: 1, when: "after"},
	"mirror: release.json at 50%": {call: "mirror put document", nth: 1, when: "50%"},
	"mirror: after release.json":  {call: "mirror put document", nth: 1, when: "after"},
	"mirror: after latest.wgt":    {call: "mirror copy latest", nth: 1, when: "after"},
}

// victims are the commands that are killed, and at what points.
var victims = map[string]struct {
	start  func(b *bed, t testing.TB)
	change change // none: repair
	points []string
}{
	"publish": {func(*bed, testing.TB) {}, addChange(buildOf("1.1.0", "big"), release.Whole), []string{
		"P01 start", "P02 after read", "P03 after repack", "P04 after hash", "P05 payload PUT at 1%", "P06 payload PUT at 50%", "P07 payload PUT at 99%",
		"P08 after payload", "P09 after read-back", "P10 after sign", "P11 document PUT at 50%", "P12 after document", "P12 CDN check",
		"release.json PUT at 50%", "after release.json", "after latest.wgt"}},
	"rollout": {func(b *bed, t testing.TB) { b.do(t, addChange(buildOf("1.1.0", "big"), 1)) }, simple(func() Edit { return Complete("1.1.0") }), []string{
		"P01 start", "P02 after read", "P09 after read-back", "P10 after sign", "P11 document PUT at 50%", "P12 after document", "P12 CDN check",
		"release.json PUT at 50%", "after release.json", "after latest.wgt"}},
	"rollback": {func(*bed, testing.TB) {}, rollbackChange("1.0.1"), []string{
		"P01 start", "P02 after read", "after a package is touched", "P09 after read-back", "P10 after sign", "P11 document PUT at 50%",
		"P12 after document", "P12 CDN check", "release.json PUT at 50%", "after release.json", "after latest.wgt"}},
	"promote": {func(b *bed, t testing.TB) {
		b.do(t, inBeta(baseChange("1.0.0")), inBeta(addChange(buildOf("1.1.0", "big"), 100)))
	}, promote("", nil), []string{
		"P01 start", "P02 after read", "after a package is touched", "P09 after read-back", "P10 after sign", "P11 document PUT at 50%",
		"P12 after document", "P12 CDN check", "release.json PUT at 50%", "after release.json", "after latest.wgt"}},
	"repair": {func(b *bed, t testing.TB) {
		old := b.objects(t)
		b.do(t, full("1.1.0"))
		for _, key := range []string{release.DocumentKey(testChannel), release.LatestKey(testChannel)} {
			b.put(t, key, old[key].body, old[key].info.Metadata)
		}
	}, change{}, []string{"P01 start", "P02 after read", "release.json PUT at 50%", "after release.json", "after latest.wgt"}},
}

func (c change) orRepair(p *Publisher) error {
	if c.edit == nil {
		_, _, err := p.Repair(context.Background())
		return err
	}
	_, err := c.run(p)
	return err
}

// orders are what a victim is told.
type orders struct {
	Store, Public, Command, Point string
	Mirror                        string // store URL, "" for none
	Now                           time.Time
}

// P01–P12: kill -9 at every named point of every command, on a folder and on an
// S3 server. Strangers see the whole old release or the whole new one, and the
// same command again finishes it and tells the truth.
func TestP01toP12Killed(t *testing.T) {
	for name, v := range victims {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := recentShop(t)
			v.start(start, t)
			start.wait(nil, time.Minute)
			old, whole := mustLook(t, start), start.clone(t)
			if err := v.change.orRepair(whole.publisher(t, "victim", nil)); err != nil {
				t.Fatal(err)
			}
			after := mustLook(t, whole)
			grounds(t, func(t *testing.T, g *ground) {
				for _, at := range v.points {
					t.Run(at, func(t *testing.T) {
						g.become(t, start)
						g.kill(t, orders{Command: name, Point: at, Now: start.clock()})
						now, err := start.lookAt(g.site)
						if err != nil || now.Client != old.Client && now.Client != after.Client || now.Hand != old.Hand && now.Hand != after.Hand {
							t.Fatalf("devices see %v, %v; old %v, new %v", now, err, old, after)
						}
						if err := start.never(g.objects(t)); err != nil {
							t.Fatal(err)
						}
						mine := func() int {
							entries, err := journalOf(g.objects(t), start)
							if err != nil {
								t.Fatal(err)
							}
							return count(entries, func(e *Entry) bool { return e.Document.By == "victim" })
						}
						happened := mine()
						p := g.publisher(t, start, "victim")
						if v.change.edit == nil {
							err = v.change.orRepair(p)
						} else if r, changeErr := v.change.run(p); changeErr != nil || r.Done != (happened == 1) || !r.Views[0].Visible {
							err = fmt.Errorf("%+v, %w", r, changeErr)
						} else if mine() != 1 {
							err = fmt.Errorf("%d entries", mine())
						}
						if err != nil {
							t.Fatalf("again, with %d entries: %v", happened, err)
						}
						if _, err := settled(g.objects(t), start); err != nil {
							t.Fatal(err)
						}
						if now, err := start.lookAt(g.site); err != nil || now != after {
							t.Fatalf("devices see %v, %v, want %v", now, err, after)
						}
					})
				}
			})
		})
	}
}

// recentShop is a shop whose clock is that of this machine: real sites say the
// time, and a publisher minds it.
func recentShop(t testing.TB) *bed {
	b := newBed(t)
	b.now = time.Now().UTC().Truncate(time.Second).Add(-6 * time.Hour)
	b.do(t, baseChange("1.0.0"), addChange(buildOf("1.0.1", ""), release.Whole), addChange(buildOf("1.0.2", ""), release.Whole))
	return b
}

// kill runs a victim to its end by its own hand.
func (g *ground) kill(t *testing.T, o orders) {
	t.Helper()
	o.Store, o.Public = g.url, g.site.URL("")
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "WGTUP_TEST_VICTIM="+string(text))
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		c.Env = append(c.Env, name+"="+g.env(name))
	}
	out, err := c.CombinedOutput()
	if err == nil || len(out) > 0 {
		t.Fatalf("%s was not killed at %q: %v, %s", o.Command, o.Point, err, out)
	}
}

// victim does what it is told until it dies; only a survivor returns.
func victim(text string) error {
	var o orders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	t := &mortal{}
	b := newBed(t)
	b.now = o.Now
	k := &killer{point: points[o.Point], calls: map[string]int{}}
	s, err := k.open(o.Store)
	if err != nil {
		return err
	}
	site, err := public.Open(o.Public, &http.Client{Transport: k})
	if err != nil {
		return err
	}
	p := b.publisher(t, "victim", nil)
	p.Store, p.Sites, p.TakeHome = s, []*public.Site{site}, true
	if o.Mirror != "" {
		there, err := (&killer{point: k.point, calls: k.calls, where: "mirror "}).open(o.Mirror)
		if err != nil {
			return err
		}
		p.Mirrors = []Mirror{{Name: o.Mirror, Store: there}}
	}
	seal := p.Sign
	p.Sign = func(payload []byte, statements []sign.Envelope) (sign.Envelope, error) {
		e, err := seal(payload, statements)
		k.after("sign")
		return e, err
	}
	c := victims[o.Command].change
	for i, u := range c.uploads {
		c.uploads[i].Open = func() (io.ReadSeekCloser, error) {
			k.before("open")
			return u.Open()
		}
	}
	return fmt.Errorf("it lives: %v", c.orRepair(p))
}

// open makes the calls to a store pass through k.
func (k *killer) open(address string) (*store.Store, error) {
	prefix := ""
	if path, ok := strings.CutPrefix(address, "dir:"); ok {
		d, err := dir.New(path)
		if err != nil {
			return nil, err
		}
		k.Driver = d
	} else {
		u, err := url.Parse(address)
		if err != nil {
			return nil, err
		}
		d, err := s3.New(s3.Config{Bucket: u.Host, Endpoint: u.Query().Get("endpoint"), Region: u.Query().Get("region"), PathStyle: true, Env: os.Getenv})
		if err != nil {
			return nil, err
		}
		k.Driver, k.passes, prefix = d, 1, strings.Trim(u.Path, "/")
	}
	s, err := store.New(k, prefix)
	if err != nil {
		return nil, err
	}
	return s.WithRetry(storetest.Patience), nil
}

// mortal is what a bed needs of a test, in a process that is none.
type mortal struct{ testing.TB }

func (*mortal) Helper()                   {}
func (*mortal) Fatal(args ...any)         { panic(fmt.Sprint(args...)) }
func (*mortal) Fatalf(s string, a ...any) { panic(fmt.Sprintf(s, a...)) }
func (*mortal) Context() context.Context  { return context.Background() }

// killer ends its process at one point. passes is how often the driver reads a
// body before it sends it.
type killer struct {
	store.Driver
	point  point
	calls  map[string]int
	passes int64
	where  string // before the names of its calls
}

func die() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}

func (k *killer) before(call string) {
	call = k.where + call
	k.calls[call]++
	if k.point.call == call && k.point.nth == k.calls[call] && k.point.when == "before" {
		die()
	}
}

func (k *killer) after(call string) {
	call = k.where + call
	if k.calls[call] == 0 {
		k.calls[call]++
	}
	if k.point.call == call && k.point.nth == k.calls[call] && k.point.when == "after" {
		die()
	}
}

// class is what kind of object a key names.
func class(key string) string {
	switch {
	case strings.Contains(key, "channels/"+beta+"/"):
		return "other"
	case strings.Contains(key, "packages/"):
		return "package"
	case strings.Contains(key, "/journal/"):
		return "entry"
	case strings.HasSuffix(key, "release.json"):
		return "document"
	}
	return "latest"
}

func (k *killer) Get(ctx context.Context, key string, r store.Range) (io.ReadCloser, store.Info, error) {
	k.before("get " + class(key))
	body, info, err := k.Driver.Get(ctx, key, r)
	if err == nil {
		k.after("get " + class(key))
	}
	return body, info, err
}

func (k *killer) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o store.PutOptions) error {
	call := "put " + class(key)
	k.before(call)
	if share, ok := strings.CutSuffix(k.point.when, "%"); ok && k.where+call == k.point.call && k.calls[k.where+call] == k.point.nth {
		var n int64
		fmt.Sscan(share, &n)
		passes := k.passes
		if o.SHA256 != "" {
			passes = 0 // nothing left to find out
		}
		body = &deadly{body, passes*size + n*size/100}
	}
	err := k.Driver.Put(ctx, key, body, size, o)
	k.after(call)
	return err
}

func (k *killer) Copy(ctx context.Context, from, to string, o store.PutOptions) error {
	k.before("copy " + class(to))
	err := k.Driver.Copy(ctx, from, to, o)
	k.after("copy " + class(to))
	return err
}

func (k *killer) RoundTrip(r *http.Request) (*http.Response, error) {
	k.before("look " + class(r.URL.Path))
	return http.DefaultTransport.RoundTrip(r)
}

// deadly is a body that kills its reader when so much of it was read.
type deadly struct {
	io.ReadSeeker
	left int64
}

func (d *deadly) Read(p []byte) (int, error) {
	if d.left <= 0 {
		die()
	}
	n, err := d.ReadSeeker.Read(p[:min(int64(len(p)), d.left)])
	d.left -= int64(n)
	return n, err
}
