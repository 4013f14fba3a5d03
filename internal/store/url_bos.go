package store

import (
	"context"

	"wgtup/internal/store/bos"
)

// openBOS reads //BUCKET/PREFIX with the parameters region (required without an
// endpoint), endpoint (http or https with a host), cname (true: the endpoint is a
// domain bound to the bucket) and acl (none or object).
func openBOS(_ context.Context, rest string, env func(string) string) (Driver, string, error) {
	u, err := parseBucketURL("bos", rest, "BCE_ACCESS_KEY_ID and BCE_SECRET_ACCESS_KEY", "acl", "cname", "endpoint", "region")
	if err != nil {
		return nil, "", err
	}
	c := bos.Config{Bucket: u.bucket, Region: u.values.Get("region"), Env: env, Home: home(env)}
	if c.Endpoint, c.CNAME, c.PublicRead, err = u.access(); err != nil {
		return nil, "", err
	}
	d, err := bos.New(c)
	if err != nil {
		return nil, "", &URLError{"bos", err.Error()}
	}
	return d, u.prefix, nil
}
