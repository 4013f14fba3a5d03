// Package doctor finds out what is wrong with a bucket and the public URLs that
// lead to it. Observe asks and writes down facts, Judge draws conclusions from
// them; the sentences belong to the commands.
//
// It writes doctor.json and doctor.apk below the store's prefix, where strangers
// may read, and deletes them.
package doctor

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"time"

	"wgtup/internal/store"
)

// The keys that are written, below the store's prefix.
const (
	scratch    = "doctor.json"
	scratchAPK = "doctor.apk"
)

// Patient is who is looked at.
type Patient struct {
	Store *store.Store
	// Plain is the same store without public ACLs; nil when Store sends none.
	Plain *store.Store
	// Endpoint is the address in the store's URL, "" when there is none.
	Endpoint string
	Sites    []string // public URLs
	H5       bool     // a web page reads the bucket too: CORS counts
	Mirror   bool     // it only receives
	HTTP     *http.Client
	Now      func() time.Time
	Nonce    string // of this run: tells its bytes from those of an earlier one
}

// Facts is what was observed.
type Facts struct {
	Store Store
	Sites []Site

	H5, Mirror bool
}

// Store is what its owner sees.
type Store struct {
	Scheme string
	Clear  bool // the endpoint is not https, and not on this machine

	Read     *Failure // of the scratch object; nil and missing are both fine
	Write    *Failure
	ACL      bool // the write carried a public ACL, and would have worked without
	Sent     Object
	Got      Object
	Missing  *Failure // the answer for an object that is not there
	Created  bool     // a create-only write replaced the object
	Create   *Failure // it failed for another reason than that the object is there
	Replaced bool     // a write for another ETag went through
	Copy     *Failure
	Copied   Object // after a copy onto itself with other headers
	CopyWant Object

	Unfinished int // uploads that nobody has completed or aborted
	Left       *Failure
}

// Object is what a reader gets.
type Object struct {
	Body         string
	ContentType  string
	CacheControl string
	Metadata     map[string]string
}

// Site is what a stranger sees through a public URL.
type Site struct {
	URL     string
	Clear   bool   // http, and not on this machine
	Vendor  string // whose default domain it is, "" for one of the user's own
	Want    Object // what is there
	Head    Answer
	Get     Answer
	Part    Answer // of a GET for a range
	Same    Answer // of a HEAD with If-None-Match
	Cross   Answer // of a GET from another web site
	Put     Answer // of a write by a stranger
	List    Answer // of a look at the folder
	APK     Answer
	Next    Object // what replaced it
	HeadNow Answer // after that
	GetNow  Answer
	// Skew is how far the service's clock is ahead of this machine's.
	Skew time.Duration
	// Expires is when the certificate ends, zero without TLS.
	Expires time.Time
	Now     time.Time
}

// Answer is what came back; Failure is set when nothing did.
type Answer struct {
	Failure *Failure
	Status  int
	Header  http.Header
	Body    string
}

// Failure is an error in facts.
type Failure struct {
	Kind    Kind
	Status  int
	Code    string // the service's
	Message string
}

// Kind says what sort of failure it is.
type Kind string

const (
	Denied      Kind = "denied"
	NotFound    Kind = "missing"
	Unavailable Kind = "unavailable"
	Network     Kind = "network"
	Certificate Kind = "certificate"
	Unsupported Kind = "unsupported"
	Other       Kind = "other"
)

// Observe asks the store and its public URLs. The error is the context's.
func Observe(ctx context.Context, p Patient) (Facts, error) {
	f := Facts{H5: p.H5, Mirror: p.Mirror}
	f.Store = p.observeStore(ctx)
	if f.Store.Read == nil && f.Store.Write == nil {
		for _, base := range p.Sites {
			f.Sites = append(f.Sites, p.observeSite(ctx, base, f.Store.CopyWant))
		}
		f.Store.Left = p.clean(ctx)
	}
	return f, ctx.Err()
}

// clear reports an address that is neither https nor on this machine.
func clear(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() != "localhost" && !(ip != nil && ip.IsLoopback())
}
