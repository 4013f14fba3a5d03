package release

import "testing"

func TestVersionOrderVectors(t *testing.T) {
	var file struct {
		Description string
		Cases       []struct {
			Name, Next, Current string
			Higher              bool
		}
	}
	readVectors(t, "version-order.json", &file)
	var names []string
	for _, c := range file.Cases {
		names = append(names, c.Name)
		if got := Higher(c.Next, c.Current); got != c.Higher {
			t.Errorf("%s: Higher(%q, %q) = %v", c.Name, c.Next, c.Current, got)
		}
	}
	countVectors(t, "version-order.json", 140, names)
}

// Nothing is above itself, and of two names at most one is above the other.
func FuzzHigher(f *testing.F) {
	for _, s := range [][2]string{{"1.0.10", "1.0.9"}, {"1.0", "1.0.0"}, {"1.", "1"}, {"", "."}, {"1.0.1-beta", "1.0.0"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if Higher(a, a) {
			t.Errorf("%q is above itself", a)
		}
		if Higher(a, b) && Higher(b, a) {
			t.Errorf("%q and %q are each above the other", a, b)
		}
	})
}
