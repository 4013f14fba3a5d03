package patch

import "testing"

// Whatever the patch, applying it ends, and soon when little may be made.
func FuzzApply(f *testing.F) {
	base := []File{{"app.js", []byte("function a(e){return e.b+ab(1)}")}, {"x.css", []byte(".x[data-v-0a1b2c3d]{color:red}")}, {"manifest.json", []byte("{}")}}
	next := []File{{"app.js", []byte("function q(e){return e.b+ac(1)}var t")}, {"y.css", []byte(".x[data-v-99999999]{color:red}")}, {"manifest.json", []byte("{ }")}}
	for _, from := range [][]File{base, nil} {
		p, err := Make(from, next)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		b, entries, err := apply(inOrder(base), p, 1<<16)
		if err != nil {
			return
		}
		size := 0
		for _, e := range entries {
			if e.made() {
				size += e.size
			}
		}
		if b.pos != len(b.window) || len(b.window)-b.base != size || size > 1<<16 {
			t.Errorf("%d of %d bytes, %d of them of the base", b.pos, len(b.window), b.base)
		}
	})
}
