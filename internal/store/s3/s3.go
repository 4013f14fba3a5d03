// Package s3 keeps objects in a bucket of any service that speaks Amazon's S3
// protocol, through the official SDK.
//
// The SDK is told to do less than it can: it makes one attempt (the Store
// repeats, since only it knows what is safe to repeat), follows no redirects (a
// signed request belongs to the host it was signed for), and adds no checksum
// headers that services other than Amazon's may not know. What it sends is
// protected by the SHA-256 of the body inside the signature.
//
// Whether a write that failed may have happened is decided by whether its
// request had been sent, and by what the answer says.
package s3

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	api "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"

	"wgtup/internal/store/driver"
	"wgtup/internal/store/wire"
)

// Config names a bucket.
type Config struct {
	Bucket     string
	Endpoint   string // "" for Amazon's own, else http(s)://host[:port]
	Region     string // "" for what the environment or the profile says
	PathStyle  bool   // the bucket's name is in the path, not in the host name
	PublicRead bool   // send the ACL public-read with every object

	// Env looks up AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN,
	// AWS_REGION, AWS_PROFILE and AWS_CA_BUNDLE. Without a key there the profile
	// counts, then the role of the machine or container.
	Env func(string) string
	// Home is where .aws is, "" for nowhere.
	Home string
}

// S3 is a bucket.
type S3 struct {
	client *api.Client
	bucket string
	acl    types.ObjectCannedACL
	id     string
}

var _ driver.Driver = (*S3)(nil)

// New returns the bucket that c names. It asks nothing of the service.
func New(c Config) (*S3, error) {
	roots, err := authorities(c.Env("AWS_CA_BUNDLE"))
	if err != nil {
		return nil, err
	}
	region := regionOf(c)
	s := &S3{bucket: c.Bucket, id: "s3://s3." + region + ".amazonaws.com/" + c.Bucket}
	if c.Endpoint != "" {
		_, host, _ := strings.Cut(c.Endpoint, "://")
		s.id = "s3://" + host + "/" + c.Bucket
	}
	if c.PublicRead {
		s.acl = types.ObjectCannedACLPublicRead
	}
	o := api.Options{
		Region: region, Credentials: aws.NewCredentialsCache(named{keys(c)}), HTTPClient: wire.Client(roots),
		Retryer: aws.NopRetryer{}, Logger: logging.Nop{}, AppID: "wgtup", UsePathStyle: c.PathStyle,
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired, ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
		DisableLogOutputChecksumValidationSkipped: true, APIOptions: []func(*middleware.Stack) error{signBody},
	}
	if c.Endpoint != "" {
		o.BaseEndpoint = &c.Endpoint
	}
	s.client = api.New(o)
	return s, nil
}

// signBody puts the body's SHA-256 into the signature over TLS as well, where the
// SDK leaves it out: the service, not a proxy before it, then vouches for it.
func signBody(stack *middleware.Stack) error {
	sum := &v4.ComputePayloadSHA256{}
	_, err := stack.Finalize.Swap(sum.ID(), sum)
	return err
}

// known signs a body whose SHA-256 is known.
func known(sum string) func(*api.Options) {
	return func(o *api.Options) {
		if sum == "" {
			return
		}
		o.APIOptions = append(slices.Clip(o.APIOptions), func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("KnownPayloadSHA256",
				func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
					return next.HandleInitialize(v4.SetPayloadHash(ctx, sum), in)
				}), middleware.After)
		})
	}
}

func (s *S3) Properties() driver.Properties {
	return driver.Properties{Scheme: "s3", CreateOnly: true, IfMatch: true, MetadataBytes: 2048, ID: s.id}
}

func (s *S3) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o driver.PutOptions) error {
	in := &api.PutObjectInput{
		Bucket: &s.bucket, Key: &key, Body: body, ContentLength: &size,
		ContentType: &o.ContentType, CacheControl: wire.Optional(o.CacheControl), Metadata: o.Metadata, ACL: s.acl,
	}
	if o.CreateOnly {
		in.IfNoneMatch = aws.String("*")
	}
	if o.IfMatch != "" {
		in.IfMatch = aws.String(`"` + o.IfMatch + `"`)
	}
	w := watch(wire.WithSent(ctx, o.Sent))
	_, err := s.client.PutObject(w.ctx, in, known(o.SHA256))
	err = w.classify(err)
	if e := (*driver.Error)(nil); errors.As(err, &e) {
		switch {
		case e.Status == http.StatusPreconditionFailed && o.CreateOnly:
			e.Err = driver.ErrExists
		case o.IfMatch != "" && (e.Status == http.StatusPreconditionFailed || e.Status == http.StatusNotFound && e.Code != "NoSuchBucket"):
			e.Err = driver.ErrChanged
		}
	}
	return err
}

func (s *S3) Get(ctx context.Context, key string, r driver.Range) (io.ReadCloser, driver.Info, error) {
	in := &api.GetObjectInput{Bucket: &s.bucket, Key: &key}
	if r != (driver.Range{}) {
		in.Range = aws.String(wire.RangeHeader(r))
	}
	out, err := s.client.GetObject(ctx, in)
	if err != nil {
		return nil, driver.Info{}, classifyRead(err)
	}
	size := aws.ToInt64(out.ContentLength)
	if in.Range != nil {
		if size, err = wire.WholeSize(aws.ToString(out.ContentRange), r); err != nil {
			out.Body.Close()
			return nil, driver.Info{}, err
		}
	}
	return out.Body, driver.Info{
		Key: key, Size: size, ETag: wire.ETag(aws.ToString(out.ETag)), Modified: aws.ToTime(out.LastModified).UTC(),
		ContentType: aws.ToString(out.ContentType), CacheControl: aws.ToString(out.CacheControl), Metadata: out.Metadata,
	}, nil
}

func (s *S3) Head(ctx context.Context, key string) (driver.Info, error) {
	out, err := s.client.HeadObject(ctx, &api.HeadObjectInput{Bucket: &s.bucket, Key: &key})
	if err != nil {
		return driver.Info{}, classifyRead(err)
	}
	return driver.Info{
		Key: key, Size: aws.ToInt64(out.ContentLength), ETag: wire.ETag(aws.ToString(out.ETag)), Modified: aws.ToTime(out.LastModified).UTC(),
		ContentType: aws.ToString(out.ContentType), CacheControl: aws.ToString(out.CacheControl), Metadata: out.Metadata,
	}, nil
}

func (s *S3) Copy(ctx context.Context, from, to string, o driver.PutOptions) error {
	w := watch(ctx)
	_, err := s.client.CopyObject(w.ctx, &api.CopyObjectInput{
		Bucket: &s.bucket, Key: &to, CopySource: aws.String(s.bucket + "/" + from),
		MetadataDirective: types.MetadataDirectiveReplace,
		ContentType:       &o.ContentType, CacheControl: wire.Optional(o.CacheControl), Metadata: o.Metadata, ACL: s.acl,
	})
	return w.classify(err)
}

func (s *S3) List(ctx context.Context, prefix, after string, limit int) ([]driver.Info, error) {
	var found []driver.Info
	for len(found) < limit {
		out, err := s.client.ListObjectsV2(ctx, &api.ListObjectsV2Input{
			Bucket: &s.bucket, Prefix: wire.Optional(prefix), StartAfter: wire.Optional(after),
			MaxKeys: aws.Int32(int32(min(limit-len(found), 1000))),
		})
		if err != nil {
			return nil, classifyRead(err)
		}
		for _, o := range out.Contents {
			found = append(found, driver.Info{
				Key: aws.ToString(o.Key), Size: aws.ToInt64(o.Size), ETag: wire.ETag(aws.ToString(o.ETag)), Modified: aws.ToTime(o.LastModified).UTC(),
			})
		}
		// A service may answer with fewer keys than asked for and have more.
		if !aws.ToBool(out.IsTruncated) || len(out.Contents) == 0 {
			break
		}
		after = found[len(found)-1].Key
	}
	return found, nil
}

func (s *S3) Delete(ctx context.Context, key string) error {
	w := watch(ctx)
	_, err := s.client.DeleteObject(w.ctx, &api.DeleteObjectInput{Bucket: &s.bucket, Key: &key})
	if err = w.classify(err); errors.Is(err, driver.ErrNotFound) {
		return nil
	}
	return err
}
