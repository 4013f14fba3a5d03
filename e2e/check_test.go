package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestCheckWithNothingNew: a phone that keeps the newest document learns from
// one HEAD, without a single body byte, that nothing is new; the query of the
// protocol does no harm.
func TestCheckWithNothingNew(t *testing.T) {
	for _, place := range places(t) {
		t.Run(place.name, func(t *testing.T) {
			p := newProject(t, place)
			p.ok("publish", "--base", build(t, "1.0.0"))
			p.ok("publish", build(t, "1.0.1"))
			header, body := head(t, strings.TrimSuffix(p.public, "/")+"/channels/production/release.json?r=101&n=100&p=android&d=1&e=confirmed.r2")
			if len(body) > 0 {
				t.Errorf("HEAD came with %d body bytes", len(body))
			}
			for name, want := range map[string]string{"release": "2", "epoch": "0"} {
				if got := meta(header, name); got != want {
					t.Errorf("metadata %s is %q, want %q", name, got, want)
				}
			}
			if cache := header.Get("Cache-Control"); cache != "no-cache" {
				t.Errorf("Cache-Control %q, want no-cache", cache)
			}
		})
	}
}

// head sends a HEAD by hand, to see every byte of the answer.
func head(t *testing.T, address string) (http.Header, []byte) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "HEAD %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", u.RequestURI(), u.Host)
	in := bufio.NewReader(conn)
	request, _ := http.NewRequest(http.MethodHead, address, nil)
	answer, err := http.ReadResponse(in, request)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("HEAD %s: %s", address, answer.Status)
	}
	body, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Header, body
}

func meta(h http.Header, name string) string {
	for key, values := range h {
		if strings.HasSuffix(strings.ToLower(key), "-meta-"+name) {
			return values[0]
		}
	}
	return ""
}
