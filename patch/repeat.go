package patch

// repeatDistance is farther back than a deflate encoder looks.
const repeatDistance = 32 << 10

// Repeats returns how many bytes of files stand elsewhere in them, too far away for a zip. It tells in a moment whether a
// patch without a base can be much smaller than the package, which Make needs seconds for.
func Repeats(files []File) int {
	var all []byte
	for _, f := range files {
		all = append(all, f.Data...)
	}
	s := newStretches(all)
	repeats, end := 0, 0 // end: what is counted already
	s.roll(0, len(all), func(start int, hash uint32) bool {
		if at, ok := s.find(start, hash); ok && start-at > repeatDistance {
			repeats += start + stretchLength - max(end, start)
			end = start + stretchLength
		} else {
			s.know(start, hash)
		}
		return true
	})
	return repeats
}
