package store

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// bucketURL is what stands behind the scheme of a store in a bucket:
// //BUCKET/PREFIX?name=value&...
type bucketURL struct {
	scheme, bucket, prefix string
	values                 url.Values
}

// parseBucketURL checks rest. variables are where the access key belongs, for
// whoever puts it into the URL; parameters are the names that are allowed.
func parseBucketURL(scheme, rest, variables string, parameters ...string) (bucketURL, error) {
	bad := func(reason string) (bucketURL, error) { return bucketURL{}, &URLError{scheme, reason} }
	form := "expected " + scheme + "://BUCKET/PREFIX"
	u, err := url.Parse(scheme + ":" + rest)
	if err != nil {
		return bad("not a URL; " + form)
	}
	if u.User != nil {
		return bad("access keys do not belong into the URL; set " + variables)
	}
	if u.Host == "" || u.Fragment != "" || u.Opaque != "" || strings.Contains(u.Host, ":") {
		return bad(form)
	}
	b := bucketURL{scheme: scheme, bucket: u.Host, prefix: strings.Trim(u.Path, "/")}
	if b.values, err = url.ParseQuery(u.RawQuery); err != nil {
		return bad("parameters cannot be read")
	}
	for name, values := range b.values {
		if !slices.Contains(parameters, name) {
			return bad("unknown parameter " + name + "; there are " + strings.Join(parameters, ", "))
		}
		if len(values) > 1 {
			return bad("parameter " + name + " is given twice")
		}
	}
	return b, nil
}

// yes reads a parameter that is true or false; missing is false.
func (b bucketURL) yes(name string) (bool, error) {
	switch b.values.Get(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, &URLError{b.scheme, name + " is true or false"}
}

// publicRead reads the parameter acl: whether to send public-read with objects.
func (b bucketURL) publicRead() (bool, error) {
	switch b.values.Get("acl") {
	case "", "none":
		return false, nil
	case "object":
		return true, nil
	}
	return false, &URLError{b.scheme, "acl is object or none"}
}

// endpoint reads the parameter of that name; special are words that may stand for
// a URL. local says that it is an address or localhost, where only path style works.
func (b bucketURL) endpoint(special ...string) (base string, local bool, err error) {
	s := b.values.Get("endpoint")
	if s == "" || slices.Contains(special, s) {
		return s, false, nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		words := strings.Join(append([]string{"http or https with a host and nothing else, like https://" + b.scheme + ".example.com"}, special...), ", or ")
		return "", false, &URLError{b.scheme, "endpoint is " + words}
	}
	_, notAddress := netip.ParseAddr(u.Hostname())
	return u.Scheme + "://" + u.Host, notAddress == nil || u.Hostname() == "localhost", nil
}

// access reads what the named clouds have in common: endpoint (special are its
// values that are words), cname and acl.
func (b bucketURL) access(special ...string) (endpoint string, cname, publicRead bool, err error) {
	if endpoint, _, err = b.endpoint(special...); err != nil {
		return "", false, false, err
	}
	if cname, err = b.yes("cname"); err != nil {
		return "", false, false, err
	}
	publicRead, err = b.publicRead()
	return endpoint, cname, publicRead, err
}

// home is the home directory, where tools keep their profiles.
func home(env func(string) string) string {
	if h := env("HOME"); h != "" {
		return h
	}
	return env("USERPROFILE")
}
