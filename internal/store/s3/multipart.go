package s3

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"wgtup/internal/store/driver"
	"wgtup/internal/store/wire"
)

var _ driver.Multipart = (*S3)(nil)

func (s *S3) BeginUpload(ctx context.Context, key string, o driver.PutOptions) (driver.Upload, error) {
	w := watch(ctx)
	out, err := s.client.CreateMultipartUpload(w.ctx, &api.CreateMultipartUploadInput{
		Bucket: &s.bucket, Key: &key,
		ContentType: &o.ContentType, CacheControl: wire.Optional(o.CacheControl), Metadata: o.Metadata, ACL: s.acl,
	})
	if err != nil {
		return driver.Upload{}, w.classify(err)
	}
	return driver.Upload{Key: key, ID: aws.ToString(out.UploadId)}, nil
}

func (s *S3) PutPart(ctx context.Context, u driver.Upload, number int, body io.ReadSeeker, size int64, o driver.PutOptions) (driver.Part, error) {
	w := watch(wire.WithSent(ctx, o.Sent))
	out, err := s.client.UploadPart(w.ctx, &api.UploadPartInput{
		Bucket: &s.bucket, Key: &u.Key, UploadId: &u.ID, PartNumber: aws.Int32(int32(number)), Body: body, ContentLength: &size,
	})
	if err != nil {
		return driver.Part{}, w.classify(err)
	}
	return driver.Part{Number: number, Size: size, ETag: wire.ETag(aws.ToString(out.ETag))}, nil
}

func (s *S3) ListParts(ctx context.Context, u driver.Upload) ([]driver.Part, error) {
	var found []driver.Part
	in := &api.ListPartsInput{Bucket: &s.bucket, Key: &u.Key, UploadId: &u.ID}
	for {
		out, err := s.client.ListParts(ctx, in)
		if err != nil {
			return nil, classifyRead(err)
		}
		for _, p := range out.Parts {
			found = append(found, driver.Part{Number: int(aws.ToInt32(p.PartNumber)), Size: aws.ToInt64(p.Size), ETag: wire.ETag(aws.ToString(p.ETag))})
		}
		if !aws.ToBool(out.IsTruncated) || len(out.Parts) == 0 {
			return found, nil
		}
		in.PartNumberMarker = out.NextPartNumberMarker
	}
}

func (s *S3) CompleteUpload(ctx context.Context, u driver.Upload, parts []driver.Part, o driver.PutOptions) error {
	in := &api.CompleteMultipartUploadInput{
		Bucket: &s.bucket, Key: &u.Key, UploadId: &u.ID, MultipartUpload: &types.CompletedMultipartUpload{},
	}
	for _, p := range parts {
		in.MultipartUpload.Parts = append(in.MultipartUpload.Parts, types.CompletedPart{
			PartNumber: aws.Int32(int32(p.Number)), ETag: aws.String(`"` + p.ETag + `"`),
		})
	}
	if o.CreateOnly {
		in.IfNoneMatch = aws.String("*")
	}
	w := watch(ctx)
	_, err := s.client.CompleteMultipartUpload(w.ctx, in)
	err = w.classify(err)
	if e := (*driver.Error)(nil); errors.As(err, &e) && e.Status == http.StatusPreconditionFailed && o.CreateOnly {
		e.Err = driver.ErrExists
	}
	return wire.Completed(err)
}

func (s *S3) ListUploads(ctx context.Context, prefix string, limit int) ([]driver.Upload, error) {
	var found []driver.Upload
	in := &api.ListMultipartUploadsInput{Bucket: &s.bucket, Prefix: wire.Optional(prefix)}
	for {
		in.MaxUploads = aws.Int32(int32(min(limit-len(found), 1000)))
		out, err := s.client.ListMultipartUploads(ctx, in)
		if err != nil {
			return nil, classifyRead(err)
		}
		for _, u := range out.Uploads {
			found = append(found, driver.Upload{Key: aws.ToString(u.Key), ID: aws.ToString(u.UploadId), Began: aws.ToTime(u.Initiated).UTC()})
		}
		if !aws.ToBool(out.IsTruncated) || len(out.Uploads) == 0 || len(found) >= limit {
			return found, nil
		}
		in.KeyMarker, in.UploadIdMarker = out.NextKeyMarker, out.NextUploadIdMarker
	}
}

func (s *S3) AbortUpload(ctx context.Context, u driver.Upload) error {
	w := watch(ctx)
	_, err := s.client.AbortMultipartUpload(w.ctx, &api.AbortMultipartUploadInput{Bucket: &s.bucket, Key: &u.Key, UploadId: &u.ID})
	if err = w.classify(err); errors.Is(err, driver.ErrNotFound) {
		return nil
	}
	return err
}
