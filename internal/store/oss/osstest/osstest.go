// Package osstest stands in for Alibaba Cloud OSS: a server on the loopback
// interface that checks V4 signatures by an implementation of its own, proven
// against the vectors that Alibaba published, and answers as documented.
package osstest

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"wgtup/internal/store/standin"
)

// Server is a bucket of OSS. Change what is wrong with it before the first
// request.
type Server struct {
	standin.Bucket
	URL string

	// DefaultDomain makes the address count as the region's own domain, with the
	// rules for buckets and users of today.
	DefaultDomain bool
	// NewUser may not use the region's own domain for data at all.
	NewUser bool
}

// New returns a server that nobody can reach yet.
func New() *Server {
	return &Server{Bucket: standin.Bucket{Name: "bucket", Region: "cn-hangzhou", ID: "LTAIexample", Secret: "never-to-be-seen", MetadataLimit: 8192}}
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
	return map[string]string{"OSS_ACCESS_KEY_ID": s.ID, "OSS_ACCESS_KEY_SECRET": s.Secret, "OSS_SESSION_TOKEN": s.Token}[name]
}

// StoreURL is the URL of a store under prefix when the server is at base.
func (s *Server) StoreURL(base, prefix string) string {
	return fmt.Sprintf("oss://%s/%s?region=%s&endpoint=%s", s.Name, prefix, s.Region, base)
}

// PublicURL is how anybody reads what is under prefix.
func (s *Server) PublicURL(base, prefix string) string { return base + "/" + s.Name + "/" + prefix }

const meta = "x-oss-meta-"

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Note(r)
	w.Header().Set("x-oss-request-id", "5F0000000000000000000000")
	w.Header().Set("Date", s.Now().UTC().Format(http.TimeFormat))
	if refusal := s.serve(w, r); refusal != nil {
		refuse(w, r, refusal)
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) *standin.Refusal {
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	body, err := io.ReadAll(r.Body)
	if err != nil || r.ContentLength >= 0 && int64(len(body)) != r.ContentLength {
		return &standin.Refusal{Status: 400, Code: "IncompleteBody", Message: "The request body is incomplete."}
	}
	if name != s.Name {
		return &standin.Refusal{Status: 404, Code: "NoSuchBucket", Message: "The specified bucket does not exist.", Detail: "0015-00000101"}
	}
	signedBy, refusal := s.verify(r, name, key)
	if refusal != nil {
		return refusal
	}
	if s.NewUser {
		return &standin.Refusal{Status: 400, Code: "PublicEndpointForbidden", Message: "Data APIs of this user are not to be had through the public endpoint.", Detail: "0048-00000401"}
	}
	if s.Refuse != nil {
		if refusal := s.Refuse(r, key); refusal != nil {
			return refusal
		}
	}
	if !signedBy {
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
	case r.Method == http.MethodGet && key == "" && r.URL.Query().Has("publicAccessBlock"):
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><PublicAccessBlockConfiguration><BlockPublicAccess>%v</BlockPublicAccess></PublicAccessBlockConfiguration>`, s.BlockPublic)
	case r.Method == http.MethodGet && key == "":
		s.list(w, r)
	case r.Method == http.MethodPut && r.Header.Get("x-oss-copy-source") != "":
		return s.copy(w, r, key)
	case r.Method == http.MethodPut:
		return s.put(w, r, key, body)
	case r.Method == http.MethodDelete:
		s.Delete(key)
		w.WriteHeader(http.StatusNoContent)
	default:
		return s.send(w, r, key)
	}
	return nil
}

// verify checks the signature; false is a stranger.
func (s *Server) verify(r *http.Request, bucket, key string) (bool, *standin.Refusal) {
	denied := func(code, message string) (bool, *standin.Refusal) {
		return false, &standin.Refusal{Status: 403, Code: code, Message: message}
	}
	kind, fields, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if kind == "" {
		return false, nil
	}
	if !ok || kind != "OSS4-HMAC-SHA256" {
		return denied("AccessDenied", "This kind of signature is not accepted.")
	}
	values := map[string]string{}
	for field := range strings.SplitSeq(fields, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		values[name] = value
	}
	parts := strings.Split(values["Credential"], "/")
	if len(parts) != 5 || parts[4] != "aliyun_v4_request" || parts[3] != "oss" {
		return denied("InvalidArgument", "The credential is malformed.")
	}
	in := scope{parts[1], parts[2], parts[3]}
	when := r.Header.Get("x-oss-date")
	at, err := time.Parse("20060102T150405Z", when)
	switch skew := s.Now().Sub(at).Abs(); {
	case parts[0] != s.ID:
		return denied("InvalidAccessKeyId", "The OSS Access Key Id you provided does not exist in our records.")
	case err != nil || in.date != when[:8]:
		return denied("AccessDenied", "The date is missing or is not that of the credential.")
	case skew > 15*time.Minute:
		return denied("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
	case in.region != s.Region:
		return false, &standin.Refusal{Status: 400, Code: "InvalidArgument", Message: "Invalid signing region in Authorization header; expected " + s.Region}
	case r.Header.Get("x-oss-security-token") != s.Token:
		return denied("InvalidSecurityToken", "The security token you provided is invalid.")
	case s.TokenExpired:
		return denied("SecurityTokenExpired", "The security token you provided has expired.")
	}
	query, err := readQuery(r.URL.RawQuery)
	if err != nil {
		return denied("InvalidArgument", "The query cannot be read.")
	}
	var additional []string
	if values["AdditionalHeaders"] != "" {
		additional = strings.Split(values["AdditionalHeaders"], ";")
	}
	if signV4(signed{r.Method, bucket, key, query, r.Header}, s.Secret, when, in, additional) != values["Signature"] {
		return denied("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.")
	}
	return true, nil
}

func (s *Server) anonymous(w http.ResponseWriter, r *http.Request, key string) *standin.Refusal {
	if key == "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return &standin.Refusal{Status: 403, Code: "AccessDenied", Message: "Anonymous access is forbidden for this operation.", Detail: "0003-00000001"}
	}
	o, exists := s.Get(key)
	switch {
	case exists && !s.MayRead(o), !exists && !s.PublicRead:
		return &standin.Refusal{Status: 403, Code: "AccessDenied", Message: "You have no right to access this object because of bucket acl.", Detail: "0003-00000001"}
	case exists && s.DefaultDomain && (strings.HasSuffix(key, ".apk") || o.Header.Get("Content-Type") == "application/vnd.android.package-archive"):
		return &standin.Refusal{Status: 400, Code: "ApkDownloadForbidden", Message: "APK files cannot be downloaded through the default domain.", Detail: "0048-00000001"}
	}
	if s.DefaultDomain {
		w.Header().Set("Content-Disposition", "attachment")
		w.Header().Set("x-oss-force-download", "true")
	}
	return s.send(w, r, key)
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, key string) *standin.Refusal {
	o, ok := s.Get(key)
	if !ok {
		return &standin.Refusal{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist.", Detail: "0026-00000001"}
	}
	w.Header().Set("x-oss-object-type", "Normal")
	w.Header().Set("x-oss-storage-class", "Standard")
	w.Header().Set("x-oss-hash-crc64ecma", strconv.FormatUint(o.CRC64, 10))
	o.ETag = strings.ToUpper(o.ETag)
	if span := r.Header.Get("Range"); span != "" && r.Header.Get("x-oss-range-behavior") != "standard" {
		// Without "standard" a range that is not to be had is the whole object.
		if first, _, _ := strings.Cut(strings.TrimPrefix(span, "bytes="), "-"); len(o.Body) == 0 || !less(first, len(o.Body)) {
			r.Header.Del("Range")
		}
	}
	return standin.Send(w, r, o, meta)
}

func less(number string, limit int) bool {
	n, err := strconv.Atoi(number)
	return err == nil && n < limit
}

func (s *Server) put(w http.ResponseWriter, r *http.Request, key string, body []byte) *standin.Refusal {
	if sum := md5.Sum(body); r.Header.Get("Content-MD5") != "" && r.Header.Get("Content-MD5") != base64.StdEncoding.EncodeToString(sum[:]) {
		return &standin.Refusal{Status: 400, Code: "InvalidDigest", Message: "The Content-MD5 you specified does not match."}
	}
	o, refusal := s.make(r, body)
	if refusal != nil {
		return refusal
	}
	if !s.Put(key, o, r.Header.Get("x-oss-forbid-overwrite") == "true") {
		return exists
	}
	w.Header().Set("ETag", `"`+strings.ToUpper(o.ETag)+`"`)
	w.Header().Set("x-oss-hash-crc64ecma", strconv.FormatUint(o.CRC64, 10))
	return nil
}

// make builds the object of a request.
func (s *Server) make(r *http.Request, body []byte) (standin.Object, *standin.Refusal) {
	acl := r.Header.Get("x-oss-object-acl")
	if strings.HasPrefix(acl, "public") && s.BlockPublic {
		return standin.Object{}, &standin.Refusal{Status: 403, Code: "AccessDenied", Message: "Put public object acl is not allowed", Detail: "0015-00000501"}
	}
	return s.Make(body, r.Header, meta, strings.HasPrefix(acl, "public"))
}

func (s *Server) copy(w http.ResponseWriter, r *http.Request, key string) *standin.Refusal {
	name, from, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("x-oss-copy-source"), "/"), "/")
	source, ok := s.Get(from)
	if name != s.Name || !ok {
		return &standin.Refusal{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist."}
	}
	o := source
	if r.Header.Get("x-oss-metadata-directive") == "REPLACE" {
		var refusal *standin.Refusal
		if o, refusal = s.make(r, source.Body); refusal != nil {
			return refusal
		}
	}
	s.Put(key, o, false)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><CopyObjectResult><LastModified>%s</LastModified><ETag>"%s"</ETag></CopyObjectResult>`,
		o.Modified.Format("2006-01-02T15:04:05.000Z"), strings.ToUpper(o.ETag))
	return nil
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("max-keys"))
	if err != nil {
		limit = 100
	}
	keys, more := s.List(q.Get("prefix"), q.Get("start-after"), min(limit, 1000))
	w.Header().Set("Content-Type", "application/xml")
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>%s</Name><IsTruncated>%v</IsTruncated><KeyCount>%d</KeyCount>`, s.Name, more, len(keys))
	for _, key := range keys {
		o, _ := s.Get(key)
		fmt.Fprintf(w, `<Contents><Key>%s</Key><Size>%d</Size><ETag>"%s"</ETag><LastModified>%s</LastModified><StorageClass>Standard</StorageClass></Contents>`,
			key, len(o.Body), strings.ToUpper(o.ETag), o.Modified.Format("2006-01-02T15:04:05.000Z"))
	}
	fmt.Fprint(w, `</ListBucketResult>`)
}

// refuse writes an error; that of a HEAD is in a header.
func refuse(w http.ResponseWriter, r *http.Request, e *standin.Refusal) {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error><Code>")
	xml.EscapeText(&b, []byte(e.Code))
	b.WriteString("</Code><Message>")
	xml.EscapeText(&b, []byte(e.Message))
	fmt.Fprintf(&b, "</Message><RequestId>5F0000000000000000000000</RequestId><EC>%s</EC></Error>", e.Detail)
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("x-oss-ec", e.Detail)
	if r.Method == http.MethodHead {
		w.Header().Set("x-oss-err", base64.StdEncoding.EncodeToString([]byte(b.String())))
		w.WriteHeader(e.Status)
		return
	}
	w.WriteHeader(e.Status)
	io.WriteString(w, b.String())
}
