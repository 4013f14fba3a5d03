package store

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"wgtup/internal/store/s3"
)

var s3Parameters = []string{"acl", "endpoint", "path_style", "region"}

// openS3 reads //BUCKET/PREFIX with the parameters endpoint (http or https, host
// and port), region, path_style (true or false; when missing, true for endpoints
// that are an address or localhost) and acl (none or object: send public-read
// with every object).
func openS3(ctx context.Context, rest string, env func(string) string) (Driver, string, error) {
	bad := func(reason string) (Driver, string, error) { return nil, "", &URLError{"s3", reason} }
	u, err := url.Parse("s3:" + rest)
	if err != nil {
		return bad("not a URL; expected s3://BUCKET/PREFIX")
	}
	if u.User != nil {
		return bad("access keys do not belong into the URL; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	if u.Host == "" || u.Fragment != "" || u.Opaque != "" || strings.Contains(u.Host, ":") {
		return bad("expected s3://BUCKET/PREFIX")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return bad("parameters cannot be read")
	}
	for name, values := range query {
		if !slices.Contains(s3Parameters, name) {
			return bad("unknown parameter " + name + "; there are " + strings.Join(s3Parameters, ", "))
		}
		if len(values) > 1 {
			return bad("parameter " + name + " is given twice")
		}
	}
	c := s3.Config{Bucket: u.Host, Region: query.Get("region"), Env: env}
	if env == nil {
		c.Env = func(string) string { return "" }
	}
	if c.Endpoint, c.PathStyle, err = endpoint(query.Get("endpoint")); err != nil {
		return nil, "", err
	}
	switch query.Get("path_style") {
	case "":
	case "true":
		c.PathStyle = true
	case "false":
		c.PathStyle = false
	default:
		return bad("path_style is true or false")
	}
	switch query.Get("acl") {
	case "", "none":
	case "object":
		c.PublicRead = true
	default:
		return bad("acl is object or none")
	}
	d, err := s3.New(ctx, c)
	if err != nil {
		return bad(err.Error())
	}
	return d, strings.Trim(u.Path, "/"), nil
}

// endpoint checks an endpoint, and says whether only path style works with it.
func endpoint(s string) (base string, pathStyle bool, err error) {
	if s == "" {
		return "", false, nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false, &URLError{"s3", "endpoint is http or https with a host and nothing else, like https://s3.example.com"}
	}
	_, notAddress := netip.ParseAddr(u.Hostname())
	return u.Scheme + "://" + u.Host, notAddress == nil || u.Hostname() == "localhost", nil
}
