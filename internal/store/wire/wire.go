// Package wire is what drivers of services that speak HTTP have in common: a
// client that makes one attempt, what is known of a request that failed, and
// what an answer means.
//
// SDKs wrap, flatten or drop the error of a request. A Call remembers what
// happened beneath them: whether the request had left, and what came back.
package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

// Client returns a client for one bucket. It follows no redirect (a signed
// request belongs to the host it was signed for), takes a proxy from the
// environment, and gives up on a service that is silent, not on a slow one.
// roots vouch for certificates, nil for those of the system. Calls see what it
// sends.
func Client(roots *x509.CertPool) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext
	t.ResponseHeaderTimeout, t.MaxIdleConnsPerHost = 2*time.Minute, 16
	t.TLSClientConfig = &tls.Config{RootCAs: roots}
	t.ReadBufferSize, t.WriteBufferSize = 64<<10, 64<<10 // packages, not pages
	t.DisableCompression = true                          // sizes and ranges are those of the stored bytes
	return &http.Client{
		Transport:     Counted{observed{t}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Call is one request of a verb. Use its Context for it.
type Call struct {
	Context context.Context
	writes  bool

	mu     sync.Mutex
	sent   bool
	err    error // of the transport
	answer *http.Response
}

type callKey struct{}

// Read begins a call that changes nothing.
func Read(ctx context.Context) *Call { return begin(ctx, false) }

// Write begins a call that may change the bucket as soon as its headers have left.
func Write(ctx context.Context) *Call { return begin(ctx, true) }

func begin(ctx context.Context, writes bool) *Call {
	c := &Call{writes: writes}
	c.Context = context.WithValue(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.sent = true
	}}), callKey{}, c)
	return c
}

// Answer is what came back, with nothing to read in it any more; nil when
// nothing did.
func (c *Call) Answer() *http.Response {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answer
}

// Header is a header of the answer, "" without one.
func (c *Call) Header(name string) string {
	if a := c.Answer(); a != nil {
		return a.Header.Get(name)
	}
	return ""
}

// observed tells Calls what happens to their requests.
type observed struct{ next http.RoundTripper }

func (o observed) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.ContentLength == 0 && r.Body != nil && r.Body != http.NoBody {
		// Otherwise an empty body is sent in chunks, without a length. No
		// request of ours has an unknown one.
		r.Body.Close()
		r = r.WithContext(r.Context())
		r.Body = http.NoBody
	}
	answer, err := o.next.RoundTrip(r)
	if c, ok := r.Context().Value(callKey{}).(*Call); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.err = err
		if c.answer = nil; answer != nil {
			c.answer = &http.Response{StatusCode: answer.StatusCode, Header: answer.Header.Clone()}
		}
	}
	return answer, err
}
