package wgt

import (
	"bytes"
	"io"
	"io/fs"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
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

// mode takes the type of a file from where Unix systems put it, whoever claims to have made the archive.
func (h *header) mode() fs.FileMode {
	const typeMask, directory, regular, link = 0xf000, 0x4000, 0x8000, 0xa000
	switch unix := h.external >> 16 & typeMask; {
	case unix == link:
		return fs.ModeSymlink
	case h.creator != 3 && h.creator != 19 || unix == 0 || unix == regular:
		return 0
	case unix == directory:
		return fs.ModeDir
	}
	return fs.ModeIrregular
}

// readLocals compares every local header with its central one and looks whether the entries cover the whole archive.
func (a *archive) readLocals() error {
	order := make([]*header, len(a.headers))
	for i := range a.headers {
		order[i] = &a.headers[i]
	}
	sort.SliceStable(order, func(i, j int) bool { return order[i].offset < order[j].offset })
	at := a.start
	hidden, overlap := false, false
	for _, h := range order {
		begin := a.start + int64(h.offset)
		hidden = hidden || begin > at
		overlap = overlap || begin < at
		end, err := a.readLocal(h, begin)
		if err != nil {
			return err
		}
		at = max(at, end)
	}
	if overlap || at > a.directory {
		a.problem(Overlap, "")
	}
	if hidden || at < a.directory {
		a.problem(HiddenData, "")
	}
	return nil
}

// readLocal adds the file of an entry to the tree and returns where the entry ends.
func (a *archive) readLocal(h *header, begin int64) (end int64, err error) {
	f := &File{Name: h.name, Size: int64(h.size), Mode: h.mode(), packed: int64(h.packed)}
	isDir := strings.HasSuffix(h.name, "/")
	defect := func(code Code, detail string) { f.defects = append(f.defects, Finding{code, h.name, detail}) }
	data := begin + localLength
	if data > a.directory {
		return 0, formatError(Truncated, h.name, "local header")
	}
	local, err := readAt(a.r, begin, localLength)
	if err != nil {
		return 0, err
	}
	if string(local[:4]) != localSignature {
		return 0, formatError(Truncated, h.name, "local header")
	}
	nameLength, extraLength := int64(le.Uint16(local[26:])), int64(le.Uint16(local[28:]))
	data += nameLength + extraLength
	end = data + int64(h.packed)
	if end > a.directory {
		return 0, formatError(Truncated, h.name, "contents")
	}
	rest, err := readAt(a.r, begin+localLength, nameLength+extraLength)
	if err != nil {
		return 0, err
	}
	a.compare(h, local, rest[:nameLength], rest[nameLength:], defect)
	if h.flags&8 != 0 {
		if end, err = a.descriptor(h, end, defect); err != nil {
			return 0, err
		}
	}
	switch {
	case isDir && h.size == 0 && len(f.defects) == 0 && f.Mode&^fs.ModeDir == 0 && goodDirectory(h.name):
		a.folders[strings.TrimSuffix(h.name, "/")] = true
		return end, nil
	case isDir:
		defect(HeaderMismatch, "a directory with contents")
	}
	switch {
	case h.flags&(1|1<<6|1<<13) != 0:
		defect(Encrypted, "")
	case h.method != stored && h.method != deflated:
		defect(BadMethod, strconv.Itoa(int(h.method)))
	case h.method == stored && h.packed != h.size:
		defect(HeaderMismatch, "size")
	}
	if len(f.defects) == 0 {
		f.open = func() (io.ReadCloser, error) {
			return openContents(a.r, h.name, h.method, data, int64(h.packed), int64(h.size), h.crc), nil
		}
	}
	a.tree.Files = append(a.tree.Files, f)
	return end, nil
}

func goodDirectory(name string) bool {
	code, _ := CheckName(strings.TrimSuffix(name, "/"))
	return code == "" || code == NotNFC
}

// compare reports where local and central header disagree.
func (a *archive) compare(h *header, local, name, extra []byte, defect func(Code, string)) {
	const descriptor = 8
	differ := func(field string) { defect(HeaderMismatch, field) }
	if string(name) != h.name {
		differ("name")
	}
	if le.Uint16(local[6:]) != h.flags {
		differ("flags")
	}
	if le.Uint16(local[8:]) != h.method {
		differ("method")
	}
	for _, f := range []struct {
		field string
		got   uint32
		want  uint32
	}{{"checksum", le.Uint32(local[14:]), h.crc}, {"packed size", le.Uint32(local[18:]), h.packed}, {"size", le.Uint32(local[22:]), h.size}} {
		if f.got != f.want && !(h.flags&descriptor != 0 && f.got == 0) {
			if f.got == 0xffffffff {
				defect(Zip64, "")
			} else {
				differ(f.field)
			}
		}
	}
	if h.packed == 0xffffffff || h.size == 0xffffffff || h.offset == 0xffffffff {
		defect(Zip64, "")
	}
	marked := h.flags&flagUTF8 != 0
	for _, fields := range [][]byte{h.extra, extra} {
		for len(fields) >= 4 {
			id, length := le.Uint16(fields), int(le.Uint16(fields[2:]))
			if 4+length > len(fields) {
				break
			}
			body := fields[4 : 4+length]
			switch {
			case id == 0x0001:
				defect(Zip64, "")
			case id == 0x7075 && (length < 5 || string(body[5:]) != h.name): // a name for readers that know this field
				differ("name")
			case id == 0x7075:
				marked = true
			case id == 0x9901:
				defect(Encrypted, "")
			}
			fields = fields[4+length:]
		}
	}
	if !marked && utf8.ValidString(h.name) && strings.ContainsFunc(h.name, func(r rune) bool { return r >= utf8.RuneSelf }) {
		a.tree.warnings = append(a.tree.warnings, Finding{Code: UnmarkedName, File: h.name})
	}
}

// descriptor checks the record after the contents that repeats checksum and sizes. Its signature is optional.
func (a *archive) descriptor(h *header, at int64, defect func(Code, string)) (end int64, err error) {
	want := le.AppendUint32(nil, h.crc)
	want = le.AppendUint32(want, h.packed)
	want = le.AppendUint32(want, h.size)
	got, err := readAt(a.r, at, min(16, a.directory-at))
	if err != nil {
		return 0, err
	}
	switch {
	case bytes.HasPrefix(got, append([]byte(dataSignature), want...)):
		return at + 16, nil
	case bytes.HasPrefix(got, want):
		return at + 12, nil
	}
	defect(HeaderMismatch, "data descriptor")
	return at, nil
}
