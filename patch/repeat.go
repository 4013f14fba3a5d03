package patch

// Of a stretch of repeatLength bytes that stood before, farther back than a deflate encoder looks, every byte is a repeat.
const (
	repeatLength   = 64
	repeatDistance = 32 << 10
)

// Repeats returns how many bytes of files stand elsewhere in them, too far away for a zip. It tells in a moment whether a
// patch without a base can be much smaller than the package, which Make needs seconds for.
func Repeats(files []File) int {
	const factor = 0x9e3779b1
	power := uint32(1) // of the factor, for the byte that leaves the stretch
	for range repeatLength {
		power *= factor
	}
	var all []byte
	for _, f := range files {
		all = append(all, f.Data...)
	}
	before := map[uint32]int{} // hash of a stretch, of which every repeatLength-th is entered -> where it begins
	repeats, end := 0, 0       // end: what is counted already
	var hash uint32
	for i, b := range all {
		hash = hash*factor + uint32(b)
		start := i + 1 - repeatLength
		if start < 0 {
			continue
		}
		if start > 0 {
			hash -= power * uint32(all[start-1])
		}
		at, ok := before[hash]
		switch {
		case ok && start-at > repeatDistance && string(all[at:at+repeatLength]) == string(all[start:i+1]):
			repeats += i + 1 - max(end, start)
			end = i + 1
		case start%repeatLength == 0:
			before[hash] = start
		}
	}
	return repeats
}
