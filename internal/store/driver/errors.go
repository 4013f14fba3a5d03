package driver

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

var (
	ErrNotFound    = errors.New("no such object")
	ErrExists      = errors.New("object exists already")
	ErrChanged     = errors.New("object is not the one expected")
	ErrDenied      = errors.New("access denied")
	ErrUnavailable = errors.New("store unavailable")              // nothing was written; trying again may help
	ErrUnsupported = errors.New("not supported by this store")    //
	ErrUnknown     = errors.New("outcome of the write not known") // the object may have been written, now or later
	ErrCorrupt     = errors.New("size or digest differs")
	ErrRange       = errors.New("range begins behind the end")
	ErrInvalid     = errors.New("invalid argument") // refused before the service was asked
)

// Error is a failed verb. Err wraps a sentinel where one fits. Status and Code
// are the service's own words, for hints: 404 and "NoSuchBucket", 403 and
// "SignatureDoesNotMatch". A driver leaves Op and Key to the Store.
type Error struct {
	Op     string // "put", "get", "head", "copy", "list", "delete"
	Key    string // without the store's prefix
	Status int    // HTTP status, or 0
	Code   string // the service's error code, or ""
	Scheme string // of the store that failed, "oss", or "" when nobody said
	Err    error

	RetryAfter time.Duration // how long the service asks to be left alone, or 0
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		fmt.Fprintf(&b, "%s %q: ", e.Op, e.Key)
	}
	b.WriteString(e.Err.Error())
	switch {
	case e.Code != "" && e.Status != 0:
		fmt.Fprintf(&b, " (%s, %d)", e.Code, e.Status)
	case e.Code != "":
		fmt.Fprintf(&b, " (%s)", e.Code)
	case e.Status != 0:
		fmt.Fprintf(&b, " (%d)", e.Status)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Named writes the scheme of a store into its failure.
func Named(scheme string, err error) error {
	if e, ok := err.(*Error); ok {
		e.Scheme = scheme
	}
	return err
}
