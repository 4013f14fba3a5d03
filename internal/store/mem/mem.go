// Package mem keeps objects in memory: the reference driver, and the one that
// tests can make misbehave.
package mem

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"wgtup/internal/store/driver"
)

// Mem is a store in memory. Set the fields before the first use.
type Mem struct {
	// Before, when set, is called before each verb ("put", "get", "head",
	// "copy", "list", "delete"; "begin", "part", "parts", "complete", "uploads",
	// "abort") without any lock held. It may block. Its error
	// becomes the verb's, and nothing is done.
	Before func(op, key string) error
	// After, when set, is called when a verb has succeeded. Its error becomes
	// the verb's though the work is done: an answer that was lost.
	After func(op, key string) error
	// Now is the clock behind Info.Modified.
	Now func() time.Time
	// Declared is what Properties returns. A condition that is not declared is
	// ignored, as services that do not know its header do.
	Declared driver.Properties
	// Overwrites makes CreateOnly ineffective although it is declared, like a
	// bucket whose versioning was turned on.
	Overwrites bool

	mu      sync.Mutex
	objects map[string]object
	uploads []*upload
	count   int // of uploads ever begun
}

type object struct {
	info driver.Info
	body []byte // never changed
}

var (
	_ driver.Driver = (*Mem)(nil)
	_ driver.Seeker = (*Mem)(nil)
)

// New returns an empty store that can do everything.
func New() *Mem {
	return &Mem{
		Now:      time.Now,
		Declared: driver.Properties{Scheme: "mem", CreateOnly: true, IfMatch: true, MetadataBytes: 2048, ID: "mem:"},
		objects:  map[string]object{},
	}
}

func (m *Mem) Properties() driver.Properties { return m.Declared }

func (m *Mem) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o driver.PutOptions) error {
	return m.do(ctx, "put", key, func() error {
		data, err := read(ctx, body, size, o)
		if err != nil {
			return err
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		if err := m.condition(key, o); err != nil {
			return err
		}
		m.set(key, data, o)
		return nil
	})
}

// read reads a body that has size bytes.
func read(ctx context.Context, body io.Reader, size int64, o driver.PutOptions) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, size+1))
	if err != nil {
		return nil, fmt.Errorf("read body: %w", err)
	}
	if int64(len(data)) != size {
		return nil, fmt.Errorf("%w: body is not of %d bytes", driver.ErrCorrupt, size)
	}
	if o.Sent != nil {
		o.Sent(size)
	}
	return data, ctx.Err()
}

// condition is that of o; m.mu is held.
func (m *Mem) condition(key string, o driver.PutOptions) error {
	old, exists := m.objects[key]
	if o.CreateOnly && exists && m.Declared.CreateOnly && !m.Overwrites {
		return driver.ErrExists
	}
	if o.IfMatch != "" && m.Declared.IfMatch && !strings.EqualFold(old.info.ETag, o.IfMatch) {
		return driver.ErrChanged
	}
	return nil
}

// set stores an object; m.mu is held.
func (m *Mem) set(key string, data []byte, o driver.PutOptions) {
	sum := sha256.Sum256(data)
	m.objects[key] = object{body: data, info: driver.Info{
		Key: key, Size: int64(len(data)), ETag: hex.EncodeToString(sum[:16]), Modified: m.Now().UTC(),
		ContentType: o.ContentType, CacheControl: o.CacheControl, Metadata: maps.Clone(o.Metadata),
	}}
}

func (m *Mem) Get(ctx context.Context, key string, r driver.Range) (body io.ReadCloser, info driver.Info, err error) {
	err = m.do(ctx, "get", key, func() error {
		found, err := m.find(key)
		if err != nil {
			return err
		}
		n, err := r.Cut(found.info.Size)
		if err != nil {
			return err
		}
		body, info = io.NopCloser(bytes.NewReader(found.body[r.Offset:r.Offset+n])), found.info
		return nil
	})
	return body, info, err
}

func (m *Mem) GetSeeker(ctx context.Context, key string) (body io.ReadSeekCloser, info driver.Info, err error) {
	err = m.do(ctx, "get", key, func() error {
		found, err := m.find(key)
		body, info = openBody{bytes.NewReader(found.body)}, found.info
		return err
	})
	return body, info, err
}

func (m *Mem) Head(ctx context.Context, key string) (info driver.Info, err error) {
	err = m.do(ctx, "head", key, func() error {
		found, err := m.find(key)
		info = found.info
		return err
	})
	return info, err
}

func (m *Mem) Copy(ctx context.Context, from, to string, o driver.PutOptions) error {
	return m.do(ctx, "copy", to, func() error {
		found, err := m.find(from)
		if err != nil {
			return err
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		m.set(to, found.body, o)
		return nil
	})
}

func (m *Mem) List(ctx context.Context, prefix, after string, limit int) (found []driver.Info, err error) {
	err = m.do(ctx, "list", prefix, func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, key := range slices.Sorted(maps.Keys(m.objects)) {
			if strings.HasPrefix(key, prefix) && key > after && len(found) < limit {
				i := m.objects[key].info
				found = append(found, driver.Info{Key: i.Key, Size: i.Size, ETag: i.ETag, Modified: i.Modified})
			}
		}
		return nil
	})
	return found, err
}

func (m *Mem) Delete(ctx context.Context, key string) error {
	return m.do(ctx, "delete", key, func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.objects, key)
		return nil
	})
}

// do runs one verb between its hooks.
func (m *Mem) do(ctx context.Context, op, key string, verb func() error) error {
	if m.Before != nil {
		if err := m.Before(op, key); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := verb(); err != nil {
		return err
	}
	if m.After != nil {
		return m.After(op, key)
	}
	return nil
}

func (m *Mem) find(key string) (object, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found, ok := m.objects[key]
	if !ok {
		return object{}, driver.ErrNotFound
	}
	found.info.Metadata = maps.Clone(found.info.Metadata)
	return found, nil
}

type openBody struct{ *bytes.Reader }

func (openBody) Close() error { return nil }
