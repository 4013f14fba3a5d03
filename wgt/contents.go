package wgt

import (
	"bufio"
	"hash"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
)

// contents reads the data of an entry and fails unless size, checksum and the end of the packed data are as promised.
type contents struct {
	name   string
	packed *bufio.Reader // nil when stored
	r      io.Reader
	left   int64
	crc    hash.Hash32
	want   uint32
}

func openContents(r io.ReaderAt, name string, method uint16, offset, packed, size int64, crc uint32) io.ReadCloser {
	section := io.NewSectionReader(r, offset, packed)
	c := &contents{name: name, r: section, left: size, crc: crc32.NewIEEE(), want: crc}
	if method == deflated {
		c.packed = bufio.NewReader(section)
		c.r = flate.NewReader(c.packed)
	}
	return c
}

func (c *contents) Read(p []byte) (int, error) {
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, formatError(BadData, c.name, "longer than its header says")
	}
	c.crc.Write(p[:n])
	switch {
	case err == io.EOF:
		return n, c.end()
	case err != nil:
		return n, formatError(BadData, c.name, "%v", err)
	}
	return n, nil
}

func (c *contents) end() error {
	if c.left > 0 {
		return formatError(BadData, c.name, "shorter than its header says")
	}
	if c.packed != nil {
		if _, err := c.packed.ReadByte(); err != io.EOF {
			return formatError(BadData, c.name, "bytes after the end of the packed data")
		}
	}
	if c.crc.Sum32() != c.want {
		return formatError(BadChecksum, c.name, "")
	}
	return io.EOF
}

func (c *contents) Close() error { return nil }
