package wgt

import (
	"bytes"
	"fmt"
	"io"
)

// ReadPackage reads a package in canonical form, packed or stored, and nothing else. It reads everything: when it returns a
// tree, every byte of the archive is accounted for and every file has the size and the checksum of its headers. Errors are
// *FormatError, or come from r.
func ReadPackage(r io.ReaderAt, size int64) (*Tree, error) {
	end, err := readEnd(r, size)
	if err != nil {
		return nil, err
	}
	directory, err := readAt(r, end.offset, end.size)
	if err != nil {
		return nil, err
	}
	t := &Tree{canonical: true}
	at, previous := int64(0), ""
	var total int64
	for i := 0; i < end.entries; i++ {
		var e entry
		var ok bool
		if e, directory, ok = nextEntry(directory); !ok {
			return nil, formatError(NotCanonical, e.name, "central header of entry %d", i)
		}
		if total += int64(e.size); total > MaxUnpacked {
			return nil, formatError(TooBig, "", "%d", total)
		}
		if err := checkEntry(r, &e, at, end.offset); err != nil {
			return nil, err
		}
		if i > 0 && !before(previous, e.name) {
			return nil, formatError(NotCanonical, e.name, "order")
		}
		previous = e.name
		file := packageFile(r, e)
		if err := readThrough(file); err != nil {
			return nil, err
		}
		t.Files = append(t.Files, file)
		at += localLength + int64(len(e.name)) + int64(e.packed)
	}
	if len(directory) > 0 || at != end.offset {
		return nil, formatError(NotCanonical, "", "bytes between the parts")
	}
	if previous != ManifestName {
		return nil, formatError(NoManifest, "", "")
	}
	t.sort()
	names := make([]string, len(t.Files))
	for i, f := range t.Files {
		names[i] = f.Name
	}
	if files, _ := collisions(names); len(files) > 0 {
		return nil, &FormatError{files[0]}
	}
	return t, nil
}

// readThrough reads a file to its end, where its size and checksum must be right.
func readThrough(f *File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(io.Discard, r)
	return err
}

// nextEntry takes one canonical central header off the directory.
func nextEntry(directory []byte) (e entry, rest []byte, ok bool) {
	if len(directory) < centralLength || string(directory[:4]) != centralSignature {
		return e, nil, false
	}
	length := centralLength + int(le.Uint16(directory[28:]))
	if length > len(directory) {
		return e, nil, false
	}
	e = entry{
		name:   string(directory[centralLength:length]),
		method: le.Uint16(directory[10:]),
		crc:    le.Uint32(directory[16:]),
		packed: le.Uint32(directory[20:]),
		size:   le.Uint32(directory[24:]),
		offset: le.Uint32(directory[42:]),
	}
	return e, directory[length:], bytes.Equal(e.appendCentral(nil), directory[:length])
}

// checkEntry compares the local header at its place with the one that the central header asks for.
func checkEntry(r io.ReaderAt, e *entry, at, limit int64) error {
	if code, detail := CheckName(e.name); code != "" {
		return formatError(code, e.name, "%s", detail)
	}
	switch {
	case e.method != stored && e.method != deflated:
		return formatError(BadMethod, e.name, "%d", e.method)
	case e.method == stored && e.packed != e.size || e.method == deflated && e.packed >= e.size:
		return formatError(NotCanonical, e.name, "method")
	case int64(e.offset) != at:
		return formatError(NotCanonical, e.name, "offset")
	}
	want := e.appendLocal(nil)
	if int64(len(want))+int64(e.packed) > limit-at {
		return formatError(NotCanonical, e.name, "size")
	}
	got, err := readAt(r, at, int64(len(want)))
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return formatError(HeaderMismatch, e.name, "")
	}
	return nil
}

func packageFile(r io.ReaderAt, e entry) *File {
	data := int64(e.offset) + localLength + int64(len(e.name))
	return &File{
		Name:   e.name,
		Size:   int64(e.size),
		packed: int64(e.packed),
		open: func() (io.ReadCloser, error) {
			return openContents(r, e.name, e.method, data, int64(e.packed), int64(e.size), e.crc), nil
		},
		kept: func() ([]byte, error) {
			if e.method == stored {
				return nil, nil
			}
			return readAt(r, data, int64(e.packed))
		},
	}
}

// An end is what the end record says.
type end struct {
	entries      int
	offset, size int64 // of the directory
}

func readEnd(r io.ReaderAt, size int64) (end, error) {
	switch {
	case size > MaxArchive:
		return end{}, formatError(TooBig, "", "%d", size)
	case size < endLength:
		return end{}, notZip(r, size)
	}
	record, err := readAt(r, size-endLength, endLength)
	if err != nil {
		return end{}, err
	}
	if string(record[:4]) != endSignature {
		return end{}, notZip(r, size)
	}
	e := end{int(le.Uint16(record[10:])), int64(le.Uint32(record[16:])), int64(le.Uint32(record[12:]))}
	if !bytes.Equal(record, appendEnd(nil, e.entries, uint32(e.size), uint32(e.offset))) || e.offset+e.size != size-endLength {
		return end{}, formatError(NotCanonical, "", "end record")
	}
	if e.entries > MaxFiles {
		return end{}, formatError(TooManyFiles, "", "%d", e.entries)
	}
	return e, nil
}

// notZip is the error for something that has no end record where it should be.
func notZip(r io.ReaderAt, size int64) error {
	head, err := readAt(r, 0, min(size, 512))
	if err != nil {
		return err
	}
	if bytes.HasPrefix(head, []byte(localSignature)) {
		return formatError(Truncated, "", "no end record at the end")
	}
	return formatError(NotZip, "", "%s", looksLike(head))
}

// looksLike names what somebody may have taken for a package.
func looksLike(head []byte) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	for _, k := range []struct{ prefix, name string }{
		{"\x1f\x8b", "gzip"}, {"Rar!", "rar"}, {"7z\xbc\xaf\x27\x1c", "7z"},
		{"<?xml", "xml"}, {"<", "html"}, {"{", "json"}, {"[", "json"}, {"--", "multipart"},
	} {
		if bytes.HasPrefix(text, []byte(k.prefix)) {
			return k.name
		}
	}
	if len(head) == 0 {
		return "empty"
	}
	for _, c := range head {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return "unknown"
		}
	}
	return "text"
}

// readAt reads exactly n bytes; callers bound n by the size of the archive.
func readAt(r io.ReaderAt, at, n int64) ([]byte, error) {
	b := make([]byte, n)
	if got, err := r.ReadAt(b, at); got < len(b) {
		if err == io.EOF {
			return nil, formatError(Truncated, "", "shorter than its size says")
		}
		return nil, fmt.Errorf("read archive: %w", err)
	}
	return b, nil
}
