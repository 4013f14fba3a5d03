package wire

import "strings"

// ETag returns an entity tag without its quotes.
func ETag(text string) string { return strings.Trim(text, `"`) }

// Optional returns nil for "", so that no empty header or parameter is sent.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
