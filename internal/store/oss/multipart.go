package oss

import (
	"context"
	"errors"
	"io"

	api "github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"

	"wgtup/internal/store/driver"
	"wgtup/internal/store/wire"
)

var _ driver.Multipart = (*OSS)(nil)

func (o *OSS) BeginUpload(ctx context.Context, key string, p driver.PutOptions) (driver.Upload, error) {
	call := wire.Write(ctx)
	out, err := o.client.InitiateMultipartUpload(call.Context, &api.InitiateMultipartUploadRequest{
		Bucket: &o.bucket, Key: &key, ContentType: wire.Optional(p.ContentType), CacheControl: wire.Optional(p.CacheControl), Metadata: p.Metadata,
	})
	if err == nil && api.ToString(out.UploadId) == "" {
		err = errors.New("an upload without a name")
	}
	if err != nil {
		return driver.Upload{}, failure(call, err)
	}
	return driver.Upload{Key: key, ID: *out.UploadId}, nil
}

func (o *OSS) PutPart(ctx context.Context, u driver.Upload, number int, body io.ReadSeeker, size int64, p driver.PutOptions) (driver.Part, error) {
	call := wire.Write(wire.WithSent(ctx, p.Sent))
	out, err := o.client.UploadPart(call.Context, &api.UploadPartRequest{
		Bucket: &o.bucket, Key: &u.Key, UploadId: &u.ID, PartNumber: int32(number), Body: body, ContentLength: &size,
	})
	if err != nil {
		return driver.Part{}, failure(call, err)
	}
	return driver.Part{Number: number, Size: size, ETag: wire.ETag(api.ToString(out.ETag))}, nil
}

func (o *OSS) ListParts(ctx context.Context, u driver.Upload) ([]driver.Part, error) {
	var found []driver.Part
	in := &api.ListPartsRequest{Bucket: &o.bucket, Key: &u.Key, UploadId: &u.ID}
	for {
		call := wire.Read(ctx)
		out, err := o.client.ListParts(call.Context, in)
		if err != nil {
			return nil, failure(call, err)
		}
		for _, p := range out.Parts {
			found = append(found, driver.Part{Number: int(p.PartNumber), Size: p.Size, ETag: wire.ETag(api.ToString(p.ETag))})
		}
		if !out.IsTruncated || len(out.Parts) == 0 {
			return found, nil
		}
		in.PartNumberMarker = out.NextPartNumberMarker
	}
}

func (o *OSS) CompleteUpload(ctx context.Context, u driver.Upload, parts []driver.Part, p driver.PutOptions) error {
	in := &api.CompleteMultipartUploadRequest{
		Bucket: &o.bucket, Key: &u.Key, UploadId: &u.ID, Acl: o.acl, ForbidOverwrite: forbid(p),
		CompleteMultipartUpload: &api.CompleteMultipartUpload{},
	}
	for _, one := range parts {
		in.CompleteMultipartUpload.Parts = append(in.CompleteMultipartUpload.Parts, api.UploadPart{
			PartNumber: int32(one.Number), ETag: api.Ptr(`"` + one.ETag + `"`),
		})
	}
	call := wire.Write(ctx)
	_, err := o.client.CompleteMultipartUpload(call.Context, in)
	return wire.Completed(failure(call, err))
}

func (o *OSS) ListUploads(ctx context.Context, prefix string, limit int) ([]driver.Upload, error) {
	var found []driver.Upload
	in := &api.ListMultipartUploadsRequest{Bucket: &o.bucket, Prefix: wire.Optional(prefix)}
	for {
		in.MaxUploads = int32(min(limit-len(found), 1000))
		call := wire.Read(ctx)
		out, err := o.client.ListMultipartUploads(call.Context, in)
		if err != nil {
			return nil, failure(call, err)
		}
		for _, u := range out.Uploads {
			found = append(found, driver.Upload{Key: api.ToString(u.Key), ID: api.ToString(u.UploadId), Began: api.ToTime(u.Initiated).UTC()})
		}
		if !out.IsTruncated || len(out.Uploads) == 0 || len(found) >= limit {
			return found, nil
		}
		in.KeyMarker, in.UploadIdMarker = out.NextKeyMarker, out.NextUploadIdMarker
	}
}

func (o *OSS) AbortUpload(ctx context.Context, u driver.Upload) error {
	call := wire.Write(ctx)
	_, err := o.client.AbortMultipartUpload(call.Context, &api.AbortMultipartUploadRequest{Bucket: &o.bucket, Key: &u.Key, UploadId: &u.ID})
	if err = failure(call, err); errors.Is(err, driver.ErrNotFound) {
		return nil
	}
	return err
}
