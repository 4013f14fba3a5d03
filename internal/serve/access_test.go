package serve

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"wgtup/internal/store"
	"wgtup/internal/store/mem"
)

// FuzzAccess: whatever somebody asks for, with whatever headers, only objects are
// answered with, nothing of the request comes back in a header, and the log line is
// one line.
func FuzzAccess(f *testing.F) {
	const secret, shown = "the probe is nobody's business", "0123456789"
	s, err := store.New(mem.New(), "")
	if err != nil {
		f.Fatal(err)
	}
	for name, body := range map[string]string{"channels/production/release.json": shown, "packages/a.wgt": "", ".wgtup/probe": secret} {
		if err := s.PutBytes(f.Context(), name, []byte(body), release); err != nil {
			f.Fatal(err)
		}
	}
	for _, seed := range [][4]string{
		{"GET", key, "bytes=0-3", "agent"}, {"HEAD", "/packages/a.wgt", "bytes=-1", ""}, {"GET", "/../.wgtup/probe", "", ""}, {"GET", "/.wgtup/probe", "", ""},
		{"GET", key + "?r=1%0d%0aSet-Cookie: x", "bytes=0-0,1-1,2-2,3-3,4-4,0-9", "a\r\nb"}, {"OPTIONS", "*", "", ""}, {"PUT", key, "", ""},
		{"GET", key, "bytes=99999999999999999999-", ""}, {"GET", key, "bytes=" + strings.Repeat("0-0,", 500) + "1-1", ""}, {"GET", "/%2e%2e/%2ewgtup/probe", "lines=1", "\x1b[31m"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, method, target, span, agent string) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return // net/http answers 400 before us
		}
		lines := 0
		h := Handler(s, func(line string) {
			lines++
			if strings.ContainsAny(line, "\r\n\x1b") {
				t.Errorf("log %q", line)
			}
		}, time.Minute)
		r := &http.Request{Method: method, URL: u, RequestURI: target, Header: http.Header{"Range": {span}, "User-Agent": {agent}, "If-None-Match": {agent}, "If-Range": {span}}, RemoteAddr: "127.0.0.1:1", Proto: "HTTP/1.1"}
		if !validMethod(method) {
			return
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(t.Context()))
		body := w.Body.String()
		if strings.Contains(body, secret) {
			t.Errorf("%s %q shows the probe", method, target)
		}
		if w.Code == 200 && method == "GET" && body != shown && body != "" {
			t.Errorf("%s %q: %q", method, target, body)
		}
		if len(body) > 64<<10 {
			t.Errorf("%s %q with %q: %d bytes", method, target, span, len(body))
		}
		if method == "HEAD" && w.Code == 200 && body != "" {
			t.Errorf("HEAD %q has a body", target)
		}
		for name, values := range w.Header() {
			if strings.ContainsAny(name+strings.Join(values, ""), "\r\n") {
				t.Errorf("header %s: %q", name, values)
			}
		}
		if lines != 1 {
			t.Errorf("%d lines of log", lines)
		}
	})
}

// validMethod: net/http answers others with 400 before us.
func validMethod(s string) bool {
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
