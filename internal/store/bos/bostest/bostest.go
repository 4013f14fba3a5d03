// Package bostest stands in for Baidu AI Cloud BOS: a server on the loopback
// interface that checks signatures by an implementation of its own, proven
// against the vectors that Baidu published, and answers as documented.
package bostest

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
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

// Server is a bucket of BOS. Change what is wrong with it before the first
// request.
type Server struct {
	standin.Bucket
	URL string

	// DefaultDomain makes the address count as one of Baidu's, with the rules for
	// buckets of today.
	DefaultDomain bool
}

// New returns a server that nobody can reach yet.
func New() *Server {
	return &Server{Bucket: standin.Bucket{Name: "bucket", Region: "bj", ID: "ALTAKexample", Secret: "never-to-be-seen", MetadataLimit: 2048}}
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
	return map[string]string{"BCE_ACCESS_KEY_ID": s.ID, "BCE_SECRET_ACCESS_KEY": s.Secret, "BCE_SESSION_TOKEN": s.Token}[name]
}

// StoreURL is the URL of a store under prefix when the server is at base.
func (s *Server) StoreURL(base, prefix string) string {
	return fmt.Sprintf("bos://%s/%s?region=%s&endpoint=%s", s.Name, prefix, s.Region, base)
}

// PublicURL is how anybody reads what is under prefix.
func (s *Server) PublicURL(base, prefix string) string { return base + "/" + s.Name + "/" + prefix }

const meta = "x-bce-meta-"

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Note(r)
	w.Header().Set("x-bce-request-id", "aaaaaaaa-0000-0000-0000-000000000000")
	w.Header().Set("x-bce-debug-id", "ZGVidWc=")
	w.Header().Set("Date", s.Now().UTC().Format(http.TimeFormat))
	if refusal := s.serve(w, r); refusal != nil {
		refuse(w, r, refusal)
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) *standin.Refusal {
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if strings.HasPrefix(r.Host, s.Name+".") { // not path style
		name, key = s.Name, strings.TrimPrefix(r.URL.Path, "/")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || r.ContentLength >= 0 && int64(len(body)) != r.ContentLength {
		return &standin.Refusal{Status: 400, Code: "IncompleteBody", Message: "The body is shorter than announced."}
	}
	if name != s.Name {
		return &standin.Refusal{Status: 404, Code: "NoSuchBucket", Message: "The specified bucket does not exist."}
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
		state := "never"
		if s.Versioning {
			state = "enabled"
		}
		fmt.Fprintf(w, `{"status":%q}`, state)
	case r.Method == http.MethodGet && key == "":
		s.list(w, r)
	case r.Method == http.MethodPut && r.Header.Get("x-bce-copy-source") != "":
		return s.copy(w, r, key)
	case r.Method == http.MethodPut && key != "":
		return s.put(w, r, key, body)
	case r.Method == http.MethodDelete && key != "":
		if !s.Delete(key) {
			return &standin.Refusal{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist."}
		}
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
	denied := func(status int, code, message string) (bool, *standin.Refusal) {
		return false, &standin.Refusal{Status: status, Code: code, Message: message}
	}
	if r.Header.Get("Authorization") == "" {
		return false, nil
	}
	parts := strings.Split(r.Header.Get("Authorization"), "/")
	if len(parts) != 6 || parts[0] != "bce-auth-v1" {
		return denied(400, "InvalidHTTPAuthHeader", "The authorization is malformed.")
	}
	at, err := time.Parse(time.RFC3339, parts[2])
	seconds, err2 := strconv.Atoi(parts[3])
	now := s.Now()
	switch {
	case parts[1] != s.ID:
		return denied(403, "InvalidAccessKeyId", "The Access Key ID you provided does not exist in our records.")
	case err != nil || err2 != nil:
		return denied(400, "InvalidHTTPAuthHeader", "The authorization is malformed.")
	case now.Sub(at) > time.Duration(seconds)*time.Second, at.Sub(now) > 15*time.Minute:
		return denied(400, "RequestExpired", "Request has expired.")
	case r.Header.Get("x-bce-security-token") != s.Token:
		return denied(400, "InvalidSessionToken", "The session token is not that of the key.")
	case s.TokenExpired:
		return denied(400, "InvalidSessionToken", "The session token has expired.")
	}
	covered := strings.Split(parts[4], ";")
	present := []string{"host"}
	for name := range r.Header {
		name = strings.ToLower(name)
		if strings.HasPrefix(name, "x-bce-") && name != "x-bce-request-id" || name == "content-length" || name == "content-type" || name == "content-md5" {
			present = append(present, name)
		}
	}
	req := signed{method: r.Method, path: r.URL.Path}
	for _, name := range present {
		value := r.Header.Get(name)
		if value == "" && name != "host" || name == "content-length" && value == "0" {
			continue
		}
		if !slices.Contains(covered, name) {
			return denied(403, "AccessDenied", "The header "+name+" is not signed.")
		}
	}
	for _, name := range covered {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		req.headers = append(req.headers, [2]string{name, value})
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return denied(400, "InvalidURI", "The query cannot be read.")
	}
	for name, all := range values {
		for _, value := range all {
			req.params = append(req.params, [2]string{name, value})
		}
	}
	if req.sign(s.Secret, strings.Join(parts[:4], "/")) != parts[5] {
		return denied(400, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.")
	}
	return true, nil
}

func (s *Server) anonymous(w http.ResponseWriter, r *http.Request, key string) *standin.Refusal {
	if key == "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return &standin.Refusal{Status: 403, Code: "AccessDenied", Message: "Access Denied."}
	}
	if o, exists := s.Get(key); exists && !s.MayRead(o) || !exists && !s.PublicRead {
		return &standin.Refusal{Status: 403, Code: "AccessDenied", Message: "Access Denied."}
	} else if s.DefaultDomain && strings.HasPrefix(o.Header.Get("Content-Type"), "text/html") {
		w.Header().Set("Content-Disposition", "attachment")
	}
	return s.send(w, r, key)
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, key string) *standin.Refusal {
	o, ok := s.Get(key)
	if !ok {
		return &standin.Refusal{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist."}
	}
	w.Header().Set("x-bce-content-crc64ecma", strconv.FormatUint(o.CRC64, 10))
	return standin.Send(w, r, o, meta)
}

func (s *Server) put(w http.ResponseWriter, r *http.Request, key string, body []byte) *standin.Refusal {
	if sum := md5.Sum(body); r.Header.Get("Content-MD5") != "" && r.Header.Get("Content-MD5") != base64.StdEncoding.EncodeToString(sum[:]) {
		return &standin.Refusal{Status: 400, Code: "BadDigest", Message: "The Content-MD5 you specified did not match what we received."}
	}
	o, refusal := s.make(r, body)
	if refusal != nil {
		return refusal
	}
	if match := strings.Trim(r.Header.Get("If-Match"), `"`); match != "" {
		if !s.PutIf(key, o, match) {
			return unmet
		}
	} else if !s.Put(key, o, r.Header.Get("x-bce-forbid-overwrite") == "true" || r.Header.Get("If-None-Match") == "*") {
		return unmet
	}
	w.Header().Set("ETag", `"`+o.ETag+`"`)
	w.Header().Set("x-bce-content-crc64ecma", strconv.FormatUint(o.CRC64, 10))
	return nil
}

// make builds the object of a request. Who does not say how long it may be kept
// gets three days.
func (s *Server) make(r *http.Request, body []byte) (standin.Object, *standin.Refusal) {
	acl := r.Header.Get("x-bce-acl")
	if strings.HasPrefix(acl, "public") && s.BlockPublic {
		return standin.Object{}, &standin.Refusal{Status: 403, Code: "AccessDenied", Message: "Public access is blocked."}
	}
	o, refusal := s.Make(body, r.Header, meta, strings.HasPrefix(acl, "public"))
	if o.Header.Get("Cache-Control") == "" && o.Header.Get("Expires") == "" {
		o.Header.Set("Expires", s.Now().Add(72*time.Hour).UTC().Format(http.TimeFormat))
	}
	return o, refusal
}

func (s *Server) copy(w http.ResponseWriter, r *http.Request, key string) *standin.Refusal {
	name, from, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("x-bce-copy-source"), "/"), "/")
	source, ok := s.Get(from)
	if name != s.Name || !ok {
		return &standin.Refusal{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist."}
	}
	o := source
	if r.Header.Get("x-bce-metadata-directive") == "replace" {
		var refusal *standin.Refusal
		if o, refusal = s.make(r, source.Body); refusal != nil {
			return refusal
		}
	}
	s.Put(key, o, false)
	fmt.Fprintf(w, `{"eTag":%q,"lastModified":%q}`, o.ETag, o.Modified.Format(time.RFC3339))
	return nil
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("maxKeys"))
	if err != nil {
		limit = 1000
	}
	type entry struct {
		Key          string `json:"key"`
		LastModified string `json:"lastModified"`
		ETag         string `json:"eTag"`
		Size         int    `json:"size"`
	}
	answer := struct {
		Name      string  `json:"name"`
		Truncated bool    `json:"isTruncated"`
		Contents  []entry `json:"contents"`
	}{Name: s.Name, Contents: []entry{}}
	keys, more := s.List(q.Get("prefix"), q.Get("marker"), min(limit, 1000))
	answer.Truncated = more
	for _, key := range keys {
		o, _ := s.Get(key)
		answer.Contents = append(answer.Contents, entry{key, o.Modified.Format(time.RFC3339), o.ETag, len(o.Body)})
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	json.NewEncoder(w).Encode(answer)
}

// refuse writes an error; of that of a HEAD only the status arrives.
func refuse(w http.ResponseWriter, r *http.Request, e *standin.Refusal) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(e.Status)
	if r.Method != http.MethodHead {
		json.NewEncoder(w).Encode(map[string]string{"code": e.Code, "message": e.Message, "requestId": "aaaaaaaa-0000-0000-0000-000000000000"})
	}
}
