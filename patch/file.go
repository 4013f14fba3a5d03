package patch

import "sort"

// A File is a file of a package: its name, "/" between segments, and its contents.
type File struct {
	Name string
	Data []byte
}

// Limits of what a patch is made for and of what it makes.
const (
	MaxFiles    = 20_000
	MaxName     = 1024    // bytes
	MaxNames    = 1 << 20 // bytes of the names of added files together, each with a 0 behind it
	MaxUnpacked = 200 << 20
)

// lastName is the name of the file that stands last in a package.
const lastName = "manifest.json"

// before is the order of the files of a package.
func before(a, b string) bool {
	if a == lastName || b == lastName {
		return a != b && b == lastName
	}
	return a < b
}

// inOrder returns files in the order of a package.
func inOrder(files []File) []File {
	sorted := append([]File(nil), files...)
	sort.Slice(sorted, func(i, j int) bool { return before(sorted[i].Name, sorted[j].Name) })
	return sorted
}
