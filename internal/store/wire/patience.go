package wire

import (
	"net/http"
	"strconv"
	"time"
)

// RetryAfter is how long an answer asks to wait before the next request, 0 when
// it does not say or says what is no time (RFC 9110, 10.2.3). A date counts from
// the answer's own clock.
func RetryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return max(at.Sub(now), 0)
}
