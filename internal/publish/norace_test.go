//go:build !race

package publish

const (
	seeds  = 500 // runs of each contest
	stride = 1
)
