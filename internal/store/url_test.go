package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"wgtup/internal/store"
)

func noEnv(string) string { return "" }

func TestOpen(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	slashed := filepath.ToSlash(folder)
	for url, id := range map[string]string{
		"dir:out/store":                        "dir:" + slashed + "/out/store",
		"dir:./out/../store":                   "dir:" + slashed + "/store",
		"dir:" + folder + "/x":                 "dir:" + slashed + "/x",
		"dir:~/x":                              "dir:" + slashed + "/~/x",
		"s3://bucket":                          "s3://s3.us-east-1.amazonaws.com/bucket",
		"s3://bucket/":                         "s3://s3.us-east-1.amazonaws.com/bucket",
		"s3://bucket/my/app/?region=eu-west-1": "s3://s3.eu-west-1.amazonaws.com/bucket/my/app",
		"s3://bucket/app?endpoint=http://127.0.0.1:7070&region=us-east-1":           "s3://127.0.0.1:7070/bucket/app",
		"s3://bucket/app?endpoint=https%3A%2F%2Fs3.example.com/&acl=object":         "s3://s3.example.com/bucket/app",
		"s3://bucket/app?endpoint=https://s3.example.com&path_style=true&acl=none":  "s3://s3.example.com/bucket/app",
		"s3://bucket/app?endpoint=https://s3.example.com&path_style=false&region=x": "s3://s3.example.com/bucket/app",
		"oss://bucket/app?region=cn-hangzhou":                                       "oss://bucket.oss-cn-hangzhou.aliyuncs.com/app",
		"oss://bucket?region=cn-hangzhou&endpoint=internal&acl=object&role=ci":      "oss://bucket.oss-cn-hangzhou.aliyuncs.com",
		"oss://bucket?region=cn-hangzhou&endpoint=accelerate":                       "oss://bucket.oss-cn-hangzhou.aliyuncs.com",
		"oss://bucket/app?region=cn-hangzhou&cname=true&endpoint=https://a.example": "oss://bucket.oss-cn-hangzhou.aliyuncs.com/app",
		"cos://b-125/app?region=ap-guangzhou":                                       "cos://b-125.cos.ap-guangzhou.myqcloud.com/app",
		"cos://b-125?region=ap-guangzhou&endpoint=internal&acl=object&role=ci":      "cos://b-125.cos.ap-guangzhou.myqcloud.com",
		"cos://b-125?region=ap-guangzhou&endpoint=accelerate":                       "cos://b-125.cos.ap-guangzhou.myqcloud.com",
		"cos://b-125/app?region=x&cname=true&endpoint=https://a.example":            "cos://b-125.cos.x.myqcloud.com/app",
		"cos://b-125/app?region=x&endpoint=https://cos.example":                     "cos://b-125.cos.x.myqcloud.com/app",
		"bos://bucket/app?region=bj":                                                "bos://bucket.bcebos.com/app",
		"bos://bucket/app?cname=true&endpoint=https://a.example&acl=object":         "bos://bucket.bcebos.com/app",
		// Those of docs/guide/config.md.
		"s3://bucket/prefix?region=eu-central-1":                                                 "s3://s3.eu-central-1.amazonaws.com/bucket/prefix",
		"s3://bucket/prefix?region=auto&endpoint=https://ACCOUNT.r2.cloudflarestorage.com":       "s3://ACCOUNT.r2.cloudflarestorage.com/bucket/prefix",
		"s3://bucket/prefix?region=cn-north-4&endpoint=https://obs.cn-north-4.myhuaweicloud.com": "s3://obs.cn-north-4.myhuaweicloud.com/bucket/prefix",
		"s3://bucket/prefix?region=us-east-1&path_style=true&endpoint=https://minio.example.com": "s3://minio.example.com/bucket/prefix",
		"oss://bucket/prefix?region=cn-hangzhou&cname=true&endpoint=https://dl.example.com":      "oss://bucket.oss-cn-hangzhou.aliyuncs.com/prefix",
		"cos://bucket-1250000000/prefix?region=ap-guangzhou":                                     "cos://bucket-1250000000.cos.ap-guangzhou.myqcloud.com/prefix",
	} {
		s, err := store.Open(t.Context(), url, noEnv)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		if p := s.Properties(); p.ID != id || p.Scheme != url[:strings.Index(url, ":")] {
			t.Errorf("%s: %+v, want %s", url, p, id)
		}
	}
	if entries, err := os.ReadDir("."); len(entries) != 0 || err != nil {
		t.Errorf("opening has made %v, %v", entries, err)
	}
	if runtime.GOOS == "windows" {
		if s, err := store.Open(t.Context(), `dir:C:\x`, noEnv); err != nil || s.Properties().ID != "dir:C:/x" {
			t.Error(err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for url, want := range map[string]string{
		"":                                  "no scheme; one of dir:, s3:, oss:, cos:, bos:",
		"out/store":                         "no scheme",
		"ftp://x":                           "unknown scheme; one of dir:, s3:, oss:, cos:, bos:",
		"oss://bucket/app":                  "no region, such as cn-hangzhou",
		"oss://bucket?region=x&cname=1":     "cname is true or false",
		"oss://id:hush@bucket?region=x":     "OSS_ACCESS_KEY_ID",
		"oss://bucket?region=x&endpoint=y":  "or internal, or accelerate",
		"cos://b-125/app":                   "no region, such as ap-guangzhou",
		"cos://bucket/app?region=x":         "ends in the number of the account",
		"bos://bucket/app":                  "no region, such as bj",
		"dir:":                              "no path",
		"dir:x?acl=none":                    "no parameters",
		"s3:bucket":                         "expected s3://BUCKET/PREFIX",
		"s3:///app":                         "expected s3://BUCKET/PREFIX",
		"s3://bucket:80/app":                "expected s3://BUCKET/PREFIX",
		"s3://bucket/app#x":                 "expected s3://BUCKET/PREFIX",
		"s3://%zz/":                         "not a URL",
		"s3://id:hush@bucket/app":           "AWS_ACCESS_KEY_ID",
		"s3://bucket/app?secret=hush":       "unknown parameter secret; there are acl, endpoint, path_style, region",
		"s3://bucket/app?acl=hush":          "acl is object or none",
		"s3://bucket/app?acl=none&acl=none": "given twice",
		"s3://bucket/app?path_style=1":      "path_style is true or false",
		"s3://bucket/app?endpoint=s3.x.com": "endpoint is http or https",
		"s3://bucket/app?endpoint=https://id:hush@s3.x.com": "endpoint is http or https",
		"s3://bucket/app?endpoint=https://s3.x.com/bucket":  "endpoint is http or https",
		"s3://bucket/app?x=%zz":                             "cannot be read",
	} {
		_, err := store.Open(t.Context(), url, noEnv)
		var e *store.URLError
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v, want %s", url, err, want)
		}
	}
	for _, url := range []string{"s3://bucket/a//b", "s3://bucket/a/../b", "s3://bucket/版本", "s3://bucket/" + strings.Repeat("x", 257)} {
		if _, err := store.Open(t.Context(), url, noEnv); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%.40s: %v", url, err)
		}
	}
}

// Whatever is given as a URL, nothing panics, and what is wrong with it is said
// without repeating it.
func FuzzOpen(f *testing.F) {
	for _, url := range []string{"dir:x", "s3://bucket/app?endpoint=http://127.0.0.1:1&region=x&path_style=true&acl=object", "s3://id:hush@bucket/a", "oss://b", "::"} {
		f.Add(url)
	}
	f.Fuzz(func(t *testing.T, url string) {
		if strings.HasPrefix(url, "dir:") {
			return // TestOpen; a path may be anything
		}
		s, err := store.Open(t.Context(), url+"hush-hush-hush", noEnv)
		if err == nil && s.Properties().ID == "" {
			t.Errorf("%q has no identity", url)
		}
	})
}

// The example of the guides: 100,000 users a day who open the app 3 times, 4 releases a
// month of 600 kB, of which each reaches 90%.
func TestGuideCosts(t *testing.T) {
	const users, opens, releases, share, gigabytes = 100_000.0, 3, 4, 0.9, 0.0006
	requests, traffic := users*opens*30, users*share*releases*gigabytes
	for page, want := range map[string][]string{
		"oss.md":         {fmt.Sprintf("%.0f million requests and %.0f GB", requests/1_000_000, traffic)},
		"oss.zh-CN.md":   {fmt.Sprintf("%.0f 万次请求、%.0f GB", requests/10_000, traffic)},
		"minio.md":       {fmt.Sprintf("%.1f a second", requests/(30*24*3600.0)), fmt.Sprintf("%.1f Mbit/s", traffic*8000/(30*24*3600))},
		"minio.zh-CN.md": {fmt.Sprintf("平均每秒 %.1f 次", requests/(30*24*3600.0)), fmt.Sprintf("%.1f Mbit/s", traffic*8000/(30*24*3600))},
	} {
		text, err := os.ReadFile("../../docs/guide/cloud/" + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range want {
			if !strings.Contains(strings.ReplaceAll(string(text), "\n", " "), s) {
				t.Errorf("%s does not say %q", page, s)
			}
		}
	}
}

// TestGuides: every store that a guide names can be opened.
func TestGuides(t *testing.T) {
	pages, err := filepath.Glob("../../docs/guide/cloud/*.md")
	if err != nil || len(pages) != 14 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	named := regexp.MustCompile("(oss|cos|bos|s3)://[^ '`]+")
	for _, page := range append(pages, "../../docs/guide/config.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		urls := named.FindAllString(string(text), -1)
		if len(urls) == 0 {
			t.Errorf("%s names no store", page)
		}
		for _, url := range urls {
			if _, err := store.Open(t.Context(), url, noEnv); err != nil {
				t.Errorf("%s: %s: %v", page, url, err)
			}
		}
	}
}
