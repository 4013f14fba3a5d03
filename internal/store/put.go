package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"wgtup/internal/store/driver"
)

// Put stores size bytes of body, from where it stands. The body is read again
// from there for every attempt.
func (s *Store) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o PutOptions) error {
	return fail("put", key, s.put(ctx, key, body, size, o))
}

// PutBytes stores data.
func (s *Store) PutBytes(ctx context.Context, key string, data []byte, o PutOptions) error {
	return s.Put(ctx, key, bytes.NewReader(data), int64(len(data)), o)
}

func (s *Store) put(ctx context.Context, key string, body io.ReadSeeker, size int64, o PutOptions) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	o, err := s.checkOptions(o)
	if err != nil {
		return err
	}
	start, err := measure(body, size)
	if err != nil {
		return err
	}
	d, ok := s.driver.(driver.Multipart)
	inParts := ok && size > s.parts.Above && o.IfMatch == ""
	return s.repeatWrite(ctx, o, func() error {
		if inParts {
			return s.putParts(ctx, d, key, body, start, size, o)
		}
		if _, err := body.Seek(start, io.SeekStart); err != nil {
			return fmt.Errorf("rewind body: %w", err)
		}
		return s.driver.Put(ctx, s.prefix+key, body, size, o)
	})
}

// measure returns where body stands and checks that size bytes are left.
func measure(body io.ReadSeeker, size int64) (int64, error) {
	start, err := body.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, fmt.Errorf("measure body: %w", err)
	}
	end, err := body.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, fmt.Errorf("measure body: %w", err)
	}
	if end-start != size {
		return 0, fmt.Errorf("%w: body of %d bytes, %d expected", ErrCorrupt, end-start, size)
	}
	return start, nil
}

// Create stores data under a key that must not exist. See CreateFrom.
func (s *Store) Create(ctx context.Context, key string, data []byte, o PutOptions) error {
	_, err := s.CreateFrom(ctx, key, bytes.NewReader(data), int64(len(data)), o)
	return err
}

// CreateFrom stores size bytes of body under a key that must not exist, and
// finds out what happened when the answer is lost.
//
// A service that says the key exists is believed: ErrExists, whatever the
// content. When the outcome is not known, the object is read back. Other content
// is ErrExists. Equal content is success, with matched set: it was most probably
// this call, but a stranger who wrote the same bytes in the same moment looks
// the same. Who must tell the two apart puts something of its own into the
// bytes. When nothing is there, the write is tried again. ErrUnknown remains
// only when the object cannot be read back either.
func (s *Store) CreateFrom(ctx context.Context, key string, body io.ReadSeeker, size int64, o PutOptions) (matched bool, err error) {
	o.CreateOnly = true
	start, err := body.Seek(0, io.SeekCurrent)
	if err != nil {
		return false, fail("put", key, fmt.Errorf("measure body: %w", err))
	}
	var doubt error
	for attempt := 0; ; attempt++ {
		if _, err := body.Seek(start, io.SeekStart); err != nil {
			return false, fail("put", key, fmt.Errorf("rewind body: %w", err))
		}
		err := s.put(ctx, key, body, size, o)
		switch {
		case err == nil:
			return false, nil
		case errors.Is(err, ErrUnknown):
			doubt = err
		case doubt == nil:
			return false, fail("put", key, err)
		case !errors.Is(err, ErrExists) && !errors.Is(err, ErrUnavailable):
			return false, fail("put", key, fmt.Errorf("%w; then: %v", doubt, err))
		}
		equal, compareErr := s.equals(ctx, key, body, start, size)
		switch {
		case compareErr == nil && equal:
			return true, nil
		case compareErr == nil:
			return false, fail("put", key, ErrExists)
		case !errors.Is(compareErr, ErrNotFound) || attempt+1 >= s.retry.Attempts:
			return false, fail("put", key, fmt.Errorf("%w; then: %v", doubt, compareErr))
		}
		if pauseErr := s.retry.pause(ctx, attempt, doubt); pauseErr != nil {
			return false, fail("put", key, fmt.Errorf("%w; then: %w", doubt, pauseErr))
		}
	}
}

// equals compares the stored object with body by size and digest.
func (s *Store) equals(ctx context.Context, key string, body io.ReadSeeker, start, size int64) (bool, error) {
	stored, digest, err := s.Digest(ctx, key)
	if err != nil || stored != size {
		return false, err
	}
	if _, err := body.Seek(start, io.SeekStart); err != nil {
		return false, fmt.Errorf("rewind body: %w", err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.LimitReader(body, size)); err != nil {
		return false, fmt.Errorf("read body: %w", err)
	}
	return digest == hex.EncodeToString(h.Sum(nil)), nil
}
