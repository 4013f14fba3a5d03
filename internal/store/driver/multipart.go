package driver

import (
	"context"
	"io"
	"time"
)

// Upload is one that was begun and neither completed nor aborted. Its parts take
// space and are not to be seen as an object.
type Upload struct {
	Key   string
	ID    string // the service's name for it
	Began time.Time
}

// Part is one that has arrived.
type Part struct {
	Number int // from 1
	Size   int64
	ETag   string // as the service spells it, without quotes; with most services the MD5 of the part in hex
}

// Uploads is a driver whose store may hold unfinished uploads: somebody must find
// and abort those that nobody will finish.
type Uploads interface {
	// ListUploads returns the unfinished uploads whose keys begin with prefix, at
	// most limit of them.
	ListUploads(ctx context.Context, prefix string, limit int) ([]Upload, error)

	// AbortUpload forgets an upload and its parts. A missing one is no error.
	AbortUpload(ctx context.Context, u Upload) error
}

// Multipart is a driver that takes an object in parts, which stay when the
// process dies, so that another can go on. Each method is one attempt, as those
// of Driver are.
type Multipart interface {
	Driver
	Uploads

	// BeginUpload begins an upload. The object will have the headers of o; its
	// condition counts in CompleteUpload.
	BeginUpload(ctx context.Context, key string, o PutOptions) (Upload, error)

	// PutPart stores size bytes of body as a part, replacing one of that number.
	// An upload that is gone is ErrNotFound.
	PutPart(ctx context.Context, u Upload, number int, body io.ReadSeeker, size int64, o PutOptions) (Part, error)

	// ListParts returns the parts that are there, in the order of their numbers.
	ListParts(ctx context.Context, u Upload) ([]Part, error)

	// CompleteUpload makes the parts one object, in one step, under the condition
	// of o. Errors are those of Put; an upload that is gone is ErrUnknown, since
	// an earlier attempt may have completed it.
	CompleteUpload(ctx context.Context, u Upload, parts []Part, o PutOptions) error
}
