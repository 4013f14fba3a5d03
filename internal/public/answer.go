package public

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Answer is what the headers said. A header that is missing or cannot be read
// leaves the zero value.
type Answer struct {
	Status       int
	Size         int64  // of the body, -1 when the headers do not say
	ETag         string // as it was sent, with quotes
	ContentType  string
	CacheControl string
	Date         time.Time     // when the answer was made
	Age          time.Duration // how long a cache has kept it since
	Metadata     map[string]string
	Conflicting  []string    // names that came with different values
	Header       http.Header // all of it
}

// Now is the network's idea of the time: when the answer was made, and how long
// it was kept since. It is zero when there is no Date.
func (a Answer) Now() time.Time {
	if a.Date.IsZero() {
		return time.Time{}
	}
	return a.Date.Add(a.Age)
}

func read(resp *http.Response) Answer {
	h := resp.Header
	a := Answer{
		Status: resp.StatusCode, Size: resp.ContentLength, Header: h,
		ETag: h.Get("ETag"), ContentType: h.Get("Content-Type"), CacheControl: strings.Join(h.Values("Cache-Control"), ", "),
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		a.Date = date.UTC()
	}
	const century = 100 * 365 * 24 * 60 * 60
	if age, err := strconv.ParseInt(h.Get("Age"), 10, 64); err == nil && 0 <= age && age < century {
		a.Age = time.Duration(age) * time.Second
	}
	a.Metadata, a.Conflicting = metadata(h)
	return a
}

// metadata collects the headers called *-meta-NAME. A server or cache in between
// may repeat a header, or fold what is repeated into one with commas; no value
// of ours has a comma.
func metadata(h http.Header) (found map[string]string, conflicting []string) {
	found = map[string]string{}
	for header, values := range h {
		prefix, name, ok := strings.Cut(strings.ToLower(header), "-meta-")
		if !ok || prefix == "" || name == "" {
			continue
		}
		for _, value := range strings.Split(strings.Join(values, ","), ",") {
			value = strings.TrimSpace(value)
			if old, ok := found[name]; ok && old != value && !slices.Contains(conflicting, name) {
				conflicting = append(conflicting, name)
			}
			found[name] = value
		}
	}
	for _, name := range conflicting {
		delete(found, name)
	}
	slices.Sort(conflicting)
	return found, conflicting
}
