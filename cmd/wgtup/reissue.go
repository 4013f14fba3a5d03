package main

import (
	"cmp"
	"context"
	"fmt"
	"os"

	"wgtup/internal/publish"
	"wgtup/release"
	"wgtup/wgt"
)

// reissue rolls back and publishes the content that devices go back to under a
// higher version, which has to stand in the package, too.
func (u *ui) reissue(ctx context.Context, p *publish.Publisher, to string, asked release.Version, o changeOptions) error {
	again, err := p.Reissuable(ctx, to)
	if err != nil {
		return refusedOn(ctx, p, o, err)
	}
	if again.Done != nil {
		if o.requireChange {
			return nothingToDo(p)
		}
		u.say(text{"nothing to do: %s (%s) is what was reissued, by entry %s", "无事可做：%s（%s）就是刚重新发布的，见第 %s 条记录"}, again.Version.Name, again.Release.ID, entryName(again.Done.Position()))
		return u.print(changeJSON{Done: true, Channel: p.Channel, Epoch: again.Done.Document.Epoch, Sequence: again.Done.Document.Sequence, Changes: []publish.Difference{}, Views: []viewJSON{}})
	}
	r := again.Release
	v := again.Version
	if asked.Name != "" {
		v = asked
	}
	if err := wgt.CheckVersionName(v.Name); err != nil {
		return usage(text{"%q can be no version: %v", "%q 不能作为版本：%v"}, v.Name, err)
	}
	src, err := u.renumbered(ctx, p, &r, v)
	if err != nil {
		return refusedOn(ctx, p, o, err)
	}
	defer src.close()
	pack, err := packSource(src, wgt.Best)
	if err != nil {
		return err
	}
	defer pack.remove()
	u.say(text{"%s (%s) again, as %s (%d)", "以 %[3]s（%[4]d）重新发布 %[1]s（%[2]s）"}, r.Version.Name, r.ID, v.Name, v.Code)
	a := publish.Addition{Version: v, Fingerprint: cmp.Or(r.Fingerprint, pack.fingerprint), Syntax: cmp.Or(r.Syntax, pack.level), Package: pack.document(), Platforms: r.Platforms,
		Natives: again.Natives, NoBase: true, Mode: release.Silent, Rollout: release.Rollout{Permyriad: release.Whole}, Notes: r.Notes}
	if !r.Landing {
		a.Mode = r.Mode
	}
	o.packed = pack
	return u.change(ctx, p, p.Reissue(ctx, to, a), []publish.Upload{pack.upload()}, o)
}

// renumbered is the package of a release under another version.
func (u *ui) renumbered(ctx context.Context, p *publish.Publisher, r *release.Release, v release.Version) (*source, error) {
	f, err := os.CreateTemp("", "wgtup-*.wgt")
	if err != nil {
		return nil, fmt.Errorf("reissue: %w", err)
	}
	remove := func() { f.Close(); os.Remove(f.Name()) }
	if err := p.Fetch(ctx, r, f); err != nil {
		remove()
		return nil, err
	}
	tree, err := wgt.ReadPackage(f, r.Package.Size)
	if err == nil {
		tree, err = wgt.Renumber(tree, wgt.Version{Name: v.Name, Code: v.Code})
	}
	s := &source{path: r.ID, tree: tree, close: remove}
	if err == nil {
		err = s.check(r.Version.Name)
	}
	if err != nil {
		remove()
		return nil, fmt.Errorf("reissue %s: %w", r.ID, err)
	}
	return s, nil
}
