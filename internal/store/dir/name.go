package dir

import (
	"fmt"
	"path"
	"strings"

	"wgtup/internal/store/driver"
)

const (
	objects    = "objects"
	blobs      = "blobs"
	tmp        = "tmp"
	suffix     = "=.json" // "=." never begins an encoded character
	maxSegment = 200
)

// pointerName returns where the pointer of key lies, with slashes.
func pointerName(key string) (string, error) {
	var b strings.Builder
	b.WriteString(objects)
	for segment := range strings.SplitSeq(key, "/") {
		e := encode(segment)
		if len(e) > maxSegment {
			return "", fmt.Errorf("%w: name of more than %d bytes: %s", driver.ErrUnsupported, maxSegment, segment)
		}
		b.WriteByte('/')
		b.WriteString(e)
	}
	return b.String() + suffix, nil
}

// encode returns a segment of a key in the form that any file system keeps.
func encode(segment string) string {
	var b strings.Builder
	if isDevice(segment) {
		b.WriteString("==")
	}
	for _, c := range []byte(segment) {
		if 'A' <= c && c <= 'Z' {
			b.WriteByte('=')
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	if strings.HasSuffix(segment, ".") {
		b.WriteString("==")
	}
	return b.String()
}

// decode is the inverse of encode; false means that encode never wrote this.
func decode(name string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c == '=' {
			i++
			if i == len(name) {
				return "", false
			}
			if c = name[i]; c == '=' {
				continue
			}
			c -= 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String(), encode(b.String()) == name
}

// isDevice reports whether Windows takes segment for a device.
func isDevice(segment string) bool {
	base, _, _ := strings.Cut(strings.ToLower(segment), ".")
	switch base {
	case "con", "prn", "aux", "nul", "conin$", "conout$":
		return true
	}
	return len(base) == 4 && (base[:3] == "com" || base[:3] == "lpt") && '0' <= base[3] && base[3] <= '9'
}

func folderOf(name string) string { return path.Dir(name) }
