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
