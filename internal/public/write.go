package public

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"io"
	"net/http"
)

// Writable reports whether strangers may write below the base URL, without writing
// anything: a store that would take the object finds that the checksum is not that
// of the body. The body should be what lies under key anyhow, for a server that
// looks at no checksum.
func (s *Site) Writable(ctx context.Context, key string, body []byte) (bool, error) {
	sum := md5.Sum(append([]byte("not "), body...))
	header := http.Header{"Content-Md5": {base64.StdEncoding.EncodeToString(sum[:])}, "Content-Type": {"text/plain"}}
	status, answer, err := s.attempt(ctx, http.MethodPut, key, body, header)
	refused := bytes.Contains(answer, []byte("BadDigest")) || bytes.Contains(answer, []byte("InvalidDigest"))
	return status/100 == 2 || status == http.StatusBadRequest && refused, err
}

// Deletable reports whether strangers may delete: key is one that is not there.
func (s *Site) Deletable(ctx context.Context, key string) (bool, error) {
	status, _, err := s.attempt(ctx, http.MethodDelete, key, nil, nil)
	return status/100 == 2, err
}

func (s *Site) attempt(ctx context.Context, method, key string, body []byte, header http.Header) (int, []byte, error) {
	fail := func(err error) (int, []byte, error) {
		return 0, nil, &Error{Op: "try " + method, URL: s.URL(key), Err: err}
	}
	r, err := http.NewRequestWithContext(ctx, method, s.URL(key), bytes.NewReader(body))
	if err != nil {
		return fail(err)
	}
	if header != nil {
		r.Header = header
	}
	resp, err := s.client.Do(r)
	if err != nil {
		return fail(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err != nil {
		return fail(err)
	}
	return resp.StatusCode, answer, nil
}
