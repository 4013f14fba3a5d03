package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// Get opens the bytes of r; Info describes the whole object. A body that ends
// early is an error from Read. The caller closes it. A range that begins at or
// behind the end is ErrRange.
func (s *Store) Get(ctx context.Context, key string, r Range) (io.ReadCloser, Info, error) {
	if err := CheckKey(key); err != nil {
		return nil, Info{}, fail("get", key, err)
	}
	if r.Offset < 0 || r.Length < 0 {
		return nil, Info{}, fail("get", key, fmt.Errorf("%w: range %+v", ErrInvalid, r))
	}
	var body io.ReadCloser
	var info Info
	err := s.repeat(ctx, func() (err error) {
		body, info, err = s.driver.Get(ctx, s.prefix+key, r)
		return err
	})
	if err != nil {
		return nil, Info{}, fail("get", key, err)
	}
	info.Key = key
	want, err := r.Cut(info.Size)
	if err != nil {
		body.Close()
		return nil, Info{}, fail("get", key, err)
	}
	return &exactBody{ReadCloser: body, key: key, left: want}, info, nil
}

// GetBytes reads a whole object of at most limit bytes; a larger one is
// ErrCorrupt. A broken connection is tried again.
func (s *Store) GetBytes(ctx context.Context, key string, limit int64) ([]byte, Info, error) {
	var data []byte
	var info Info
	err := s.repeat(ctx, func() error {
		body, i, err := s.once().Get(ctx, key, Range{})
		if err != nil {
			return err
		}
		defer body.Close()
		if i.Size > limit {
			return fmt.Errorf("%w: %d bytes, at most %d expected", ErrCorrupt, i.Size, limit)
		}
		info = i
		data, err = io.ReadAll(io.LimitReader(body, limit+1))
		return err
	})
	return data, info, fail("get", key, err)
}

// Digest reads an object and returns its size and lower-case hex SHA-256.
func (s *Store) Digest(ctx context.Context, key string) (size int64, digest string, err error) {
	err = s.repeat(ctx, func() error {
		body, _, err := s.once().Get(ctx, key, Range{})
		if err != nil {
			return err
		}
		defer body.Close()
		h := sha256.New()
		size, err = io.Copy(h, body)
		digest = hex.EncodeToString(h.Sum(nil))
		return err
	})
	if err != nil {
		return 0, "", fail("get", key, err)
	}
	return size, digest, nil
}

// Verify reads an object; one that has not this size and SHA-256 is ErrCorrupt.
func (s *Store) Verify(ctx context.Context, key string, size int64, digest string) error {
	gotSize, gotDigest, err := s.Digest(ctx, key)
	if err != nil {
		return err
	}
	if gotSize != size || gotDigest != digest {
		return fail("get", key, fmt.Errorf("%w: %d bytes with SHA-256 %s, expected %d with %s", ErrCorrupt, gotSize, gotDigest, size, digest))
	}
	return nil
}

// once is s without repeating, for verbs that repeat as a whole.
func (s *Store) once() *Store {
	r := s.retry
	r.Attempts = 1
	return s.WithRetry(r)
}

// exactBody ends in io.EOF only after all the bytes that were promised. Anything
// else is ErrUnavailable: the object is there, its bytes did not arrive.
type exactBody struct {
	io.ReadCloser
	key  string
	left int64
}

func (b *exactBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	switch {
	case b.left < 0:
		return n, fail("get", b.key, fmt.Errorf("%w: more bytes than announced", ErrCorrupt))
	case err == nil, err == io.EOF && b.left == 0:
		return n, err
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return n, fail("get", b.key, err)
	}
	return n, fail("get", b.key, fmt.Errorf("%w: read body: %w", ErrUnavailable, err))
}
