package main

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"wgtup/internal/store/bos/bostest"
	"wgtup/internal/store/cos/costest"
	"wgtup/internal/store/standin"
)

// TestRegions: COS and BOS have a name for each region, which is where a wrong one
// shows: nobody there knows the bucket. The stand-in is a proxy for all names.
func TestRegions(t *testing.T) {
	for name, c := range map[string]struct {
		start  func() (*standin.Bucket, http.Handler, func(string) string)
		host   string // of a region
		there  string // the bucket's region
		url    string // BUCKET and HOST stand for them
		public string // path to the prefix
	}{
		"cos": {func() (*standin.Bucket, http.Handler, func(string) string) {
			s := costest.New()
			return &s.Bucket, s, s.Env
		}, "cos.REGION.myqcloud.com", "ap-guangzhou", "cos://BUCKET/app?region=REGION&endpoint=http://HOST", "/app"},
		"bos": {func() (*standin.Bucket, http.Handler, func(string) string) {
			s := bostest.New()
			return &s.Bucket, s, s.Env
		}, "REGION.bcebos.com", "bj", "bos://BUCKET/app?region=REGION&endpoint=http://HOST", "/bucket/app"},
	} {
		t.Run(name, func(t *testing.T) {
			bucket, handler, env := c.start()
			bucket.PublicRead = true
			host := func(region string) string { return strings.ReplaceAll(c.host, "REGION", region) }
			var asked []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.Host, ".com") && !strings.HasSuffix(r.Host, host(c.there)) {
					asked = append(asked, r.Host)
					bucket.Refuse = func(*http.Request, string) *standin.Refusal {
						return &standin.Refusal{Status: 404, Code: "NoSuchBucket", Message: "The specified bucket does not exist."}
					}
					defer func() { bucket.Refuse = nil }()
				}
				handler.ServeHTTP(w, r)
			}))
			defer server.Close()
			proxy, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			was := http.DefaultTransport
			through := was.(*http.Transport).Clone()
			through.Proxy = http.ProxyURL(proxy)
			http.DefaultTransport = through
			defer func() { http.DefaultTransport = was }()
			place := func(region string) string {
				return strings.NewReplacer("BUCKET", bucket.Name, "REGION", region, "HOST", host(region)).Replace(c.url)
			}
			d := newDesk(t, cloud{bucket: bucket, url: place(c.there), public: server.URL + c.public, env: env})
			if exit, errs := d.run("en", nil, "publish", "--base", "shop-1.0.0.wgt"); exit != exitDone {
				t.Fatalf("%d %s", exit, errs)
			}
			before := d.objects()
			for lang, hint := range map[string]string{"en": "\nhint: check the bucket name and region in the store URL", "zh": "\n提示：请检查存储地址里的桶名和地域"} {
				exit, errs := d.run(lang, nil, "publish", "shop-1.1.0.wgt", "--store", place("elsewhere"))
				if exit != exitStore || !strings.Contains(errs, hint) || strings.Count(errs, "wgtup: ") != 1 {
					t.Errorf("%s: %d %s", lang, exit, errs)
				}
			}
			if !maps.Equal(before, d.objects()) || len(asked) == 0 || !strings.HasSuffix(asked[0], host("elsewhere")) {
				t.Errorf("asked %q", asked)
			}
		})
	}
}
