package apk

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// A Signing says who vouches for a package.
type Signing struct {
	Schemes      []string // v1, v2, v3, v3.1: those that are there
	Certificates []Certificate
}

// A Certificate is one that signed, of any scheme, each once; the first is of the oldest scheme, and so what the oldest
// phones compare. A later one that differs is a rotated key.
type Certificate struct {
	SHA256  string // of the certificate's DER, hex
	Subject string
	Expires time.Time
}

// Errors of a signature. The system's installer refuses such a package.
var (
	ErrUnsigned = errors.New("not signed: phones refuse to install it")
	ErrDamaged  = errors.New("the contents are not those that were signed")
)

// Signing reads the signatures and checks them: those of v2 and later against every byte of the file, v1, which older
// tools wrote alone, only between its own files (the block, the .SF file and MANIFEST.MF).
func (p *Package) Signing() (*Signing, error) {
	s := &Signing{}
	add := func(scheme string, raw []byte) error {
		c, err := x509.ParseCertificate(raw)
		if err != nil {
			return fmt.Errorf("read signature %s: certificate: %w", scheme, err)
		}
		sum := sha256.Sum256(raw)
		digest := hex.EncodeToString(sum[:])
		for _, have := range s.Certificates {
			if have.SHA256 == digest {
				return nil
			}
		}
		s.Certificates = append(s.Certificates, Certificate{digest, c.Subject.String(), c.NotAfter.UTC()})
		return nil
	}
	old, err := p.oldSignatures()
	if err != nil {
		return nil, fmt.Errorf("read signature v1: %w", err)
	}
	if len(old) > 0 {
		s.Schemes = append(s.Schemes, "v1")
	}
	for _, raw := range old {
		if err := add("v1", raw); err != nil {
			return nil, err
		}
	}
	block, err := p.block()
	if err != nil {
		return nil, err
	}
	for _, scheme := range schemes {
		value, there := block.values[scheme.id]
		if !there {
			continue
		}
		raw, err := p.check(block, scheme, value)
		if err != nil {
			return nil, fmt.Errorf("check signature %s: %w", scheme.name, err)
		}
		s.Schemes = append(s.Schemes, scheme.name)
		for _, certificate := range raw {
			if err := add(scheme.name, certificate); err != nil {
				return nil, err
			}
		}
	}
	if len(s.Certificates) == 0 {
		return nil, ErrUnsigned
	}
	return s, nil
}

// Shares reports whether an app signed by one of these certificates can be installed over one signed by others.
func Shares(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

type scheme struct {
	name string
	id   uint32
	sdk  bool // signers say for which systems they are
}

var schemes = []scheme{{"v2", 0x7109871a, false}, {"v3", 0xf05368c0, true}, {"v3.1", 0x1b93ad61, true}}

// block is the APK Signing Block, between the entries and the directory of the zip.
type block struct {
	values    map[uint32][]byte
	start     int64 // of the block; the entries end here
	directory int64
	end       int64                  // of the directory: the end record
	digests   map[crypto.Hash][]byte // of the contents, as far as they were asked for
	endRecord []byte
}

const (
	endLength = 22
	maxBlock  = 16 << 20
)

var blockMagic = []byte("APK Sig Block 42")

// block finds the signing block; without one its values are empty.
func (p *Package) block() (*block, error) {
	tail := make([]byte, min(p.size, endLength+0xffff))
	if _, err := p.r.ReadAt(tail, p.size-int64(len(tail))); err != nil {
		return nil, fmt.Errorf("read signing block: %w", err)
	}
	at := -1
	for i := len(tail) - endLength; i >= 0; i-- {
		if bytes.HasPrefix(tail[i:], []byte("PK\x05\x06")) && i+endLength+int(le.Uint16(tail[i+20:])) == len(tail) {
			at = i
			break
		}
	}
	if at < 0 {
		return nil, errors.New("read signing block: no end of the zip directory")
	}
	b := &block{values: map[uint32][]byte{}, digests: map[crypto.Hash][]byte{}, end: p.size - int64(len(tail)-at), endRecord: tail[at:]}
	b.directory = int64(le.Uint32(b.endRecord[16:]))
	b.start = b.directory
	if b.directory > b.end || b.directory < 32 {
		return b, nil
	}
	foot := make([]byte, 24)
	if _, err := p.r.ReadAt(foot, b.directory-24); err != nil {
		return nil, fmt.Errorf("read signing block: %w", err)
	}
	if !bytes.Equal(foot[8:], blockMagic) {
		return b, nil
	}
	size := le.Uint64(foot)
	if size < 24 || size > maxBlock || int64(size)+8 > b.directory {
		return nil, fmt.Errorf("read signing block: %d bytes", size)
	}
	b.start = b.directory - int64(size) - 8
	pairs := make([]byte, size-16)
	if _, err := p.r.ReadAt(pairs, b.start); err != nil {
		return nil, fmt.Errorf("read signing block: %w", err)
	}
	if le.Uint64(pairs) != size {
		return nil, errors.New("read signing block: its two sizes differ")
	}
	for pairs = pairs[8:]; len(pairs) > 0; {
		if len(pairs) < 12 {
			return nil, fmt.Errorf("read signing block: %w", errTruncated)
		}
		n := le.Uint64(pairs)
		if n < 4 || n > uint64(len(pairs)-8) {
			return nil, fmt.Errorf("read signing block: %w", errTruncated)
		}
		id := le.Uint32(pairs[8:])
		if _, twice := b.values[id]; twice {
			return nil, fmt.Errorf("read signing block: two values %#x", id)
		}
		b.values[id] = pairs[12 : 8+n]
		pairs = pairs[8+n:]
	}
	return b, nil
}
