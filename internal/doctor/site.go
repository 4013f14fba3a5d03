package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"wgtup/internal/store"
)

// observeSite looks at the scratch object as a stranger, replaces it, and looks
// again at once: what a cache keeps is seen then.
func (p Patient) observeSite(ctx context.Context, base string, want Object) Site {
	base = strings.TrimSuffix(base, "/")
	s := Site{URL: base, Clear: clear(base), Vendor: vendor(base), Want: want, Now: p.Now()}
	at := base + "/" + scratch
	if err := p.Store.PutBytes(ctx, scratch, []byte(want.Body), p.options("43")); err != nil {
		s.Head.Failure = failed(err)
		return s
	}
	s.Head = p.ask(ctx, http.MethodHead, at, nil, &s)
	s.Get = p.ask(ctx, http.MethodGet, at, nil, &s)
	if s.Head.Status != http.StatusOK || s.Get.Status != http.StatusOK {
		return s
	}
	s.Part = p.ask(ctx, http.MethodGet, at, http.Header{"Range": {"bytes=1-3"}}, nil)
	s.Same = p.ask(ctx, http.MethodHead, at, http.Header{"If-None-Match": {s.Head.Header.Get("ETag")}}, nil)
	if p.H5 {
		s.Cross = p.ask(ctx, http.MethodGet, at, http.Header{"Origin": {"https://h5.example.com"}}, nil)
	}
	s.List = p.ask(ctx, http.MethodGet, base+"/", nil, nil)
	s.Put = p.ask(ctx, http.MethodPut, at+".stranger", nil, nil)
	if s.Put.Status/100 == 2 {
		_ = p.Store.Delete(ctx, scratch+".stranger")
	}
	apk := store.PutOptions{ContentType: "application/vnd.android.package-archive", CacheControl: "no-cache"}
	if p.Store.PutBytes(ctx, scratchAPK, []byte("PK"), apk) == nil {
		s.APK = p.ask(ctx, http.MethodGet, base+"/"+scratchAPK, nil, nil)
	}
	body, o := strings.Replace(want.Body, "-1", "-2", 1), p.options("44")
	if p.Store.PutBytes(ctx, scratch, []byte(body), o) == nil {
		s.Next = sent(body, o)
		s.HeadNow = p.ask(ctx, http.MethodHead, at, nil, nil)
		s.GetNow = p.ask(ctx, http.MethodGet, at, nil, nil)
	}
	return s
}

// ask makes one request without following redirects. into, when set, is told
// about clock and certificate.
func (p Patient) ask(ctx context.Context, method, at string, h http.Header, into *Site) Answer {
	var body io.Reader
	if method == http.MethodPut {
		body = strings.NewReader("anybody may write here")
	}
	r, err := http.NewRequestWithContext(ctx, method, at, body)
	if err != nil {
		return Answer{Failure: &Failure{Kind: Other, Message: err.Error()}}
	}
	for name, values := range h {
		r.Header[name] = values
	}
	r.Header.Set("Accept-Encoding", "identity")
	client := *p.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(r)
	if err != nil {
		f := &Failure{Kind: Network, Message: err.Error()}
		if bad := (*tls.CertificateVerificationError)(nil); errors.As(err, &bad) {
			f.Kind = Certificate
		}
		return Answer{Failure: f}
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	if err != nil {
		return Answer{Failure: &Failure{Kind: Network, Message: err.Error()}}
	}
	if into != nil {
		if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil && resp.Header.Get("Age") == "" {
			into.Skew = date.Sub(p.Now().Truncate(time.Second))
		}
		if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
			into.Expires = resp.TLS.PeerCertificates[0].NotAfter
		}
	}
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: string(data)}
}

// vendor is whose default domain a public URL uses.
func vendor(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	for suffix, name := range map[string]string{
		".aliyuncs.com": "oss", ".myqcloud.com": "cos", ".tencentcos.cn": "cos", ".bcebos.com": "bos",
		".myhuaweicloud.com": "obs", ".r2.dev": "r2",
	} {
		if strings.HasSuffix(u.Hostname(), suffix) {
			return name
		}
	}
	return ""
}
