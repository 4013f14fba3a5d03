// Package serve answers for a folder the way a public bucket does, so that a
// folder is a complete store: for a demo, a test, an intranet.
//
// It is read only. GET and HEAD find an object by its key, with ranges and
// conditional requests, strong ETag and metadata as x-oss-meta-NAME, also in a
// 304. Any origin may read, scripts included. The query is ignored and logged:
// it carries the numbers that devices report. There are no listings, and what
// lies under .wgtup/ is not served.
package serve

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"wgtup/internal/store"
)

// MetadataPrefix begins the headers that carry metadata.
const MetadataPrefix = "x-oss-meta-"

const (
	methods  = "GET, HEAD, OPTIONS"
	internal = ".wgtup/" // scratch keys of the commands
)

// Handler answers for s, whose driver must be able to seek (dir, mem). log
// gets one line for each request; it may be nil. stall is how long a client may
// take to accept the next piece of a body.
func Handler(s *store.Store, log func(line string), stall time.Duration) http.Handler {
	return handler{s, log, stall}
}

type handler struct {
	store *store.Store
	log   func(string)
	stall time.Duration
}

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	control := http.NewResponseController(w)
	// These fail where the caller's own server has no deadlines.
	_ = control.SetWriteDeadline(started.Add(h.stall))
	if r.ContentLength != 0 {
		_ = control.SetReadDeadline(started.Add(h.stall)) // nobody needs a body here
	}
	counted := &counter{ResponseWriter: w, status: http.StatusOK}
	err := h.answer(counted, r, control)
	if h.log != nil {
		h.log(line(r, counted, started, err))
	}
}

// answer returns an error only for what is worth a line in the log.
func (h handler) answer(w http.ResponseWriter, r *http.Request, control *http.ResponseController) error {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Access-Control-Allow-Origin", "*")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		header.Set("Allow", methods)
		header.Set("Access-Control-Allow-Methods", methods)
		header.Set("Access-Control-Allow-Headers", "Cache-Control, If-Modified-Since, If-None-Match, If-Range, Pragma, Range")
		header.Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusNoContent)
		return nil
	default:
		header.Set("Allow", methods)
		http.Error(w, "this server is read only", http.StatusMethodNotAllowed)
		return nil
	}

	key, rooted := strings.CutPrefix(r.URL.Path, "/")
	if !rooted || store.CheckKey(key) != nil || strings.HasPrefix(key, internal) {
		http.Error(w, "not found", http.StatusNotFound)
		return nil
	}
	body, info, err := h.store.GetSeeker(r.Context(), key)
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrUnsupported):
		http.Error(w, "not found", http.StatusNotFound)
		return nil
	case err != nil:
		http.Error(w, "the store cannot be read", http.StatusInternalServerError)
		return err
	}
	defer body.Close()
	describe(header, info)
	http.ServeContent(w, r, "", info.Modified, &paced{body, control, h.stall})
	return nil
}

// describe sets the headers of an object.
func describe(header http.Header, info store.Info) {
	exposed := []string{"Age", "Content-Length", "Content-Range", "Date", "ETag"}
	for name, value := range info.Metadata {
		header.Set(MetadataPrefix+name, value)
		exposed = append(exposed, MetadataPrefix+name)
	}
	slices.Sort(exposed)
	header.Set("Access-Control-Expose-Headers", strings.Join(exposed, ", "))
	header.Set("ETag", `"`+info.ETag+`"`)
	header.Set("Content-Type", info.ContentType)
	if info.CacheControl != "" {
		header.Set("Cache-Control", info.CacheControl)
	}
}

// paced moves the deadline for writing whenever there is more to write: a slow
// client is served, one that has stopped is not waited for.
type paced struct {
	io.ReadSeeker
	control *http.ResponseController
	stall   time.Duration
}

func (p *paced) Read(b []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(p.stall))
	return p.ReadSeeker.Read(b)
}

// counter remembers what was answered.
type counter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (c *counter) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.bytes += int64(n)
	return n, err
}

// line is: time, address, method, target, status, body bytes, duration, user
// agent, and the error if there was one.
func line(r *http.Request, c *counter, started time.Time, err error) string {
	address, _, splitErr := net.SplitHostPort(r.RemoteAddr)
	if splitErr != nil {
		address = r.RemoteAddr
	}
	s := fmt.Sprintf("%s %s %s %q %d %d %s %q", started.UTC().Format(time.RFC3339), address, r.Method, r.RequestURI,
		c.status, c.bytes, time.Since(started).Round(time.Millisecond), r.UserAgent())
	if err != nil {
		s += fmt.Sprintf(" %q", err.Error())
	}
	return s
}
