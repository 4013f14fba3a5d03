package storetest

import (
	"context"
	"errors"
	"io"
)

// tile repeats; its length is prime, so that no buffer holds the same twice.
var tile = func() []byte {
	t := make([]byte, 65521)
	for i := range t {
		t[i] = byte(i ^ i>>8)
	}
	return t
}()

// pattern is a body of any size that takes no memory.
type pattern struct{ size, at int64 }

func (p *pattern) Read(b []byte) (int, error) {
	if p.at >= p.size {
		return 0, io.EOF
	}
	n := copy(b[:min(int64(len(b)), p.size-p.at)], tile[p.at%int64(len(tile)):])
	p.at += int64(n)
	return n, nil
}

func (p *pattern) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += p.at
	case io.SeekEnd:
		offset += p.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	p.at = offset
	return offset, nil
}

// trap is a body that calls spring when half of it has been read, and ends
// there: the rest could be sent before anybody hears of the spring.
type trap struct {
	pattern
	spring func()
}

func (r *trap) Read(b []byte) (int, error) {
	if r.at > r.size/2 {
		return 0, context.Canceled
	}
	n, err := r.pattern.Read(b[:min(len(b), 32<<10)])
	if r.at > r.size/2 {
		r.spring()
	}
	return n, err
}
