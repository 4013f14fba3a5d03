package wire

import (
	"fmt"
	"strconv"
	"strings"

	"wgtup/internal/store/driver"
)

// RangeHeader is the value of the header Range that asks for r.
func RangeHeader(r driver.Range) string {
	if r.Length == 0 {
		return fmt.Sprintf("bytes=%d-", r.Offset)
	}
	return fmt.Sprintf("bytes=%d-%d", r.Offset, r.Offset+r.Length-1)
}

// WholeSize returns the object's size from the Content-Range of an answer to r,
// "bytes 1-3/8". A service that ignored the range has sent the wrong bytes:
// ErrUnsupported.
func WholeSize(header string, r driver.Range) (int64, error) {
	span, total, ok := strings.Cut(strings.TrimPrefix(header, "bytes "), "/")
	first, _, _ := strings.Cut(span, "-")
	size, err := strconv.ParseInt(total, 10, 64)
	if !ok || err != nil || first != strconv.FormatInt(r.Offset, 10) {
		return 0, fmt.Errorf("%w: answer to a range has the Content-Range %q", driver.ErrUnsupported, header)
	}
	return size, nil
}
