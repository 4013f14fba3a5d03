package wgt

import "encoding/binary"

// Signatures and lengths of the records of a zip, and the fixed values of the canonical form.
const (
	localSignature   = "PK\x03\x04"
	centralSignature = "PK\x01\x02"
	endSignature     = "PK\x05\x06"
	end64Signature   = "PK\x06\x07" // of the locator in front of the end record
	dataSignature    = "PK\x07\x08" // of a data descriptor, optional

	localLength   = 30
	centralLength = 46
	endLength     = 22

	versionNeeded = 20
	flagUTF8      = 1 << 11
	dosTime       = 0
	dosDate       = 1<<5 | 1 // 1980-01-01

	stored   = 0
	deflated = 8
)

var le = binary.LittleEndian

// An entry is what the headers of one file say that is not fixed in the canonical form.
type entry struct {
	name   string
	method uint16
	crc    uint32
	packed uint32
	size   uint32
	offset uint32 // of the local header
}

// common appends the fields that local and central header share: from "version needed" to the length of the extra field.
func (e *entry) common(b []byte) []byte {
	b = le.AppendUint16(b, versionNeeded)
	b = le.AppendUint16(b, flagUTF8)
	b = le.AppendUint16(b, e.method)
	b = le.AppendUint16(b, dosTime)
	b = le.AppendUint16(b, dosDate)
	b = le.AppendUint32(b, e.crc)
	b = le.AppendUint32(b, e.packed)
	b = le.AppendUint32(b, e.size)
	b = le.AppendUint16(b, uint16(len(e.name)))
	return le.AppendUint16(b, 0)
}

func (e *entry) appendLocal(b []byte) []byte {
	b = append(b, localSignature...)
	b = e.common(b)
	return append(b, e.name...)
}

func (e *entry) appendCentral(b []byte) []byte {
	b = append(b, centralSignature...)
	b = le.AppendUint16(b, versionNeeded) // made by, on MS-DOS
	b = e.common(b)
	b = append(b, make([]byte, 2+2+2+4)...) // comment, disk, internal and external attributes
	b = le.AppendUint32(b, e.offset)
	return append(b, e.name...)
}

func appendEnd(b []byte, entries int, directorySize, directoryOffset uint32) []byte {
	b = append(b, endSignature...)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, uint16(entries))
	b = le.AppendUint16(b, uint16(entries))
	b = le.AppendUint32(b, directorySize)
	b = le.AppendUint32(b, directoryOffset)
	return le.AppendUint16(b, 0)
}

// before is the order of entries in a package.
func before(a, b string) bool {
	if lastA, lastB := a == ManifestName, b == ManifestName; lastA || lastB {
		return lastB && !lastA
	}
	return a < b
}
