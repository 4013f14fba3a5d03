// Package cos keeps objects in a bucket of Tencent Cloud COS, through the
// official SDK.
//
// The SDK makes one attempt: the Store repeats. Whether an upload arrived as it
// left is checked by the SDK against the CRC-64 of the answer, which COS always
// gives; without it nobody knows, and the Store finds out.
package cos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	api "github.com/tencentyun/cos-go-sdk-v5"

	"wgtup/internal/store/credential"
	"wgtup/internal/store/driver"
	"wgtup/internal/store/wire"
)

// Names of special endpoints.
const (
	Internal   = "internal"   // from machines of Tencent Cloud in the same region
	Accelerate = "accelerate" // from far away
)

// Config names a bucket.
type Config struct {
	Bucket     string // with the account's number at its end: shop-1250000000
	Region     string // such as ap-guangzhou
	Endpoint   string // "" for the region's public one, Internal, Accelerate, or http(s)://host[:port]
	CNAME      bool   // Endpoint is a domain that is bound to the bucket
	PublicRead bool   // send the ACL public-read with every object
	Role       string // take the key from the CAM role of this name of the CVM machine

	// Env looks up environment variables, see Keys.
	Env func(string) string
	// Home is where a profile may be, "" for nowhere.
	Home string
}

// Keys says where access keys come from when no role is named.
var Keys = credential.Source{
	Variables: [][3]string{
		{"TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_TOKEN"},
		{"COS_SECRET_ID", "COS_SECRET_KEY", "COS_TOKEN"},
	},
	File:     ".tencentcloud/credentials",
	Sections: []string{"default"},
	Names:    [3]string{"secret_id", "secret_key", "token"},
}

var (
	bucketName = regexp.MustCompile(`^[a-z0-9-]+-[0-9]+$`)
	regionName = regexp.MustCompile(`^[a-z0-9-]+$`)
)

// COS is a bucket.
type COS struct {
	client *api.Client
	source string // what a copy comes from, before the key
	acl    string
	id     string
}

var _ driver.Driver = (*COS)(nil)

// New returns the bucket that c names. It asks nothing of the service.
func New(c Config) (*COS, error) {
	if !bucketName.MatchString(c.Bucket) {
		return nil, errors.New("the bucket's name ends in the number of the account, like shop-1250000000")
	}
	if !regionName.MatchString(c.Region) {
		return nil, errors.New("no region, such as ap-guangzhou")
	}
	host := c.Bucket + ".cos." + c.Region + ".myqcloud.com"
	base := &url.URL{Scheme: "https", Host: host}
	switch c.Endpoint {
	case "":
	case Internal:
		base.Host = c.Bucket + ".cos-internal." + c.Region + ".tencentcos.cn"
	case Accelerate:
		base.Host = c.Bucket + ".cos.accelerate.myqcloud.com"
	default:
		u, err := url.Parse(c.Endpoint)
		if err != nil {
			return nil, fmt.Errorf("endpoint: %w", err)
		}
		if base = u; !c.CNAME {
			base.Host = c.Bucket + "." + u.Host
		}
	}
	s := &COS{source: host + "/", id: "cos://" + host}
	if c.PublicRead {
		s.acl = api.ACL.PublicRead
	}
	client := wire.Client(nil)
	client.Transport = signer{keys(c), client.Transport}
	s.client = api.NewClient(&api.BaseURL{BucketURL: base}, client)
	s.client.UserAgent += " wgtup"
	s.client.Conf.RetryOpt.Count = 1
	s.client.Conf.ObjectKeySimplifyCheck = false // by the rules of this machine's paths
	return s, nil
}

// signer signs with the key of the moment.
type signer struct {
	find func() (credential.Key, error)
	next http.RoundTripper
}

// keyError is a missing access key.
type keyError struct{ error }

func (s signer) RoundTrip(r *http.Request) (*http.Response, error) {
	k, err := s.find()
	if err != nil {
		return nil, keyError{err}
	}
	r = r.Clone(r.Context())
	api.AddAuthorizationHeader(k.ID, k.Secret, k.Token, r, api.NewAuthTime(time.Hour))
	return s.next.RoundTrip(r)
}

func keys(c Config) func() (credential.Key, error) {
	if c.Role == "" {
		return func() (credential.Key, error) { return Keys.Find(c.Env, c.Home) }
	}
	machine := &api.CVMCredentialTransport{RoleName: c.Role}
	return func() (credential.Key, error) {
		id, secret, token, err := machine.GetCredential()
		return credential.Key{ID: id, Secret: secret, Token: token}, err
	}
}

func (s *COS) Properties() driver.Properties {
	return driver.Properties{Scheme: "cos", CreateOnly: true, MetadataBytes: 2048, ID: s.id}
}

func (s *COS) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o driver.PutOptions) error {
	call := wire.Write(wire.WithSent(ctx, o.Sent))
	if size == 0 {
		body = strings.NewReader("") // the SDK recognizes it as empty
	}
	_, err := s.client.Object.Put(call.Context, key, body, &api.ObjectPutOptions{
		ACLHeaderOptions: &api.ACLHeaderOptions{XCosACL: s.acl},
		ObjectPutHeaderOptions: &api.ObjectPutHeaderOptions{
			ContentLength: size, ContentType: o.ContentType, CacheControl: o.CacheControl,
			XCosMetaXXX: metadata(o), XOptionHeader: condition(o),
		},
	})
	return failure(call, err)
}

func (s *COS) Get(ctx context.Context, key string, r driver.Range) (io.ReadCloser, driver.Info, error) {
	in := &api.ObjectGetOptions{}
	if r != (driver.Range{}) {
		in.Range = wire.RangeHeader(r)
	}
	call := wire.Read(ctx)
	out, err := s.client.Object.Get(call.Context, key, in)
	if err != nil {
		return nil, driver.Info{}, failure(call, err)
	}
	info := describe(key, out.Response)
	if in.Range != "" {
		if info.Size, err = wire.WholeSize(out.Header.Get("Content-Range"), r); err != nil {
			out.Body.Close()
			return nil, driver.Info{}, err
		}
	}
	return out.Body, info, nil
}

func (s *COS) Head(ctx context.Context, key string) (driver.Info, error) {
	call := wire.Read(ctx)
	out, err := s.client.Object.Head(call.Context, key, nil)
	if err != nil {
		return driver.Info{}, failure(call, err)
	}
	return describe(key, out.Response), nil
}

func (s *COS) Copy(ctx context.Context, from, to string, o driver.PutOptions) error {
	call := wire.Write(ctx)
	_, _, err := s.client.Object.Copy(call.Context, to, s.source+from, &api.ObjectCopyOptions{
		ACLHeaderOptions: &api.ACLHeaderOptions{XCosACL: s.acl},
		ObjectCopyHeaderOptions: &api.ObjectCopyHeaderOptions{
			XCosMetadataDirective: "Replaced", ContentType: o.ContentType, CacheControl: o.CacheControl, XCosMetaXXX: metadata(o),
		},
	})
	return failure(call, err)
}

func (s *COS) List(ctx context.Context, prefix, after string, limit int) ([]driver.Info, error) {
	var found []driver.Info
	for len(found) < limit {
		call := wire.Read(ctx)
		out, _, err := s.client.Bucket.Get(call.Context, &api.BucketGetOptions{Prefix: prefix, Marker: after, MaxKeys: min(limit-len(found), 1000)})
		if err != nil {
			return nil, failure(call, err)
		}
		for _, c := range out.Contents {
			modified, _ := time.Parse(time.RFC3339, c.LastModified)
			found = append(found, driver.Info{Key: c.Key, Size: c.Size, ETag: wire.ETag(c.ETag), Modified: modified.UTC()})
		}
		if !out.IsTruncated || len(out.Contents) == 0 {
			break
		}
		after = found[len(found)-1].Key
	}
	return found, nil
}

func (s *COS) Delete(ctx context.Context, key string) error {
	call := wire.Write(ctx)
	_, err := s.client.Object.Delete(call.Context, key)
	if err = failure(call, err); errors.Is(err, driver.ErrNotFound) {
		return nil
	}
	return err
}

func failure(call *wire.Call, err error) error {
	if several := (*api.RetryError)(nil); errors.As(err, &several) {
		err = errors.Join(several.Errs...)
	}
	if missing := (keyError{}); errors.As(err, &missing) {
		return driver.Named("cos", wire.NoKey(missing.error))
	}
	code, message := "", ""
	if said := (*api.ErrorResponse)(nil); errors.As(err, &said) {
		code, message = said.Code, said.Message
	}
	err = call.Failure(err, code, message)
	if e, ok := err.(*driver.Error); ok && e.Code == "FileAlreadyExists" {
		e.Err = fmt.Errorf("%w: %s", driver.ErrExists, wire.Plain(message))
	}
	return driver.Named("cos", err)
}

const metaPrefix = "x-cos-meta-"

func metadata(o driver.PutOptions) *http.Header {
	h := http.Header{}
	for name, value := range o.Metadata {
		h.Set(metaPrefix+name, value)
	}
	return &h
}

// condition is the header for create-only writes. Versioning is said to disable
// it, and nothing in the answer would say so.
func condition(o driver.PutOptions) *http.Header {
	h := http.Header{}
	if o.CreateOnly {
		h.Set("x-cos-forbid-overwrite", "true")
	}
	return &h
}

func describe(key string, r *http.Response) driver.Info {
	modified, _ := http.ParseTime(r.Header.Get("Last-Modified"))
	return driver.Info{
		Key: key, Size: r.ContentLength, ETag: wire.ETag(r.Header.Get("ETag")), Modified: modified.UTC(),
		ContentType: r.Header.Get("Content-Type"), CacheControl: r.Header.Get("Cache-Control"), Metadata: wire.Metadata(r.Header, metaPrefix),
	}
}
