package wgt

import (
	"bytes"
	"io"
)

// ReadArchive reads any zip. What other readers would see differently is kept as it is and reported by Check: as a problem
// of the whole archive, or of single files. An archive that cannot be read at all is a *FormatError.
//
// Names are taken as UTF-8, marked as such or not, since macOS writes them so without the mark; a name in GBK is nearly
// never UTF-8 by chance, and where it is (图) there is a warning.
//
// What changes nothing about the files is accepted without a word, since Write does not copy it: times, attributes, extra
// fields, comments, data descriptors, directory entries, the order of entries.
func ReadArchive(r io.ReaderAt, size int64) (*Tree, error) {
	a := &archive{r: r, tree: &Tree{}, folders: map[string]bool{}}
	if err := a.findEnd(size); err != nil {
		return nil, err
	}
	if err := a.readDirectory(); err != nil {
		return nil, err
	}
	if err := a.readLocals(); err != nil {
		return nil, err
	}
	for _, f := range a.tree.Files {
		if a.folders[f.Name] {
			f.defects = append(f.defects, Finding{Collision, f.Name, f.Name + "/"})
		}
	}
	a.tree.sort()
	return a.tree, nil
}

type archive struct {
	r    io.ReaderAt
	tree *Tree

	start     int64 // bytes before what the directory calls offset 0
	directory int64 // place of the directory
	entries   int
	bytes     []byte // of the directory
	headers   []header
	folders   map[string]bool // directory entries, which Tree has no place for
}

// A header is a central header with everything that has to be compared.
type header struct {
	entry
	flags    uint16
	creator  byte // 3 and 19 are systems with file modes
	external uint32
	extra    []byte
	file     *File // nil for a directory
}

func (a *archive) problem(code Code, detail string) {
	a.tree.problems = append(a.tree.problems, Finding{Code: code, Detail: detail})
}

// findEnd looks for the end record, which may have a comment of up to 65,535 bytes.
func (a *archive) findEnd(size int64) error {
	if size > MaxArchive {
		return formatError(TooBig, "", "%d", size)
	}
	from := max(0, size-endLength-0xffff-trailingMost)
	tail, err := readAt(a.r, from, size-from)
	if err != nil {
		return err
	}
	exact, loose := []int{}, -1
	for at := len(tail); ; {
		if at = bytes.LastIndex(tail[:at], []byte(endSignature)); at < 0 {
			break
		}
		record := tail[at:]
		if len(record) < endLength {
			continue
		}
		directory := int64(le.Uint32(record[12:]))
		if le.Uint16(record[10:]) != 0xffff && (directory > from+int64(at) || directory == 0 != (le.Uint16(record[10:]) == 0)) {
			continue // no directory fits in front of it
		}
		switch comment := int(le.Uint16(record[20:])); {
		case endLength+comment == len(record):
			exact = append(exact, at)
		case endLength+comment < len(record) && loose < 0:
			loose = at
		}
	}
	at := loose
	switch {
	case len(exact) > 1 || len(exact) == 1 && loose > exact[0]:
		at = exact[len(exact)-1]
		a.problem(Ambiguous, "")
	case len(exact) == 1:
		at = exact[0]
	case loose < 0:
		return notZip(a.r, size)
	default:
		a.tree.warnings = append(a.tree.warnings, Finding{Code: TrailingData})
	}
	record, place := tail[at:], from+int64(at)
	if at >= 20 && string(tail[at-20:at-16]) == end64Signature {
		return formatError(Zip64, "", "")
	}
	return a.useEnd(record, place)
}

// trailingMost is how far from the end of the archive the end record is looked for, beyond its longest comment.
const trailingMost = 64 << 10

func (a *archive) useEnd(record []byte, place int64) error {
	entries, directorySize, offset := le.Uint16(record[10:]), le.Uint32(record[12:]), le.Uint32(record[16:])
	switch {
	case entries == 0xffff || directorySize == 0xffffffff || offset == 0xffffffff:
		return formatError(Zip64, "", "")
	case le.Uint16(record[4:]) != 0 || le.Uint16(record[6:]) != 0 || le.Uint16(record[8:]) != entries:
		return formatError(ManyDisks, "", "")
	}
	a.entries = int(entries)
	a.directory = place - int64(directorySize)
	if a.start = a.directory - int64(offset); a.start < 0 {
		return formatError(Truncated, "", "the directory does not fit")
	}
	if a.start > 0 {
		a.problem(LeadingData, "")
	}
	var err error
	a.bytes, err = readAt(a.r, a.directory, int64(directorySize))
	return err
}

func (a *archive) readDirectory() error {
	rest := a.bytes
	for i := 0; i < a.entries; i++ {
		if len(rest) < centralLength || string(rest[:4]) != centralSignature {
			return formatError(Truncated, "", "central header of entry %d", i)
		}
		name, extra, comment := int(le.Uint16(rest[28:])), int(le.Uint16(rest[30:])), int(le.Uint16(rest[32:]))
		if centralLength+name+extra+comment > len(rest) {
			return formatError(Truncated, "", "central header of entry %d", i)
		}
		h := header{
			entry: entry{
				name:   string(rest[centralLength : centralLength+name]),
				method: le.Uint16(rest[10:]),
				crc:    le.Uint32(rest[16:]),
				packed: le.Uint32(rest[20:]),
				size:   le.Uint32(rest[24:]),
				offset: le.Uint32(rest[42:]),
			},
			flags:    le.Uint16(rest[8:]),
			creator:  rest[5],
			external: le.Uint32(rest[38:]),
			extra:    rest[centralLength+name : centralLength+name+extra],
		}
		if le.Uint16(rest[34:]) != 0 {
			return formatError(ManyDisks, h.name, "")
		}
		a.headers = append(a.headers, h)
		rest = rest[centralLength+name+extra+comment:]
	}
	if len(rest) > 0 {
		a.problem(HiddenData, "in the directory")
	}
	return nil
}
