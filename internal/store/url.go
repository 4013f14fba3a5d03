package store

import (
	"context"
	"fmt"
	"strings"

	"wgtup/internal/store/dir"
)

// URLError says what is wrong with a store URL. It never repeats the URL, which
// may hold a secret that somebody put there by mistake.
type URLError struct {
	Scheme string // "" when there is none
	Reason string
}

func (e *URLError) Error() string {
	if e.Scheme == "" {
		return "open store: " + e.Reason
	}
	return fmt.Sprintf("open store %s: %s", e.Scheme, e.Reason)
}

// opener makes a driver from what follows the scheme's colon, and the prefix
// under which the store keeps its objects.
type opener struct {
	scheme string
	open   func(ctx context.Context, rest string, env func(string) string) (d Driver, prefix string, err error)
}

var openers = []opener{
	{"dir", openDir},
	{"s3", openS3},
	{"oss", openOSS},
	{"cos", openCOS},
	{"bos", openBOS},
}

// Open returns the store that url names:
//
//	dir:PATH                  a folder; the rest of the URL is the path as it is
//	s3://BUCKET/PREFIX?...    anything that speaks S3
//	oss://BUCKET/PREFIX?...   Alibaba Cloud OSS
//	cos://BUCKET/PREFIX?...   Tencent Cloud COS
//	bos://BUCKET/PREFIX?...   Baidu AI Cloud BOS
//
// env looks up environment variables. Nothing is asked of the service yet.
func Open(ctx context.Context, url string, env func(string) string) (*Store, error) {
	if env == nil {
		env = func(string) string { return "" }
	}
	scheme, rest, ok := strings.Cut(url, ":")
	if !ok {
		return nil, &URLError{Reason: "no scheme; one of " + schemes()}
	}
	for _, o := range openers {
		if o.scheme == scheme {
			d, prefix, err := o.open(ctx, rest, env)
			if err != nil {
				return nil, err
			}
			return New(d, prefix)
		}
	}
	return nil, &URLError{Reason: "unknown scheme; one of " + schemes()}
}

func schemes() string {
	var names []string
	for _, o := range openers {
		names = append(names, o.scheme+":")
	}
	return strings.Join(names, ", ")
}

func openDir(_ context.Context, path string, _ func(string) string) (Driver, string, error) {
	if path == "" {
		return nil, "", &URLError{"dir", "no path"}
	}
	if strings.Contains(path, "?") {
		return nil, "", &URLError{"dir", "takes no parameters"}
	}
	d, err := dir.New(path)
	if err != nil {
		return nil, "", &URLError{"dir", err.Error()}
	}
	return d, "", nil
}
