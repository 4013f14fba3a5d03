package main

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"wgtup/internal/publish"
	"wgtup/native"
	"wgtup/release"
	"wgtup/wgt"
)

// packed is a canonical package in a temporary file, with what a release says
// of it.
type packed struct {
	wgt.Package
	path        string
	fingerprint string
	runtime     string // fingerprint at the level runtime
	source      string // content id of the input before anything was left out or put in
	level       string
	remove      func()
}

// packSource writes the canonical package of a source. One that is kept is the
// source itself.
func packSource(s *source, e wgt.Encoding) (*packed, error) {
	p := &packed{path: s.path, level: level(s.report), remove: func() {}}
	var err error
	if e == wgt.Kept {
		p.Package, err = wgt.Write(io.Discard, s.tree, s.report, e)
	} else {
		err = p.write(s, e)
	}
	var app native.App
	if err == nil {
		app, err = s.app()
	}
	if err == nil {
		p.fingerprint, err = native.Fingerprint(app)
	}
	if err == nil {
		p.runtime, err = native.FingerprintAt(native.Runtime, app)
	}
	if p.source = p.Content; err == nil && (len(s.report.Omitted) > 0 || s.report.Guard.Inserted) {
		p.source, err = wgt.SourceID(s.tree)
	}
	if err != nil {
		p.remove()
		return nil, fmt.Errorf("pack %s: %w", s.path, err)
	}
	return p, nil
}

// write packs a source into a temporary file.
func (p *packed) write(s *source, e wgt.Encoding) error {
	f, err := os.CreateTemp("", "wgtup-*.wgt")
	if err != nil {
		return err
	}
	p.path, p.remove = f.Name(), func() { os.Remove(f.Name()) }
	p.Package, err = wgt.Write(f, s.tree, s.report, e)
	return errors.Join(err, f.Close())
}

// encoding leaves a package that is ready as it is, unless the boot guard has to
// go in.
func (s *source) encoding(otherwise wgt.Encoding) wgt.Encoding {
	if s.ready && !s.report.Guard.Inserted {
		return wgt.Kept
	}
	return otherwise
}

// document is the package as the channel document says it.
func (p *packed) document() release.Package {
	return release.Package{
		Content: p.Content, Size: p.Size, SHA256: p.SHA256, SHA1: p.SHA1,
		Stored: &release.Digests{Size: p.Stored.Size, SHA256: p.Stored.SHA256, SHA1: p.Stored.SHA1},
	}
}

func (p *packed) version() release.Version {
	return release.Version{Name: p.Manifest.Version.Name, Code: p.Manifest.Version.Code}
}

func (p *packed) upload() publish.Upload {
	return publish.Upload{
		Key: release.PackageKey(p.SHA256, "wgt"), Size: p.Size, SHA256: p.SHA256, Type: publish.PackageType,
		Open: func() (io.ReadSeekCloser, error) { return os.Open(p.path) },
	}
}

// digests of a file, for what is not our own package.
func digests(path string) (release.Digests, error) {
	f, err := os.Open(path)
	if err != nil {
		return release.Digests{}, err
	}
	defer f.Close()
	a, b := sha256.New(), sha1.New()
	n, err := io.Copy(io.MultiWriter(a, b), f)
	return release.Digests{Size: n, SHA256: hex.EncodeToString(a.Sum(nil)), SHA1: hex.EncodeToString(b.Sum(nil))}, err
}
