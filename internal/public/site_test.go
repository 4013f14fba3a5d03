package public

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func site(t *testing.T, h http.HandlerFunc) *Site {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	s, err := Open(server.URL+"/bucket/app/", server.Client())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOpen(t *testing.T) {
	for base, want := range map[string]string{
		"https://cdn.example.com":           "https://cdn.example.com/a/b.json",
		"https://cdn.example.com/":          "https://cdn.example.com/a/b.json",
		"http://127.0.0.1:7070/bucket/app":  "http://127.0.0.1:7070/bucket/app/a/b.json",
		"http://127.0.0.1:7070/bucket/app/": "http://127.0.0.1:7070/bucket/app/a/b.json",
		"https://cdn.example.com/应用":        "https://cdn.example.com/%E5%BA%94%E7%94%A8/a/b.json",
	} {
		s, err := Open(base, nil)
		if err != nil || s.URL("a/b.json") != want {
			t.Errorf("%s: %s, %v", base, s.URL("a/b.json"), err)
		}
	}
	for _, base := range []string{
		"", "cdn.example.com", "//cdn.example.com", "ftp://cdn.example.com", "file:///etc", "https://", "https://user:pw@cdn.example.com",
		"https://cdn.example.com/?x=y", "https://cdn.example.com/#x", "http://[", "s3://bucket",
	} {
		if _, err := Open(base, nil); err == nil || strings.Contains(err.Error(), "pw") {
			t.Errorf("%q: %v", base, err)
		}
	}
}

func TestHead(t *testing.T) {
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "HEAD" || r.RequestURI != "/bucket/app/channels/p/release.json?n=200&r=110" || r.Header.Get("Accept-Encoding") != "identity" ||
			r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
			t.Errorf("asked %s %s %v", r.Method, r.RequestURI, r.Header)
		}
		h := w.Header()
		h["x-OSS-meta-Release"] = []string{"42"}
		h.Set("X-Amz-Meta-Version-Name", "1.1.0")
		h.Set("Content-Length", "1234")
		h.Set("ETag", `"e"`)
		h.Set("Content-Type", "application/json")
		h.Set("Cache-Control", "no-cache")
		h.Set("Date", "Sun, 22 Nov 2026 10:00:00 GMT")
		h.Set("Age", "90")
	})
	a, err := s.Head(t.Context(), "channels/p/release.json", url.Values{"r": {"110"}, "n": {"200"}})
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != 200 || a.Size != 1234 || a.ETag != `"e"` || a.ContentType != "application/json" || a.CacheControl != "no-cache" ||
		!maps.Equal(a.Metadata, map[string]string{"release": "42", "version-name": "1.1.0"}) || a.Conflicting != nil {
		t.Errorf("%+v", a)
	}
	if want := time.Date(2026, 11, 22, 10, 1, 30, 0, time.UTC); !a.Now().Equal(want) {
		t.Errorf("now is %v", a.Now())
	}
}

func TestMetadata(t *testing.T) {
	for _, test := range []struct {
		header      http.Header
		want        map[string]string
		conflicting []string
	}{
		{http.Header{"X-Cos-Meta-Release": {"1"}}, map[string]string{"release": "1"}, nil},
		{http.Header{"X-BCE-META-release": {"1"}}, map[string]string{"release": "1"}, nil},
		{http.Header{"X-Oss-Meta-Release": {"1"}, "X-Amz-Meta-Release": {"1"}}, map[string]string{"release": "1"}, nil},
		{http.Header{"X-Oss-Meta-Release": {"1", "1"}}, map[string]string{"release": "1"}, nil},
		{http.Header{"X-Oss-Meta-Release": {"1, 1"}}, map[string]string{"release": "1"}, nil},
		{http.Header{"X-Oss-Meta-Release": {"1"}, "X-Amz-Meta-Release": {"2"}, "X-Amz-Meta-Epoch": {"0"}}, map[string]string{"epoch": "0"}, []string{"release"}},
		{http.Header{"X-Oss-Meta-Release": {"1, 2"}}, map[string]string{}, []string{"release"}},
		{http.Header{"X-Oss-Meta-Release": {"1", "2", "3"}}, map[string]string{}, []string{"release"}},
		{http.Header{"X-Oss-Meta-A-Meta-B": {"1"}}, map[string]string{"a-meta-b": "1"}, nil},
		{http.Header{"X-Oss-Meta-": {"1"}, "Meta-X": {"1"}, "X-Metadata": {"1"}}, map[string]string{}, nil},
	} {
		got, conflicting := metadata(test.header)
		if !maps.Equal(got, test.want) || !slices.Equal(conflicting, test.conflicting) {
			t.Errorf("%v: %v, conflicting %v", test.header, got, conflicting)
		}
	}
}

func TestNow(t *testing.T) {
	for _, test := range []struct{ date, age string }{{"", "5"}, {"yesterday", "5"}} {
		a := read(&http.Response{Header: http.Header{"Date": {test.date}, "Age": {test.age}}})
		if !a.Now().IsZero() {
			t.Errorf("%v: %v", test, a.Now())
		}
	}
	for _, age := range []string{"", "-5", "x", "99999999999999999999", "9999999999999"} {
		a := read(&http.Response{Header: http.Header{"Date": {"Sun, 22 Nov 2026 10:00:00 GMT"}, "Age": {age}}})
		if !a.Now().Equal(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)) {
			t.Errorf("age %q: %v", age, a.Now())
		}
	}
}

func TestGet(t *testing.T) {
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"e"`)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader("0123456789"))
	})
	data, a, err := s.Get(t.Context(), "key", 10)
	if string(data) != "0123456789" || a.Status != 200 || a.Size != 10 || err != nil {
		t.Errorf("%q %+v %v", data, a, err)
	}
	data, a, err = s.Get(t.Context(), "key", 10, IfNoneMatch(a.ETag))
	if len(data) != 0 || a.Status != 304 || a.ETag != `"e"` || err != nil {
		t.Errorf("%q %+v %v", data, a, err)
	}
	data, a, err = s.Get(t.Context(), "key", 3, Span(2, 3))
	if string(data) != "234" || a.Status != 206 || err != nil {
		t.Errorf("%q %+v %v", data, a, err)
	}
	_, _, err = s.Get(t.Context(), "key", 9)
	failed(t, err, ErrTooLarge, 200)
}

func TestBodies(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		want   error
		status int
	}{
		{"no length, too large", func(w http.ResponseWriter, r *http.Request) {
			for range 100 {
				io.WriteString(w, strings.Repeat("x", 1000))
				w.(http.Flusher).Flush()
			}
		}, ErrTooLarge, 200},
		{"cut", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "10")
			io.WriteString(w, "01234")
		}, ErrCut, 200},
		{"cut without a length", func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "01234")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, ErrCut, 200},
		{"compressed", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, "01234")
			z.Close()
		}, ErrEncoded, 200},
		{"missing", http.NotFound, ErrStatus, 404},
		{"denied", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(403) }, ErrStatus, 403},
		{"broken", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(503) }, ErrStatus, 503},
		{"not asked for", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(304) }, ErrStatus, 304},
		{"part", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(206) }, ErrStatus, 206},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := site(t, test.answer)
			_, a, err := s.Get(t.Context(), "key", 1000, Query(url.Values{"r": {"private"}}))
			failed(t, err, test.want, test.status)
			if a.Status != test.status {
				t.Errorf("answer %+v", a)
			}
			if test.want == ErrStatus {
				a, err := s.Head(t.Context(), "key", nil)
				failed(t, err, test.want, test.status)
				if a.Status != test.status {
					t.Errorf("answer %+v", a)
				}
			}
		})
	}
}

func failed(t *testing.T, err, want error, status int) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, want) || e.Status != status || !strings.HasSuffix(e.URL, "/bucket/app/key") || strings.Contains(err.Error(), "private") {
		t.Errorf("error is %v, want %v", err, want)
	}
}

func TestNobodyThere(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	s, err := Open(server.URL+"/bucket/app", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Head(t.Context(), "key", url.Values{"r": {"private"}})
	var e *Error
	if !errors.As(err, &e) || e.Status != 0 || strings.Contains(err.Error(), "private") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Get(ctx, "key", 1); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestRedirects(t *testing.T) {
	hops := func(n *int, to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if *n == 0 {
				io.WriteString(w, "here")
				return
			}
			*n--
			http.Redirect(w, r, to, http.StatusFound)
		}
	}
	n := 5
	s := site(t, hops(&n, "/elsewhere"))
	if data, _, err := s.Get(t.Context(), "key", 10); string(data) != "here" || err != nil {
		t.Errorf("five: %q, %v", data, err)
	}
	n = 6
	_, _, err := s.Get(t.Context(), "key", 10)
	failed(t, err, ErrRedirect, 0)

	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "here") }))
	defer plain.Close()
	n = 1
	secure := httptest.NewTLSServer(hops(&n, plain.URL))
	defer secure.Close()
	s, err = Open(secure.URL+"/bucket/app", secure.Client())
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = s.Get(t.Context(), "key", 10)
	failed(t, err, ErrRedirect, 0)
	n = 1
	up := httptest.NewServer(hops(&n, secure.URL))
	defer up.Close()
	s, err = Open(up.URL, secure.Client())
	if err != nil {
		t.Fatal(err)
	}
	if data, _, err := s.Get(t.Context(), "key", 10); string(data) != "here" || err != nil {
		t.Errorf("from http to https: %q, %v", data, err)
	}
}
