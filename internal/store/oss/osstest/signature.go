package osstest

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"wgtup/internal/store/standin"
)

// signed is a request as a signature covers it.
type signed struct {
	method      string
	bucket, key string
	query       [][2]string // decoded names and values
	header      http.Header
}

// scope of a V4 signature.
type scope struct{ date, region, product string }

func (s scope) String() string {
	return s.date + "/" + s.region + "/" + s.product + "/aliyun_v4_request"
}

func readQuery(raw string) ([][2]string, error) {
	var q [][2]string
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		n, err := url.QueryUnescape(name)
		if err != nil {
			return nil, err
		}
		v, err := url.QueryUnescape(value)
		if err != nil {
			return nil, err
		}
		q = append(q, [2]string{n, v})
	}
	return q, nil
}

// signV4 computes an OSS4-HMAC-SHA256 signature. time is that of x-oss-date,
// additional are header names in any case.
func signV4(r signed, secret, time string, in scope, additional []string) string {
	digest := sha256.Sum256([]byte(canonicalV4(r, additional)))
	text := "OSS4-HMAC-SHA256\n" + time + "\n" + in.String() + "\n" + hex.EncodeToString(digest[:])
	key := []byte("aliyun_v4" + secret)
	for _, part := range []string{in.date, in.region, in.product, "aliyun_v4_request", text} {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(part))
		key = h.Sum(nil)
	}
	return hex.EncodeToString(key)
}

func canonicalV4(r signed, additional []string) string {
	uri := "/"
	if r.bucket != "" {
		uri += r.bucket + "/" + r.key
	}
	var query []string
	for _, pair := range r.query {
		if pair[0] == "x-oss-signature" {
			continue
		}
		one := standin.Percent(pair[0], "")
		if pair[1] != "" {
			one += "=" + standin.Percent(pair[1], "")
		}
		query = append(query, one)
	}
	slices.SortFunc(query, func(a, b string) int {
		an, _, _ := strings.Cut(a, "=")
		bn, _, _ := strings.Cut(b, "=")
		return strings.Compare(an, bn)
	})

	values := map[string]string{}
	for name, v := range r.header {
		values[strings.ToLower(name)] = strings.TrimSpace(strings.Join(v, ","))
	}
	always := func(name string) bool {
		return strings.HasPrefix(name, "x-oss-") || name == "content-type" || name == "content-md5"
	}
	var more []string
	for _, name := range additional {
		name = strings.ToLower(name)
		if _, there := values[name]; there && !always(name) && !slices.Contains(more, name) {
			more = append(more, name)
		}
	}
	slices.Sort(more)
	var headers []string
	for name, v := range values {
		if always(name) || slices.Contains(more, name) {
			headers = append(headers, name+":"+v+"\n")
		}
	}
	slices.Sort(headers)
	payload := values["x-oss-content-sha256"]
	if payload == "" {
		payload = "UNSIGNED-PAYLOAD"
	}
	return strings.Join([]string{r.method, standin.Percent(uri, "/"), strings.Join(query, "&"), strings.Join(headers, ""), strings.Join(more, ";"), payload}, "\n")
}

// subresources that a V1 signature covers, as far as the published vectors and
// wgtup use them.
var subresources = []string{"acl", "uploads", "uploadId", "partNumber", "versionId", "versioning", "resourceGroup", "security-token"}

// signV1 computes a signature of the old kind. date is Date, or Expires in a URL.
func signV1(r signed, secret, date string) string {
	var headers []string
	for name, v := range r.header {
		if name = strings.ToLower(name); strings.HasPrefix(name, "x-oss-") {
			headers = append(headers, name+":"+strings.TrimSpace(strings.Join(v, ","))+"\n")
		}
	}
	slices.Sort(headers)
	resource := "/" + r.bucket + "/" + r.key
	var sub []string
	for _, pair := range r.query {
		if !slices.Contains(subresources, pair[0]) {
			continue
		}
		if pair[1] == "" {
			sub = append(sub, pair[0])
		} else {
			sub = append(sub, pair[0]+"="+pair[1])
		}
	}
	slices.Sort(sub)
	if len(sub) > 0 {
		resource += "?" + strings.Join(sub, "&")
	}
	h := hmac.New(sha1.New, []byte(secret))
	fmt.Fprintf(h, "%s\n%s\n%s\n%s\n%s%s", r.method, r.header.Get("Content-MD5"), r.header.Get("Content-Type"), date, strings.Join(headers, ""), resource)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
