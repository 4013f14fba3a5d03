package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

// Flaw is something that Audit found. Code is stable: entry, statements, chain, document,
// document-metadata, latest, package, patch, public, writable, expires, mirror.
type Flaw struct {
	Code   string `json:"code"`
	Mirror string `json:"mirror,omitempty"` // where it is, unless in the home
	Key    string `json:"key"`
	Detail string `json:"detail"`
}

// Audited is what Audit looked at.
type Audited struct {
	Entries  int    `json:"entries"`
	Packages int    `json:"packages"`
	Patches  int    `json:"patches"`
	Bytes    int64  `json:"bytes"`
	Flaws    []Flaw `json:"flaws"`
}

// renewal is how long before it expires a document is a flaw.
const renewal = 30 * 24 * time.Hour

// Audit reads a channel as a stranger would who has only the pins: every
// journal entry and its link to the one before, every package that the newest
// document names, the copies, and the public URLs. It writes nothing.
func (p *Publisher) Audit(ctx context.Context) (*Audited, error) {
	a := &Audited{Flaws: []Flaw{}}
	flaw := func(code, key string, err error) {
		a.Flaws = append(a.Flaws, Flaw{Code: code, Key: key, Detail: err.Error()})
	}
	head, err := p.Head(ctx)
	var bad *EntryError
	var gone *store.Error
	switch {
	case errors.As(err, &bad):
		flaw("entry", bad.Key, bad.Err)
		return a, nil
	case errors.Is(err, store.ErrNotFound) && errors.As(err, &gone):
		flaw("entry", gone.Key, errors.New("missing, but release.json is a copy of it"))
		return a, nil
	}
	if err != nil || head == nil {
		return a, err
	}
	if len(p.Chain.Sets) > 0 {
		if _, err := OpenEntry(releaseKey(p, head), head.Text, p.App, p.Channel, p.Chain.Sets[0]); err != nil {
			flaw("statements", releaseKey(p, head), errors.Unwrap(err))
		}
	}
	for e := head; e != nil; {
		a.Entries++
		before, err := p.Before(ctx, e)
		switch {
		case errors.As(err, &bad):
			flaw("chain", bad.Key, bad.Err)
		case errors.Is(err, store.ErrNotFound):
			flaw("chain", releaseKey(p, e), fmt.Errorf("the entry before it is missing"))
		case err != nil:
			return a, err
		}
		e = before
	}
	if err := p.auditPackages(ctx, head.Document, a, flaw); err != nil {
		return a, err
	}
	if err := p.auditCopies(ctx, head, flaw); err != nil {
		return a, err
	}
	for _, v := range p.LookOnce(ctx, head) {
		if !v.Visible {
			flaw("public", v.URL, errors.New(v.Problem))
		}
	}
	p.auditStrangers(ctx, flaw)
	if left := head.Document.Expires.Sub(p.Now()); left < renewal {
		flaw("expires", releaseKey(p, head), fmt.Errorf("expires %s", head.Document.Expires))
	}
	p.auditMirrors(ctx, head, a)
	return a, nil
}

// auditStrangers tries what only a writer may do. A URL that cannot be reached was
// found before.
func (p *Publisher) auditStrangers(ctx context.Context, flaw func(string, string, error)) {
	for _, site := range p.Sites {
		if ok, err := site.Writable(ctx, probeKey, probeText); err == nil && ok {
			flaw("writable", site.URL(""), errors.New("anybody can write here"))
		}
		if ok, err := site.Deletable(ctx, probeKey+"-nothing"); err == nil && ok {
			flaw("writable", site.URL(""), errors.New("anybody can delete here"))
		}
	}
}

// auditMirrors audits each mirror as if it were alone, and compares it with the
// home. One that cannot be read is a flaw.
func (p *Publisher) auditMirrors(ctx context.Context, head *Entry, a *Audited) {
	for i, there := range p.Standings(ctx, head) {
		side := p.at(p.Mirrors[i])
		side.Sign = nil
		found, err := side.Audit(ctx)
		if there.Err != nil {
			a.Flaws = append(a.Flaws, Flaw{"mirror", there.Name, release.DocumentKey(p.Channel), there.Err.Error()})
		}
		if err != nil {
			continue // Standings has said so, or it comes and goes
		}
		if other, err := p.otherPage(ctx, side); err == nil && other != nil {
			a.Flaws = append(a.Flaws, Flaw{"mirror", there.Name, PageKey(p.Channel), "not the page of the home"})
		}
		a.Packages, a.Patches, a.Bytes = a.Packages+found.Packages, a.Patches+found.Patches, a.Bytes+found.Bytes
		for _, f := range found.Flaws {
			if f.Code != "expires" { // the same document as at home
				f.Mirror = there.Name
				a.Flaws = append(a.Flaws, f)
			}
		}
	}
}

func (p *Publisher) auditPackages(ctx context.Context, d *release.Document, a *Audited, flaw func(string, string, error)) error {
	seen := map[string]bool{}
	look := func(code, id string, b blob, count *int) error {
		if seen[b.key] {
			return nil
		}
		seen[b.key] = true
		size, digest, err := p.Store.Digest(ctx, b.key)
		switch {
		case missing(err):
			flaw(code, b.key, fmt.Errorf("missing, needed by %s", id))
		case err != nil:
			return err
		case !b.is(size, digest):
			flaw(code, b.key, fmt.Errorf("%d bytes with digest %s, not what was signed", size, digest))
		}
		*count++
		a.Bytes += size
		return nil
	}
	for i := range d.Releases {
		r := &d.Releases[i]
		for _, b := range packages(r) {
			if err := look("package", r.ID, b, &a.Packages); err != nil {
				return err
			}
		}
		for _, b := range patches(r) {
			if err := look("patch", r.ID, b, &a.Patches); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Publisher) auditCopies(ctx context.Context, head *Entry, flaw func(string, string, error)) error {
	key := release.DocumentKey(p.Channel)
	text, info, err := p.Store.GetBytes(ctx, key, sign.MaxEnvelope)
	switch {
	case missing(err):
		flaw("document", key, fmt.Errorf("missing"))
	case err != nil:
		return err
	case !bytes.Equal(text, head.Text):
		flaw("document", key, fmt.Errorf("not the newest entry %s", head.Position()))
	case !maps.Equal(info.Metadata, copyMetadata(head.Document)):
		flaw("document-metadata", key, fmt.Errorf("metadata %v", info.Metadata))
	}
	latest := p.latest(head.Document)
	if latest == nil {
		return nil
	}
	key = release.LatestKey(p.Channel)
	size, digest, err := p.Store.Digest(ctx, key)
	if err == nil {
		info, err = p.Store.Head(ctx, key)
	}
	switch {
	case missing(err):
		flaw("latest", key, fmt.Errorf("missing"))
	case err != nil:
		return err
	case size != latest.Package.Size || digest != latest.Package.SHA256:
		flaw("latest", key, fmt.Errorf("not the package of %s", latest.ID))
	case !maps.Equal(info.Metadata, latestOptions(head.Document, latest).Metadata):
		flaw("latest", key, fmt.Errorf("metadata %v", info.Metadata))
	}
	return nil
}
