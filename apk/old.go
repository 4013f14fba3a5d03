package apk

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/smallstep/pkcs7"
)

var ecKey = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}

const maxSignature = 32 << 20 // MANIFEST.MF has two lines a file

// oldSignatures are the signers' certificates of scheme v1: for each block in META-INF that it signs its .SF file, and that
// this one is about MANIFEST.MF as it is there.
func (p *Package) oldSignatures() ([][]byte, error) {
	var certificates [][]byte
	for _, f := range p.zip.File {
		dir, name := path.Split(f.Name)
		ext := path.Ext(name)
		if dir != "META-INF/" || ext != ".RSA" && ext != ".EC" && ext != ".DSA" {
			continue
		}
		text, err := p.read(strings.TrimSuffix(f.Name, ext) + ".SF")
		if err != nil {
			return nil, err
		}
		raw, err := contents(f, maxBlock)
		if err != nil {
			return nil, err
		}
		message, err := pkcs7.Parse(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		message.Content = text
		for i := range message.Signers { // Java names the key where others name how it signs
			signer := &message.Signers[i]
			if signer.DigestEncryptionAlgorithm.Algorithm.Equal(ecKey) {
				signer.DigestEncryptionAlgorithm.Algorithm = pkcs7.OIDDigestAlgorithmECDSASHA256
				if signer.DigestAlgorithm.Algorithm.Equal(pkcs7.OIDDigestAlgorithmSHA1) {
					signer.DigestEncryptionAlgorithm.Algorithm = pkcs7.OIDDigestAlgorithmECDSASHA1
				}
			}
		}
		if err := message.Verify(); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		signer := message.GetOnlySigner()
		if signer == nil {
			return nil, fmt.Errorf("%s: not one signer", f.Name)
		}
		manifest, err := p.read("META-INF/MANIFEST.MF")
		if err != nil {
			return nil, err
		}
		if !vouches(text, manifest) {
			return nil, fmt.Errorf("%s: %w", f.Name, ErrDamaged)
		}
		certificates = append(certificates, signer.Raw)
	}
	return certificates, nil
}

func (p *Package) read(name string) ([]byte, error) {
	f, err := p.only(name)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return nil, errors.New("no " + name)
	}
	return contents(f, maxSignature)
}

// vouches reports whether the main section of a .SF file holds a digest of the manifest. One without would name each
// section by itself; apksigner and jarsigner both write the whole.
func vouches(text, manifest []byte) bool {
	sum256, sum1 := sha256.Sum256(manifest), sha1.Sum(manifest)
	known := map[string]string{
		"SHA-256-Digest-Manifest": base64.StdEncoding.EncodeToString(sum256[:]),
		"SHA1-Digest-Manifest":    base64.StdEncoding.EncodeToString(sum1[:]),
		"SHA-1-Digest-Manifest":   base64.StdEncoding.EncodeToString(sum1[:]),
	}
	found := false
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan() && lines.Text() != ""; {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		if want, ok := known[name]; ok {
			if value != want {
				return false
			}
			found = true
		}
	}
	return found
}
