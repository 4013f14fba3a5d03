package wire

import (
	"context"
	"io"
	"net/http"
	"sync"
)

type sentKey struct{}

// WithSent returns a context whose request tells sent how many bytes of its body
// have left, where its client counts them. A nil sent is told nothing.
func WithSent(ctx context.Context, sent func(bytes int64)) context.Context {
	if sent == nil {
		return ctx
	}
	return context.WithValue(ctx, sentKey{}, sent)
}

// Counted counts what leaves: a body is read before that, to be signed.
type Counted struct{ Next http.RoundTripper }

func (c Counted) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, ok := r.Context().Value(sentKey{}).(func(int64))
	if !ok || r.Body == nil || r.Body == http.NoBody {
		return c.Next.RoundTrip(r)
	}
	r = r.WithContext(r.Context()) // a request belongs to its sender
	l := &listener{sent: sent}
	defer l.leave() // an answer may come while the body is still read
	r.Body = &counter{ReadCloser: r.Body, to: l}
	if again := r.GetBody; again != nil {
		r.GetBody = func() (io.ReadCloser, error) {
			body, err := again()
			return &counter{ReadCloser: body, to: l}, err
		}
	}
	return c.Next.RoundTrip(r)
}

// A listener is told nothing any more when the request has ended.
type listener struct {
	mu   sync.Mutex
	sent func(int64)
}

func (l *listener) tell(bytes int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sent != nil {
		l.sent(bytes)
	}
}

func (l *listener) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = nil
}

type counter struct {
	io.ReadCloser
	at int64
	to *listener
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.at += int64(n); n > 0 {
		c.to.tell(c.at)
	}
	return n, err
}
