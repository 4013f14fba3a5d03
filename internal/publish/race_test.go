//go:build race

package publish

// The race detector makes everything several times slower: fewer runs then.
const (
	seeds  = 60
	stride = 11
)
