package store

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"wgtup/internal/store/driver"
)

// Parts says how large bodies are sent where the service takes them in parts.
type Parts struct {
	Above int64 // larger bodies are sent in parts
	Size  int64 // of every part but the last; Amazon's least is 5 MiB
}

var defaultParts = Parts{Above: 16 << 20, Size: 8 << 20}

// WithParts returns the same store with other rules for large bodies.
func (s *Store) WithParts(p Parts) *Store {
	c := *s
	c.parts = p
	return &c
}

// putParts stores a body part by part. What an earlier attempt has sent, of this
// process or of one that was killed, is not sent again. Nobody sees the object
// before all of it is there.
func (s *Store) putParts(ctx context.Context, d driver.Multipart, key string, body io.ReadSeeker, start, size int64, o PutOptions) error {
	if o.CreateOnly { // saves sending the parts in vain; completing decides
		if _, err := d.Head(ctx, s.prefix+key); err == nil {
			return ErrExists
		}
	}
	u, have, err := s.beginParts(ctx, d, s.prefix+key, o)
	if err != nil {
		return err
	}
	sent := o.Sent
	var parts []driver.Part
	for at := int64(0); at < size; at += s.parts.Size {
		n := min(s.parts.Size, size-at)
		body := &section{body: body, start: start + at, size: n}
		part, err := keptPart(have, len(parts)+1, body)
		if err != nil {
			return err
		}
		if part.Number == 0 {
			if sent != nil {
				sent(at)
				o.Sent = func(bytes int64) { sent(at + bytes) }
			}
			if part, err = s.putPart(ctx, d, u, len(parts)+1, body, o); err != nil {
				return err
			}
		}
		parts = append(parts, part)
	}
	if sent != nil {
		sent(size)
	}
	err = d.CompleteUpload(ctx, u, parts, o)
	if errors.Is(err, ErrExists) {
		_ = d.AbortUpload(context.WithoutCancel(ctx), u) // nobody will finish it; where that fails, prune finds it
	}
	return err
}

// beginParts finds the newest unfinished upload of a key with its parts, or begins
// one. An object with metadata is not like the one before it: it begins anew.
func (s *Store) beginParts(ctx context.Context, d driver.Multipart, key string, o PutOptions) (u driver.Upload, have []driver.Part, err error) {
	if len(o.Metadata) == 0 {
		// Who may not list cannot go on, but can begin.
		all, _ := d.ListUploads(ctx, key, maxUploads)
		for _, other := range all {
			if other.Key == key && (u.ID == "" || !other.Began.Before(u.Began)) {
				u = other
			}
		}
	}
	if u.ID != "" {
		if have, err = d.ListParts(ctx, u); err == nil {
			return u, have, nil
		}
	}
	u, err = d.BeginUpload(ctx, key, o)
	if errors.Is(err, ErrUnknown) { // at worst one more that nobody finishes
		err = unwritten(ctx, err)
	}
	return u, nil, err
}

// keptPart returns the part of that number that has arrived, if it is body. The
// ETags of some services are no digests: their parts are sent again.
func keptPart(have []driver.Part, number int, body *section) (driver.Part, error) {
	i := slices.IndexFunc(have, func(p driver.Part) bool { return p.Number == number && p.Size == body.size })
	if i < 0 {
		return driver.Part{}, nil
	}
	h := md5.New()
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return driver.Part{}, fmt.Errorf("read body: %w", err)
	}
	if _, err := io.Copy(h, body); err != nil {
		return driver.Part{}, fmt.Errorf("read body: %w", err)
	}
	if !strings.EqualFold(have[i].ETag, hex.EncodeToString(h.Sum(nil))) { // OSS has capitals
		return driver.Part{}, nil
	}
	return have[i], nil
}

// putPart sends one part, again after any doubt: it replaces itself.
func (s *Store) putPart(ctx context.Context, d driver.Multipart, u driver.Upload, number int, body *section, o PutOptions) (part driver.Part, err error) {
	err = s.repeatWrite(ctx, PutOptions{}, func() (err error) {
		if _, err = body.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("rewind body: %w", err)
		}
		part, err = d.PutPart(ctx, u, number, body, body.size, o)
		return err
	})
	if errors.Is(err, ErrUnknown) || errors.Is(err, ErrNotFound) { // the part may be there, or somebody has aborted the upload
		err = unwritten(ctx, err)
	}
	return part, err
}

// unwritten says of a failure on the way that there is no object.
func unwritten(ctx context.Context, err error) error {
	e := &Error{Err: fmt.Errorf("%w: %v", ErrUnavailable, err)}
	if cause := ctx.Err(); cause != nil {
		e.Err = fmt.Errorf("%w: %w", ErrUnavailable, cause)
	}
	if inner := (*Error)(nil); errors.As(err, &inner) {
		e.Status, e.Code, e.RetryAfter = inner.Status, inner.Code, inner.RetryAfter
	}
	return e
}

// A section is size bytes of a body from start on.
type section struct {
	body            io.ReadSeeker
	start, size, at int64
}

func (s *section) Read(p []byte) (int, error) {
	if s.at >= s.size {
		return 0, io.EOF
	}
	n, err := s.body.Read(p[:min(int64(len(p)), s.size-s.at)])
	s.at += int64(n)
	return n, err
}

func (s *section) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += s.at
	case io.SeekEnd:
		offset += s.size
	}
	if _, err := s.body.Seek(s.start+offset, io.SeekStart); err != nil {
		return 0, err
	}
	s.at = offset
	return offset, nil
}
