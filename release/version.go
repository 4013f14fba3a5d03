package release

import (
	"strconv"
	"strings"
)

// Version is what a manifest says: the name decides, the code is compared only
// by stores, by hosts of mini-programs and by hand-written clients.
type Version struct {
	Name string `json:"name"`
	Code int64  `json:"code"`
}

// Higher is the order of uni-app's runtime, by which plus.runtime.install
// accepts a package without force (uniapp-runtime 1.5, observed on Android): it
// walks the segments of the next name; a current name that has run out is
// lower, a segment that is no number ends in "not higher".
//
// So 1.0.0 is higher than 1.0, 1.0.10 higher than 1.0.9, and 1.0.1-beta is not
// higher than 1.0.0.
func Higher(next, current string) bool {
	if next == "" {
		return false
	}
	if current == "" {
		return true
	}
	n, c := segments(next), segments(current)
	for i := range n {
		if i >= len(c) {
			return true
		}
		a, err := parseInt(n[i])
		if err != nil {
			return false
		}
		b, err := parseInt(c[i])
		if err != nil {
			return false
		}
		if a != b {
			return a > b
		}
	}
	return false
}

// segments splits a name that is not empty as Java does: empty segments at the
// end do not count, so dots alone have none.
func segments(name string) []string {
	s := strings.Split(name, ".")
	for len(s) > 0 && s[len(s)-1] == "" {
		s = s[:len(s)-1]
	}
	return s
}

// parseInt reads a segment as Java's Integer.parseInt: 32 bits, a sign allowed.
func parseInt(s string) (int64, error) {
	return strconv.ParseInt(s, 10, 32)
}
