package wire

import (
	"net/http"
	"strings"
)

// Metadata returns the user metadata of an answer: the headers that begin with
// prefix, without it, in lower case.
func Metadata(h http.Header, prefix string) map[string]string {
	m := map[string]string{}
	for name, values := range h {
		if meta, ok := strings.CutPrefix(strings.ToLower(name), prefix); ok {
			m[meta] = strings.Join(values, ",")
		}
	}
	return m
}
