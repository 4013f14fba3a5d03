package cos

import (
	"context"
	"errors"
	"io"
	"time"

	api "github.com/tencentyun/cos-go-sdk-v5"

	"wgtup/internal/store/driver"
	"wgtup/internal/store/wire"
)

var _ driver.Multipart = (*COS)(nil)

func (s *COS) BeginUpload(ctx context.Context, key string, o driver.PutOptions) (driver.Upload, error) {
	call := wire.Write(ctx)
	out, _, err := s.client.Object.InitiateMultipartUpload(call.Context, key, &api.InitiateMultipartUploadOptions{
		ACLHeaderOptions:       &api.ACLHeaderOptions{XCosACL: s.acl},
		ObjectPutHeaderOptions: &api.ObjectPutHeaderOptions{ContentType: o.ContentType, CacheControl: o.CacheControl, XCosMetaXXX: metadata(o)},
	})
	if err == nil && out.UploadID == "" {
		err = errors.New("an upload without a name")
	}
	if err != nil {
		return driver.Upload{}, failure(call, err)
	}
	return driver.Upload{Key: key, ID: out.UploadID}, nil
}

func (s *COS) PutPart(ctx context.Context, u driver.Upload, number int, body io.ReadSeeker, size int64, o driver.PutOptions) (driver.Part, error) {
	call := wire.Write(wire.WithSent(ctx, o.Sent))
	out, err := s.client.Object.UploadPart(call.Context, u.Key, u.ID, number, body, &api.ObjectUploadPartOptions{ContentLength: size})
	if err != nil {
		return driver.Part{}, failure(call, err)
	}
	return driver.Part{Number: number, Size: size, ETag: wire.ETag(out.Header.Get("ETag"))}, nil
}

func (s *COS) ListParts(ctx context.Context, u driver.Upload) ([]driver.Part, error) {
	var found []driver.Part
	in := &api.ObjectListPartsOptions{}
	for {
		call := wire.Read(ctx)
		out, _, err := s.client.Object.ListParts(call.Context, u.Key, u.ID, in)
		if err != nil {
			return nil, failure(call, err)
		}
		for _, p := range out.Parts {
			found = append(found, driver.Part{Number: p.PartNumber, Size: p.Size, ETag: wire.ETag(p.ETag)})
		}
		if !out.IsTruncated || len(out.Parts) == 0 {
			return found, nil
		}
		in.PartNumberMarker = out.NextPartNumberMarker
	}
}

func (s *COS) CompleteUpload(ctx context.Context, u driver.Upload, parts []driver.Part, o driver.PutOptions) error {
	in := &api.CompleteMultipartUploadOptions{XOptionHeader: condition(o)}
	for _, p := range parts {
		in.Parts = append(in.Parts, api.Object{PartNumber: p.Number, ETag: `"` + p.ETag + `"`})
	}
	call := wire.Write(ctx)
	_, _, err := s.client.Object.CompleteMultipartUpload(call.Context, u.Key, u.ID, in)
	return wire.Completed(failure(call, err))
}

func (s *COS) ListUploads(ctx context.Context, prefix string, limit int) ([]driver.Upload, error) {
	var found []driver.Upload
	in := &api.ListMultipartUploadsOptions{Prefix: prefix}
	for {
		in.MaxUploads = min(limit-len(found), 1000)
		call := wire.Read(ctx)
		out, _, err := s.client.Bucket.ListMultipartUploads(call.Context, in)
		if err != nil {
			return nil, failure(call, err)
		}
		for _, u := range out.Uploads {
			began, _ := time.Parse(time.RFC3339, u.Initiated)
			found = append(found, driver.Upload{Key: u.Key, ID: u.UploadID, Began: began.UTC()})
		}
		if !out.IsTruncated || len(out.Uploads) == 0 || len(found) >= limit {
			return found, nil
		}
		in.KeyMarker, in.UploadIDMarker = out.NextKeyMarker, out.NextUploadIDMarker
	}
}

func (s *COS) AbortUpload(ctx context.Context, u driver.Upload) error {
	call := wire.Write(ctx)
	_, err := s.client.Object.AbortMultipartUpload(call.Context, u.Key, u.ID)
	if err = failure(call, err); errors.Is(err, driver.ErrNotFound) {
		return nil
	}
	return err
}
