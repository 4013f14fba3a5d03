// Package costest stands in for Tencent Cloud COS: a server on the loopback
// interface that checks signatures by an implementation of its own, proven
// against the vectors that Tencent published, and answers as documented. Its
// address counts as a domain bound to the bucket.
package costest

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"wgtup/internal/store/standin"
)

// Server is a bucket of COS. Change what is wrong with it before the first
// request.
type Server struct {
	standin.Bucket
	URL string

	// DefaultDomain makes the address count as one of Tencent's, with the rules
	// for buckets of today.
	DefaultDomain bool
}

// New returns a server that nobody can reach yet.
func New() *Server {
	return &Server{Bucket: standin.Bucket{Name: "bucket-1250000000", Region: "ap-guangzhou", ID: "AKIDexample", Secret: "never-to-be-seen", MetadataLimit: 4096}}
}

// Start starts a server with one bucket; it ends with the test.
func Start(t testing.TB) *Server {
	s := New()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Env holds the access key.
func (s *Server) Env(name string) string {
	return map[string]string{"TENCENTCLOUD_SECRET_ID": s.ID, "TENCENTCLOUD_SECRET_KEY": s.Secret, "TENCENTCLOUD_TOKEN": s.Token}[name]
}

// StoreURL is the URL of a store under prefix when the server is at base.
func (s *Server) StoreURL(base, prefix string) string {
	return fmt.Sprintf("cos://%s/%s?region=%s&cname=true&endpoint=%s", s.Name, prefix, s.Region, base)
}

// PublicURL is how anybody reads what is under prefix.
func (s *Server) PublicURL(base, prefix string) string { return base + "/" + prefix }

const meta = "x-cos-meta-"

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Note(r)
	w.Header().Set("x-cos-request-id", "NWE3YzhkMmFf")
	w.Header().Set("Date", s.Now().UTC().Format(http.TimeFormat))
	if refusal := s.serve(w, r); refusal != nil {
		refuse(w, refusal)
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) *standin.Refusal {
	key := strings.TrimPrefix(r.URL.Path, "/")
	body, err := io.ReadAll(r.Body)
	if err != nil || r.ContentLength >= 0 && int64(len(body)) != r.ContentLength {
		return &standin.Refusal{Status: 400, Code: "IncompleteBody", Message: "You did not provide the number of bytes specified by the Content-Length HTTP header"}
	}
	known, refusal := s.verify(r)
	if refusal != nil {
		return refusal
	}
	if s.Refuse != nil {
		if refusal := s.Refuse(r, key); refusal != nil {
			return refusal
		}
	}
	if !known {
		return s.anonymous(w, r, key)
	}
	if done, refusal := s.multipart(w, r, key, body); done {
		return refusal
	}
	switch {
	case r.Method == http.MethodGet && key == "" && r.URL.Query().Has("versioning"):
		state := ""
		if s.Versioning {
			state = "<Status>Enabled</Status>"
		}
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><VersioningConfiguration>%s</VersioningConfiguration>`, state)
	case r.Method == http.MethodGet && key == "":
		s.list(w, r)
	case r.Method == http.MethodPut && r.Header.Get("x-cos-copy-source") != "":
		return s.copy(w, r, key)
	case r.Method == http.MethodPut && key != "":
		return s.put(w, r, key, body)
	case r.Method == http.MethodDelete && key != "":
		s.Delete(key)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		return s.send(w, r, key)
	default:
		return &standin.Refusal{Status: 405, Code: "MethodNotAllowed", Message: "The specified method is not allowed against this resource."}
	}
	return nil
}

// verify checks the signature; false is a stranger.
func (s *Server) verify(r *http.Request) (bool, *standin.Refusal) {
	denied := func(code, message string) (bool, *standin.Refusal) {
		return false, &standin.Refusal{Status: 403, Code: code, Message: message}
	}
	if r.Header.Get("Authorization") == "" {
		return false, nil
	}
	q := map[string]string{}
	for field := range strings.SplitSeq(r.Header.Get("Authorization"), "&") {
		name, value, _ := strings.Cut(field, "=")
		q[name] = value
	}
	from, to, err := span(q["q-sign-time"])
	now := s.Now()
	switch {
	case q["q-sign-algorithm"] != "sha1" || err != nil || q["q-key-time"] != q["q-sign-time"]:
		return denied("AccessDenied", "The signature is malformed.")
	case q["q-ak"] != s.ID:
		return denied("InvalidAccessKeyId", "The Access Key Id you provided does not exist in our records.")
	case now.Sub(from).Abs() > 15*time.Minute:
		return denied("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
	case now.After(to):
		return denied("AccessDenied", "Request has expired")
	case r.Header.Get("x-cos-security-token") != s.Token:
		return denied("InvalidAccessKeyId", "The token is not that of the key.")
	case s.TokenExpired:
		return denied("ExpiredToken", "The provided token has expired.")
	}
	covered := strings.Split(q["q-header-list"], ";")
	present := []string{"host"}
	for name := range r.Header {
		if name = strings.ToLower(name); strings.HasPrefix(name, "x-cos-") || name == "content-length" || name == "content-type" {
			present = append(present, name)
		}
	}
	req := signed{method: r.Method, path: r.URL.Path}
	for _, name := range present {
		if !slices.Contains(covered, name) {
			return denied("AccessDenied", "The header "+name+" is not signed.")
		}
	}
	for _, name := range covered {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		req.headers = append(req.headers, [2]string{name, value})
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return denied("AccessDenied", "The query cannot be read.")
	}
	var names []string
	for name, values := range query {
		for _, value := range values {
			req.params = append(req.params, [2]string{name, value})
			names = append(names, strings.ToLower(standin.Percent(name, "")))
		}
	}
	slices.Sort(names)
	if strings.Join(names, ";") != q["q-url-param-list"] || req.sign(s.Secret, q["q-sign-time"]) != q["q-signature"] {
		return denied("SignatureDoesNotMatch", "The Signature you specified is invalid.")
	}
	return true, nil
}

// span reads START;END.
func span(text string) (from, to time.Time, err error) {
	first, last, _ := strings.Cut(text, ";")
	a, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return from, to, err
	}
	b, err := strconv.ParseInt(last, 10, 64)
	return time.Unix(a, 0), time.Unix(b, 0), err
}

func (s *Server) anonymous(w http.ResponseWriter, r *http.Request, key string) *standin.Refusal {
	if key == "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return &standin.Refusal{Status: 403, Code: "AccessDenied", Message: "Access Denied."}
	}
	o, exists := s.Get(key)
	switch {
	case exists && !s.MayRead(o), !exists && !s.PublicRead:
		return &standin.Refusal{Status: 403, Code: "AccessDenied", Message: "Access Denied."}
	case exists && s.DefaultDomain && (strings.HasSuffix(key, ".apk") || strings.HasSuffix(key, ".ipa")):
		return &standin.Refusal{Status: 403, Code: "DownloadForbidden", Message: "Packages of this kind cannot be downloaded through the default domain."}
	}
	if s.DefaultDomain {
		w.Header().Set("Content-Disposition", "attachment")
		w.Header().Set("x-cos-force-download", "true")
	}
	return s.send(w, r, key)
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, key string) *standin.Refusal {
	o, ok := s.Get(key)
	if !ok {
		return &standin.Refusal{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist."}
	}
	w.Header().Set("x-cos-hash-crc64ecma", strconv.FormatUint(o.CRC64, 10))
	return standin.Send(w, r, o, meta)
}

func (s *Server) put(w http.ResponseWriter, r *http.Request, key string, body []byte) *standin.Refusal {
	if sum := md5.Sum(body); r.Header.Get("Content-MD5") != "" && r.Header.Get("Content-MD5") != base64.StdEncoding.EncodeToString(sum[:]) {
		return &standin.Refusal{Status: 400, Code: "InvalidDigest", Message: "The Content-MD5 you specified is invalid."}
	}
	o, refusal := s.make(r, body)
	if refusal != nil {
		return refusal
	}
	if !s.Put(key, o, r.Header.Get("x-cos-forbid-overwrite") == "true") {
		return exists
	}
	w.Header().Set("ETag", `"`+o.ETag+`"`)
	w.Header().Set("x-cos-hash-crc64ecma", strconv.FormatUint(o.CRC64, 10))
	return nil
}

// make builds the object of a request.
func (s *Server) make(r *http.Request, body []byte) (standin.Object, *standin.Refusal) {
	acl := r.Header.Get("x-cos-acl")
	if strings.HasPrefix(acl, "public") && s.BlockPublic {
		return standin.Object{}, &standin.Refusal{Status: 403, Code: "AccessDenied", Message: "Public access is blocked."}
	}
	return s.Make(body, r.Header, meta, strings.HasPrefix(acl, "public"))
}

func (s *Server) copy(w http.ResponseWriter, r *http.Request, key string) *standin.Refusal {
	host, from, _ := strings.Cut(r.Header.Get("x-cos-copy-source"), "/")
	source, ok := s.Get(from)
	if host != s.Name+".cos."+s.Region+".myqcloud.com" || !ok {
		return &standin.Refusal{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist."}
	}
	o := source
	if r.Header.Get("x-cos-metadata-directive") == "Replaced" {
		var refusal *standin.Refusal
		if o, refusal = s.make(r, source.Body); refusal != nil {
			return refusal
		}
	}
	s.Put(key, o, false)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><CopyObjectResult><ETag>"%s"</ETag><LastModified>%s</LastModified></CopyObjectResult>`,
		o.ETag, o.Modified.Format(time.RFC3339))
	return nil
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("max-keys"))
	if err != nil {
		limit = 1000
	}
	keys, more := s.List(q.Get("prefix"), q.Get("marker"), min(limit, 1000))
	w.Header().Set("Content-Type", "application/xml")
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>%s</Name><IsTruncated>%v</IsTruncated>`, s.Name, more)
	for _, key := range keys {
		o, _ := s.Get(key)
		fmt.Fprintf(w, `<Contents><Key>%s</Key><LastModified>%s</LastModified><ETag>"%s"</ETag><Size>%d</Size><StorageClass>STANDARD</StorageClass></Contents>`,
			key, o.Modified.Format("2006-01-02T15:04:05.000Z"), o.ETag, len(o.Body))
	}
	fmt.Fprint(w, `</ListBucketResult>`)
}

// refuse writes an error; of that of a HEAD only the status arrives.
func refuse(w http.ResponseWriter, e *standin.Refusal) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(e.Status)
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error><Code>")
	xml.EscapeText(&b, []byte(e.Code))
	b.WriteString("</Code><Message>")
	xml.EscapeText(&b, []byte(e.Message))
	b.WriteString("</Message><RequestId>NWE3YzhkMmFf</RequestId></Error>")
	io.WriteString(w, b.String())
}
