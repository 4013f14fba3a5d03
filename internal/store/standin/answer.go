package standin

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Send answers a GET or HEAD of o, with its part that the request's Range asks
// for; metadata names get prefix. The refusal is for ranges behind the end.
func Send(w http.ResponseWriter, r *http.Request, o Object, prefix string) *Refusal {
	h := w.Header()
	for name, values := range o.Header {
		h[name] = values
	}
	for name, value := range o.Metadata {
		h.Set(prefix+name, value)
	}
	h.Set("ETag", `"`+o.ETag+`"`)
	h.Set("Last-Modified", o.Modified.Format(http.TimeFormat))
	h.Set("Accept-Ranges", "bytes")
	if match := r.Header.Get("If-None-Match"); match != "" && strings.Contains(match, o.ETag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body, status := o.Body, http.StatusOK
	if span := r.Header.Get("Range"); span != "" {
		first, last, ok := parseRange(span, len(body))
		if !ok {
			return &Refusal{Status: http.StatusRequestedRangeNotSatisfiable, Code: "InvalidRange", Message: "The requested range cannot be satisfied."}
		}
		h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(body)))
		body, status = body[first:last+1], http.StatusPartialContent
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body)
	}
	return nil
}

// parseRange reads bytes=1-3 and bytes=1-; last is cut to the end.
func parseRange(span string, size int) (first, last int, ok bool) {
	from, to, found := strings.Cut(strings.TrimPrefix(span, "bytes="), "-")
	first, err := strconv.Atoi(from)
	if !found || err != nil || first >= size {
		return 0, 0, false
	}
	last = size - 1
	if to != "" {
		if last, err = strconv.Atoi(to); err != nil || last < first {
			return 0, 0, false
		}
	}
	return first, min(last, size-1), true
}

// Percent encodes s as RFC 3986 wants it, in upper-case hex; keep are more bytes
// that stay as they are.
func Percent(s, keep string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-_.~"+keep, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
