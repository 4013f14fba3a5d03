package main

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"wgtup/internal/publish"
	"wgtup/release"
)

// changeOptions say how a command shows its change.
type changeOptions struct {
	dryRun        bool
	requireChange bool
	packed        *packed
	refused       func(error) error                                       // may word a refusal
	after         func(before *release.Document, after *release.Document) // may say more about what is published
	done          func(d *release.Document) bool                          // may say what is there already
}

// changeJSON is what every writing command prints.
type changeJSON struct {
	Done     bool                 `json:"done"`   // there was nothing to do
	Healed   bool                 `json:"healed"` // but the copies were behind
	DryRun   bool                 `json:"dryRun,omitempty"`
	Channel  string               `json:"channel"`
	Epoch    int64                `json:"epoch"`
	Sequence int64                `json:"sequence"`
	Changes  []publish.Difference `json:"changes"`
	Release  string               `json:"release,omitempty"` // publish: its id
	Latest   *release.Version     `json:"latest,omitempty"`  // of latest.wgt
	Package  any                  `json:"package,omitempty"`
	Views    []viewJSON           `json:"views"`
	Mirrors  []mirrorJSON         `json:"mirrors,omitempty"`
	Effects  []effect             `json:"effects,omitempty"`  // dry run: who gets what, before and after
	Document json.RawMessage      `json:"document,omitempty"` // dry run: what would become public
}

// change makes an edit happen and tells about it: every writing command ends
// here.
func (u *ui) change(ctx context.Context, p *publish.Publisher, edit publish.Edit, uploads []publish.Upload, o changeOptions) error {
	start := time.Now()
	if o.dryRun {
		plan, err := p.Plan(ctx, edit, uploads)
		if err != nil {
			return refusedOn(ctx, p, o, err)
		}
		if plan.Done && o.requireChange {
			return nothingToDo(p)
		}
		u.warnSyntax(plan, o.packed)
		return u.showPlan(p, plan, o)
	}
	if u.plan != "" {
		return u.draft(ctx, p, edit, uploads, o)
	}
	result, err := p.Change(ctx, edit, uploads)
	return u.changed(ctx, p, result, err, start, o)
}

// changed tells about a change that was made, or was not.
func (u *ui) changed(ctx context.Context, p *publish.Publisher, result *publish.Result, err error, start time.Time, o changeOptions) error {
	if err != nil {
		return refusedOn(ctx, p, o, err)
	}
	u.warnSyntax(result.Plan, o.packed)
	if result.Done && o.requireChange {
		return nothingToDo(p)
	}
	if err := u.showResult(p, result, o, time.Since(start)); err != nil {
		return err
	}
	if ctx.Err() != nil && !result.Done {
		return fault(exitNotVisible, "not-visible", text{"Ctrl-C came too late: this is published, and nobody looked whether phones see it", "Ctrl-C 来得太晚：已经发布，且未检查手机能否看到"}).
			hint(text{"wgtup status -c %s; to take a release back: wgtup rollback -c %[1]s", "wgtup status -c %s；要撤回发布：wgtup rollback -c %[1]s"}, p.Channel)
	}
	u.warnMirrors(p, result.Mirrors)
	if err := u.visibility(p, result); err != nil || !p.AllMirrors {
		return err
	}
	return mirrorsBehind(p, result.Mirrors, exitNotVisible)
}

func nothingToDo(p *publish.Publisher) error {
	return &publish.Refusal{Code: publish.NothingToDo, Facts: map[string]string{"channel": p.Channel}}
}

// refusedOn completes a refusal with the channel, so that hints can be typed.
func refusedOn(ctx context.Context, p *publish.Publisher, o changeOptions, err error) error {
	if r := asRefusal(err); r != nil {
		if r.Facts == nil {
			r.Facts = map[string]string{}
		}
		r.Facts["channel"] = p.Channel
		if r.Code == publish.NoChannel && o.packed == nil {
			err = noChannel(ctx, p)
		}
	}
	if o.refused != nil {
		return o.refused(err)
	}
	return err
}

func (u *ui) showChanges(changes []publish.Difference) {
	for _, c := range changes {
		u.say(text{"  %s", "  %s"}, u.t(changeText(c)))
	}
}

// showPatches says what devices that hold something download of a new release.
func (u *ui) showPatches(before, after *release.Document) {
	for _, r := range after.Releases {
		if len(r.Patches) == 0 || before != nil && before.Find(r.ID) != nil {
			continue
		}
		smallest, largest := r.Patches[0].Size, r.Patches[0].Size
		for _, p := range r.Patches {
			smallest, largest = min(smallest, p.Size), max(largest, p.Size)
		}
		if len(r.Patches) == 1 {
			u.say(text{"  a patch to %s of %s, instead of %s", "  %s 有补丁，%s，完整包 %s"}, r.Version.Name, bytesText(smallest), bytesText(r.Package.Size))
			continue
		}
		u.say(text{"  %d patches to %s, %s to %s each, instead of %s", "  %[2]s 有 %[1]d 个补丁，每个 %[3]s 至 %[4]s，完整包 %[5]s"},
			len(r.Patches), r.Version.Name, bytesText(smallest), bytesText(largest), bytesText(r.Package.Size))
	}
}

func documentOf(e *publish.Entry) *release.Document {
	if e == nil {
		return nil
	}
	return e.Document
}

// showPlan prints what would become public.
func (u *ui) showPlan(p *publish.Publisher, plan *publish.Plan, o changeOptions) error {
	out := changeJSON{DryRun: true, Channel: p.Channel, Changes: []publish.Difference{}, Views: []viewJSON{}}
	before := documentOf(plan.Before)
	if plan.Done {
		out.Done = true
		if before != nil {
			out.Epoch, out.Sequence = before.Epoch, before.Sequence
		}
		u.sayNothingToDo(p.Channel, before, o)
		return u.print(out)
	}
	d := plan.Document
	out.Epoch, out.Sequence, out.Changes, out.Document = d.Epoch, d.Sequence, publish.Differences(before, d), plan.Payload
	u.say(text{"would publish entry %s of channel %s:", "将发布渠道 %[2]s 的第 %[1]s 条记录："}, entryName(d.Position()), d.Channel)
	u.showChanges(out.Changes)
	u.showPatches(before, d)
	for _, up := range plan.Uploads {
		u.say(text{"  uploads %s (%s)", "  上传 %s（%s）"}, shortKey(up.Key), bytesText(up.Size))
	}
	if o.after != nil {
		o.after(before, d)
	}
	out.Effects = effects(before, d)
	u.showEffects(out.Effects)
	u.showPublic(d, len(plan.Payload))
	return u.print(out)
}

// showPublic says what of an entry names people and things outside; the rest is
// versions and digests.
func (u *ui) showPublic(d *release.Document, size int) {
	u.say(text{"this becomes public (%s, all of it with --json):", "以下内容将公开（%s，加 --json 可看全部）："}, bytesText(int64(size)))
	for _, one := range []struct {
		name  text
		value string
	}{
		{text{"by", "发布者"}, d.By}, {text{"commit", "提交"}, d.Commit}, {text{"job", "任务"}, d.Job}, {text{"message", "说明"}, d.Message},
	} {
		if one.value != "" {
			u.say(text{"  %s: %s", "  %s：%s"}, u.t(one.name), one.value)
		}
	}
	for i := range d.Releases {
		r := &d.Releases[i]
		for _, language := range slices.Sorted(maps.Keys(r.Notes)) {
			u.say(text{"  notes of %s (%s): %s", "  %s 的更新说明（%s）：%s"}, r.Version.Name, language, r.Notes[language])
		}
		if n := len(r.Rollout.Testers); n > 0 {
			u.say(text{"  testers of %s: %d hashes", "  %s 的测试设备：%d 个哈希"}, r.Version.Name, n)
		}
	}
}

// sayNothingToDo says what is there already.
func (u *ui) sayNothingToDo(channel string, d *release.Document, o changeOptions) {
	if d == nil {
		u.say(text{"nothing to do", "无事可做"})
		return
	}
	if o.done != nil && o.done(d) {
		return
	}
	var r *release.Release
	if o.packed != nil {
		r = releaseOf(d, o.packed.Content)
	}
	switch {
	case r == nil:
		u.say(text{"nothing to do: entry %s of channel %s says it already", "无事可做：渠道 %[2]s 的第 %[1]s 条记录已经如此"}, entryName(d.Position()), channel)
	case r.Landing:
		u.say(text{"nothing to do: %s is what the registered apps ship (%s)", "无事可做：%s 就是已登记安装包自带的资源（%s）"}, r.Version.Name, r.ID)
	default:
		u.say(text{"nothing to do: %s is live already (%s, %s of the devices)", "无事可做：%s 已在线上（%s，比例 %s）"}, r.Version.Name, r.ID, publish.Percent(r.Rollout.Share(time.Now())))
	}
}

func (u *ui) showResult(p *publish.Publisher, r *publish.Result, o changeOptions, took time.Duration) error {
	out := changeJSON{Done: r.Done, Healed: r.Healed, Channel: p.Channel, Changes: []publish.Difference{}, Views: viewsJSON(r.Views), Mirrors: mirrorsJSON(r.Mirrors)}
	d := documentOf(r.Entry)
	if d != nil {
		out.Epoch, out.Sequence = d.Epoch, d.Sequence
	}
	if r.Done {
		u.sayNothingToDo(p.Channel, d, o)
	} else {
		before := documentOf(r.Plan.Before)
		out.Changes = publish.Differences(before, r.Plan.Document)
		u.say(text{"published entry %s of channel %s in %s", "已发布渠道 %[2]s 的第 %[1]s 条记录，用时 %[3]s"}, entryName(r.Plan.Document.Position()), p.Channel, durationText(took))
		u.showChanges(out.Changes)
		u.showPatches(before, r.Plan.Document)
		if o.after != nil {
			o.after(before, r.Plan.Document)
		}
		if o.packed != nil {
			u.say(text{"  package %s, %d files, content %.12s", "  包 %s，%d 个文件，内容 %.12s"}, bytesText(o.packed.Size), o.packed.Files, o.packed.Content)
		}
	}
	if r.Healed {
		u.say(text{"  release.json and latest.wgt were behind and follow again", "  release.json 和 latest.wgt 之前落后，现已跟上"})
	}
	if r.Latest != nil {
		out.Latest = &r.Latest.Version
		u.say(text{"  latest.wgt is %s (%d)", "  latest.wgt 是 %s（%d）"}, r.Latest.Version.Name, r.Latest.Version.Code)
	}
	u.sayMirrors(r.Mirrors)
	if o.packed != nil && d != nil {
		out.Package = o.packed.Package
		if found := releaseOf(d, o.packed.Content); found != nil {
			out.Release = found.ID
		}
	}
	return u.print(out)
}

// releaseOf is the newest live release with a content.
func releaseOf(d *release.Document, content string) *release.Release {
	for i := len(d.Releases) - 1; i >= 0; i-- {
		if r := &d.Releases[i]; r.Package != nil && r.Package.Content == content {
			return r
		}
	}
	return nil
}
