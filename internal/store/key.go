package store

import (
	"fmt"
	"strings"
)

const (
	maxKey      = 512
	maxPrefix   = 256
	maxMetadata = 2048
	maxHeader   = 256
)

// CheckKey reports why key cannot name an object.
func CheckKey(key string) error {
	if len(key) > maxKey {
		return fmt.Errorf("%w: key longer than %d bytes", ErrInvalid, maxKey)
	}
	for segment := range strings.SplitSeq(key, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return fmt.Errorf("%w: key with the segment %q", ErrInvalid, segment)
		}
	}
	return checkKeyBytes(key)
}

func checkKeyBytes(s string) error {
	for i := range len(s) {
		if c := s[i]; !isLower(c) && !isDigit(c) && !('A' <= c && c <= 'Z') && !strings.ContainsRune("._/-", rune(c)) {
			return fmt.Errorf("%w: key with the byte %q", ErrInvalid, c)
		}
	}
	return nil
}

func cleanPrefix(prefix string) (string, error) {
	prefix = strings.TrimSuffix(prefix, "/")
	if prefix == "" {
		return "", nil
	}
	if len(prefix) > maxPrefix {
		return "", fmt.Errorf("check prefix: %w: longer than %d bytes", ErrInvalid, maxPrefix)
	}
	if err := CheckKey(prefix); err != nil {
		return "", fmt.Errorf("check prefix: %w", err)
	}
	return prefix + "/", nil
}

func checkListing(prefix, after string, limit int) error {
	if limit < 1 {
		return fmt.Errorf("%w: limit %d", ErrInvalid, limit)
	}
	if len(prefix) > maxKey || len(after) > maxKey {
		return fmt.Errorf("%w: longer than %d bytes", ErrInvalid, maxKey)
	}
	return checkKeyBytes(prefix + after)
}

// checkOptions completes o, or says why no store is asked to keep it.
func (s *Store) checkOptions(o PutOptions) (PutOptions, error) {
	p := s.driver.Properties()
	if o.CreateOnly && !p.CreateOnly {
		return o, fmt.Errorf("create only: %w", ErrUnsupported)
	}
	if o.IfMatch != "" && !p.IfMatch {
		return o, fmt.Errorf("if match: %w", ErrUnsupported)
	}
	if o.CreateOnly && o.IfMatch != "" {
		return o, fmt.Errorf("%w: create only and if match", ErrInvalid)
	}
	if o.ContentType == "" {
		o.ContentType = "application/octet-stream"
	}
	for _, v := range []string{o.ContentType, o.CacheControl, o.IfMatch} {
		if len(v) > maxHeader || !isPrintable(v) {
			return o, fmt.Errorf("%w: header value %q", ErrInvalid, v)
		}
	}
	limit, sum := min(maxMetadata, p.MetadataBytes), 0
	for name, value := range o.Metadata {
		if err := checkMetadata(name, value); err != nil {
			return o, err
		}
		sum += len(name) + len(value)
	}
	if sum > limit {
		return o, fmt.Errorf("%w: %d bytes of metadata, more than %d", ErrInvalid, sum, limit)
	}
	return o, nil
}

func checkMetadata(name, value string) error {
	if name == "" {
		return fmt.Errorf("%w: metadata without a name", ErrInvalid)
	}
	for i := range len(name) {
		if c := name[i]; !isLower(c) && !isDigit(c) && c != '-' {
			return fmt.Errorf("%w: metadata name %q", ErrInvalid, name)
		}
	}
	if value == "" || !isPrintable(value) || strings.ContainsAny(value, `,"'`) || strings.TrimSpace(value) != value {
		return fmt.Errorf("%w: metadata %s with the value %q", ErrInvalid, name, value)
	}
	return nil
}

func isPrintable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
