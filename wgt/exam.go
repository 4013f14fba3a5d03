package wgt

import (
	"crypto/sha256"
	"errors"
	"path"
	"strings"
)

// An exam is what was found in one file.
type exam struct {
	file     ValidFile
	failed   *Finding // why it cannot go into the package
	warnings []Finding
	err      error // it could not be read
}

// examine reads a file. Of the report it changes what belongs to that file alone: the manifest, or the guard.
func (c *checker) examine(f *File) (e exam) {
	data, err := f.Read()
	if format := (*FormatError)(nil); errors.As(err, &format) {
		e.failed = &Finding{format.Code, f.Name, format.Detail}
		return e
	}
	if e.err = err; err != nil {
		return e
	}
	if f.Name == ManifestName {
		c.readManifest(data)
	}
	if secretName(f.Name) {
		e.warnings = append(e.warnings, Finding{Secret, f.Name, "name"})
	} else if kind := secretContents(f.Name, data); kind != "" {
		e.warnings = append(e.warnings, Finding{Secret, f.Name, kind})
	}
	own := data
	if f.Name == ServiceName {
		if data, e.file.guard, e.failed = c.guard(data); e.failed != nil {
			return e
		}
	}
	e.file.Name, e.file.Size, e.file.SHA256 = f.Name, int64(len(data)), sha256.Sum256(data)
	if c.o.ParseJS == nil || !c.parse || !isScript(f.Name) {
		return e
	}
	if e.file.Level, err = c.o.ParseJS(f.Name, data); err == nil {
		return e
	}
	if len(own) < len(data) { // say where the mistake is in the file as it is
		if _, its := c.o.ParseJS(f.Name, own); its != nil {
			err = its
		}
	}
	finding := Finding{BadScript, f.Name, f.Name + ":" + err.Error()}
	if forWebView(f.Name) {
		e.warnings = append(e.warnings, finding)
	} else {
		e.failed = &finding
	}
	return e
}

func (c *checker) readManifest(data []byte) {
	manifest, found := ParseManifest(data)
	c.report.Manifest = manifest
	if !c.isSource() {
		c.report.Problems = append(c.report.Problems, found...)
	}
}

func isScript(name string) bool {
	switch path.Ext(name) {
	case ".js", ".mjs", ".cjs":
		return true
	}
	return false
}

// forWebView says whether a script is only loaded by pages of the app's own making, so that a mistake in it harms one page.
func forWebView(name string) bool {
	dir := "/" + path.Dir(name) + "/"
	return strings.Contains(dir, "/static/") || strings.Contains(dir, "/hybrid/")
}
