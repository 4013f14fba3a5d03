package wgt

import (
	"bytes"
	"hash/crc32"
	"strings"
)

// A rawEntry is one entry of a zip that is built byte by byte. Zero values are those of an ordinary tool on Unix.
type rawEntry struct {
	name, contents string

	local      func(header []byte) []byte // changes the local header, name and extra field included
	central    func(header []byte) []byte // changes the central header
	data       []byte                     // instead of contents; checksum and size stay those of contents
	method     uint16
	descriptor []byte // after the data; sets flag 8 and leaves checksum and sizes out of the local header
	flags      uint16
	external   uint32
	extra      string
	gap        string // bytes in front of the local header
}

// A rawZip is a zip that is built byte by byte.
type rawZip struct {
	before, after, comment string
	between                string // bytes between the entries and the directory
	entries                []rawEntry
	shift                  int // added to every offset
	end                    func(record []byte) []byte
}

func (z rawZip) bytes() []byte {
	out := []byte(z.before)
	var directory []byte
	for _, e := range z.entries {
		out = append(out, e.gap...)
		at := len(out)
		data := e.data
		if data == nil {
			data = []byte(e.contents)
			if e.method == deflated {
				data = fast(data)
			}
		}
		crc, packed, size := crc32.ChecksumIEEE([]byte(e.contents)), uint32(len(data)), uint32(len(e.contents))
		flags := e.flags
		if e.descriptor != nil {
			flags |= 8
		}
		common := func(b []byte, zero bool) []byte {
			b = le.AppendUint16(b, 20)
			b = le.AppendUint16(b, flags)
			b = le.AppendUint16(b, e.method)
			b = le.AppendUint32(b, 0x5a215a21) // some time
			if zero {
				b = append(b, make([]byte, 12)...)
			} else {
				b = le.AppendUint32(b, crc)
				b = le.AppendUint32(b, packed)
				b = le.AppendUint32(b, size)
			}
			b = le.AppendUint16(b, uint16(len(e.name)))
			return le.AppendUint16(b, uint16(len(e.extra)))
		}
		local := append(common([]byte(localSignature), e.descriptor != nil), e.name+e.extra...)
		if e.local != nil {
			local = e.local(local)
		}
		central := le.AppendUint16([]byte(centralSignature), 3<<8|30)
		central = common(central, false)
		central = append(central, make([]byte, 6)...)
		external := e.external
		if external == 0 {
			external = 0o100644 << 16
		}
		central = le.AppendUint32(central, external)
		central = le.AppendUint32(central, uint32(at+z.shift))
		central = append(central, e.name+e.extra...)
		if e.central != nil {
			central = e.central(central)
		}
		out = append(append(append(out, local...), data...), e.descriptor...)
		directory = append(directory, central...)
	}
	out = append(out, z.between...)
	record := appendEnd(nil, len(z.entries), uint32(len(directory)), uint32(len(out)+z.shift))
	record = append(record[:20], byte(len(z.comment)), byte(len(z.comment)>>8))
	record = append(record, z.comment...)
	if z.end != nil {
		record = z.end(record)
	}
	return append(append(append(out, directory...), record...), z.after...)
}

// patch returns a change of bytes at a place.
func patch(at int, b ...byte) func([]byte) []byte {
	return func(header []byte) []byte {
		copy(header[at:], b)
		return header
	}
}

// descriptor returns a data descriptor.
func descriptor(signature bool, contents string, packed int) []byte {
	var b []byte
	if signature {
		b = append(b, dataSignature...)
	}
	b = le.AppendUint32(b, crc32.ChecksumIEEE([]byte(contents)))
	b = le.AppendUint32(b, uint32(packed))
	return le.AppendUint32(b, uint32(len(contents)))
}

// raw makes entries of a good build, and of more.
func raw(more ...rawEntry) []rawEntry {
	entries := []rawEntry{
		{name: ManifestName, contents: goodManifest, method: deflated},
		{name: ServiceName, contents: "var a = 1;\n"},
		{name: ConfigName, contents: "var b = 2;\n"},
		{name: ViewName, contents: "<!DOCTYPE html>\n"},
	}
	return append(entries, more...)
}

var zeros = strings.Repeat("\x00", 1<<20)

func reader(data []byte) (*bytes.Reader, int64) { return bytes.NewReader(data), int64(len(data)) }
