package serve

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wgtup/internal/public"
	"wgtup/internal/store"
	"wgtup/internal/store/mem"
)

var release = store.PutOptions{
	ContentType: "application/json", CacheControl: "no-cache",
	Metadata: map[string]string{"version-name": "1.1.0", "release": "42"},
}

// folder returns a dir store in a folder that has a neighbour to be kept secret.
func folder(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), "dir:"+filepath.Join(t.TempDir(), "store"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for key, body := range map[string]string{
		"channels/production/release.json": "0123456789", "packages/Empty.wgt": "", ".wgtup/probe": "probe", "wgtup": "x",
	} {
		if err := s.PutBytes(t.Context(), key, []byte(body), release); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// ask sends one request to a handler, without a client that would tidy the path.
func ask(h http.Handler, method, target string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, "/", nil)
	r.URL.Path, r.RequestURI = target, target
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, resp *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const key = "/channels/production/release.json"

func TestObject(t *testing.T) {
	h := Handler(folder(t), nil, time.Minute)
	for _, method := range []string{"GET", "HEAD"} {
		resp := ask(h, method, key)
		want := "0123456789"
		if method == "HEAD" {
			want = ""
		}
		if got := text(t, resp); resp.StatusCode != 200 || got != want {
			t.Errorf("%s: %d %q", method, resp.StatusCode, got)
		}
		for name, want := range map[string]string{
			"Content-Type": "application/json", "Cache-Control": "no-cache", "Content-Length": "10", "Accept-Ranges": "bytes",
			"ETag": `"84d89877f0d4041efb6bf91a16f0248f"`, "X-Content-Type-Options": "nosniff",
			"x-oss-meta-version-name": "1.1.0", "x-oss-meta-release": "42",
			"Access-Control-Allow-Origin":   "*",
			"Access-Control-Expose-Headers": "Age, Content-Length, Content-Range, Date, ETag, x-oss-meta-release, x-oss-meta-version-name",
		} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", method, name, got, want)
			}
		}
		if _, err := http.ParseTime(resp.Header.Get("Last-Modified")); err != nil {
			t.Error(err)
		}
	}
	if resp := ask(h, "GET", "/packages/Empty.wgt"); resp.StatusCode != 200 || text(t, resp) != "" || resp.Header.Get("Content-Length") != "0" {
		t.Errorf("empty: %d %v", resp.StatusCode, resp.Header)
	}
}

func TestRanges(t *testing.T) {
	h := Handler(folder(t), nil, time.Minute)
	for _, test := range []struct {
		ask    string
		status int
		span   string
		want   string
	}{
		{"bytes=0-0", 206, "bytes 0-0/10", "0"},
		{"bytes=2-4", 206, "bytes 2-4/10", "234"},
		{"bytes=7-", 206, "bytes 7-9/10", "789"},
		{"bytes=9-9", 206, "bytes 9-9/10", "9"},
		{"bytes=8-100", 206, "bytes 8-9/10", "89"},
		{"bytes=-3", 206, "bytes 7-9/10", "789"},
		{"bytes=-100", 206, "bytes 0-9/10", "0123456789"},
		{"bytes=10-", 416, "bytes */10", ""},
		{"bytes=10-20", 416, "bytes */10", ""},
		{"bytes=4-2", 416, "", ""},
		{"bytes=x-", 416, "", ""},
		{"lines=1-2", 416, "", ""},
		{"bytes=0-3,5-9,0-9", 200, "", "0123456789"}, // more than the whole
	} {
		for _, method := range []string{"GET", "HEAD"} {
			resp := ask(h, method, key, "Range", test.ask)
			body := text(t, resp)
			if resp.StatusCode != test.status || resp.Header.Get("Content-Range") != test.span {
				t.Errorf("%s %s: %d, %q", method, test.ask, resp.StatusCode, resp.Header.Get("Content-Range"))
			}
			if method == "GET" && test.status != 416 && body != test.want {
				t.Errorf("%s %s: %q", method, test.ask, body)
			}
		}
	}
	resp := ask(h, "GET", key, "Range", "bytes=0-1,4-5")
	if body := text(t, resp); resp.StatusCode != 206 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "multipart/byteranges") ||
		!strings.Contains(body, "bytes 0-1/10") || !strings.Contains(body, "bytes 4-5/10") {
		t.Errorf("two ranges: %d %q", resp.StatusCode, body)
	}
}

func TestConditions(t *testing.T) {
	h := Handler(folder(t), nil, time.Minute)
	first := ask(h, "GET", key)
	etag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	for _, test := range []struct {
		headers []string
		status  int
	}{
		{[]string{"If-None-Match", etag}, 304},
		{[]string{"If-None-Match", `"x", ` + etag}, 304},
		{[]string{"If-None-Match", "W/" + etag}, 304},
		{[]string{"If-None-Match", "*"}, 304},
		{[]string{"If-None-Match", `"x"`}, 200},
		{[]string{"If-None-Match", `"x"`, "If-Modified-Since", modified}, 200},
		{[]string{"If-Modified-Since", modified}, 304},
		{[]string{"If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT"}, 200},
		{[]string{"If-Match", `"x"`}, 412},
		{[]string{"If-Range", etag, "Range", "bytes=1-1"}, 206},
		{[]string{"If-Range", `"x"`, "Range", "bytes=1-1"}, 200},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			resp := ask(h, method, key, test.headers...)
			if resp.StatusCode != test.status {
				t.Errorf("%s %q: %d, want %d", method, test.headers, resp.StatusCode, test.status)
			}
			if test.status == 304 && (text(t, resp) != "" || resp.Header.Get("ETag") != etag || resp.Header.Get("x-oss-meta-release") != "42" || resp.Header.Get("Cache-Control") != "no-cache") {
				t.Errorf("%s %q: 304 with %v", method, test.headers, resp.Header)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	h := Handler(folder(t), nil, time.Minute)
	for _, target := range []string{
		"/", "", "*", "/nothing", "/channels", "/channels/", "/channels/production", "//channels/production/release.json",
		"/.wgtup/probe", "/./.wgtup/probe", "/x/../.wgtup/probe", "/objects/wgtup=.json", "/blobs", "/tmp", "/wgtup=.json",
		"/../store/objects/wgtup=.json", "/../../etc/passwd", "/channels/../../../etc/passwd", `/..\..\etc\passwd`, "/C:/Windows/win.ini",
		"/channels/production/release.json/", "/wgtup\x00", "/wgtup ", "/WGTUP", "/packages/empty.wgt", "/con", "/" + strings.Repeat("a", 300),
		"/" + strings.Repeat("a/", 3000),
	} {
		for _, method := range []string{"GET", "HEAD"} {
			resp := ask(h, method, target)
			if resp.StatusCode != 404 || method == "GET" && text(t, resp) != "not found\n" || resp.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
				t.Errorf("%s %.60q: %d %v", method, target, resp.StatusCode, resp.Header)
			}
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "PROPFIND", "TRACE", "CONNECT"} {
		if resp := ask(h, method, key); resp.StatusCode != 405 || resp.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
			t.Errorf("%s: %d, Allow %q", method, resp.StatusCode, resp.Header.Get("Allow"))
		}
	}
	resp := ask(h, "OPTIONS", key, "Origin", "https://h5.example", "Access-Control-Request-Method", "GET")
	if resp.StatusCode != 204 || resp.Header.Get("Access-Control-Allow-Origin") != "*" || resp.Header.Get("Access-Control-Allow-Methods") != "GET, HEAD, OPTIONS" ||
		!strings.Contains(resp.Header.Get("Access-Control-Allow-Headers"), "If-None-Match") {
		t.Errorf("preflight: %d %v", resp.StatusCode, resp.Header)
	}
}

// TestWire asks a real server: encoded traversal, the query, and the log.
func TestWire(t *testing.T) {
	var mu sync.Mutex
	var lines []string
	server := start(t, Config{Store: folder(t), Log: func(line string) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, line)
	}})
	for _, test := range []struct {
		target string
		status string
	}{
		{key + "?r=110&n=200&p=android", "200"},
		{"/channels/%2e%2e/%2e%2e/etc/passwd", "404"},
		{"/..%2f..%2fetc%2fpasswd", "404"},
		{"/%2ewgtup/probe", "404"},
		{"/channels%2fproduction%2frelease.json", "200"},
		{"/a%0ab", "404"},
	} {
		status, header := raw(t, server, "GET "+test.target+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		if status != test.status || header.Get("Date") == "" {
			t.Errorf("%s: %s %v", test.target, status, header)
		}
	}
	if status, _ := raw(t, server, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: "+strings.Repeat("x", 32<<10)+"\r\n\r\n"); status != "431" {
		t.Errorf("long header: %s", status)
	}
	for _, test := range []struct{ target, header, status string }{
		{key, "X: y", "200"}, {key, "Range: bytes=1-2", "206"}, {key, "Range: bytes=10-", "416"}, {"/nothing", "X: y", "404"},
	} {
		c := server.dial(t)
		defer c.Close()
		fmt.Fprintf(c, "HEAD %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n\r\n", test.target, test.header)
		answer, err := io.ReadAll(c)
		if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 "+test.status)) || !bytes.HasSuffix(answer, []byte("\r\n\r\n")) {
			t.Errorf("HEAD %s with %s: %q, %v", test.target, test.header, answer, err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(lines) != 10 || !strings.Contains(lines[0], ` 127.0.0.1 GET "/channels/production/release.json?r=110&n=200&p=android" 200 10 `) {
		t.Errorf("log %q", lines)
	}
}

// TestStranger looks at the folder as a device does, while it changes.
func TestStranger(t *testing.T) {
	s := folder(t)
	server := start(t, Config{Store: s})
	site, err := public.Open(server.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	head, err := site.Head(t.Context(), key[1:], url.Values{"r": {"110"}})
	if err != nil || head.Metadata["release"] != "42" || head.Size != 10 || time.Since(head.Now()) > time.Minute {
		t.Errorf("%+v, %v", head, err)
	}
	o := release
	o.Metadata = map[string]string{"release": "43"}
	if err := s.PutBytes(t.Context(), key[1:], []byte("43"), o); err != nil {
		t.Fatal(err)
	}
	body, a, err := site.Get(t.Context(), key[1:], 2, public.IfNoneMatch(head.ETag))
	if string(body) != "43" || a.Metadata["release"] != "43" || err != nil {
		t.Errorf("%q %+v, %v", body, a, err)
	}
	if _, a, err := site.Get(t.Context(), key[1:], 2, public.IfNoneMatch(a.ETag)); a.Status != 304 || a.Metadata["release"] != "43" || err != nil {
		t.Errorf("%+v, %v", a, err)
	}
}

func raw(t *testing.T, server *running, request string) (status string, header http.Header) {
	t.Helper()
	c := server.dial(t)
	defer c.Close()
	io.WriteString(c, request)
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp.Status[:3], resp.Header
}

// TestSlowHeader: a client that never ends its request is cut off.
func TestSlowHeader(t *testing.T) {
	server := start(t, Config{Store: folder(t), Header: 20 * time.Millisecond})
	c := server.dial(t)
	defer c.Close()
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Sl")
	if data, err := io.ReadAll(c); err != nil || bytes.Contains(data, []byte(" 200 ")) {
		t.Errorf("%q, %v", data, err)
	}
}

// TestStalled: a client that stops reading a body is cut off.
func TestStalled(t *testing.T) {
	logged := make(chan string, 1)
	server := start(t, Config{Store: big(t), Stall: 50 * time.Millisecond, Log: func(line string) { logged <- line }})
	c := server.dial(t)
	defer c.Close()
	io.WriteString(c, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
	<-logged // the handler has given up
	if n, _ := io.Copy(io.Discard, c); n >= size {
		t.Errorf("got all %d bytes", n)
	}
}

// TestShutdown: no new connections, and the download under way is finished.
func TestShutdown(t *testing.T) {
	server := start(t, Config{Store: big(t)})
	c := server.dial(t)
	defer c.Close()
	io.WriteString(c, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	server.cancel()
	for {
		d, err := net.Dial("tcp", server.listener.Addr().String())
		if err != nil {
			break
		}
		d.Close()
	}
	if n, err := io.Copy(io.Discard, resp.Body); n != size || err != nil {
		t.Errorf("got %d bytes, %v", n, err)
	}
	c.Close()
	if err := <-server.ended; err != nil {
		t.Error(err)
	}
}

func TestGraceOver(t *testing.T) {
	server := start(t, Config{Store: big(t), Grace: time.Millisecond})
	c := server.dial(t)
	defer c.Close()
	io.WriteString(c, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
	if _, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil {
		t.Fatal(err)
	}
	server.cancel()
	if err := <-server.ended; err == nil {
		t.Error("the server ended in peace")
	}
}

func TestAddress(t *testing.T) {
	for address, want := range map[string]string{
		"": "127.0.0.1:0", ":0": "127.0.0.1:0", ":8080": "127.0.0.1:8080", "0.0.0.0:80": "0.0.0.0:80", "localhost:1": "localhost:1", "[::]:80": "[::]:80",
	} {
		if got, err := complete(address); got != want || err != nil {
			t.Errorf("%q: %q, %v", address, got, err)
		}
	}
	if _, err := complete("8080"); err == nil {
		t.Error("an address without a colon was accepted")
	}
}

const size = 64 << 20 // more than the system buffers between two sockets

func big(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.New(mem.New(), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutBytes(t.Context(), "big", make([]byte, size), store.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	return s
}

type running struct {
	*Server
	cancel context.CancelFunc
	ended  chan error
}

func start(t *testing.T, c Config) *running {
	t.Helper()
	s, err := Listen(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{s, cancel, make(chan error, 1)}
	done := make(chan struct{})
	go func() { r.ended <- s.Serve(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return r
}

func (r *running) dial(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", r.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}
