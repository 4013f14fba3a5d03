// Package driver is what a storage service must be able to do for wgtup: six
// verbs, a few facts and a handful of errors.
//
// Only drivers and package store import it; everybody else uses store.Store,
// which checks keys and metadata, adds the prefix, retries, and resolves writes
// whose outcome is not known. A driver does none of that: it makes one attempt
// and tells the truth about it. It never waits and tries again, because only
// the Store knows whether an answer may have been lost before.
//
// What the Store guarantees to a driver: keys are made of [A-Za-z0-9._/-]
// without empty, "." or ".." segments; metadata names are [a-z0-9-] and values
// printable ASCII; a body has exactly size bytes left from where it stands;
// CreateOnly, IfMatch and a metadata size are only asked of a driver whose
// Properties allow them; Copy is never conditional.
package driver

import (
	"context"
	"io"
	"time"
)

// Driver is one bucket, folder or map of objects. All methods may be called at
// the same time from many goroutines. An error wraps one of the sentinels of
// this package where one fits, and the context's error when that is the cause.
type Driver interface {
	// Put stores size bytes of body under key, replacing the object with its
	// whole metadata. Readers see the old object or the new one, never a mix.
	// With o.CreateOnly an existing key is ErrExists; of many callers at the
	// same time exactly one wins. With o.IfMatch an object with another ETag,
	// or none, is ErrChanged. ErrUnavailable promises that nothing was written;
	// ErrUnknown says that it may have been.
	Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o PutOptions) error

	// Get opens the bytes of r. Info describes the whole object, whatever r is.
	// A range that starts at or behind the end is ErrRange, one that ends behind
	// it is cut. The caller closes the reader; a connection that breaks while
	// reading is an error from Read, never a silent end.
	Get(ctx context.Context, key string, r Range) (io.ReadCloser, Info, error)

	// Head describes an object.
	Head(ctx context.Context, key string) (Info, error)

	// Copy makes "to" an object with the bytes of "from" and the metadata of o,
	// without sending the bytes through this machine where the service can.
	// Nothing of the source's metadata survives. from and to may be equal.
	Copy(ctx context.Context, from, to string, o PutOptions) error

	// List returns up to limit objects whose keys begin with prefix and are
	// greater than after, in byte order. A shorter answer is the end. Only Key,
	// Size, ETag and Modified are filled in.
	List(ctx context.Context, prefix, after string, limit int) ([]Info, error)

	// Delete removes an object. A missing one is no error.
	Delete(ctx context.Context, key string) error

	// Properties says what this store can do. It asks nobody.
	Properties() Properties
}

// A Seeker is a driver that can open an object for reading at any place.
type Seeker interface {
	// GetSeeker opens the object. What was opened stays readable, unchanged,
	// when the object is replaced or removed.
	GetSeeker(ctx context.Context, key string) (io.ReadSeekCloser, Info, error)
}

// PutOptions are an object's headers and the condition for writing it.
type PutOptions struct {
	ContentType  string
	CacheControl string
	Metadata     map[string]string // names in lower case, without the service's prefix
	CreateOnly   bool
	IfMatch      string // an Info.ETag

	// SHA256 of the body in hex, where the caller knows it: a driver that signs
	// the body need not read it for that. A wrong one is refused by the service.
	SHA256 string

	// Sent, when set, is told how many bytes of the body have left so far. It is
	// called from one goroutine at a time; an attempt begins again at 0.
	Sent func(bytes int64)
}

// Range is Length bytes from Offset on; Length 0 means up to the end, so the
// zero Range is the whole object.
type Range struct{ Offset, Length int64 }

// Cut returns how many bytes r selects of an object of size bytes, or ErrRange.
func (r Range) Cut(size int64) (int64, error) {
	if r == (Range{}) {
		return size, nil
	}
	if r.Offset < 0 || r.Length < 0 || r.Offset >= size {
		return 0, ErrRange
	}
	if left := size - r.Offset; r.Length == 0 || r.Length > left {
		return left, nil
	}
	return r.Length, nil
}

// Info describes an object.
type Info struct {
	Key          string
	Size         int64
	ETag         string // as the service spells it, without quotes; not a digest
	Modified     time.Time
	ContentType  string
	CacheControl string
	Metadata     map[string]string
}

// Properties are the facts about a store that callers may rely on.
type Properties struct {
	Scheme        string // of its URL: "dir", "s3", "mem"
	CreateOnly    bool   // Put honours CreateOnly
	IfMatch       bool   // Put honours IfMatch
	MetadataBytes int    // limit of all metadata names and values together
	ID            string // names this store among all others, whatever the way to it; contains no secret
	Movable       bool   // it may be moved or copied: ID says where it is, not which it is
}
