// Package public looks at a store as a stranger does, or a phone: through its
// public base URL, over plain HTTP, without credentials. There may be a CDN in
// between, and what it changes is what devices see.
//
// Metadata is whatever header is called *-meta-NAME, in any case and with any
// service's prefix. A name that comes with two different values is conflicting:
// it has no value. Bodies are asked for as they are, never compressed on the
// way, and never read beyond the caller's limit. Up to five redirects are
// followed, from https only to https.
package public

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

var (
	ErrStatus   = errors.New("unexpected answer") // Error.Status says which
	ErrTooLarge = errors.New("body larger than expected")
	ErrCut      = errors.New("body ended early")
	ErrEncoded  = errors.New("body is compressed though that was not asked for")
	ErrRedirect = errors.New("redirect not followed")
)

// Error is a failed request. Status is 0 when there was no answer.
type Error struct {
	Op     string // "head" or "get"
	URL    string // without the query
	Status int
	Err    error // wraps one of the sentinels, or is the connection's error
}

func (e *Error) Error() string {
	if errors.Is(e.Err, ErrStatus) {
		return fmt.Sprintf("%s %s: %v: %d %s", e.Op, e.URL, e.Err, e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("%s %s: %v", e.Op, e.URL, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

const maxRedirects = 5

// Site is a public base URL.
type Site struct {
	base   *url.URL // path ends in "/"
	client *http.Client
}

// Open returns the site at base: http or https, any host and path, with or
// without a slash at the end. client, which may be nil, is asked with our rules
// for redirects.
func Open(base string, client *http.Client) (*Site, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return nil, errors.New("open site: not a URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("open site: the URL begins with neither https:// nor http://")
	case u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("open site: the URL is not just host and path")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/")+"/", ""
	own := http.Client{}
	if client != nil {
		own = *client
	}
	own.CheckRedirect = checkRedirect
	own.Jar = nil
	return &Site{u, &own}, nil
}

func checkRedirect(to *http.Request, via []*http.Request) error {
	from := via[len(via)-1]
	switch {
	case len(via) > maxRedirects:
		return fmt.Errorf("%w: more than %d", ErrRedirect, maxRedirects)
	case from.URL.Scheme == "https" && to.URL.Scheme != "https":
		return fmt.Errorf("%w: from https to %s", ErrRedirect, to.URL.Scheme)
	case to.URL.Scheme != "https" && to.URL.Scheme != "http":
		return fmt.Errorf("%w: to %s", ErrRedirect, to.URL.Scheme)
	}
	return nil
}

// URL is where a stranger finds key.
func (s *Site) URL(key string) string { return s.locate(key).String() }

func (s *Site) locate(key string) *url.URL {
	u := *s.base
	u.Path += strings.TrimPrefix(key, "/")
	return &u
}

// Option changes a request.
type Option func(*http.Request)

// Query adds to the query.
func Query(query url.Values) Option {
	return func(r *http.Request) { r.URL.RawQuery = query.Encode() }
}

// IfNoneMatch asks for the object only when its ETag, as an Answer had it, is
// another one. Get returns no body and the status 304 otherwise.
func IfNoneMatch(etag string) Option {
	return func(r *http.Request) { r.Header.Set("If-None-Match", etag) }
}

// Span asks for length bytes from offset on; the status is 206.
func Span(offset, length int64) Option {
	return func(r *http.Request) { r.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", offset, offset+length-1)) }
}

// Origin asks as a script on the page of this origin would.
func Origin(origin string) Option {
	return func(r *http.Request) { r.Header.Set("Origin", origin) }
}

// Head asks for the headers of key. An answer other than 200 is an *Error with
// ErrStatus, and the Answer is there as well.
func (s *Site) Head(ctx context.Context, key string, query url.Values) (Answer, error) {
	resp, err := s.do(ctx, http.MethodHead, key, []Option{Query(query)})
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	a := read(resp)
	if a.Status != http.StatusOK {
		return a, s.fail("head", key, a.Status, ErrStatus)
	}
	return a, nil
}

// Get reads key, which has at most limit bytes.
func (s *Site) Get(ctx context.Context, key string, limit int64, o ...Option) ([]byte, Answer, error) {
	var body bytes.Buffer
	a, err := s.GetTo(ctx, key, &body, limit, o...)
	return body.Bytes(), a, err
}

// GetTo writes the body of key, at most limit bytes, to w. An answer other than
// 200, 206 to a Span or 304 to an IfNoneMatch is an *Error with ErrStatus, and
// the Answer is there as well.
func (s *Site) GetTo(ctx context.Context, key string, w io.Writer, limit int64, o ...Option) (Answer, error) {
	resp, err := s.do(ctx, http.MethodGet, key, o)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	a := read(resp)
	asked := resp.Request.Header
	switch {
	case a.Status == http.StatusNotModified && asked.Get("If-None-Match") != "":
		return a, nil
	case a.Status == http.StatusPartialContent && asked.Get("Range") != "":
	case a.Status != http.StatusOK:
		return a, s.fail("get", key, a.Status, ErrStatus)
	}
	if encoding := resp.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return a, s.fail("get", key, a.Status, ErrEncoded)
	}
	if a.Size > limit {
		return a, s.fail("get", key, a.Status, ErrTooLarge)
	}
	n, err := io.Copy(w, io.LimitReader(resp.Body, limit+1))
	switch {
	case n > limit:
		return a, s.fail("get", key, a.Status, ErrTooLarge)
	case errors.Is(err, io.ErrUnexpectedEOF), err == nil && a.Size >= 0 && n != a.Size:
		return a, s.fail("get", key, a.Status, ErrCut)
	case err != nil:
		return a, s.fail("get", key, a.Status, err)
	}
	a.Size = n
	return a, nil
}

func (s *Site) do(ctx context.Context, method, key string, options []Option) (*http.Response, error) {
	r := (&http.Request{Method: method, URL: s.locate(key), Header: http.Header{
		// Stops net/http from asking for gzip on its own.
		"Accept-Encoding": {"identity"},
		"User-Agent":      {"wgtup"},
	}}).WithContext(ctx)
	for _, o := range options {
		o(r)
	}
	resp, err := s.client.Do(r)
	if err != nil {
		if e := (*url.Error)(nil); errors.As(err, &e) {
			err = e.Err // the URL is in Error already, with no query
		}
		return nil, s.fail(strings.ToLower(method), key, 0, err)
	}
	return resp, nil
}

func (s *Site) fail(op, key string, status int, err error) error {
	return &Error{Op: op, URL: s.URL(key), Status: status, Err: err}
}
