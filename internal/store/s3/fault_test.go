package s3_test

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"wgtup/internal/public"
	"wgtup/internal/store"
	"wgtup/internal/store/storetest"
)

// service is a bucket that misbehaves. answer may deal with a request, or return
// false to leave it to the map below.
type service struct {
	mu      sync.Mutex
	objects map[string][]byte
	asked   []string
	answer  func(w http.ResponseWriter, r *http.Request) bool
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.Method)
	_, exists := s.objects[r.URL.Path]
	switch {
	case s.answer != nil && s.answer(w, r):
	case r.Method == "PUT" && exists && r.Header.Get("If-None-Match") == "*":
		refuse(w, 412, "PreconditionFailed")
	case r.Method == "PUT":
		s.objects[r.URL.Path] = body
		w.Header().Set("ETag", `"e"`)
	case !exists:
		refuse(w, 404, "NoSuchKey")
	default:
		w.Write(s.objects[r.URL.Path])
	}
}

// requests returns the methods of the requests since the last call.
func (s *service) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>the words of the service</Message></Error>", code)
}

// hangUp breaks the connection instead of answering.
func hangUp(http.ResponseWriter) { panic(http.ErrAbortHandler) }

const secret = "never-to-be-seen"

func open(t *testing.T, s *service) *store.Store {
	t.Helper()
	s.objects = map[string][]byte{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return openAt(t, server.URL)
}

func openAt(t *testing.T, endpoint string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), "s3://bucket/app?endpoint="+url.QueryEscape(endpoint), func(name string) string {
		return map[string]string{"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": secret, "AWS_CA_BUNDLE": os.Getenv("AWS_CA_BUNDLE")}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	return st.WithRetry(storetest.Patience)
}

// TestElsewhere: a bucket of another region, which the service names.
func TestElsewhere(t *testing.T) {
	for status, code := range map[int]string{301: "PermanentRedirect", 307: "TemporaryRedirect", 400: "AuthorizationHeaderMalformed"} {
		s := &service{}
		st := open(t, s)
		s.answer = func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
			w.Header().Set("x-amz-bucket-region", "eu-west-1")
			refuse(w, status, code)
			return true
		}
		err := st.PutBytes(t.Context(), "key", []byte("body"), store.PutOptions{})
		check(t, err, nil, status, code)
		if !strings.Contains(err.Error(), "eu-west-1") || len(s.requests()) != 1 {
			t.Errorf("%v does not name the region", err)
		}
	}
}

func check(t *testing.T, err, sentinel error, status int, code string) {
	t.Helper()
	var e *store.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is a %T", err, err)
	}
	if e.Status != status || e.Code != code || e.Key != "key" || e.Op == "" {
		t.Errorf("got %+v, want %s (%d)", e, code, status)
	}
	all := []error{store.ErrNotFound, store.ErrExists, store.ErrChanged, store.ErrDenied, store.ErrUnavailable,
		store.ErrUnsupported, store.ErrUnknown, store.ErrCorrupt, store.ErrRange, store.ErrInvalid}
	for _, s := range all {
		if errors.Is(err, s) != (s == sentinel) {
			t.Errorf("%v: is %q: %v", err, s, errors.Is(err, s))
		}
	}
	if strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), "the words of the service") {
		t.Errorf("message %q", err)
	}
}

// TestConflict: another conditional write is under way for longer than our
// patience. Who has won is found by reading.
func TestConflict(t *testing.T) {
	s := &service{}
	st := open(t, s)
	s.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "PUT" {
			refuse(w, 409, "ConditionalRequestConflict")
		}
		return r.Method == "PUT"
	}
	err := st.PutBytes(t.Context(), "key", []byte("body"), store.PutOptions{CreateOnly: true})
	check(t, err, store.ErrUnknown, 409, "ConditionalRequestConflict")
	if n := len(s.requests()); n != storetest.Patience.Attempts {
		t.Errorf("%d requests", n)
	}
	s.objects["/bucket/app/key"] = []byte("theirs")
	if err := st.Create(t.Context(), "key", []byte("ours"), store.PutOptions{}); !errors.Is(err, store.ErrExists) {
		t.Error(err)
	}
}

// TestAnswerLost: the object is written, and the connection breaks before the
// answer.
func TestAnswerLost(t *testing.T) {
	lose := func(s *service, apply bool, times int) {
		s.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != "PUT" || times == 0 {
				return false
			}
			times--
			if _, exists := s.objects[r.URL.Path]; apply && !exists {
				s.objects[r.URL.Path] = []byte("body")
			}
			hangUp(w)
			return true
		}
	}
	for _, test := range []struct {
		name    string
		apply   bool
		times   int
		present string
		want    error
		matched bool
		asked   []string
	}{
		{"applied", true, 1, "", nil, true, []string{"PUT", "GET"}},
		{"not applied", false, 1, "", nil, false, []string{"PUT", "GET", "PUT"}},
		{"not applied twice", false, 2, "", nil, false, []string{"PUT", "GET", "PUT", "GET", "PUT"}},
		{"never applied", false, 99, "", store.ErrUnknown, false, nil},
		{"somebody else's", false, 1, "other", store.ErrExists, false, []string{"PUT", "GET"}},
		{"same size", false, 1, "BODY", store.ErrExists, false, []string{"PUT", "GET"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &service{}
			st := open(t, s)
			if test.present != "" {
				s.objects["/bucket/app/key"] = []byte(test.present)
			}
			lose(s, test.apply, test.times)
			matched, err := st.CreateFrom(t.Context(), "key", strings.NewReader("body"), 4, store.PutOptions{})
			if !errors.Is(err, test.want) || matched != test.matched {
				t.Errorf("matched %v, %v", matched, err)
			}
			if asked := s.requests(); test.asked != nil && !slices.Equal(asked, test.asked) {
				t.Errorf("asked %v, want %v", asked, test.asked)
			}
		})
	}

	t.Run("conditional put is not repeated", func(t *testing.T) {
		s := &service{}
		st := open(t, s)
		lose(s, true, 1)
		err := st.PutBytes(t.Context(), "key", []byte("body"), store.PutOptions{CreateOnly: true})
		if asked := s.requests(); !errors.Is(err, store.ErrUnknown) || len(asked) != 1 {
			t.Errorf("%v after %v", err, asked)
		}
	})
	t.Run("plain put is repeated", func(t *testing.T) {
		s := &service{}
		st := open(t, s)
		lose(s, true, 2)
		err := st.PutBytes(t.Context(), "key", []byte("body"), store.PutOptions{})
		if asked := s.requests(); err != nil || len(asked) != 3 {
			t.Errorf("%v after %v", err, asked)
		}
	})
	t.Run("doubt outlives a refusal", func(t *testing.T) {
		s := &service{}
		st := open(t, s)
		s.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if len(s.asked) == 1 {
				hangUp(w)
			}
			refuse(w, 403, "AccessDenied")
			return true
		}
		if err := st.PutBytes(t.Context(), "key", []byte("body"), store.PutOptions{}); !errors.Is(err, store.ErrUnknown) {
			t.Error(err)
		}
	})
}

// TestRequests looks at what is sent, in the clear and over TLS with a
// certificate that the environment vouches for: no checksum headers, no ACL
// unless asked for, the condition, and the body's digest.
func TestRequests(t *testing.T) {
	var seen http.Header
	s := &service{objects: map[string][]byte{}}
	s.answer = func(w http.ResponseWriter, r *http.Request) bool {
		seen = r.Header.Clone()
		return false
	}
	clear := httptest.NewServer(s)
	defer clear.Close()
	secure := httptest.NewTLSServer(s)
	defer secure.Close()
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	if err := os.WriteFile(bundle, certificate, 0o666); err != nil {
		t.Fatal(err)
	}
	stranger := openAt(t, secure.URL)
	t.Setenv("AWS_CA_BUNDLE", bundle)

	for n, endpoint := range []string{clear.URL, secure.URL} {
		st := openAt(t, endpoint)
		o := store.PutOptions{ContentType: "text/plain", Metadata: map[string]string{"version-name": "1.1.0"}, CreateOnly: true}
		if err := st.PutBytes(t.Context(), fmt.Sprint("key", n), []byte("body"), o); err != nil {
			t.Fatal(err)
		}
		for name := range seen {
			name = strings.ToLower(name)
			if strings.Contains(name, "checksum") || strings.Contains(name, "trailer") || strings.Contains(name, "acl") || name == "cache-control" {
				t.Errorf("sent %s", name)
			}
		}
		for name, want := range map[string]string{
			"If-None-Match": "*", "Content-Type": "text/plain", "X-Amz-Meta-Version-Name": "1.1.0", "Content-Length": "4",
			"X-Amz-Content-Sha256": "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5",
		} {
			if seen.Get(name) != want {
				t.Errorf("%s: sent %s %q, want %q", endpoint, name, seen.Get(name), want)
			}
		}
	}

	err := stranger.PutBytes(t.Context(), "key", nil, store.PutOptions{})
	var e *store.Error
	if !errors.As(err, &e) || e.Code != "Certificate" || errors.Is(err, store.ErrUnavailable) {
		t.Errorf("unknown certificate: %v", err)
	}
}

// TestACL: public-read goes with every object when the URL says so.
func TestACL(t *testing.T) {
	var sent []string
	s := &service{objects: map[string][]byte{}}
	s.answer = func(w http.ResponseWriter, r *http.Request) bool {
		sent = append(sent, r.Header.Get("x-amz-acl"))
		fmt.Fprint(w, "<CopyObjectResult/>")
		return true
	}
	server := httptest.NewServer(s)
	defer server.Close()
	st, err := store.Open(t.Context(), "s3://bucket?acl=object&endpoint="+server.URL, gateway.Env)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(st.PutBytes(t.Context(), "key", nil, store.PutOptions{}), st.Copy(t.Context(), "key", "to", store.PutOptions{})); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(sent, []string{"public-read", "public-read"}) {
		t.Errorf("sent %q", sent)
	}
}

// TestNoCredentials: nothing is asked of the service without a key.
func TestNoCredentials(t *testing.T) {
	s := &service{objects: map[string][]byte{}}
	server := httptest.NewServer(s)
	defer server.Close()
	noProfile(t)
	st, err := store.Open(t.Context(), "s3://bucket?endpoint="+server.URL, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	err = st.WithRetry(storetest.Patience).PutBytes(t.Context(), "key", nil, store.PutOptions{})
	var e *store.Error
	if !errors.As(err, &e) || e.Code != "NoCredentials" || !errors.Is(err, store.ErrDenied) || len(s.requests()) != 0 {
		t.Errorf("%v", err)
	}
}

// TestWrongSecret: a wrong key is the service's to refuse.
func TestWrongSecret(t *testing.T) {
	u, _ := gateway.Place()
	st, err := store.Open(t.Context(), u, func(name string) string {
		if name == "AWS_SECRET_ACCESS_KEY" {
			return secret
		}
		return gateway.Env(name)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = st.PutBytes(t.Context(), "key", nil, store.PutOptions{})
	var e *store.Error
	if !errors.As(err, &e) || !errors.Is(err, store.ErrDenied) || e.Code != "SignatureDoesNotMatch" || e.Status != 403 {
		t.Errorf("%+v", err)
	}
	if strings.Contains(err.Error(), secret) {
		t.Errorf("message %q", err)
	}
}

// TestPublicRead reads what was stored as a stranger.
func TestPublicRead(t *testing.T) {
	u, base := gateway.Place()
	st, err := store.Open(context.Background(), u, gateway.Env)
	if err != nil {
		t.Fatal(err)
	}
	o := store.PutOptions{ContentType: "text/plain", CacheControl: "no-cache", Metadata: map[string]string{"release": "42"}}
	if err := st.PutBytes(t.Context(), "a/key", []byte("body"), o); err != nil {
		t.Fatal(err)
	}
	site, err := public.Open(base, nil)
	if err != nil {
		t.Fatal(err)
	}
	head, err := site.Head(t.Context(), "a/key", url.Values{"r": {"1"}})
	if err != nil || head.Metadata["release"] != "42" || head.Size != 4 || head.ContentType != "text/plain" || head.CacheControl != "no-cache" || head.Date.IsZero() {
		t.Errorf("%+v, %v", head, err)
	}
	if body, a, err := site.Get(t.Context(), "a/key", 4); string(body) != "body" || a.ETag != head.ETag || err != nil {
		t.Errorf("%q %+v, %v", body, a, err)
	}
	if body, a, err := site.Get(t.Context(), "a/key", 4, public.IfNoneMatch(head.ETag)); len(body) != 0 || a.Status != 304 || err != nil {
		t.Errorf("%q %+v, %v", body, a, err)
	}
	if _, err := site.Head(t.Context(), "missing", nil); !errors.Is(err, public.ErrStatus) {
		t.Error(err)
	}
}

// noProfile leaves an S3 client of this process without any key of this machine.
func noProfile(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "none")
	for name, value := range map[string]string{
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": empty, "AWS_SHARED_CREDENTIALS_FILE": empty,
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
}
