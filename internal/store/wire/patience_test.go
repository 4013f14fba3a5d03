package wire

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	const now = "Sun, 22 Nov 2026 21:00:00 GMT"
	for _, test := range []struct {
		after, date string
		want        time.Duration
	}{
		{"", now, 0},
		{"7", now, 7 * time.Second},
		{"0", "", 0},
		{"-3", now, 0},
		{"99999999999", now, 0},
		{"soon", now, 0},
		{"Sun, 22 Nov 2026 21:00:09 GMT", now, 9 * time.Second},
		{"Sun, 22 Nov 2026 20:00:00 GMT", now, 0},
		{"Sun, 22 Nov 2026 21:00:09 GMT", "", 0},
	} {
		if got := RetryAfter(http.Header{"Retry-After": {test.after}, "Date": {test.date}}); got != test.want {
			t.Errorf("Retry-After %q at %q: %v, want %v", test.after, test.date, got, test.want)
		}
	}
}
