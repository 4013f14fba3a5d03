package publish

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"context"

	"wgtup/internal/public"
	"wgtup/internal/store"
	"wgtup/release"
)

// weather is what stands between a publisher and a real S3 server: storms, cut
// connections, answers that never come. strike may deal with a request instead.
type weather struct {
	gateway string
	mu      sync.Mutex
	seen    []string // "PUT package"
	strike  func(w http.ResponseWriter, r *http.Request, call string) bool
}

func (w *weather) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	call := r.Method + " " + class(r.URL.Path)
	w.mu.Lock()
	w.seen = append(w.seen, call)
	w.mu.Unlock()
	if w.strike == nil || !w.strike(out, r, call) {
		w.forward(out, r, r.Body, true)
	}
}

// forward passes a request on with the host name that it was signed for; without
// answer the connection breaks when the server has answered.
func (w *weather) forward(out http.ResponseWriter, r *http.Request, body io.Reader, answer bool) {
	to, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, w.gateway+r.URL.RequestURI(), body)
	if err != nil {
		panic(err)
	}
	to.Header, to.Host, to.ContentLength = r.Header.Clone(), r.Host, r.ContentLength
	resp, err := http.DefaultTransport.RoundTrip(to)
	if err != nil || !answer {
		if err == nil {
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		panic(http.ErrAbortHandler)
	}
	defer resp.Body.Close()
	for name, values := range resp.Header {
		out.Header()[name] = values
	}
	out.WriteHeader(resp.StatusCode)
	io.Copy(out, resp.Body)
}

// fails answers as S3 does; a HEAD has no body that says why.
func fails(w http.ResponseWriter, r *http.Request, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>bad weather</Message></Error>", code)
	}
}

// outdoors is a publisher on an S3 server with weather in between, a shop there,
// and a clock that only retries move.
type outdoors struct {
	*weather
	ground *ground
	bed    *bed
	store  *store.Store
	paused time.Duration
}

func goOut(t *testing.T) *outdoors {
	t.Helper()
	gateway := s3Gateway(t)
	o := &outdoors{weather: &weather{gateway: gateway.Endpoint}, bed: recentShop(t)}
	server := httptest.NewServer(o.weather)
	t.Cleanup(server.Close)
	storeURL, publicURL := gateway.Place()
	o.ground = &ground{}
	var err error
	if o.ground.store, err = store.Open(t.Context(), storeURL, gateway.Env); err != nil {
		t.Fatal(err)
	}
	if o.ground.site, err = public.Open(publicURL, nil); err != nil {
		t.Fatal(err)
	}
	o.ground.become(t, o.bed)
	o.bed.now = time.Now().UTC().Truncate(time.Second)
	if o.store, err = store.Open(t.Context(), strings.Replace(storeURL, gateway.Endpoint, server.URL, 1), gateway.Env); err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	o.store = o.store.WithRetry(store.Retry{Attempts: 5, Base: 200 * time.Millisecond, Max: 5 * time.Second, Patience: 30 * time.Second, Float: rnd.Float64,
		Sleep: func(ctx context.Context, d time.Duration) error { o.paused += d; return ctx.Err() }})
	return o
}

func (o *outdoors) publisher(t *testing.T) *Publisher {
	p := o.bed.publisher(t, "victim", nil)
	p.Store, p.Sites, p.TakeHome = o.store, []*public.Site{o.ground.site}, true
	return p
}

// bigger is what the storms beat against.
func bigger() change { return addChange(buildOf("1.1.0", "big"), release.Whole) }

// endsWell checks what a publish left that ended with err: what it reports is
// true, strangers see something whole, and when the weather is fine again the
// same command makes it good.
func (o *outdoors) endsWell(t *testing.T, err error) {
	t.Helper()
	o.weather.strike = nil
	if e := o.bed.never(o.ground.objects(t)); e != nil {
		t.Fatalf("after %v: %v", err, e)
	}
	mine := func() int {
		entries, e := journalOf(o.ground.objects(t), o.bed)
		if e != nil {
			t.Fatalf("after %v: %v", err, e)
		}
		return count(entries, func(e *Entry) bool { return e.Document.By == "victim" })
	}
	var unsettled *UnsettledError
	switch n := mine(); {
	case err == nil && n != 1, errors.As(err, &unsettled) && n != 1:
		t.Fatalf("reported %v, %d entries", err, n)
	case err != nil && unsettled == nil && n != 0 && !errors.Is(err, store.ErrUnknown):
		t.Fatalf("reported %v, and yet there is an entry", err)
	}
	r, e := bigger().run(o.publisher(t))
	if e != nil || !r.Views[0].Visible || mine() != 1 {
		t.Fatalf("after %v: again: %v, %+v, %d entries", err, e, r, mine())
	}
	if _, e := settled(o.ground.objects(t), o.bed); e != nil {
		t.Fatalf("after %v: %v", err, e)
	}
}

// P18: the upload breaks off after an exact number of bytes, once and for ever.
func TestP18RequestCut(t *testing.T) {
	size := int64(len(buildOf("1.1.0", "big").body))
	for _, at := range []int64{0, 1, 100, 64 << 10, size / 2, size - 1} {
		for _, times := range []int{1, 1000} {
			o := goOut(t)
			left := times
			o.strike = func(w http.ResponseWriter, r *http.Request, call string) bool {
				if call != "PUT package" || left == 0 {
					return false
				}
				left--
				o.forward(w, r, io.MultiReader(io.LimitReader(r.Body, at), broken{}), false)
				return true
			}
			_, err := bigger().run(o.publisher(t))
			if once := times == 1; once != (err == nil) || !once && !errors.Is(err, store.ErrUnavailable) && !errors.Is(err, store.ErrUnknown) {
				t.Fatalf("cut at %d, %d times: %v", at, times, err)
			}
			if sent := count(o.seen, func(c string) bool { return c == "PUT package" }); sent > 6 {
				t.Errorf("cut at %d: sent %d times", at, sent)
			}
			o.endsWell(t, err)
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the connection broke") }

// P19: the entry is created and the answer never comes, byte for byte: before
// the headers, and for each of the documents.
func TestP19AnswerCut(t *testing.T) {
	for _, call := range []string{"PUT entry", "PUT document", "PUT latest", "PUT package", "GET entry", "GET document"} {
		o := goOut(t)
		left := 1
		if call == "PUT entry" {
			left = 2 // the first proves create-only
		}
		o.strike = func(w http.ResponseWriter, r *http.Request, c string) bool {
			if c != call || left == 0 {
				return false
			}
			left--
			o.forward(w, r, r.Body, false)
			return true
		}
		r, err := bigger().run(o.publisher(t))
		if call == "PUT entry" && err != nil { // the proof was not given: nothing is written
			if !errors.Is(err, store.ErrUnknown) {
				t.Fatalf("%s: %v", call, err)
			}
		} else if err != nil || r.Entry.Position().Sequence != 4 {
			t.Fatalf("%s: %v, %+v", call, err, r)
		}
		o.endsWell(t, err)
	}
}

// P20–P24: storms. Three of ten requests fail for a minute; all fail for ten
// seconds; all fail for ever. Requests are bounded, pauses grow and are random,
// and it ends in success or in an error that says what the service said.
func TestP20toP24Storms(t *testing.T) {
	for _, kind := range []struct {
		name   string
		status int
		code   string
		is     error
	}{
		{"P20 500", 500, "InternalError", store.ErrUnavailable},
		{"P21 503", 503, "ServiceUnavailable", store.ErrUnavailable},
		{"P22 429", 429, "TooManyRequests", store.ErrUnavailable},
		{"P23 SlowDown", 503, "SlowDown", store.ErrUnavailable},
		{"P24 RequestTimeTooSkewed", 403, "RequestTimeTooSkewed", store.ErrDenied},
		{"403", 403, "AccessDenied", store.ErrDenied},
		{"404", 404, "NoSuchBucket", nil},
		{"409", 409, "OperationAborted", store.ErrUnavailable},
		{"412", 412, "PreconditionFailed", nil},
	} {
		for _, shape := range []string{"30% for a minute", "all for ten seconds", "all for ever"} {
			t.Run(kind.name+" "+shape, func(t *testing.T) {
				o := goOut(t)
				rnd, struck := rand.New(rand.NewPCG(7, 7)), 0
				o.strike = func(w http.ResponseWriter, r *http.Request, call string) bool {
					hit := map[string]bool{"30% for a minute": o.paused < time.Minute && rnd.Float64() < 0.3, "all for ten seconds": o.paused < 10*time.Second, "all for ever": true}[shape]
					if hit {
						struck++
						io.Copy(io.Discard, r.Body)
						fails(w, r, kind.status, kind.code)
					}
					return hit
				}
				_, err := bigger().run(o.publisher(t))
				switch {
				case struck == 0:
					t.Fatal("there was no storm")
				case shape == "all for ever" && err == nil:
					t.Fatal("published through a storm without an end")
				case shape == "all for ever" && kind.is != nil && !errors.Is(err, kind.is):
					t.Errorf("got %v", err)
				case len(o.seen) > 120:
					t.Errorf("%d requests", len(o.seen))
				}
				var e *store.Error
				if shape == "all for ever" && (!errors.As(err, &e) || e.Code != kind.code || e.Status != kind.status) {
					t.Errorf("it does not say what the service said: %v", err)
				}
				if err != nil && o.paused > time.Minute {
					t.Errorf("it took %v to give up", o.paused)
				}
				o.endsWell(t, err)
			})
		}
	}
}

// P30: another region, or no bucket: one error that says so, and no body is sent
// to a place that will not take it.
func TestP30Elsewhere(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
		"301": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("x-amz-bucket-region", "eu-west-1")
			w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
			fails(w, r, 301, "PermanentRedirect")
		},
		"wrong region": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("x-amz-bucket-region", "eu-west-1")
			fails(w, r, 400, "AuthorizationHeaderMalformed")
		},
		"no bucket": func(w http.ResponseWriter, r *http.Request) { fails(w, r, 404, "NoSuchBucket") },
	} {
		for _, from := range []string{"everything", "PUT package"} {
			o := goOut(t)
			o.strike = func(w http.ResponseWriter, r *http.Request, call string) bool {
				if from != "everything" && call != from {
					return false
				}
				io.Copy(io.Discard, r.Body)
				answer(w, r)
				return true
			}
			_, err := bigger().run(o.publisher(t))
			var e *store.Error
			if !errors.As(err, &e) || e.Code == "" || name != "no bucket" && !strings.Contains(err.Error(), "eu-west-1") {
				t.Errorf("%s to %s: %v", name, from, err)
			}
			sent := count(o.seen, func(c string) bool { return c == "PUT package" })
			if from == "everything" && sent != 0 || sent > 1 || from == "everything" && len(o.seen) > 3 {
				t.Errorf("%s to %s: %d bodies, %d requests", name, from, sent, len(o.seen))
			}
			o.endsWell(t, err)
		}
	}
}
