package wgt

import (
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"io"
)

// A formWriter writes one form of a package and its digests.
type formWriter struct {
	w         io.Writer
	size      int64
	sums      [2]interface{ Sum([]byte) []byte }
	directory []byte
	entries   int
	scratch   []byte
}

func newForm(w io.Writer) *formWriter {
	long, short := sha256.New(), sha1.New()
	return &formWriter{w: io.MultiWriter(long, short, w), sums: [2]interface{ Sum([]byte) []byte }{long, short}}
}

func (f *formWriter) write(b []byte) error {
	n, err := f.w.Write(b)
	f.size += int64(n)
	return err
}

func (f *formWriter) add(name string, method uint16, crc uint32, size int, data []byte) error {
	e := entry{name: name, method: method, crc: crc, packed: uint32(len(data)), size: uint32(size), offset: uint32(f.size)}
	f.scratch = e.appendLocal(f.scratch[:0])
	f.directory = e.appendCentral(f.directory)
	f.entries++
	if err := f.write(f.scratch); err != nil {
		return err
	}
	return f.write(data)
}

func (f *formWriter) end() error {
	at := f.size
	return f.write(appendEnd(f.directory, f.entries, uint32(len(f.directory)), uint32(at)))
}

func (f *formWriter) form() Form {
	return Form{Size: f.size, SHA256: fmt.Sprintf("%x", f.sums[0].Sum(nil)), SHA1: fmt.Sprintf("%x", f.sums[1].Sum(nil))}
}
