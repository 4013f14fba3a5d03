package apk

import (
	"crypto"
	_ "crypto/sha256" // the hashes of the algorithms
	_ "crypto/sha512"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"sync"
)

// chunkSize is how the contents are cut for digesting.
const chunkSize = 1 << 20

// section is a part of the file that is digested in chunks of its own.
type section struct {
	r    io.ReaderAt
	from int64
	size int64
}

// contentDigest is the digest of everything but the signing block: entries, directory, and the end record as it was before
// the block was put in. It is computed once for all schemes and signers.
func (p *Package) contentDigest(b *block, hash crypto.Hash) ([]byte, error) {
	if known := b.digests[hash]; known != nil {
		return known, nil
	}
	end := append([]byte(nil), b.endRecord...)
	binary.LittleEndian.PutUint32(end[16:], uint32(b.start))
	sections := []section{{p.r, 0, b.start}, {p.r, b.directory, b.end - b.directory}, {bytesAt(end), 0, int64(len(end))}}
	var chunks []section
	for _, s := range sections {
		for at := int64(0); at < s.size; at += chunkSize {
			chunks = append(chunks, section{s.r, s.from + at, min(chunkSize, s.size-at)})
		}
	}
	sums := make([]byte, len(chunks)*hash.Size())
	errs := make([]error, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for worker := range errs {
		wait.Go(func() {
			buffer := make([]byte, chunkSize)
			for i := worker; i < len(chunks) && errs[worker] == nil; i += len(errs) {
				errs[worker] = chunks[i].digest(hash, buffer, sums[i*hash.Size():i*hash.Size()])
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("read contents: %w", err)
		}
	}
	h := hash.New()
	h.Write(marked(0x5a, int64(len(chunks))))
	h.Write(sums)
	b.digests[hash] = h.Sum(nil)
	return b.digests[hash], nil
}

func (s section) digest(hash crypto.Hash, buffer, into []byte) error {
	data := buffer[:s.size]
	if n, err := s.r.ReadAt(data, s.from); n < len(data) {
		return err
	}
	h := hash.New()
	h.Write(marked(0xa5, s.size))
	h.Write(data)
	h.Sum(into[:0:hash.Size()])
	return nil
}

func marked(mark byte, n int64) []byte {
	return binary.LittleEndian.AppendUint32([]byte{mark}, uint32(n))
}

type bytesAt []byte

func (b bytesAt) ReadAt(p []byte, at int64) (int, error) {
	n := copy(p, b[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
