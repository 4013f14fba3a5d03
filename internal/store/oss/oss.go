// Package oss keeps objects in a bucket of Alibaba Cloud OSS, through the
// official SDK, signed with V4.
//
// The SDK makes one attempt and does not correct its clock: the Store repeats,
// and a clock that is wrong is said so. Whether an upload arrived as it left is
// checked by the SDK against the CRC-64 of the answer.
package oss

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	api "github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/retry"

	"wgtup/internal/store/credential"
	"wgtup/internal/store/driver"
	"wgtup/internal/store/wire"
)

// Names of special endpoints of a region.
const (
	Internal   = "internal"   // from machines of Alibaba Cloud in the same region
	Accelerate = "accelerate" // from far away
)

// Config names a bucket.
type Config struct {
	Bucket     string
	Region     string // such as cn-hangzhou
	Endpoint   string // "" for the region's public one, Internal, Accelerate, or http(s)://host[:port]
	CNAME      bool   // Endpoint is a domain that is bound to the bucket
	PublicRead bool   // send the ACL public-read with every object
	Role       string // take the key from the RAM role of this name of the ECS machine

	// Env looks up environment variables, see Keys.
	Env func(string) string
	// Home is where ossutil keeps its profile, "" for nowhere.
	Home string
}

// Keys says where access keys come from when no role is named.
var Keys = credential.Source{
	Variables: [][3]string{
		{"OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET", "OSS_SESSION_TOKEN"},
		{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"},
	},
	File:     ".ossutilconfig",
	Sections: []string{"default", "profile default", "Credentials"}, // the last one is ossutil 1's
	Names:    [3]string{"accessKeyID", "accessKeySecret", "stsToken"},
}

// OSS is a bucket.
type OSS struct {
	client *api.Client
	bucket string
	acl    api.ObjectACLType
	id     string
}

var _ driver.Driver = (*OSS)(nil)

// New returns the bucket that c names. It asks nothing of the service.
func New(c Config) (*OSS, error) {
	if c.Region == "" {
		return nil, errors.New("no region, such as cn-hangzhou")
	}
	o := &OSS{bucket: c.Bucket, id: "oss://" + c.Bucket + ".oss-" + c.Region + ".aliyuncs.com"}
	config := api.LoadDefaultConfig().
		WithRegion(c.Region).
		WithHttpClient(wire.Client(nil)).
		WithRetryer(retry.NopRetryer{}).
		WithRetryMaxAttempts(1).
		WithCredentialsProvider(keys(c)).
		WithUserAgent("wgtup")
	switch c.Endpoint {
	case "":
	case Internal:
		config.WithUseInternalEndpoint(true)
	case Accelerate:
		config.WithUseAccelerateEndpoint(true)
	default:
		config.WithEndpoint(c.Endpoint).WithUseCName(c.CNAME)
	}
	if c.PublicRead {
		o.acl = api.ObjectACLPublicRead
	}
	o.client = api.NewClient(config)
	return o, nil
}

// keys finds the access key at the first request, so that a missing one is the
// failure of a verb.
func keys(c Config) credentials.CredentialsProvider {
	find := func(context.Context) (credentials.Credentials, error) {
		k, err := Keys.Find(c.Env, c.Home)
		return credentials.Credentials{AccessKeyID: k.ID, AccessKeySecret: k.Secret, SecurityToken: k.Token}, err
	}
	if c.Role != "" {
		find = credentials.NewEcsRoleCredentialsProvider(credentials.EcsRamRole(c.Role)).GetCredentials
	}
	return credentials.CredentialsProviderFunc(func(ctx context.Context) (credentials.Credentials, error) {
		k, err := find(ctx)
		if err != nil {
			err = keyError{err}
		}
		return k, err
	})
}

// keyError is a missing access key.
type keyError struct{ error }

func (o *OSS) Properties() driver.Properties {
	return driver.Properties{Scheme: "oss", CreateOnly: true, MetadataBytes: 8192, ID: o.id}
}

func (o *OSS) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, p driver.PutOptions) error {
	call := wire.Write(wire.WithSent(ctx, p.Sent))
	_, err := o.client.PutObject(call.Context, &api.PutObjectRequest{
		Bucket: &o.bucket, Key: &key, Body: body, ContentLength: &size, Acl: o.acl, ForbidOverwrite: forbid(p),
		ContentType: wire.Optional(p.ContentType), CacheControl: wire.Optional(p.CacheControl), Metadata: p.Metadata,
	})
	return failure(call, err)
}

func (o *OSS) Get(ctx context.Context, key string, r driver.Range) (io.ReadCloser, driver.Info, error) {
	in := &api.GetObjectRequest{Bucket: &o.bucket, Key: &key}
	if r != (driver.Range{}) {
		// Without "standard" a range behind the end is the whole object.
		in.Range, in.RangeBehavior = api.Ptr(wire.RangeHeader(r)), api.Ptr("standard")
	}
	call := wire.Read(ctx)
	out, err := o.client.GetObject(call.Context, in)
	if err != nil {
		return nil, driver.Info{}, failure(call, err)
	}
	info := driver.Info{
		Key: key, Size: out.ContentLength, ETag: wire.ETag(api.ToString(out.ETag)), Modified: api.ToTime(out.LastModified).UTC(),
		ContentType: api.ToString(out.ContentType), CacheControl: call.Header("Cache-Control"), Metadata: lower(out.Metadata),
	}
	if in.Range != nil {
		if info.Size, err = wire.WholeSize(api.ToString(out.ContentRange), r); err != nil {
			out.Body.Close()
			return nil, driver.Info{}, err
		}
	}
	return out.Body, info, nil
}

func (o *OSS) Head(ctx context.Context, key string) (driver.Info, error) {
	call := wire.Read(ctx)
	out, err := o.client.HeadObject(call.Context, &api.HeadObjectRequest{Bucket: &o.bucket, Key: &key})
	if err != nil {
		return driver.Info{}, failure(call, err)
	}
	return driver.Info{
		Key: key, Size: out.ContentLength, ETag: wire.ETag(api.ToString(out.ETag)), Modified: api.ToTime(out.LastModified).UTC(),
		ContentType: api.ToString(out.ContentType), CacheControl: api.ToString(out.CacheControl), Metadata: lower(out.Metadata),
	}, nil
}

func (o *OSS) Copy(ctx context.Context, from, to string, p driver.PutOptions) error {
	call := wire.Write(ctx)
	_, err := o.client.CopyObject(call.Context, &api.CopyObjectRequest{
		Bucket: &o.bucket, Key: &to, SourceBucket: &o.bucket, SourceKey: &from, MetadataDirective: api.Ptr("REPLACE"), Acl: o.acl,
		ContentType: wire.Optional(p.ContentType), CacheControl: wire.Optional(p.CacheControl), Metadata: p.Metadata,
	})
	return failure(call, err)
}

func (o *OSS) List(ctx context.Context, prefix, after string, limit int) ([]driver.Info, error) {
	var found []driver.Info
	for len(found) < limit {
		call := wire.Read(ctx)
		out, err := o.client.ListObjectsV2(call.Context, &api.ListObjectsV2Request{
			Bucket: &o.bucket, Prefix: wire.Optional(prefix), StartAfter: wire.Optional(after), MaxKeys: int32(min(limit-len(found), 1000)),
		})
		if err != nil {
			return nil, failure(call, err)
		}
		for _, c := range out.Contents {
			found = append(found, driver.Info{Key: api.ToString(c.Key), Size: c.Size, ETag: wire.ETag(api.ToString(c.ETag)), Modified: api.ToTime(c.LastModified).UTC()})
		}
		if !out.IsTruncated || len(out.Contents) == 0 {
			break
		}
		after = found[len(found)-1].Key
	}
	return found, nil
}

func (o *OSS) Delete(ctx context.Context, key string) error {
	call := wire.Write(ctx)
	_, err := o.client.DeleteObject(call.Context, &api.DeleteObjectRequest{Bucket: &o.bucket, Key: &key})
	if err = failure(call, err); errors.Is(err, driver.ErrNotFound) {
		return nil
	}
	return err
}

func failure(call *wire.Call, err error) error {
	if missing := (keyError{}); errors.As(err, &missing) {
		return driver.Named("oss", wire.NoKey(missing.error))
	}
	code, message := "", ""
	if said := (*api.ServiceError)(nil); errors.As(err, &said) {
		if code, message = said.Code, said.Message; said.EC != "" {
			message += " (EC " + said.EC + ")"
		}
	}
	err = call.Failure(err, code, message)
	if e, ok := err.(*driver.Error); ok && e.Code == "FileAlreadyExists" {
		e.Err = fmt.Errorf("%w: %s", driver.ErrExists, wire.Plain(message))
	}
	return driver.Named("oss", err)
}

// forbid is the header for create-only writes. It has no effect in a bucket whose
// versioning is on or suspended, and nothing in the answer says so.
func forbid(p driver.PutOptions) *string {
	if p.CreateOnly {
		return api.Ptr("true")
	}
	return nil
}

func lower(metadata map[string]string) map[string]string {
	l := make(map[string]string, len(metadata))
	for name, value := range metadata {
		l[strings.ToLower(name)] = value
	}
	return l
}
