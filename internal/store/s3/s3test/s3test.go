// Package s3test stands in for services that speak S3: a server on the loopback
// interface that checks Signature Version 4 by an implementation of its own, proven
// against the vectors that Amazon published, and has the ways of Amazon, Cloudflare
// R2 or Huawei OBS. Uploads in parts are tested on a real server, versitygw.
package s3test

import (
	"crypto/sha256"
	"encoding/hex"
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

// Server is a bucket. Change what is wrong with it before the first request.
type Server struct {
	standin.Bucket
	URL string

	// NoConditions: what If-None-Match and If-Match say is not heeded, as Huawei
	// documents no such thing for OBS.
	NoConditions bool
	// NoACL: R2 has none, and says so.
	NoACL bool
}

// New returns a server that nobody can reach yet.
func New() *Server {
	return &Server{Bucket: standin.Bucket{Name: "bucket", Region: "eu-central-1", ID: "AKIAIOSFODNN7EXAMPLE", Secret: "never-to-be-seen", MetadataLimit: 2048}}
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
	return map[string]string{"AWS_ACCESS_KEY_ID": s.ID, "AWS_SECRET_ACCESS_KEY": s.Secret, "AWS_SESSION_TOKEN": s.Token, "AWS_EC2_METADATA_DISABLED": "true"}[name]
}

// StoreURL is the URL of a store under prefix when the server is at base.
func (s *Server) StoreURL(base, prefix string) string {
	return fmt.Sprintf("s3://%s/%s?region=%s&endpoint=%s", s.Name, prefix, s.Region, base)
}

// PublicURL is how anybody reads what is under prefix.
func (s *Server) PublicURL(base, prefix string) string { return base + "/" + s.Name + "/" + prefix }

const meta = "x-amz-meta-"

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Note(r)
	w.Header().Set("x-amz-request-id", "0123456789ABCDEF")
	w.Header().Set("Date", s.Now().UTC().Format(http.TimeFormat))
	if refusal := s.serve(w, r); refusal != nil {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(refusal.Status)
		if r.Method != http.MethodHead {
			xml.NewEncoder(w).Encode(struct {
				XMLName       xml.Name `xml:"Error"`
				Code, Message string
			}{Code: refusal.Code, Message: refusal.Message})
		}
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) *standin.Refusal {
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	body, err := io.ReadAll(r.Body)
	if err != nil || r.ContentLength >= 0 && int64(len(body)) != r.ContentLength {
		return &standin.Refusal{Status: 400, Code: "IncompleteBody", Message: "The request body terminated unexpectedly."}
	}
	if name != s.Name {
		return &standin.Refusal{Status: 404, Code: "NoSuchBucket", Message: "The specified bucket does not exist."}
	}
	known, refusal := s.verify(r, body)
	if refusal == nil && s.Refuse != nil {
		refusal = s.Refuse(r, key)
	}
	if refusal != nil {
		return refusal
	}
	if o, exists := s.Get(key); !known && (r.Method != http.MethodGet && r.Method != http.MethodHead || key == "" || exists && !s.MayRead(o) || !exists && !s.PublicRead) {
		return &standin.Refusal{Status: 403, Code: "AccessDenied", Message: "Access Denied"}
	}
	switch {
	case r.Method == http.MethodGet && key == "":
		s.list(w, r)
	case r.Method == http.MethodPut && r.Header.Get("x-amz-copy-source") != "":
		return s.copy(w, r, key)
	case r.Method == http.MethodPut && key != "":
		return s.put(w, r, key, body)
	case r.Method == http.MethodDelete && key != "":
		s.Delete(key)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		o, ok := s.Get(key)
		if !ok {
			return &standin.Refusal{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist."}
		}
		return standin.Send(w, r, o, meta)
	default:
		return &standin.Refusal{Status: 405, Code: "MethodNotAllowed", Message: "The specified method is not allowed against this resource."}
	}
	return nil
}

// verify checks the signature; false is a stranger.
func (s *Server) verify(r *http.Request, body []byte) (bool, *standin.Refusal) {
	denied := func(status int, code, message string) (bool, *standin.Refusal) {
		return false, &standin.Refusal{Status: status, Code: code, Message: message}
	}
	kind, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if kind == "" {
		return false, nil
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = value
	}
	scope := strings.Split(fields["Credential"], "/")
	if kind != "AWS4-HMAC-SHA256" || len(scope) != 5 || scope[3] != "s3" || scope[4] != "aws4_request" {
		return denied(400, "AuthorizationHeaderMalformed", "The authorization header is malformed.")
	}
	when := r.Header.Get("x-amz-date")
	at, err := time.Parse("20060102T150405Z", when)
	sum := sha256.Sum256(body)
	switch {
	case scope[0] != s.ID:
		return denied(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
	case err != nil || scope[1] != when[:8]:
		return denied(403, "AccessDenied", "The date is missing or not that of the credential.")
	case s.Now().Sub(at).Abs() > 15*time.Minute:
		return denied(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
	case scope[2] != s.Region:
		return denied(400, "AuthorizationHeaderMalformed", "The authorization header is malformed; the region '"+scope[2]+"' is wrong; expecting '"+s.Region+"'")
	case r.Header.Get("x-amz-security-token") != s.Token:
		return denied(400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
	case s.TokenExpired:
		return denied(400, "ExpiredToken", "The provided token has expired.")
	case r.Header.Get("x-amz-content-sha256") != hex.EncodeToString(sum[:]):
		return denied(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
	}
	covered := strings.Split(fields["SignedHeaders"], ";")
	for name := range r.Header {
		if name = lower(name); strings.HasPrefix(name, "x-amz-") && !slices.Contains(covered, name) {
			return denied(403, "AccessDenied", "There were headers present in the request which were not signed: "+name)
		}
	}
	if !slices.Contains(covered, "host") {
		return denied(403, "AccessDenied", "The host is not signed.")
	}
	header := r.Header.Clone()
	header.Set("Host", r.Host)
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return denied(400, "InvalidURI", "Couldn't parse the specified URI.")
	}
	var query [][2]string
	for name, all := range values {
		for _, value := range all {
			query = append(query, [2]string{name, value})
		}
	}
	asked := signed{r.Method, r.URL.Path, query, header, covered, r.Header.Get("x-amz-content-sha256")}
	if asked.sign(s.Secret, when, scope[1:]) != fields["Signature"] {
		return denied(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.")
	}
	return true, nil
}

var lower = strings.ToLower

func (s *Server) put(w http.ResponseWriter, r *http.Request, key string, body []byte) *standin.Refusal {
	o, refusal := s.make(r, body)
	if refusal != nil {
		return refusal
	}
	match := strings.Trim(r.Header.Get("If-Match"), `"`)
	stored := true
	switch {
	case s.NoConditions:
		s.Put(key, o, false)
	case match != "":
		stored = s.PutIf(key, o, match)
	default:
		stored = s.Put(key, o, r.Header.Get("If-None-Match") == "*")
	}
	if !stored {
		return &standin.Refusal{Status: 412, Code: "PreconditionFailed", Message: "At least one of the pre-conditions you specified did not hold"}
	}
	w.Header().Set("ETag", `"`+o.ETag+`"`)
	return nil
}

// make builds the object of a request.
func (s *Server) make(r *http.Request, body []byte) (standin.Object, *standin.Refusal) {
	acl := r.Header.Get("x-amz-acl")
	switch {
	case acl != "" && s.NoACL:
		return standin.Object{}, &standin.Refusal{Status: 501, Code: "NotImplemented", Message: "Header 'x-amz-acl' with value '" + acl + "' not implemented"}
	case strings.HasPrefix(acl, "public") && s.BlockPublic:
		return standin.Object{}, &standin.Refusal{Status: 403, Code: "AccessDenied", Message: "Access Denied"}
	}
	return s.Make(body, r.Header, meta, strings.HasPrefix(acl, "public"))
}

func (s *Server) copy(w http.ResponseWriter, r *http.Request, key string) *standin.Refusal {
	name, from, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("x-amz-copy-source"), "/"), "/")
	source, ok := s.Get(from)
	if name != s.Name || !ok {
		return &standin.Refusal{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist."}
	}
	o := source
	if r.Header.Get("x-amz-metadata-directive") == "REPLACE" {
		var refusal *standin.Refusal
		if o, refusal = s.make(r, source.Body); refusal != nil {
			return refusal
		}
	}
	s.Put(key, o, false)
	fmt.Fprintf(w, `<CopyObjectResult><LastModified>%s</LastModified><ETag>"%s"</ETag></CopyObjectResult>`, o.Modified.Format(time.RFC3339), o.ETag)
	return nil
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("max-keys"))
	if err != nil {
		limit = 1000
	}
	keys, more := s.List(q.Get("prefix"), q.Get("start-after"), min(limit, 1000))
	w.Header().Set("Content-Type", "application/xml")
	fmt.Fprintf(w, `<ListBucketResult><Name>%s</Name><IsTruncated>%v</IsTruncated><KeyCount>%d</KeyCount>`, s.Name, more, len(keys))
	for _, key := range keys {
		o, _ := s.Get(key)
		fmt.Fprintf(w, `<Contents><Key>%s</Key><Size>%d</Size><ETag>"%s"</ETag><LastModified>%s</LastModified></Contents>`, key, len(o.Body), o.ETag, o.Modified.Format(time.RFC3339))
	}
	fmt.Fprint(w, `</ListBucketResult>`)
}
