package store

import (
	"context"

	"wgtup/internal/store/s3"
)

// openS3 reads //BUCKET/PREFIX with the parameters endpoint (http or https, host
// and port), region, path_style (true or false; when missing, true for endpoints
// that are an address or localhost) and acl (none or object: send public-read
// with every object).
func openS3(_ context.Context, rest string, env func(string) string) (Driver, string, error) {
	u, err := parseBucketURL("s3", rest, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", "acl", "endpoint", "path_style", "region")
	if err != nil {
		return nil, "", err
	}
	c := s3.Config{Bucket: u.bucket, Region: u.values.Get("region"), Env: env, Home: home(env)}
	if c.Endpoint, c.PathStyle, err = u.endpoint(); err != nil {
		return nil, "", err
	}
	if u.values.Get("path_style") != "" {
		if c.PathStyle, err = u.yes("path_style"); err != nil {
			return nil, "", err
		}
	}
	if c.PublicRead, err = u.publicRead(); err != nil {
		return nil, "", err
	}
	d, err := s3.New(c)
	if err != nil {
		return nil, "", &URLError{"s3", err.Error()}
	}
	return d, u.prefix, nil
}
