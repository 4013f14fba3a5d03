package public

import (
	"net/http"
	"strings"
	"testing"
)

// Whatever headers come, metadata has one clean value for a name, or none.
func FuzzMetadata(f *testing.F) {
	f.Add("X-Oss-Meta-Release", "3", "x-amz-meta-release", "3, 4")
	f.Add("x-cos-meta-epoch", "0", "X-COS-META-EPOCH", "0")
	f.Add("-meta-", ",", "x-meta-", "")
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string) {
		found, conflicting := metadata(http.Header{name1: {value1, value2}, name2: {value2}})
		for name, value := range found {
			if name == "" || name != strings.ToLower(name) || strings.Contains(value, ",") || value != strings.TrimSpace(value) {
				t.Errorf("%q: %q", name, value)
			}
		}
		for _, name := range conflicting {
			if _, ok := found[name]; ok {
				t.Errorf("%q conflicts and has a value", name)
			}
		}
	})
}
