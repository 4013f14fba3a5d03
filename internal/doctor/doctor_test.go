package doctor

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"wgtup/internal/store"
	"wgtup/internal/store/standin"
	"wgtup/internal/store/storetest"
)

func codes(found []Finding) string {
	var all []string
	for _, f := range found {
		all = append(all, string(f.Code))
	}
	return strings.Join(all, " ")
}

// TestHealthy: a bucket with nothing wrong has no findings, and nothing is left
// in it.
func TestHealthy(t *testing.T) {
	policy := newOSS()
	policy.bucket.PublicRead, policy.query = true, ""
	secure := newOSS()
	secure.secure, secure.name = time.Now().Add(90*24*time.Hour), "cdn.example.com"
	h5 := newOSS()
	h5.patient, h5.cdn = func(p *Patient) { p.H5 = true }, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		change(w, r, next, func(h http.Header) {
			h.Set("Access-Control-Allow-Origin", "*")
			h.Set("Access-Control-Expose-Headers", "ETag, x-oss-meta-release")
		})
	}
	for name, b := range map[string]*bed{"oss": newOSS(), "cos": newCOS(), "bos": newBOS(), "policy": policy, "https": secure, "h5": h5} {
		t.Run(name, func(t *testing.T) {
			if found := b.findings(t); len(found) != 0 {
				t.Errorf("%+v", found)
			}
			if left, _ := b.bucket.List("", "", 10); len(left) != 0 {
				t.Errorf("left: %q", left)
			}
		})
	}
}

type middle = func(w http.ResponseWriter, r *http.Request, next http.Handler)

func headers(f func(h http.Header)) middle {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) { change(w, r, next, f) }
}

func answer(methods string, status int, body string, header ...string) middle {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !strings.Contains(methods, r.Method) {
			next.ServeHTTP(w, r)
			return
		}
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func without(header string) middle {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		r.Header.Del(header)
		next.ServeHTTP(w, r)
	}
}

// cache keeps the first answers of some methods, as a CDN that a console rule
// tells to.
func cache(methods string) middle {
	kept := map[string]*httptest.ResponseRecorder{}
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !strings.Contains(methods, r.Method) || r.Header.Get("Range") != "" || r.Header.Get("If-None-Match") != "" {
			next.ServeHTTP(w, r)
			return
		}
		at := r.Method + r.URL.Path
		if kept[at] == nil {
			kept[at] = httptest.NewRecorder()
			next.ServeHTTP(kept[at], r)
		}
		replay(w, kept[at], func(h http.Header) { h.Set("Age", "1") })
	}
}

// TestFindings: each thing that may be wrong, and nothing else, is found.
func TestFindings(t *testing.T) {
	month := time.Now().Add(90 * 24 * time.Hour)
	env := func(b *bed, name, value string) {
		was := b.env
		b.env = func(n string) string {
			if n == name {
				return value
			}
			return was(n)
		}
	}
	method := func(m string) func(*http.Request, string) bool {
		return func(r *http.Request, _ string) bool { return r.Method == m }
	}
	closed := func() string {
		s := httptest.NewServer(nil)
		s.Close()
		return s.URL
	}
	produced := map[Code]bool{}
	for _, test := range []struct {
		want  Code
		spoil func(b *bed)
	}{
		{NoKey, func(b *bed) { b.env = func(string) string { return "" } }},
		{WrongKey, func(b *bed) { env(b, "OSS_ACCESS_KEY_ID", "other") }},
		{WrongSecret, func(b *bed) { env(b, "OSS_ACCESS_KEY_SECRET", "other") }},
		{ExpiredToken, func(b *bed) { b.bucket.Token, b.bucket.TokenExpired = "token", true }},
		{Clock, func(b *bed) { b.bucket.Skew = time.Hour }},
		{Clock, func(b *bed) { b.bucket.Skew = -10 * time.Minute }},
		{Unreachable, func(b *bed) {
			url := b.storeURL
			b.storeURL = func(_, prefix string) string { return url(closed(), prefix) }
		}},
		{StoreCert, func(b *bed) {
			s := httptest.NewUnstartedServer(b.handler)
			s.TLS, _ = certificate(t, month)
			s.StartTLS()
			t.Cleanup(s.Close)
			url := b.storeURL
			b.storeURL = func(_, prefix string) string { return url(s.URL, prefix) }
		}},
		{StoreClear, func(b *bed) { b.patient = func(p *Patient) { p.Endpoint = "http://oss.example.com" } }},
		{NoBucket, func(b *bed) { b.bucket.Refuse = refuse(404, "NoSuchBucket", nil) }},
		{WrongRegion, func(b *bed) {
			b.bucket.Region = "cn-beijing"
			url := b.storeURL("BASE", "app")
			b.bucket.Region = "cn-hangzhou"
			b.storeURL = func(base, _ string) string { return strings.Replace(url, "BASE", base, 1) }
		}},
		{WrongRegion, func(b *bed) { b.bucket.Refuse = refuse(301, "PermanentRedirect", nil) }},
		{EndpointClosed, func(b *bed) { b.oss.NewUser = true }},
		{PathStyle, func(b *bed) { b.bucket.Refuse = refuse(403, "PathStyleDomainForbidden", nil) }},
		{Busy, func(b *bed) { b.bucket.Refuse = refuse(503, "SlowDown", nil) }},
		{StoreFailed, func(b *bed) { b.bucket.Refuse = refuse(400, "SomethingElse", nil) }},
		{ReadDenied, func(b *bed) { b.bucket.Refuse = refuse(403, "AccessDenied", method(http.MethodGet)) }},
		{WriteDenied, func(b *bed) { b.bucket.Refuse = refuse(403, "AccessDenied", method(http.MethodPut)) }},
		{ACLRefused, func(b *bed) { b.bucket.BlockPublic = true }},
		{MissingDenied, func(b *bed) {
			b.bucket.Refuse = refuse(403, "AccessDenied", func(r *http.Request, key string) bool {
				_, there := b.bucket.Get(key)
				return r.Method == http.MethodHead && !there
			})
		}},
		{DeleteDenied, func(b *bed) { b.bucket.Refuse = refuse(403, "AccessDenied", method(http.MethodDelete)) }},
		{UnfinishedParts, func(b *bed) {
			b.bucket.Skew = -48 * time.Hour
			b.bucket.Begin("app/packages/x.wgt", standin.Object{})
			b.bucket.Skew = 0
			b.bucket.Begin("app/packages/y.wgt", standin.Object{}) // under way
		}},
		{Overwrites, func(b *bed) { b.bucket.Versioning = true }},
		{CreateFailed, func(b *bed) {
			b.bucket.Refuse = refuse(400, "NotSupported", func(r *http.Request, _ string) bool { return r.Header.Get("x-oss-forbid-overwrite") == "true" })
		}},
		{IgnoresIfMatch, func(b *bed) { *b = *newBOS(); b.store = without("If-Match") }},
		{MetadataLost, func(b *bed) { b.bucket.DropMetadata = true }},
		{MetadataChanged, func(b *bed) { b.bucket.LowerMetadata = true }},
		{TypeChanged, func(b *bed) { b.store = headers(func(h http.Header) { h.Set("Content-Type", "text/plain") }) }},
		{CachingLost, func(b *bed) { b.store = headers(func(h http.Header) { h.Del("Cache-Control") }) }},
		{BodyChanged, func(b *bed) {
			b.store = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if _, there := b.bucket.Get("app/" + scratch); there && r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, scratch) {
					o, _ := b.bucket.Get("app/" + scratch)
					o.Body = []byte("something else")
					standin.Send(w, r, o, "x-oss-meta-")
					return
				}
				next.ServeHTTP(w, r)
			}
		}},
		{CopyFailed, func(b *bed) {
			b.bucket.Refuse = refuse(400, "NotSupported", func(r *http.Request, _ string) bool { return r.Header.Get("x-oss-copy-source") != "" })
		}},
		{CopyBroken, func(b *bed) {
			b.store = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				next.ServeHTTP(w, r)
				if r.Header.Get("x-oss-copy-source") != "" {
					o, _ := b.bucket.Get("app/" + scratch)
					o.Body = nil
					b.bucket.Put("app/"+scratch, o, false)
				}
			}
		}},
		{CopyBroken, func(b *bed) {
			b.store = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				before, _ := b.bucket.Get("app/" + scratch)
				next.ServeHTTP(w, r)
				if r.Header.Get("x-oss-copy-source") != "" {
					b.bucket.Put("app/"+scratch, before, false)
				}
			}
		}},

		{NoPublicURL, func(b *bed) { b.patient = func(p *Patient) { p.Sites = nil } }},
		{PublicUnreachable, func(b *bed) { b.patient = func(p *Patient) { p.Sites = []string{closed()} } }},
		{PublicCert, func(b *bed) { b.secure, b.strange = month, true }},
		{CertExpires, func(b *bed) { b.secure = time.Now().Add(10 * 24 * time.Hour) }},
		{PublicClear, func(b *bed) { b.name = "cdn.example.com" }},
		{PublicDenied, func(b *bed) { b.query = "" }},
		{PublicDenied, func(b *bed) { b.bucket.IgnoreACL = true }},
		{PublicMissing, func(b *bed) {
			b.bucket.PublicRead = true
			public := b.public
			b.public = func(base, _ string) string { return public(base, "elsewhere") }
		}},
		{PublicOther, func(b *bed) { b.cdn = answer("GET", 200, "<html>not found, but politely</html>") }},
		{PublicFailed, func(b *bed) { b.cdn = answer("GET HEAD", 500, "") }},
		{EndpointClosed, func(b *bed) { b.cdn = answer("GET HEAD", 400, "<Error><Code>PublicEndpointForbidden</Code></Error>") }},
		{HeadFailed, func(b *bed) { b.cdn = answer("HEAD", 405, "") }},
		{Redirected, func(b *bed) { b.cdn = answer("GET HEAD", 302, "", "Location", "https://elsewhere.example.com/") }},
		{Downgraded, func(b *bed) {
			b.secure, b.cdn = month, answer("GET HEAD", 301, "", "Location", "http://elsewhere.example.com/")
		}},
		{DefaultDomain, func(b *bed) { b.secure, b.name = month, "bucket.oss-cn-hangzhou.aliyuncs.com" }},
		{ForcedDownload, func(b *bed) { b.cdn = headers(func(h http.Header) { h.Set("Content-Disposition", "attachment") }) }},
		{APKForbidden, func(b *bed) {
			b.cdn = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if strings.HasSuffix(r.URL.Path, ".apk") {
					answer("GET", 400, "<Error><Code>ApkDownloadForbidden</Code></Error>")(w, r, next)
					return
				}
				next.ServeHTTP(w, r)
			}
		}},
		{PublicWrite, func(b *bed) { b.cdn = answer("PUT", 200, "") }},
		{PublicList, func(b *bed) {
			b.cdn = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if strings.HasSuffix(r.URL.Path, "/") {
					answer("GET", 200, "<ListBucketResult/>")(w, r, next)
					return
				}
				next.ServeHTTP(w, r)
			}
		}},
		{NoRanges, func(b *bed) { b.cdn = without("Range") }},
		{NotModified, func(b *bed) { b.cdn = without("If-None-Match") }},
		{CDNMetadata, func(b *bed) {
			b.cdn = headers(func(h http.Header) {
				for name := range h {
					if strings.HasPrefix(name, "X-Oss-Meta-") {
						h.Del(name)
					}
				}
			})
		}},
		{CDNType, func(b *bed) {
			b.cdn = headers(func(h http.Header) { h.Set("Content-Type", "application/octet-stream") })
		}},
		{CDNCaching, func(b *bed) { b.cdn = headers(func(h http.Header) { h.Set("Cache-Control", "max-age=3600") }) }},
		{CDNExpires, func(b *bed) {
			b.cdn = headers(func(h http.Header) { h.Set("Expires", time.Now().Add(72*time.Hour).UTC().Format(http.TimeFormat)) })
		}},
		{CDNStale, func(b *bed) { b.cdn = cache("GET HEAD") }},
		{CDNStaleHead, func(b *bed) { b.cdn = cache("HEAD") }},
		{NoCORS, func(b *bed) { b.patient = func(p *Patient) { p.H5 = true } }},
		{CORSHides, func(b *bed) {
			b.patient = func(p *Patient) { p.H5 = true }
			b.cdn = headers(func(h http.Header) { h.Set("Access-Control-Allow-Origin", "*") })
		}},
	} {
		t.Run(string(test.want), func(t *testing.T) {
			b := newOSS()
			test.spoil(b)
			found := b.findings(t)
			if codes(found) != string(test.want) {
				t.Errorf("%+v", found)
			}
			for _, f := range found {
				if strings.Contains(f.Detail, b.bucket.Secret) {
					t.Errorf("the secret is in %q", f.Detail)
				}
			}
			produced[test.want] = true
		})
	}
	for _, code := range allCodes(t) {
		if !produced[code] {
			t.Errorf("nothing produces %s", code)
		}
	}
	if len(produced) < 25 {
		t.Errorf("%d findings", len(produced))
	}
}

// allCodes are the constants of finding.go.
func allCodes(t *testing.T) []Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "finding.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []Code
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			if name, ok := v.Type.(*ast.Ident); ok && name.Name == "Code" {
				text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, Code(text))
			}
		}
		return true
	})
	return all
}

// TestOrder: the worst comes first.
func TestOrder(t *testing.T) {
	b := newOSS()
	b.bucket.Versioning = true
	b.bucket.Refuse = refuse(403, "AccessDenied", func(r *http.Request, _ string) bool { return r.Method == http.MethodDelete })
	b.cdn = without("Range")
	if got := codes(b.findings(t)); got != "overwrites no-ranges delete-denied" {
		t.Error(got)
	}
}

// TestMirror: what no mirror needs is no finding there; everything else is.
func TestMirror(t *testing.T) {
	b := newOSS()
	b.bucket.Versioning = true
	b.patient = func(p *Patient) { p.Mirror, p.Sites = true, nil }
	if found := b.findings(t); len(found) != 0 {
		t.Errorf("%+v", found)
	}
	b.bucket.DropMetadata = true
	if got := codes(b.findings(t)); got != string(MetadataLost) {
		t.Error(got)
	}
}

// TestLeftovers: what could not be deleted is named, and only that.
func TestLeftovers(t *testing.T) {
	b := newOSS()
	b.bucket.Refuse = refuse(403, "AccessDenied", func(r *http.Request, _ string) bool { return r.Method == http.MethodDelete })
	found := b.findings(t)
	left, _ := b.bucket.List("", "", 10)
	if len(found) != 1 || !slices.Equal(left, []string{"app/" + scratchAPK, "app/" + scratch}) || found[0].Detail != scratch+", "+scratchAPK {
		t.Errorf("%+v, left %q", found, left)
	}
}

// TestGateway: a real S3 service, readable by a bucket policy, is healthy too.
func TestGateway(t *testing.T) {
	g := storetest.StartGateway(t)
	storeURL, publicURL := g.Place()
	s, err := store.Open(t.Context(), storeURL, g.Env)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Observe(t.Context(), Patient{
		Store: s.WithRetry(storetest.Patience), Endpoint: g.Endpoint, Sites: []string{publicURL}, HTTP: http.DefaultClient, Now: time.Now, Nonce: "nonce",
	})
	if found := Judge(f); err != nil || len(found) != 0 {
		t.Errorf("%+v, %v", found, err)
	}
}
