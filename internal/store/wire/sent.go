package wire

import (
	"context"
	"io"
	"net/http"
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
	if sent, ok := r.Context().Value(sentKey{}).(func(int64)); ok && r.Body != nil && r.Body != http.NoBody {
		r = r.WithContext(r.Context()) // a request belongs to its sender
		r.Body = &counter{ReadCloser: r.Body, sent: sent}
		if again := r.GetBody; again != nil {
			r.GetBody = func() (io.ReadCloser, error) {
				body, err := again()
				return &counter{ReadCloser: body, sent: sent}, err
			}
		}
	}
	return c.Next.RoundTrip(r)
}

type counter struct {
	io.ReadCloser
	at   int64
	sent func(int64)
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.at += int64(n); n > 0 {
		c.sent(c.at)
	}
	return n, err
}
