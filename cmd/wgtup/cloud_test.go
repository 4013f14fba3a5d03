package main

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wgtup/internal/config"
	"wgtup/internal/store/bos/bostest"
	"wgtup/internal/store/cos/costest"
	"wgtup/internal/store/oss/osstest"
	"wgtup/internal/store/s3/s3test"
	"wgtup/internal/store/standin"
)

// cloud is a stand-in with a bucket.
type cloud struct {
	bucket      *standin.Bucket
	url, public string
	env         func(string) string
	id, secret  string // names of their variables
	token       string
}

var clouds = map[string]func(t *testing.T) cloud{
	"oss": func(t *testing.T) cloud {
		s := osstest.Start(t)
		return cloud{&s.Bucket, s.StoreURL(s.URL, "app"), s.PublicURL(s.URL, "app"), s.Env, "OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET", "OSS_SESSION_TOKEN"}
	},
	"cos": func(t *testing.T) cloud {
		s := costest.Start(t)
		return cloud{&s.Bucket, s.StoreURL(s.URL, "app"), s.PublicURL(s.URL, "app"), s.Env, "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_TOKEN"}
	},
	"bos": func(t *testing.T) cloud {
		s := bostest.Start(t)
		return cloud{&s.Bucket, s.StoreURL(s.URL, "app"), s.PublicURL(s.URL, "app"), s.Env, "BCE_ACCESS_KEY_ID", "BCE_SECRET_ACCESS_KEY", "BCE_SESSION_TOKEN"}
	},
	"s3": func(t *testing.T) cloud {
		s := s3test.Start(t)
		return cloud{&s.Bucket, s.StoreURL(s.URL, "app"), s.PublicURL(s.URL, "app"), s.Env, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
	},
}

// desk is a project on a cloud, and what its developer types.
type desk struct {
	cloud
	config string
}

func newDesk(t *testing.T, c cloud) *desk {
	t.Helper()
	dir := t.TempDir()
	keys, err := makeKeys(filepath.Join(dir, ".wgtup"), "", nil, "")
	if err != nil {
		t.Fatal(err)
	}
	conf := &config.Config{App: demoApp, Store: c.url, PublicURL: config.URLs{c.public}, Channel: "production", SigningKey: keys.signing}
	d := &desk{c, filepath.Join(dir, config.File)}
	if err := writeNew(d.config, configText(conf, keys), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"shop-1.0.0.wgt", "shop-1.1.0.wgt"} {
		data, err := demoPackages.ReadFile("demo/" + name)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// run is one command; env replaces variables.
func (d *desk) run(lang string, env map[string]string, args ...string) (exit int, errs string) {
	var out, bad bytes.Buffer
	for i, a := range args {
		if strings.HasSuffix(a, ".wgt") {
			args[i] = filepath.Join(filepath.Dir(d.config), a)
		}
	}
	args = append(args, "--config", d.config, "--lang", lang, "-q")
	u := newUI(strings.NewReader(""), &out, &bad, func(name string) string {
		if v, ok := env[name]; ok {
			return v
		}
		return d.env(name)
	}, args)
	u.wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	return run(u, args), bad.String()
}

// objects are the keys in the bucket with their digests.
func (d *desk) objects() map[string]string {
	all := map[string]string{}
	keys, _ := d.bucket.List("", "", 1000)
	for _, key := range keys {
		o, _ := d.bucket.Get(key)
		all[key] = o.ETag
	}
	return all
}

// tokenHint: for COS the key and its token are one.
var tokenHint = map[string]text{"oss": expiredToken, "bos": expiredToken, "s3": expiredToken, "cos": wrongKey}

// beginning is what a hint says is wrong.
func beginning(hint string) string { return hint[:strings.IndexAny(hint, ":：")] }

// TestCloudsRefuse: whatever is wrong with the key, the clock, the place or the
// bucket, nothing that phones read has changed, and one line says how to fix it.
func TestCloudsRefuse(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none") // no profile of this machine
	for name, value := range map[string]string{"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none, "AWS_PROFILE": ""} {
		t.Setenv(name, value)
	}
	refusing := func(status int, code string) func(c *cloud) {
		return func(c *cloud) {
			c.bucket.Refuse = func(*http.Request, string) *standin.Refusal {
				return &standin.Refusal{Status: status, Code: code, Message: "as documented"}
			}
		}
	}
	for name, start := range clouds {
		d := newDesk(t, start(t))
		d.bucket.PublicRead = true
		if exit, errs := d.run("en", nil, "publish", "--base", "shop-1.0.0.wgt"); exit != exitDone {
			t.Fatalf("%s: %d %s", name, exit, errs)
		}
		for _, c := range []struct {
			name   string
			exit   int
			spoil  func(c *cloud)
			env    func(c *cloud) map[string]string
			args   []string
			en, zh string // of the hint
			skip   bool
		}{
			{"wrong key id", 5, nil, func(c *cloud) map[string]string { return map[string]string{c.id: "another"} }, nil, "the access key id is wrong", "访问密钥 ID 不对", false},
			{"wrong secret", 5, nil, func(c *cloud) map[string]string { return map[string]string{c.secret: "hush"} }, nil, "the secret key is wrong, or this machine's clock is", "密钥不对，或本机时间不准", false},
			{"no key", 5, nil, func(c *cloud) map[string]string { return map[string]string{c.id: "", c.secret: ""} }, nil, "set ", "请设置 ", false},
			{"clock an hour behind", 5, func(c *cloud) { c.bucket.Skew = time.Hour }, nil, nil, "set this machine's clock right", "请校准本机时间", name == "s3"},
			{"clock an hour ahead", 5, func(c *cloud) { c.bucket.Skew = -time.Hour }, nil, nil, "set this machine's clock right", "请校准本机时间", name == "s3"}, // Amazon's SDK learns the service's time from the first refusal,
			{"temporary key expired", 5, func(c *cloud) { c.bucket.Token, c.bucket.TokenExpired = "a-token", true }, nil, nil, "the temporary key has expired or its token is wrong", "临时密钥已过期或 token 不对", false},
			{"token of another key", 5, nil, func(c *cloud) map[string]string { return map[string]string{c.token: "a-token"} }, nil, beginning(tokenHint[name].en), beginning(tokenHint[name].zh), false},
			{"wrong region", 5, func(c *cloud) { c.bucket.Region = "elsewhere" }, nil, nil, "check the region in the store URL", "请检查存储地址里的地域", name == "cos" || name == "bos"},
			{"missing bucket", 5, refusing(404, "NoSuchBucket"), nil, nil, "check the bucket name and region in the store URL, or create the bucket", "请检查存储地址里的桶名和地域，或先创建存储桶", false},
			{"no permission", 5, refusing(403, "AccessDenied"), nil, nil, "is it the right key (", "密钥（", false},
			{"not public", 5, func(c *cloud) { c.bucket.PublicRead = false }, nil, nil, "the prefix is not public-read", "前缀不是公共读", false},
			{"versioning", 5, func(c *cloud) { c.bucket.Versioning = true }, nil, nil, "turn bucket versioning off", "请关闭存储桶的版本控制", false},
			{"no such region", 2, nil, nil, []string{"--store", strings.SplitN(d.url, "?", 2)[0] + "?region="}, "--store dir:PATH", "--store dir:路径", name == "bos" || name == "s3"},
		} {
			if c.skip {
				continue
			}
			t.Run(name+" "+c.name, func(t *testing.T) {
				region := d.bucket.Region
				defer func() {
					b := d.bucket
					b.Skew, b.Token, b.TokenExpired, b.Region, b.Refuse, b.PublicRead, b.Versioning = 0, "", false, region, nil, true, false
				}()
				before := d.objects()
				if c.spoil != nil {
					c.spoil(&d.cloud)
				}
				var env map[string]string
				if c.env != nil {
					env = c.env(&d.cloud)
				}
				for lang, hint := range map[string]string{"en": "\nhint: " + c.en, "zh": "\n提示：" + c.zh} {
					exit, errs := d.run(lang, env, append([]string{"publish", "shop-1.1.0.wgt"}, c.args...)...)
					if exit != c.exit || !strings.HasPrefix(errs, "wgtup: ") || !strings.Contains(errs, hint) || strings.Contains(errs, "hush") || strings.Count(errs, "wgtup: ") != 1 {
						t.Errorf("%s: exit %d, want %d\n%s", lang, exit, c.exit, errs)
					}
				}
				after := d.objects()
				maps.DeleteFunc(after, func(key, _ string) bool {
					_, known := before[key]
					return (strings.Contains(key, "/packages/") || strings.Contains(key, "/patches/")) && !known // nothing names it
				})
				if !maps.Equal(before, after) {
					t.Errorf("the bucket changed: %q, then %q", slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
				}
			})
		}
	}
}

// TestMetadataLimit: a store that keeps less metadata than any release may need is
// found out by the first publish, before there is an entry.
func TestMetadataLimit(t *testing.T) {
	for name, start := range clouds {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, start(t))
			d.bucket.PublicRead, d.bucket.MetadataLimit = true, 100
			for lang, hint := range map[string]string{"en": "\nhint: the store keeps less metadata", "zh": "\n提示：存储保存的元数据太少"} {
				exit, errs := d.run(lang, nil, "publish", "--base", "shop-1.0.0.wgt")
				if exit != exitStore || !strings.Contains(errs, hint) || strings.Count(errs, "wgtup: ") != 1 {
					t.Errorf("%s: %d %s", lang, exit, errs)
				}
			}
			for key := range d.objects() {
				if !strings.Contains(key, "/packages/") {
					t.Errorf("%s is there", key)
				}
			}
			d.bucket.MetadataLimit = 2048
			if exit, errs := d.run("en", nil, "publish", "--base", "shop-1.0.0.wgt"); exit != exitDone {
				t.Errorf("%d %s", exit, errs)
			}
		})
	}
}

// TestHuaweiOBS: it documents no create-only write, so nothing is published until
// somebody says to be the only one; then every command works.
func TestHuaweiOBS(t *testing.T) {
	s := s3test.New()
	s.Region, s.NoConditions, s.PublicRead = "cn-north-4", true, true
	server := httptest.NewServer(s)
	defer server.Close()
	d := newDesk(t, cloud{bucket: &s.Bucket, url: s.StoreURL(server.URL, "app"), public: s.PublicURL(server.URL, "app"), env: s.Env})
	if exit, errs := d.run("en", nil, "publish", "--base", "shop-1.0.0.wgt"); exit != exitStore || !strings.Contains(errs, "--single-writer") {
		t.Fatalf("%d %s", exit, errs)
	}
	for key := range d.objects() {
		if strings.Contains(key, "/channels/") {
			t.Errorf("%s is there", key)
		}
	}
	for _, command := range []string{"publish --base shop-1.0.0.wgt", "publish shop-1.1.0.wgt -r 10%", "rollout production 50%", "hold ios", "unhold ios", "promote production beta", "rollback", "renew"} {
		if exit, errs := d.run("en", nil, strings.Fields(command)...); exit != exitStore {
			t.Errorf("%s without the flag: %d %s", command, exit, errs)
		}
		if exit, errs := d.run("en", nil, strings.Fields(command+" --single-writer")...); exit != exitDone {
			t.Errorf("%s: %d %s", command, exit, errs)
		}
	}
	for _, command := range []string{"repair", "verify", "status"} {
		if exit, errs := d.run("en", nil, command); exit != exitDone {
			t.Errorf("%s: %d %s", command, exit, errs)
		}
	}
}

// TestCloudflareR2: the region is "auto", and an ACL is refused before anything
// is written.
func TestCloudflareR2(t *testing.T) {
	s := s3test.New()
	s.Region, s.NoACL, s.PublicRead = "auto", true, true
	server := httptest.NewServer(s)
	defer server.Close()
	c := cloud{bucket: &s.Bucket, url: s.StoreURL(server.URL, "app"), public: s.PublicURL(server.URL, "app"), env: s.Env}
	d := newDesk(t, c)
	if exit, errs := d.run("en", nil, "publish", "--base", "shop-1.0.0.wgt", "--store", c.url+"&acl=object"); exit != exitStore || len(d.objects()) != 0 {
		t.Errorf("%d %s, %v", exit, errs, d.objects())
	}
	for _, command := range []string{"publish --base shop-1.0.0.wgt", "publish shop-1.1.0.wgt", "rollback", "verify"} {
		if exit, errs := d.run("en", nil, strings.Fields(command)...); exit != exitDone {
			t.Errorf("%s: %d %s", command, exit, errs)
		}
	}
}
