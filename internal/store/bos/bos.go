// Package bos keeps objects in a bucket of Baidu AI Cloud BOS, through the
// official SDK.
//
// The SDK makes one attempt: the Store repeats. Whether an upload arrived as it
// left is checked by the SDK against the CRC-64 of the answer. Without the
// header Cache-Control BOS lets everybody cache for three days, so publishers
// always send one.
package bos

import (
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/baidubce/bce-sdk-go/auth"
	"github.com/baidubce/bce-sdk-go/bce"
	sdk "github.com/baidubce/bce-sdk-go/services/bos"
	"github.com/baidubce/bce-sdk-go/services/bos/api"

	"wgtup/internal/store/credential"
	"wgtup/internal/store/driver"
	"wgtup/internal/store/wire"
)

// Config names a bucket.
type Config struct {
	Bucket     string
	Region     string // such as bj
	Endpoint   string // "" for the region's own, else http(s)://host[:port]
	CNAME      bool   // Endpoint is a domain that is bound to the bucket
	PublicRead bool   // send the ACL public-read with every object

	// Env looks up environment variables, see Keys.
	Env func(string) string
	// Home is where bcecmd keeps its profile, "" for nowhere.
	Home string
}

// Keys says where access keys come from.
var Keys = credential.Source{
	Variables: [][3]string{
		{"BCE_ACCESS_KEY_ID", "BCE_SECRET_ACCESS_KEY", "BCE_SESSION_TOKEN"},
		{"BAIDUCLOUD_ACCESS_KEY", "BAIDUCLOUD_SECRET_KEY", "BAIDUCLOUD_SESSION_TOKEN"}, // as Terraform has them
	},
	File:     ".go-bcecli/credentials",
	Sections: []string{"Defaults"},
	Names:    [3]string{"Ak", "Sk", "Sts"},
}

var regionName = regexp.MustCompile(`^[a-z0-9-]+$`)

// BOS is a bucket.
type BOS struct {
	// client has the key, or says at the first request why there is none.
	client func() (*sdk.Client, error)
	bucket string
	acl    string
	id     string
}

var _ driver.Driver = (*BOS)(nil)

// New returns the bucket that c names. It asks nothing of the service.
func New(c Config) (*BOS, error) {
	base := c.Endpoint
	b := &BOS{bucket: c.Bucket, id: "bos://" + c.Bucket + ".bcebos.com"} // a bucket's name is one in all regions
	if base == "" {
		if !regionName.MatchString(c.Region) {
			return nil, errors.New("no region, such as bj")
		}
		base = "https://" + c.Region + ".bcebos.com"
	}
	if c.PublicRead {
		b.acl = api.CANNED_ACL_PUBLIC_READ
	}
	b.client = sync.OnceValues(func() (*sdk.Client, error) { return connect(c, base) })
	return b, nil
}

// connect makes the client. Its own would go without TLS when an endpoint does
// not say https, and try four times.
func connect(c Config, base string) (*sdk.Client, error) {
	k, err := Keys.Find(c.Env, c.Home)
	if err != nil {
		return nil, driver.Named("bos", wire.NoKey(err))
	}
	config := sdk.NewBosClientConfig(k.ID, k.Secret, base).WithHttpClient(*wire.Client(nil)).WithRetryPolicy(bce.NewNoRetryPolicy())
	client, err := sdk.NewClientWithConfig(config)
	if err != nil {
		return nil, &driver.Error{Err: err}
	}
	if k.Token != "" {
		if client.Config.Credentials, err = auth.NewSessionBceCredentials(k.ID, k.Secret, k.Token); err != nil {
			return nil, &driver.Error{Err: err}
		}
	}
	client.Config.UserAgent += " wgtup"
	client.Config.CnameEnabled = c.CNAME
	return client, nil
}

func (b *BOS) Properties() driver.Properties {
	return driver.Properties{Scheme: "bos", CreateOnly: true, IfMatch: true, MetadataBytes: 2048, ID: b.id}
}

func (b *BOS) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o driver.PutOptions) error {
	client, err := b.client()
	if err != nil {
		return err
	}
	call := wire.Write(wire.WithSent(ctx, o.Sent))
	_, err = client.PutObjectWithContext(call.Context, b.bucket, key, stream(body, size), &api.PutObjectArgs{
		ContentType: o.ContentType, CacheControl: o.CacheControl, UserMeta: o.Metadata, CannedAcl: b.acl,
		ForbidOverwrite: o.CreateOnly, // unlike If-None-Match part of the signature
		IfMatch:         quoted(o.IfMatch),
	})
	return refused(failure(call, err), o)
}

// stream is a body that is read as it is sent; the SDK's own constructors read it
// into memory first.
func stream(body io.Reader, size int64) *bce.Body {
	s := &bce.Body{}
	s.SetStream(bce.NewTeeReadNopCloser(body))
	s.SetSize(size)
	return s
}

func quoted(etag string) string {
	if etag == "" {
		return ""
	}
	return `"` + etag + `"`
}

// refused says which condition was not met.
func refused(err error, o driver.PutOptions) error {
	e, ok := err.(*driver.Error)
	switch {
	case !ok:
	case o.CreateOnly && (e.Status == http.StatusPreconditionFailed || e.Status == http.StatusConflict):
		e.Err = driver.ErrExists
	case o.IfMatch != "" && (e.Status == http.StatusPreconditionFailed || e.Status == http.StatusNotFound && e.Code != "NoSuchBucket"):
		e.Err = driver.ErrChanged
	}
	return err
}

func (b *BOS) Get(ctx context.Context, key string, r driver.Range) (io.ReadCloser, driver.Info, error) {
	client, err := b.client()
	if err != nil {
		return nil, driver.Info{}, err
	}
	var span []int64
	if r != (driver.Range{}) {
		if span = []int64{r.Offset}; r.Length > 0 {
			span = append(span, r.Offset+r.Length-1)
		}
	}
	call := wire.Read(ctx)
	out, err := client.GetObjectWithContext(call.Context, b.bucket, key, nil, span...)
	if failed := failure(call, err); failed != nil {
		if err == nil {
			out.Body.Close()
		}
		return nil, driver.Info{}, failed
	}
	info := describe(key, &out.ObjectMeta, call)
	if span != nil {
		if info.Size, err = wire.WholeSize(out.ContentRange, r); err != nil {
			out.Body.Close()
			return nil, driver.Info{}, err
		}
	}
	return out.Body, info, nil
}

func (b *BOS) Head(ctx context.Context, key string) (driver.Info, error) {
	client, err := b.client()
	if err != nil {
		return driver.Info{}, err
	}
	call := wire.Read(ctx)
	out, err := client.GetObjectMetaWithContext(call.Context, b.bucket, key)
	if err = failure(call, err); err != nil {
		return driver.Info{}, err
	}
	return describe(key, &out.ObjectMeta, call), nil
}

func (b *BOS) Copy(ctx context.Context, from, to string, o driver.PutOptions) error {
	client, err := b.client()
	if err != nil {
		return err
	}
	call := wire.Write(ctx)
	_, err = client.CopyObjectWithContext(call.Context, b.bucket, to, b.bucket, from, &api.CopyObjectArgs{
		MetadataDirective: api.METADATA_DIRECTIVE_REPLACE, CannedAcl: b.acl,
		ObjectMeta: api.ObjectMeta{ContentType: o.ContentType, CacheControl: o.CacheControl, UserMeta: o.Metadata},
	})
	return failure(call, err)
}

func (b *BOS) List(ctx context.Context, prefix, after string, limit int) ([]driver.Info, error) {
	client, err := b.client()
	if err != nil {
		return nil, err
	}
	var found []driver.Info
	for len(found) < limit {
		call := wire.Read(ctx)
		out, err := client.ListObjectsWithContext(call.Context, b.bucket, &api.ListObjectsArgs{Prefix: prefix, Marker: after, MaxKeys: min(limit-len(found), 1000)})
		if err = failure(call, err); err != nil {
			return nil, err
		}
		for _, c := range out.Contents {
			modified, _ := time.Parse(time.RFC3339, c.LastModified)
			found = append(found, driver.Info{Key: c.Key, Size: int64(c.Size), ETag: wire.ETag(c.ETag), Modified: modified.UTC()})
		}
		if !out.IsTruncated || len(out.Contents) == 0 {
			break
		}
		after = found[len(found)-1].Key
	}
	return found, nil
}

func (b *BOS) Delete(ctx context.Context, key string) error {
	client, err := b.client()
	if err != nil {
		return err
	}
	call := wire.Write(ctx)
	err = api.DeleteObject(client, b.bucket, key, "", client.NewBosContext(call.Context))
	if err = failure(call, err); errors.Is(err, driver.ErrNotFound) {
		return nil
	}
	return err
}

func failure(call *wire.Call, err error) error {
	if a := call.Answer(); err == nil && a != nil && a.StatusCode/100 == 3 {
		// The SDK takes this for success.
		return driver.Named("bos", wire.Answer(a.StatusCode, "Redirect", "the service points to "+a.Header.Get("Location"), false))
	}
	code, message := "", ""
	if said := (*bce.BceServiceError)(nil); errors.As(err, &said) {
		code, message = said.Code, said.Message
	}
	return driver.Named("bos", call.Failure(err, code, message))
}

func describe(key string, m *api.ObjectMeta, call *wire.Call) driver.Info {
	modified, _ := http.ParseTime(m.LastModified)
	return driver.Info{
		Key: key, Size: m.ContentLength, ETag: wire.ETag(m.ETag), Modified: modified.UTC(),
		ContentType: m.ContentType, CacheControl: m.CacheControl, Metadata: wire.Metadata(call.Answer().Header, "x-bce-meta-"),
	}
}
