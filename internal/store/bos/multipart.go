package bos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/baidubce/bce-sdk-go/services/bos/api"

	"wgtup/internal/store/driver"
	"wgtup/internal/store/wire"
)

var _ driver.Multipart = (*BOS)(nil)

func (b *BOS) BeginUpload(ctx context.Context, key string, o driver.PutOptions) (driver.Upload, error) {
	client, err := b.client()
	if err != nil {
		return driver.Upload{}, err
	}
	call := wire.Write(ctx)
	out, err := api.InitiateMultipartUpload(client, b.bucket, key, o.ContentType,
		&api.InitiateMultipartUploadArgs{CacheControl: o.CacheControl, CannedAcl: b.acl}, client.NewBosContext(call.Context))
	if err == nil && out.UploadId == "" {
		err = errors.New("an upload without a name")
	}
	if err = failure(call, err); err != nil {
		return driver.Upload{}, err
	}
	return driver.Upload{Key: key, ID: out.UploadId}, nil
}

func (b *BOS) PutPart(ctx context.Context, u driver.Upload, number int, body io.ReadSeeker, size int64, o driver.PutOptions) (driver.Part, error) {
	client, err := b.client()
	if err != nil {
		return driver.Part{}, err
	}
	call := wire.Write(wire.WithSent(ctx, o.Sent))
	etag, err := api.UploadPart(client, b.bucket, u.Key, u.ID, number, stream(body, size), nil, client.NewBosContext(call.Context))
	if err = failure(call, err); err != nil {
		return driver.Part{}, err
	}
	return driver.Part{Number: number, Size: size, ETag: etag}, nil
}

func (b *BOS) ListParts(ctx context.Context, u driver.Upload) ([]driver.Part, error) {
	client, err := b.client()
	if err != nil {
		return nil, err
	}
	var found []driver.Part
	in := &api.ListPartsArgs{}
	for {
		call := wire.Read(ctx)
		out, err := api.ListParts(client, b.bucket, u.Key, u.ID, in, client.NewBosContext(call.Context))
		if err = failure(call, err); err != nil {
			return nil, err
		}
		for _, p := range out.Parts {
			found = append(found, driver.Part{Number: p.PartNumber, Size: int64(p.Size), ETag: wire.ETag(p.ETag)})
		}
		if !out.IsTruncated || len(out.Parts) == 0 {
			return found, nil
		}
		in.PartNumberMarker = strconv.Itoa(out.NextPartNumberMarker)
	}
}

// CompleteUpload sends the metadata as well: BOS takes it here, not at the
// beginning.
func (b *BOS) CompleteUpload(ctx context.Context, u driver.Upload, parts []driver.Part, o driver.PutOptions) error {
	client, err := b.client()
	if err != nil {
		return err
	}
	in := &api.CompleteMultipartUploadArgs{UserMeta: o.Metadata}
	for _, p := range parts {
		in.Parts = append(in.Parts, api.UploadInfoType{PartNumber: p.Number, ETag: p.ETag})
	}
	body, err := json.Marshal(in)
	if err != nil {
		return &driver.Error{Err: err}
	}
	call := wire.Write(ctx)
	_, err = api.CompleteMultipartUpload(client, b.bucket, u.Key, u.ID, stream(bytes.NewReader(body), int64(len(body))), in,
		client.NewBosContext(call.Context), api.ForbidOverwrite(o.CreateOnly))
	return wire.Completed(refused(failure(call, err), o))
}

func (b *BOS) ListUploads(ctx context.Context, prefix string, limit int) ([]driver.Upload, error) {
	client, err := b.client()
	if err != nil {
		return nil, err
	}
	var found []driver.Upload
	in := &api.ListMultipartUploadsArgs{Prefix: prefix}
	for {
		in.MaxUploads = min(limit-len(found), 1000)
		call := wire.Read(ctx)
		out, err := api.ListMultipartUploads(client, b.bucket, in, client.NewBosContext(call.Context))
		if err = failure(call, err); err != nil {
			return nil, err
		}
		for _, u := range out.Uploads {
			began, _ := time.Parse(time.RFC3339, u.Initiated)
			found = append(found, driver.Upload{Key: u.Key, ID: u.UploadId, Began: began.UTC()})
		}
		if !out.IsTruncated || len(out.Uploads) == 0 || len(found) >= limit {
			return found, nil
		}
		in.KeyMarker = out.NextKeyMarker
	}
}

func (b *BOS) AbortUpload(ctx context.Context, u driver.Upload) error {
	client, err := b.client()
	if err != nil {
		return err
	}
	call := wire.Write(ctx)
	err = api.AbortMultipartUpload(client, b.bucket, u.Key, u.ID, client.NewBosContext(call.Context))
	if err = failure(call, err); errors.Is(err, driver.ErrNotFound) {
		return nil
	}
	return err
}
