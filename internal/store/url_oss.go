package store

import (
	"context"

	"wgtup/internal/store/oss"
)

// openOSS reads //BUCKET/PREFIX with the parameters region (required), endpoint
// (internal, accelerate, or http or https with a host), cname (true: the endpoint
// is a domain bound to the bucket), acl (none or object) and role (a RAM role of
// the ECS machine instead of a key).
func openOSS(_ context.Context, rest string, env func(string) string) (Driver, string, error) {
	u, err := parseBucketURL("oss", rest, "OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET", "acl", "cname", "endpoint", "region", "role")
	if err != nil {
		return nil, "", err
	}
	c := oss.Config{Bucket: u.bucket, Region: u.values.Get("region"), Role: u.values.Get("role"), Env: env, Home: home(env)}
	if c.Endpoint, c.CNAME, c.PublicRead, err = u.access(oss.Internal, oss.Accelerate); err != nil {
		return nil, "", err
	}
	d, err := oss.New(c)
	if err != nil {
		return nil, "", &URLError{"oss", err.Error()}
	}
	return d, u.prefix, nil
}
