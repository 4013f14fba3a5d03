package store

import (
	"context"

	"wgtup/internal/store/cos"
)

// openCOS reads //BUCKET-APPID/PREFIX with the parameters region (required),
// endpoint (internal, accelerate, or http or https with a host), cname (true: the
// endpoint is a domain bound to the bucket), acl (none or object) and role (a CAM
// role of the CVM machine instead of a key).
func openCOS(_ context.Context, rest string, env func(string) string) (Driver, string, error) {
	u, err := parseBucketURL("cos", rest, "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY", "acl", "cname", "endpoint", "region", "role")
	if err != nil {
		return nil, "", err
	}
	c := cos.Config{Bucket: u.bucket, Region: u.values.Get("region"), Role: u.values.Get("role"), Env: env, Home: home(env)}
	if c.Endpoint, c.CNAME, c.PublicRead, err = u.access(cos.Internal, cos.Accelerate); err != nil {
		return nil, "", err
	}
	d, err := cos.New(c)
	if err != nil {
		return nil, "", &URLError{"cos", err.Error()}
	}
	return d, u.prefix, nil
}
