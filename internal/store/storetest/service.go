package storetest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"wgtup/internal/store"
	"wgtup/internal/store/standin"
)

// Service is a stand-in for a cloud's object storage, and how to reach it.
type Service struct {
	Bucket  *standin.Bucket
	Handler http.Handler
	Env     func(string) string
	// URL is that of a store under prefix when the service is at base.
	URL func(base, prefix string) string
	// Public is how anybody reads what is under prefix.
	Public func(base, prefix string) string
	// Unsigned are headers that the service's signature does not cover, in lower case.
	Unsigned []string
}

// RunService tests how a driver gets on with a service that refuses, loses
// answers or is lied to. start returns a new one each time.
func RunService(t *testing.T, start func() Service) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *visit)
	}{
		{"ErrorCodes", errorCodes},
		{"WrongKeys", wrongKeys},
		{"NoKey", noKey},
		{"Tampered", tampered},
		{"Stranger", stranger},
		{"PublicRead", publicRead},
		{"Headers", sentHeaders},
		{"AnswerLost", answerLost},
		{"BodyCut", bodyCut},
		{"RangeIgnored", rangeIgnored},
		{"NobodyThere", nobodyThere},
		{"MissingBucket", missingBucket},
		{"Versioning", versioning},
		{"MetadataLimit", metadataLimit},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &visit{Service: start()}
			server := httptest.NewServer(s)
			t.Cleanup(server.Close)
			s.base = server.URL
			test.run(t, s)
		})
	}
}

// visit is a Service at an address. between may deal with a request, or return
// false to leave it to the service.
type visit struct {
	Service
	base    string
	between func(w http.ResponseWriter, r *http.Request) bool
}

func (v *visit) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if v.between == nil || !v.between(w, r) {
		v.Handler.ServeHTTP(w, r)
	}
}

func (v *visit) open(t *testing.T) *store.Store { return v.openAs(t, v.URL(v.base, "app"), v.Env) }

func (v *visit) openAs(t *testing.T, url string, env func(string) string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, env)
	if err != nil {
		t.Fatal(err)
	}
	return s.WithRetry(Patience)
}

// empty checks that nothing was written.
func (v *visit) empty(t *testing.T) {
	t.Helper()
	if keys, _ := v.Bucket.List("", "", 10); len(keys) != 0 {
		t.Errorf("written: %q", keys)
	}
}

var sentinels = []error{store.ErrNotFound, store.ErrExists, store.ErrChanged, store.ErrDenied, store.ErrUnavailable,
	store.ErrUnsupported, store.ErrUnknown, store.ErrCorrupt, store.ErrRange, store.ErrInvalid}

func only(t *testing.T, err, want error) {
	t.Helper()
	for _, s := range sentinels {
		if errors.Is(err, s) != (s == want) {
			t.Errorf("%v: is %q: %v", err, s, errors.Is(err, s))
		}
	}
}

func errorCodes(t *testing.T, v *visit) {
	st := v.open(t)
	v.between = func(w http.ResponseWriter, _ *http.Request) bool { w.Header().Set("Retry-After", "9"); return false }
	for _, test := range []struct {
		status     int
		code       string
		get, put   error // nil: no sentinel
		gets, puts int   // requests
	}{
		{403, "AccessDenied", store.ErrDenied, store.ErrDenied, 1, 1},
		{404, "NoSuchKey", store.ErrNotFound, store.ErrNotFound, 1, 1},
		{404, "NoSuchBucket", nil, nil, 1, 1},
		{301, "PermanentRedirect", nil, nil, 1, 1},
		{307, "TemporaryRedirect", nil, nil, 1, 1},
		{400, "InvalidArgument", nil, nil, 1, 1},
		{400, "PublicEndpointForbidden", nil, nil, 1, 1},
		{400, "RequestTimeout", store.ErrUnavailable, store.ErrUnavailable, 5, 5},
		{416, "InvalidRange", store.ErrRange, store.ErrRange, 1, 1},
		{429, "TooManyRequests", store.ErrUnavailable, store.ErrUnavailable, 5, 5},
		{500, "InternalError", store.ErrUnavailable, store.ErrUnknown, 5, 5},
		{501, "NotImplemented", store.ErrUnsupported, store.ErrUnsupported, 1, 1},
		{502, "BadGateway", store.ErrUnavailable, store.ErrUnknown, 5, 5},
		{503, "SlowDown", store.ErrUnavailable, store.ErrUnavailable, 5, 5},
	} {
		t.Run(test.code, func(t *testing.T) {
			v.Bucket.Refuse = func(*http.Request, string) *standin.Refusal {
				return &standin.Refusal{Status: test.status, Code: test.code, Message: "the words of the service"}
			}
			look := func(err, want error, requests int) {
				t.Helper()
				only(t, err, want)
				var e *store.Error
				redirect := test.status/100 == 3 // not every SDK reads on
				if !errors.As(err, &e) || e.Status != test.status || e.Key != "key" || e.Op == "" ||
					!redirect && (e.Code != test.code || e.RetryAfter != 9*time.Second || !strings.Contains(err.Error(), "the words of the service")) {
					t.Errorf("%+v", err)
				}
				if asked := v.Bucket.Asked(); len(asked) != requests {
					t.Errorf("asked %q, want %d", asked, requests)
				}
			}
			_, _, err := st.GetBytes(t.Context(), "key", 10)
			look(err, test.get, test.gets)
			look(st.PutBytes(t.Context(), "key", []byte("body"), store.PutOptions{}), test.put, test.puts)
		})
	}
	v.empty(t)
}

// wrongKeys: whatever is wrong with the key or the clock, nothing is written, it
// is said once, and the secret is not in the words.
func wrongKeys(t *testing.T, v *visit) {
	env := func(from, to string) func(string) string {
		return func(name string) string {
			if value := v.Env(name); value != from || from == "" {
				return value
			}
			return to
		}
	}

	for _, test := range []struct {
		name  string
		env   func(string) string
		spoil func(b *standin.Bucket)
	}{
		{"secret", env(v.Bucket.Secret, "hush-hush"), nil},
		{"id", env(v.Bucket.ID, "another"), nil},
		{"clock behind", v.Env, func(b *standin.Bucket) { b.Skew = time.Hour }},
		{"clock ahead", v.Env, func(b *standin.Bucket) { b.Skew = -time.Hour }},
		{"token missing", v.Env, nil},
		{"token expired", v.Env, func(b *standin.Bucket) { b.Token, b.TokenExpired = "a-token", true }},
	} {
		t.Run(test.name, func(t *testing.T) {
			v.Bucket.Skew, v.Bucket.Token, v.Bucket.TokenExpired = 0, "", false
			if test.spoil != nil {
				test.spoil(v.Bucket)
			}
			st := v.openAs(t, v.URL(v.base, "app"), test.env)
			if test.name == "token missing" {
				v.Bucket.Token = "" // the environment of the store is asked at the first request
				st = v.openAs(t, v.URL(v.base, "app"), func(name string) string {
					if strings.Contains(name, "TOKEN") {
						return "not-one-of-ours"
					}
					return v.Env(name)
				})
			}
			v.Bucket.Asked()
			second := v.openAs(t, v.URL(v.base, "app"), test.env) // an SDK may have learnt the service's time
			if test.name == "token missing" {
				second = st
			}
			for _, err := range []error{
				st.Create(t.Context(), "key", []byte("body"), store.PutOptions{}),
				second.PutBytes(t.Context(), "key", []byte("body"), store.PutOptions{}),
			} {
				only(t, err, store.ErrDenied)
				if err != nil && (strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), v.Bucket.Secret)) {
					t.Errorf("message %q", err)
				}
			}
			if asked := v.Bucket.Asked(); len(asked) != 2 {
				t.Errorf("asked %q", asked)
			}
			v.empty(t)
		})
	}
	v.Bucket.Skew, v.Bucket.Token, v.Bucket.TokenExpired = 0, "a-token", false
	if err := v.open(t).PutBytes(t.Context(), "key", []byte("body"), store.PutOptions{}); err != nil {
		t.Errorf("a good temporary key: %v", err)
	}
}

func noKey(t *testing.T, v *visit) {
	st := v.openAs(t, v.URL(v.base, "app"), func(string) string { return "" })
	err := st.PutBytes(t.Context(), "key", nil, store.PutOptions{})
	only(t, err, store.ErrDenied)
	var e *store.Error
	if !errors.As(err, &e) || e.Code != "NoCredentials" || len(v.Bucket.Asked()) != 0 {
		t.Errorf("%v", err)
	}
}

// tampered: a driver whose requests are changed after it has signed them, each
// in one place, is refused. This is what a driver that signs wrongly looks like.
func tampered(t *testing.T, v *visit) {
	st := v.open(t)
	o := store.PutOptions{ContentType: "text/plain", CacheControl: "no-cache", Metadata: map[string]string{"release": "42"}, CreateOnly: true}
	var sent http.Header
	v.between = func(w http.ResponseWriter, r *http.Request) bool { sent = r.Header.Clone(); return false }
	if err := st.PutBytes(t.Context(), "honest", []byte("body"), o); err != nil {
		t.Fatal(err)
	}
	v.Bucket.Delete("app/honest")
	changes := map[string]func(r *http.Request){
		"method":       func(r *http.Request) { r.Method = http.MethodPost },
		"path":         func(r *http.Request) { r.URL.Path, r.URL.RawPath = r.URL.Path+"x", "" },
		"query":        func(r *http.Request) { r.URL.RawQuery = "x=y" },
		"no signature": func(r *http.Request) { r.Header.Del("Authorization") },
	}
	for name := range sent {
		if lower := strings.ToLower(name); !slices.Contains(v.Unsigned, lower) {
			changes[lower] = func(r *http.Request) { r.Header.Set(name, flip(r.Header.Get(name))) }
		}
	}
	if len(changes) < 9 {
		t.Errorf("only %d changes; sent %v", len(changes), sent)
	}
	for name, change := range changes {
		v.between = func(w http.ResponseWriter, r *http.Request) bool { change(r); return false }
		if err := st.PutBytes(t.Context(), "key", []byte("body"), o); err == nil {
			t.Errorf("%s: accepted", name)
		}
		v.empty(t)
	}
}

// flip changes the last letter or digit of s.
func flip(s string) string {
	i := strings.LastIndexFunc(s, func(r rune) bool { return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
	if i < 0 {
		return s + "1"
	}
	c := byte('1')
	if s[i] == c {
		c = '2'
	}
	return s[:i] + string(c) + s[i+1:]
}

// stranger: whoever has no key may not write.
func stranger(t *testing.T, v *visit) {
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPost} {
		r, err := http.NewRequestWithContext(t.Context(), method, v.Public(v.base, "app")+"/key", strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		if status := status(t, r); status != http.StatusForbidden {
			t.Errorf("%s: %d", method, status)
		}
	}
	v.empty(t)
}

func status(t *testing.T, r *http.Request) int {
	t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// publicRead: with acl=object anybody may read, without it a policy has to say so.
func publicRead(t *testing.T, v *visit) {
	head := func(key string) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, v.Public(v.base, "app")+"/"+key, nil)
		if err != nil {
			t.Fatal(err)
		}
		return status(t, r)
	}
	put := func(url, key string) error {
		st := v.openAs(t, url, v.Env)
		return errors.Join(st.PutBytes(t.Context(), key, nil, store.PutOptions{}), st.Copy(t.Context(), key, key+"-copy", store.PutOptions{}))
	}
	plain := v.URL(v.base, "app")
	withACL := plain + "&acl=object"
	if err := errors.Join(put(plain, "plain"), put(withACL, "acl")); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]int{"plain": 403, "plain-copy": 403, "acl": 200, "acl-copy": 200} {
		if got := head(key); got != want {
			t.Errorf("%s: %d, want %d", key, got, want)
		}
	}
	v.Bucket.BlockPublic = true
	only(t, v.openAs(t, withACL, v.Env).PutBytes(t.Context(), "blocked", nil, store.PutOptions{}), store.ErrDenied)
	if got := head("acl"); got != 403 {
		t.Errorf("blocked: %d", got)
	}
	v.Bucket.BlockPublic, v.Bucket.PublicRead = false, true
	if got := head("plain"); got != 200 {
		t.Errorf("policy: %d", got)
	}
}

// sentHeaders: no service has to guess a type or a caching rule.
func sentHeaders(t *testing.T, v *visit) {
	var sent http.Header
	var length int64
	v.between = func(w http.ResponseWriter, r *http.Request) bool {
		sent, length = r.Header.Clone(), r.ContentLength
		return false
	}
	st := v.open(t)
	for _, body := range []string{"body", ""} {
		o := store.PutOptions{ContentType: "application/json", CacheControl: "no-cache"}
		if err := st.PutBytes(t.Context(), "key.wgt", []byte(body), o); err != nil {
			t.Fatal(err)
		}
		if sent.Get("Content-Type") != "application/json" || sent.Get("Cache-Control") != "no-cache" || length != int64(len(body)) {
			t.Errorf("length %d, %v", length, sent)
		}
		if err := st.Copy(t.Context(), "key.wgt", "copy.wgt", o); err != nil {
			t.Fatal(err)
		}
		if sent.Get("Content-Type") != "application/json" || sent.Get("Cache-Control") != "no-cache" {
			t.Errorf("copy: %v", sent)
		}
	}
}

// answerLost: the connection breaks before the answer.
func answerLost(t *testing.T, v *visit) {
	for _, test := range []struct {
		name    string
		apply   bool
		present string
		want    error
		matched bool
		asked   string
	}{
		{"applied", true, "", nil, true, "PUT GET"},
		{"not applied", false, "", nil, false, "PUT GET PUT"},
		{"somebody else's", false, "other", store.ErrExists, false, "PUT GET"},
	} {
		t.Run(test.name, func(t *testing.T) {
			st := v.open(t)
			v.between = nil
			v.Bucket.Delete("app/key")
			if test.present != "" {
				if err := st.PutBytes(t.Context(), "key", []byte(test.present), store.PutOptions{}); err != nil {
					t.Fatal(err)
				}
			}
			var asked []string
			v.between = func(w http.ResponseWriter, r *http.Request) bool {
				asked = append(asked, r.Method)
				if len(asked) > 1 {
					return false
				}
				if test.apply {
					v.Handler.ServeHTTP(httptest.NewRecorder(), r)
				} else {
					io.Copy(io.Discard, r.Body)
				}
				panic(http.ErrAbortHandler)
			}
			matched, err := st.CreateFrom(t.Context(), "key", strings.NewReader("body"), 4, store.PutOptions{})
			if !errors.Is(err, test.want) || matched != test.matched || strings.Join(asked, " ") != test.asked {
				t.Errorf("matched %v, %v after %v", matched, err, asked)
			}
		})
	}
}

// bodyCut: fewer bytes come than were announced.
func bodyCut(t *testing.T, v *visit) {
	st := v.open(t)
	if err := st.PutBytes(t.Context(), "key", []byte("body"), store.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	cut := 2
	v.between = func(w http.ResponseWriter, r *http.Request) bool {
		if cut--; cut < 0 {
			return false
		}
		w.Header().Set("Content-Length", "4")
		w.Header().Set("Last-Modified", "Thu, 16 May 2019 06:45:51 GMT")
		w.Write([]byte("bo"))
		return true
	}
	if data, _, err := st.GetBytes(t.Context(), "key", 10); string(data) != "body" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	cut = 1
	body, _, err := st.Get(t.Context(), "key", store.Range{})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if data, err := io.ReadAll(body); string(data) != "bo" || !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("%q, %v", data, err)
	}
}

// rangeIgnored: a service or a proxy sends the whole object instead.
func rangeIgnored(t *testing.T, v *visit) {
	st := v.open(t)
	if err := st.PutBytes(t.Context(), "key", []byte("body"), store.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	v.between = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Last-Modified", "Thu, 16 May 2019 06:45:51 GMT")
		w.Write([]byte("body"))
		return true
	}
	_, _, err := st.Get(t.Context(), "key", store.Range{Offset: 1})
	only(t, err, store.ErrUnsupported)
}

// nobodyThere: nothing was sent, so nothing was written.
func nobodyThere(t *testing.T, v *visit) {
	server := httptest.NewServer(nil)
	server.Close()
	st := v.openAs(t, v.URL(server.URL, "app"), v.Env)
	_, head := st.Head(t.Context(), "key")
	for _, err := range []error{
		head,
		st.Create(t.Context(), "key", []byte("body"), store.PutOptions{}),
		st.PutBytes(t.Context(), "key", []byte("body"), store.PutOptions{}),
		st.Copy(t.Context(), "key", "to", store.PutOptions{}),
		st.Delete(t.Context(), "key"),
	} {
		only(t, err, store.ErrUnavailable)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	is(t, st.Delete(ctx, "key"), context.Canceled)
}

func missingBucket(t *testing.T, v *visit) {
	v.Bucket.Refuse = func(*http.Request, string) *standin.Refusal {
		return &standin.Refusal{Status: 404, Code: "NoSuchBucket", Message: "The specified bucket does not exist."}
	}
	st := v.open(t)
	_, _, err := st.GetBytes(t.Context(), "key", 10)
	only(t, err, nil)
	only(t, st.Create(t.Context(), "key", nil, store.PutOptions{}), nil)
	_, err = st.List(t.Context(), "", "", 1)
	only(t, err, nil)
}

// versioning disables create-only writes, and nothing in the answer says so.
// That is why a publisher writes its newest entry again before the next.
func versioning(t *testing.T, v *visit) {
	st := v.open(t)
	if err := st.Create(t.Context(), "key", []byte("one"), store.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	is(t, st.Create(t.Context(), "key", []byte("one"), store.PutOptions{}), store.ErrExists)
	v.Bucket.Versioning = true
	if err := st.Create(t.Context(), "key", []byte("one"), store.PutOptions{}); err != nil {
		t.Errorf("versioning: %v", err)
	}
}

func metadataLimit(t *testing.T, v *visit) {
	v.Bucket.MetadataLimit = 16
	st := v.open(t)
	err := st.PutBytes(t.Context(), "key", nil, store.PutOptions{Metadata: map[string]string{"release": strings.Repeat("4", 16)}})
	if err == nil {
		t.Error("accepted")
	}
	v.empty(t)
	if err := st.PutBytes(t.Context(), "key", nil, store.PutOptions{Metadata: map[string]string{"release": "42"}}); err != nil {
		t.Error(err)
	}
}
