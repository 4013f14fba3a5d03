package main

import (
	"bytes"
	"context"

	"wgtup/internal/publish"
	"wgtup/internal/store"
	"wgtup/native"
	"wgtup/release"
	"wgtup/wgt"
)

// explainNeeds adds to "needs a full package" which manifest keys differ: it
// reads the package that the native ships, or the release before.
func explainNeeds(ctx context.Context, p *publish.Publisher, err error, path string, manifest []byte) error {
	r := asRefusal(err)
	if r == nil || r.Code != publish.NeedsFullPackage {
		return err
	}
	r.Facts["source"] = path
	head, headErr := p.Head(ctx)
	if headErr != nil || head == nil {
		return err
	}
	for i := range head.Document.Releases {
		old := &head.Document.Releases[i]
		id := r.Facts["release"]
		if old.Kind != release.Wgt || id == "" && !old.Landing || id != "" && old.ID != id {
			continue
		}
		before, readErr := manifestOf(ctx, p.Store, old)
		if readErr != nil {
			return err
		}
		if r.Changes, readErr = native.Diff(before, manifest); readErr == nil && len(r.Changes) > 0 {
			return r
		}
	}
	return err
}

// manifestOf reads the manifest out of a published package.
func manifestOf(ctx context.Context, s *store.Store, r *release.Release) ([]byte, error) {
	data, _, err := s.GetBytes(ctx, r.PackageKey(), r.Package.Size)
	if err != nil {
		return nil, err
	}
	tree, err := wgt.ReadPackage(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	return tree.Lookup(wgt.ManifestName).Read()
}

// changeLines shows manifest changes, a few words each.
func changeLines(changes []native.Change) text {
	var en, zh string
	for i, c := range changes {
		if i == maxFindings {
			en, zh = en+"\n  …", zh+"\n  …"
			break
		}
		en += "\n  " + c.Path + " " + changeKinds[c.Kind].en
		zh += "\n  " + c.Path + " " + changeKinds[c.Kind].zh
	}
	return text{en, zh}
}

var changeKinds = map[native.Kind]text{
	native.Added:   {"added", "新增"},
	native.Removed: {"removed", "删除"},
	native.Changed: {"changed", "改变"},
}
