// Package store keeps objects in a bucket or a folder: the only way wgtup
// writes, and reads back, what it publishes.
//
// Store is a concrete type over a small interface, Driver. What is the same for
// every service is done here once:
//
//   - A key is 1 to 512 bytes of [A-Za-z0-9._/-], segments separated by "/",
//     none of them empty, "." or "..". The store's prefix, up to 256 bytes of
//     the same, is put before it.
//   - Metadata names are [a-z0-9-]; values are printable ASCII without comma,
//     quotes, or space at either end, and not empty. Names and values together
//     are at most 2048 bytes, or what the service allows if that is less.
//   - A body must have exactly the size that is stated; this is checked before
//     anything is sent. Content type defaults to application/octet-stream.
//   - What is safe to repeat is repeated, a few times with growing random
//     pauses, while the service is unavailable. A write with a condition is
//     repeated only when the service said that nothing was written.
//   - A large body is sent in parts where the service takes them; who is killed
//     and comes again goes on where the last part ended.
//   - ErrUnknown is returned when a write may or may not have happened. Create
//     finds out.
//
// All errors are *Error (an unusable URL is *URLError) and wrap a sentinel where
// callers have a reason to branch. Wording and hints belong to the commands.
package store

import (
	"context"
	"io"

	"wgtup/internal/store/driver"
)

// These names belong to package driver so that drivers need not import store.
type (
	Driver     = driver.Driver
	PutOptions = driver.PutOptions
	Range      = driver.Range
	Info       = driver.Info
	Properties = driver.Properties
	Error      = driver.Error
)

var (
	ErrNotFound    = driver.ErrNotFound
	ErrExists      = driver.ErrExists
	ErrChanged     = driver.ErrChanged
	ErrDenied      = driver.ErrDenied
	ErrUnavailable = driver.ErrUnavailable // nothing was written; trying again may help
	ErrUnsupported = driver.ErrUnsupported
	ErrUnknown     = driver.ErrUnknown // the write may have happened, or may still happen
	ErrCorrupt     = driver.ErrCorrupt
	ErrRange       = driver.ErrRange
	ErrInvalid     = driver.ErrInvalid // refused before the service was asked
)

// Store is a driver with a prefix. It is safe for use by many goroutines.
type Store struct {
	driver Driver
	prefix string // "" or ends in "/"
	retry  Retry
	parts  Parts
}

// New returns a store that keeps its objects under prefix, which may be empty
// and may end in a slash.
func New(d Driver, prefix string) (*Store, error) {
	prefix, err := cleanPrefix(prefix)
	if err != nil {
		return nil, err
	}
	return &Store{driver: d, prefix: prefix, retry: defaultRetry, parts: defaultParts}, nil
}

// WithRetry returns the same store with other rules for repeating.
func (s *Store) WithRetry(r Retry) *Store {
	c := *s
	c.retry = r
	return &c
}

// Properties says what the store can do and who it is; the prefix is part of
// its identity.
func (s *Store) Properties() Properties {
	p := s.driver.Properties()
	if s.prefix != "" {
		p.ID += "/" + s.prefix[:len(s.prefix)-1]
	}
	return p
}

// Head describes an object.
func (s *Store) Head(ctx context.Context, key string) (Info, error) {
	if err := CheckKey(key); err != nil {
		return Info{}, fail("head", key, err)
	}
	var info Info
	err := s.repeat(ctx, func() (err error) {
		info, err = s.driver.Head(ctx, s.prefix+key)
		return err
	})
	info.Key = key
	return info, fail("head", key, err)
}

// Copy makes "to" an object with the bytes of "from" and the headers of o, on
// the server's side. It is never conditional.
func (s *Store) Copy(ctx context.Context, from, to string, o PutOptions) error {
	if err := CheckKey(from); err != nil {
		return fail("copy", from, err)
	}
	if err := CheckKey(to); err != nil {
		return fail("copy", to, err)
	}
	o, err := s.checkOptions(o)
	if err != nil {
		return fail("copy", to, err)
	}
	if o.CreateOnly || o.IfMatch != "" {
		return fail("copy", to, ErrUnsupported)
	}
	return fail("copy", to, s.repeatWrite(ctx, o, func() error {
		return s.driver.Copy(ctx, s.prefix+from, s.prefix+to, o)
	}))
}

// List returns up to limit objects whose keys begin with prefix and are greater
// than after, in byte order; a shorter answer is the end. Only Key, Size, ETag
// and Modified are filled in.
func (s *Store) List(ctx context.Context, prefix, after string, limit int) ([]Info, error) {
	if err := checkListing(prefix, after, limit); err != nil {
		return nil, fail("list", prefix, err)
	}
	if after != "" {
		after = s.prefix + after
	}
	var found []Info
	err := s.repeat(ctx, func() (err error) {
		found, err = s.driver.List(ctx, s.prefix+prefix, after, limit)
		return err
	})
	for i := range found {
		found[i].Key = found[i].Key[len(s.prefix):]
	}
	return found, fail("list", prefix, err)
}

// Delete removes an object; a missing one is no error.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return fail("delete", key, err)
	}
	return fail("delete", key, s.repeatWrite(ctx, PutOptions{}, func() error {
		return s.driver.Delete(ctx, s.prefix+key)
	}))
}

// GetSeeker opens an object for reading at any place, where the store can do
// that (dir and mem); ErrUnsupported elsewhere. What was opened stays readable
// when the object is replaced.
func (s *Store) GetSeeker(ctx context.Context, key string) (io.ReadSeekCloser, Info, error) {
	if err := CheckKey(key); err != nil {
		return nil, Info{}, fail("get", key, err)
	}
	seeker, ok := s.driver.(driver.Seeker)
	if !ok {
		return nil, Info{}, fail("get", key, ErrUnsupported)
	}
	body, info, err := seeker.GetSeeker(ctx, s.prefix+key)
	info.Key = key
	return body, info, fail("get", key, err)
}
