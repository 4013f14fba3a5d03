package apk

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
)

// algorithm is how a signer of v2 or v3 signs its data and digests the contents.
type algorithm struct {
	hash    crypto.Hash
	pss     bool
	content crypto.Hash // 0: by fs-verity, which the installer leaves to others
}

// DSA, which nobody can make any more, is left out: a package signed by it alone is refused.
var algorithms = map[uint32]algorithm{
	0x0101: {crypto.SHA256, true, crypto.SHA256},
	0x0102: {crypto.SHA512, true, crypto.SHA512},
	0x0103: {crypto.SHA256, false, crypto.SHA256},
	0x0104: {crypto.SHA512, false, crypto.SHA512},
	0x0201: {crypto.SHA256, false, crypto.SHA256},
	0x0202: {crypto.SHA512, false, crypto.SHA512},
	0x0421: {crypto.SHA256, false, 0},
	0x0423: {crypto.SHA256, false, 0},
}

// check verifies every signer of a scheme and answers their certificates.
func (p *Package) check(b *block, s scheme, value []byte) ([][]byte, error) {
	signers, rest, ok := prefixed(value)
	if !ok || len(rest) > 0 || len(signers) == 0 {
		return nil, errTruncated
	}
	var certificates [][]byte
	for len(signers) > 0 {
		var one []byte
		if one, signers, ok = prefixed(signers); !ok {
			return nil, errTruncated
		}
		certificate, digests, err := signer(one, s.sdk)
		if err != nil {
			return nil, err
		}
		for hash, want := range digests {
			got, err := p.contentDigest(b, hash)
			if err != nil {
				return nil, err
			}
			if !bytes.Equal(got, want) {
				return nil, ErrDamaged
			}
		}
		certificates = append(certificates, certificate)
	}
	return certificates, nil
}

// signer verifies that a signer signed its data. Digests are those of the contents that it signed.
func signer(data []byte, sdk bool) (certificate []byte, digests map[crypto.Hash][]byte, err error) {
	signed, data, ok := prefixed(data)
	if ok && sdk {
		if ok = len(data) >= 8; ok {
			data = data[8:]
		}
	}
	signatures, data, ok1 := prefixed(data)
	public, _, ok2 := prefixed(data)
	if !ok || !ok1 || !ok2 {
		return nil, nil, errTruncated
	}
	key, err := x509.ParsePKIXPublicKey(public)
	if err != nil {
		return nil, nil, fmt.Errorf("public key: %w", err)
	}
	known := 0
	for len(signatures) > 0 {
		id, signature, rest, ok := numbered(signatures)
		if !ok {
			return nil, nil, errTruncated
		}
		signatures = rest
		if a, ok := algorithms[id]; ok {
			known++
			if !a.verify(key, signed, signature) {
				return nil, nil, errors.New("it does not verify")
			}
		}
	}
	if known == 0 {
		return nil, nil, errors.New("no algorithm that phones know")
	}
	return signedData(signed, public)
}

// signedData is digests, certificates, and more that does not matter here.
func signedData(signed, public []byte) (certificate []byte, digests map[crypto.Hash][]byte, err error) {
	list, rest, ok1 := prefixed(signed)
	chain, _, ok2 := prefixed(rest)
	certificate, _, ok3 := prefixed(chain)
	if !ok1 || !ok2 || !ok3 {
		return nil, nil, errTruncated
	}
	parsed, err := x509.ParseCertificate(certificate)
	if err != nil {
		return nil, nil, fmt.Errorf("certificate: %w", err)
	}
	if !bytes.Equal(parsed.RawSubjectPublicKeyInfo, public) {
		return nil, nil, errors.New("the certificate is of another key")
	}
	digests = map[crypto.Hash][]byte{}
	for len(list) > 0 {
		id, digest, rest, ok := numbered(list)
		if !ok {
			return nil, nil, errTruncated
		}
		if list = rest; algorithms[id].content != 0 {
			digests[algorithms[id].content] = digest
		}
	}
	if len(digests) == 0 {
		return nil, nil, errors.New("no digest of the contents")
	}
	return certificate, digests, nil
}

func (a algorithm) verify(key any, data, signature []byte) bool {
	h := a.hash.New()
	h.Write(data)
	sum := h.Sum(nil)
	switch key := key.(type) {
	case *rsa.PublicKey:
		if a.pss {
			return rsa.VerifyPSS(key, a.hash, sum, signature, &rsa.PSSOptions{SaltLength: a.hash.Size()}) == nil
		}
		return rsa.VerifyPKCS1v15(key, a.hash, sum, signature) == nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, sum, signature)
	}
	return false
}

// prefixed takes what a length of four bytes stands in front of.
func prefixed(data []byte) (value, rest []byte, ok bool) {
	if len(data) < 4 || int64(le.Uint32(data)) > int64(len(data)-4) {
		return nil, nil, false
	}
	n := 4 + int(le.Uint32(data))
	return data[4:n], data[n:], true
}

// numbered takes a prefixed pair of an algorithm and a prefixed value.
func numbered(data []byte) (id uint32, value, rest []byte, ok bool) {
	pair, rest, ok := prefixed(data)
	if !ok || len(pair) < 4 {
		return 0, nil, nil, false
	}
	value, _, ok = prefixed(pair[4:])
	return le.Uint32(pair), value, rest, ok
}
