package patch

import (
	"encoding/binary"
	"io"
)

// An archive writes the stored form of a package: see package wgt.
type archive struct {
	w         io.Writer
	directory []byte
	entries   int
	size      int
	err       error
}

// fixed is what stands in every header between its signature and the CRC-32: version 2.0, names in UTF-8, stored,
// 1980-01-01 00:00:00.
const fixed = "\x14\x00\x00\x08\x00\x00\x00\x00\x21\x00"

func (a *archive) write(b []byte) {
	if a.err == nil {
		_, a.err = a.w.Write(b)
		a.size += len(b)
	}
}

func (a *archive) add(name string, crc uint32, data []byte) {
	le := binary.LittleEndian
	common := []byte(fixed)
	common = le.AppendUint32(common, crc)
	common = le.AppendUint32(common, uint32(len(data)))
	common = le.AppendUint32(common, uint32(len(data)))
	common = le.AppendUint16(common, uint16(len(name)))
	common = append(common, 0, 0)
	at := a.size
	a.write(append(append([]byte("PK\x03\x04"), common...), name...))
	a.write(data)
	a.directory = append(a.directory, "PK\x01\x02\x14\x00"...)
	a.directory = append(a.directory, common...)
	a.directory = append(a.directory, make([]byte, 10)...)
	a.directory = le.AppendUint32(a.directory, uint32(at))
	a.directory = append(a.directory, name...)
	a.entries++
}

func (a *archive) end() error {
	le := binary.LittleEndian
	end := []byte("PK\x05\x06\x00\x00\x00\x00")
	end = le.AppendUint16(end, uint16(a.entries))
	end = le.AppendUint16(end, uint16(a.entries))
	end = le.AppendUint32(end, uint32(len(a.directory)))
	end = le.AppendUint32(end, uint32(a.size))
	a.write(a.directory)
	a.write(append(end, 0, 0))
	return a.err
}
