package patch

// A layout says where the files of a window lie: first files of the base, then those that are made.
type layout struct {
	sources []int // where a file of the base lies, -1 if it does not
	base    int   // bytes of the base
	size    int   // of everything
}

func newLayout(base []File, entries []entry) layout {
	l := layout{sources: make([]int, len(base))}
	for _, e := range entries {
		if e.kind == addedEntry {
			continue
		}
		l.sources[e.base] = -1
		if e.used {
			l.sources[e.base] = l.base
			l.base += len(base[e.base].Data)
		}
	}
	l.size = l.base
	for _, e := range entries {
		if e.made() {
			l.size += e.size
		}
	}
	return l
}

// source returns where the file that an entry is made from lies, or -1.
func (l *layout) source(e *entry) int {
	if e.kind == addedEntry {
		return -1
	}
	return l.sources[e.base]
}

// fill puts the files of the base into the window.
func (l *layout) fill(w []byte, base []File) {
	for i, at := range l.sources {
		if at >= 0 {
			copy(w[at:], base[i].Data)
		}
	}
}
