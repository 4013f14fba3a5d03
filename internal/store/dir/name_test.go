package dir

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// takenKeys are the keys that a Store lets through, "." and ".." apart.
var takenKeys = regexp.MustCompile(`^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$`)

// A key that a store takes has one file name, which is different from that of
// every other key on any disk: one that ignores case, one that composes
// characters (macOS), one with device names and without dots at the end
// (Windows).
func FuzzNames(f *testing.F) {
	for _, key := range []string{"a", "A", "con", "CON.txt", "a.", "a/B/c..d", "channels/production/release.json", "..a", "lpt1", "-", "a=b"} {
		f.Add(key, strings.ToUpper(key))
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if !takenKeys.MatchString(a) || !takenKeys.MatchString(b) {
			return
		}
		names := []string{}
		for _, key := range []string{a, b} {
			name, err := pointerName(key)
			if err != nil {
				return
			}
			for _, segment := range strings.Split(strings.TrimSuffix(name, suffix), "/")[1:] {
				if strings.HasSuffix(segment, ".") || strings.ToLower(segment) != segment || norm.NFC.String(segment) != segment || norm.NFD.String(segment) != segment || isDevice(segment) {
					t.Fatalf("%q is called %q", key, segment)
				}
				if back, ok := decode(segment); !ok || encode(back) != segment {
					t.Fatalf("%q is read back as %q", segment, back)
				}
			}
			names = append(names, name)
		}
		if a != b && strings.EqualFold(names[0], names[1]) {
			t.Fatalf("%q and %q are both %q", a, b, names[0])
		}
	})
}
