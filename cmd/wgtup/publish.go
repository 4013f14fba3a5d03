package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wgtup/internal/config"
	"wgtup/internal/publish"
	"wgtup/internal/store"
	"wgtup/native"
	"wgtup/release"
	"wgtup/wgt"
)

// publishFlags are the flags of `wgtup publish`.
type publishFlags struct {
	channel       string
	platforms     []string
	rollout       string
	mode          string
	message       string
	notes         string
	notesZh       string
	base          bool
	noBase        bool
	native        string
	nativeCode    int64
	requireChange bool
	singleWriter  bool
	dryRun        bool
	noDelta       bool
	given         map[string]bool
}

func publishCommand(ui *ui) *cobra.Command {
	var f publishFlags
	c := &cobra.Command{
		Use:   "publish [SRC]",
		Short: ui.t(text{"check, pack, sign and publish a build", "检查、打包、签名并发布一个构建"}),
		Long: ui.t(text{`Publishes a build output folder or a .wgt as a hot release of a channel. Without
SRC the newest build output of the project is taken.

With --base it registers what an installed app ships instead: do that once for
each app version you put into a store, with the build that went into it.`,
			`把一个构建目录或 .wgt 作为热更新发布到渠道。不写 SRC 时取项目里最新的构建产物。

加 --base 则是登记安装包自带的资源：每上架一个新的安装包，就用打进它的那个构建登记一次。`}),
		Example: "  wgtup publish --base dist/build/app\n  wgtup publish dist/build/app -c production -r 10% -m \"fix the cart\"",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f.given = map[string]bool{
				"mode": c.Flags().Changed("mode"), "rollout": c.Flags().Changed("rollout"), "platform": c.Flags().Changed("platform"),
				"notes": c.Flags().Changed("notes") || c.Flags().Changed("notes-zh"),
			}
			src := ""
			if len(args) > 0 {
				src = args[0]
			}
			return ui.publish(c.Context(), src, f)
		},
	}
	fs := c.Flags()
	ui.channelFlag(c, &f.channel)
	fs.StringSliceVarP(&f.platforms, "platform", "p", nil, ui.t(text{"android, ios or harmony (default: those registered, else android and ios)", "android、ios 或 harmony（默认：已登记的平台，否则 android 和 ios）"}))
	fs.StringVarP(&f.rollout, "rollout", "r", "100%", ui.t(text{"share of devices that get it", "灰度比例"}))
	fs.StringVar(&f.mode, "mode", "prompt", ui.t(text{"prompt, silent or force", "prompt 提示、silent 静默或 force 强制"}))
	fs.StringVarP(&f.message, "message", "m", "", ui.t(text{"message for the history (public)", "写进历史的说明（公开）"}))
	fs.StringVar(&f.notes, "notes", "", ui.t(text{"what users read, in English (public)", "给用户看的更新说明，英文（公开）"}))
	fs.StringVar(&f.notesZh, "notes-zh", "", ui.t(text{"what users read, in Chinese (public)", "给用户看的更新说明，中文（公开）"}))
	fs.BoolVar(&f.base, "base", false, ui.t(text{"register what an installed app ships", "登记安装包自带的资源"}))
	fs.BoolVar(&f.noBase, "no-base", false, ui.t(text{"publish although no installed app is registered: no way back", "没有登记安装包也发布：将没有退路"}))
	fs.StringVar(&f.native, "native", "", ui.t(text{"version name of the installed app (with --base: default that of the build)", "安装包的版本名（配合 --base 时默认取构建的版本）"}))
	fs.Int64Var(&f.nativeCode, "native-code", 0, ui.t(text{"version code of the installed app", "安装包的版本号"}))
	fs.BoolVar(&f.requireChange, "require-change", false, ui.t(text{"exit 3 when there is nothing to publish", "没有变化时以退出码 3 结束"}))
	fs.BoolVar(&f.singleWriter, "single-writer", false, ui.t(text{"the store cannot write create-only, and nobody else publishes", "存储不支持“禁止覆盖”，且没有别人在发布"}))
	fs.BoolVar(&f.noDelta, "no-delta", false, ui.t(text{"make no patches", "不生成补丁"}))
	ui.dryRunFlag(c, &f.dryRun)
	return c
}

func (u *ui) channelFlag(c *cobra.Command, into *string) {
	c.Flags().StringVarP(into, "channel", "c", "", u.t(text{"channel (default: that of wgtup.yaml, else production)", "渠道（默认：wgtup.yaml 里的，否则 production）"}))
}

func (u *ui) dryRunFlag(c *cobra.Command, into *bool) {
	c.Flags().BoolVar(into, "dry-run", false, u.t(text{"show what would become public, write nothing", "只显示将要公开的内容，不写入"}))
}

func (u *ui) publish(ctx context.Context, path string, f publishFlags) error {
	conf, err := u.settings()
	if err != nil {
		return err
	}
	return u.publishTo(ctx, conf, path, f)
}

func (u *ui) publishTo(ctx context.Context, conf *config.Config, path string, f publishFlags) error {
	rollout, mode, err := f.check()
	if err != nil {
		return err
	}
	if path == "" {
		if path, err = u.findSource(); err != nil {
			return err
		}
	}
	src, err := u.openSource(path)
	if err != nil {
		return err
	}
	defer src.close()
	if err := u.sameApp(conf, src.report.Manifest); err != nil {
		return err
	}
	p, err := u.publisherFor(ctx, conf, f.channel, true)
	if err != nil {
		return err
	}
	p.Message, p.SingleWriter = f.message, f.singleWriter
	pack, err := packSource(src)
	if err != nil {
		return err
	}
	defer pack.remove()

	edit := f.edit(pack, rollout, mode)
	return u.change(ctx, p, edit, []publish.Upload{pack.upload()}, changeOptions{
		dryRun: f.dryRun, requireChange: f.requireChange, packed: pack,
		explain: func(err error) error { return u.explainNeeds(ctx, p, err, src.report.Manifest.JSON) },
	})
}

// check reads the flags that have a form of their own.
func (f *publishFlags) check() (release.Rollout, release.Mode, error) {
	share, err := parseShare(f.rollout)
	if err != nil {
		return release.Rollout{}, "", err
	}
	mode := release.Mode(f.mode)
	if mode != release.Prompt && mode != release.Silent && mode != release.Force {
		return release.Rollout{}, "", usage(text{"unknown mode %q", "未知的模式 %q"}, f.mode).hint(text{"--mode prompt, silent or force", "--mode prompt、silent 或 force"})
	}
	for _, p := range f.platforms {
		if p != release.Android && p != release.IOS && p != release.Harmony {
			return release.Rollout{}, "", usage(text{"unknown platform %q", "未知的平台 %q"}, p).hint(text{"-p android, ios or harmony", "-p android、ios 或 harmony"})
		}
	}
	slices.Sort(f.platforms)
	f.platforms = slices.Compact(f.platforms)
	if f.base && f.noBase {
		return release.Rollout{}, "", usage(text{"--base and --no-base exclude each other", "--base 和 --no-base 不能同时使用"})
	}
	if f.native == "" && f.nativeCode != 0 {
		return release.Rollout{}, "", usage(text{"--native-code needs --native", "--native-code 需要同时给出 --native"})
	}
	return release.Rollout{Permyriad: share}, mode, nil
}

// parseShare reads 10%, 12.5% or 0.01%.
func parseShare(s string) (int64, error) {
	wrong := usage(text{"bad share %q", "比例 %q 有误"}, s).hint(text{"write it as 10% or 0.5%", "请写成 10%% 或 0.5%%"})
	number, ok := strings.CutSuffix(strings.TrimSpace(s), "%")
	whole, part, _ := strings.Cut(number, ".")
	w, err := strconv.ParseUint(whole, 10, 16)
	if !ok || err != nil || len(part) > 2 {
		return 0, wrong
	}
	h, err := strconv.ParseUint((part + "00")[:2], 10, 16)
	if err != nil || w*100+h > release.Whole {
		return 0, wrong
	}
	return int64(w*100 + h), nil
}

func (f *publishFlags) edit(pack *packed, rollout release.Rollout, mode release.Mode) publish.Edit {
	platforms := f.platforms
	if f.base {
		if len(platforms) == 0 {
			platforms = []string{release.Android, release.IOS}
		}
		v := pack.version()
		return publish.AddBase(publish.BaseAddition{
			Natives: f.natives(platforms, v), Fingerprint: pack.fingerprint, Source: pack.source, Version: v, Package: pack.document(),
		})
	}
	return publish.Add(publish.Addition{
		Version: pack.version(), Fingerprint: pack.fingerprint, Syntax: pack.level, Package: pack.document(), Platforms: platforms,
		Natives: f.natives(platforms, release.Version{}), NoBase: f.noBase, Mode: mode, Rollout: rollout, Notes: f.noteTexts(), Given: f.given,
	})
}

// natives are the installed apps that the flags name; else those of a version.
func (f *publishFlags) natives(platforms []string, v release.Version) []release.Native {
	if f.native != "" {
		v = release.Version{Name: f.native, Code: f.nativeCode}
	}
	if v.Name == "" {
		return nil
	}
	if len(platforms) == 0 {
		platforms = []string{release.Android, release.IOS}
	}
	var all []release.Native
	for _, p := range platforms {
		all = append(all, release.Native{Platform: p, Name: v.Name, Code: v.Code})
	}
	return all
}

func (f *publishFlags) noteTexts() map[string]string {
	notes := map[string]string{}
	if f.notes != "" {
		notes["en"] = f.notes
	}
	if f.notesZh != "" {
		notes["zh-Hans"] = f.notesZh
	}
	if len(notes) == 0 {
		return nil
	}
	return notes
}

// sameApp refuses a build of another app; without a configured appid the
// build's is taken.
func (u *ui) sameApp(c *config.Config, m *wgt.Manifest) error {
	if c.App == "" {
		c.App = m.ID
	}
	if c.App != m.ID {
		return fault(exitRefused, "other-app", text{"this build is of app %s, the channel is of %s", "这个构建属于应用 %s，而渠道属于 %s"}, m.ID, c.App).
			hint(text{"give the right build, or --app %s with its own store", "请给出正确的构建，或用 --app %s 配合它自己的存储"}, m.ID)
	}
	return nil
}

// explainNeeds adds to "needs a full package" which manifest keys differ: it
// reads the package that the native ships, or the release before.
func (u *ui) explainNeeds(ctx context.Context, p *publish.Publisher, err error, manifest []byte) error {
	var r *publish.Refusal
	if !errors.As(err, &r) || r.Code != publish.NeedsFullPackage {
		return err
	}
	head, headErr := p.Head(ctx)
	if headErr != nil || head == nil {
		return err
	}
	for i := range head.Document.Releases {
		old := &head.Document.Releases[i]
		if old.Kind != release.Wgt || (r.Facts["release"] == "" && !old.Landing) || (r.Facts["release"] != "" && old.ID != r.Facts["release"]) {
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
	data, _, err := s.GetBytes(ctx, release.PackageKey(r.Package.SHA256, "wgt"), r.Package.Size)
	if err != nil {
		return nil, err
	}
	tree, err := wgt.ReadPackage(strings.NewReader(string(data)), int64(len(data)))
	if err != nil {
		return nil, err
	}
	return tree.Lookup("manifest.json").Read()
}

// changeOptions say how a command shows its change.
type changeOptions struct {
	dryRun        bool
	requireChange bool
	packed        *packed
	explain       func(error) error
}

// change makes an edit happen and tells about it: every writing command ends
// here.
func (u *ui) change(ctx context.Context, p *publish.Publisher, edit publish.Edit, uploads []publish.Upload, o changeOptions) error {
	start := time.Now()
	if o.dryRun {
		plan, err := p.Plan(ctx, edit, uploads)
		u.clearProgress()
		if err != nil {
			return u.explained(o, err)
		}
		u.warnSyntax(plan, o.packed)
		return u.showPlan(plan)
	}
	result, err := p.Change(ctx, edit, uploads)
	u.clearProgress()
	if err != nil {
		return u.explained(o, err)
	}
	u.warnSyntax(result.Plan, o.packed)
	if result.Done && o.requireChange {
		return &publish.Refusal{Code: publish.NothingToDo}
	}
	if err := u.showResult(p, result, o, time.Since(start)); err != nil {
		return err
	}
	return u.visibility(p, result)
}

func (u *ui) explained(o changeOptions, err error) error {
	if o.explain != nil {
		return o.explain(err)
	}
	return err
}

// showPlan prints what would become public.
func (u *ui) showPlan(plan *publish.Plan) error {
	if plan.Done {
		u.say(text{"nothing to do: the channel says it already", "无事可做：渠道已经是这样"})
		return u.print(map[string]any{"done": true})
	}
	var before *release.Document
	if plan.Before != nil {
		before = plan.Before.Document
	}
	changes := publish.Differences(before, plan.Document)
	u.say(text{"would publish entry %s of channel %s:", "将发布渠道 %[2]s 的第 %[1]s 条记录："}, plan.Document.Position(), plan.Document.Channel)
	for _, c := range changes {
		u.say(text{"  %s", "  %s"}, u.t(changeText(c)))
	}
	for _, up := range plan.Uploads {
		u.say(text{"  uploads %s (%s)", "  上传 %s（%s）"}, up.Key, bytesText(up.Size))
	}
	if u.json {
		return u.print(map[string]any{"done": false, "changes": changes, "document": json.RawMessage(plan.Payload)})
	}
	u.say(text{"this becomes public:", "以下内容将公开："})
	var pretty any
	if err := json.Unmarshal(plan.Payload, &pretty); err != nil {
		return err
	}
	e := json.NewEncoder(u.out)
	e.SetIndent("  ", "  ")
	e.SetEscapeHTML(false)
	fmt.Fprint(u.out, "  ")
	return e.Encode(pretty)
}

func (u *ui) showResult(p *publish.Publisher, r *publish.Result, o changeOptions, took time.Duration) error {
	if r.Entry == nil {
		u.say(text{"nothing to do", "无事可做"})
		return u.print(map[string]any{"done": true})
	}
	d := r.Entry.Document
	var changes []publish.Difference
	if r.Done {
		u.say(text{"nothing to do: already published (entry %s of channel %s)", "无事可做：早已发布（渠道 %[2]s 的第 %[1]s 条记录）"}, d.Position(), d.Channel)
		if r.Healed {
			u.say(text{"release.json and latest.wgt were behind and follow again", "release.json 和 latest.wgt 之前落后，现已跟上"})
		}
	} else {
		var before *release.Document
		if r.Plan.Before != nil {
			before = r.Plan.Before.Document
		}
		changes = publish.Differences(before, r.Plan.Document)
		u.say(text{"published entry %s of channel %s in %s", "已发布渠道 %[2]s 的第 %[1]s 条记录，用时 %[3]s"}, d.Position(), d.Channel, durationText(took))
		for _, c := range changes {
			u.say(text{"  %s", "  %s"}, u.t(changeText(c)))
		}
	}
	if o.packed != nil {
		u.say(text{"  package %s, %d files, content %.12s", "  包 %s，%d 个文件，内容 %.12s"}, bytesText(o.packed.Size), o.packed.Files, o.packed.Content)
	}
	if r.Latest != nil {
		u.say(text{"  latest.wgt is %s (%d)", "  latest.wgt 是 %s（%d）"}, r.Latest.Version.Name, r.Latest.Version.Code)
	}
	if !u.json {
		return nil
	}
	out := map[string]any{"done": r.Done, "healed": r.Healed, "epoch": d.Epoch, "sequence": d.Sequence, "channel": d.Channel, "changes": changes, "views": viewsJSON(r.Views)}
	if r.Latest != nil {
		out["latest"] = r.Latest.Version
	}
	if o.packed != nil {
		out["package"] = o.packed.Package
		if found := releaseOf(d, o.packed.Content); found != nil {
			out["release"] = found.ID
		}
	}
	return u.print(out)
}

func releaseOf(d *release.Document, content string) *release.Release {
	for i := len(d.Releases) - 1; i >= 0; i-- {
		if r := &d.Releases[i]; r.Package != nil && r.Package.Content == content {
			return r
		}
	}
	return nil
}

// visibility tells what devices see, and is exit 4 when that is not the newest
// entry yet.
func (u *ui) visibility(p *publish.Publisher, r *publish.Result) error {
	if len(p.Sites) == 0 {
		u.note(text{"no public-url is configured: nobody looked whether phones can see it", "没有配置 public-url：未检查手机能否看到"})
		return nil
	}
	var bad *publish.View
	for i, v := range r.Views {
		if v.Visible {
			u.say(text{"  visible at %s after %s", "  %[2]s 后可从 %[1]s 看到"}, v.URL, durationText(v.Latency))
		} else if bad == nil {
			bad = &r.Views[i]
		}
	}
	if bad == nil {
		return nil
	}
	return fault(exitNotVisible, "not-visible", text{"published, but %s does not show it yet: %s", "已发布，但 %s 还看不到：%s"}, bad.URL, bad.Problem).
		hint(text{"is the prefix public-read? does the CDN keep %s? try again with: wgtup status", "前缀是否公共读？CDN 是否缓存了 %s？稍后用 wgtup status 再看"}, "release.json").
		hint(text{"to take the release back: wgtup rollback -c %s", "要撤回这个发布：wgtup rollback -c %s"}, p.Channel)
}

func viewsJSON(views []publish.View) []map[string]any {
	out := []map[string]any{}
	for _, v := range views {
		out = append(out, map[string]any{"url": v.URL, "visible": v.Visible, "latencyMs": v.Latency.Milliseconds(), "problem": v.Problem})
	}
	return out
}

func bytesText(n int64) string {
	switch {
	case n < 10<<10:
		return fmt.Sprintf("%d B", n)
	case n < 10<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

func durationText(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// warnSyntax warns when scripts need a newer engine than those that run on
// phones now: an old phone would not start.
func (u *ui) warnSyntax(plan *publish.Plan, pack *packed) {
	if pack == nil || plan.Before == nil || plan.Done {
		return
	}
	live := ""
	for _, r := range plan.Before.Document.Releases {
		live = max(live, r.Syntax)
	}
	if live != "" && pack.level > live {
		u.warn(text{"this build uses %s, the releases before it only %s: phones with an old engine may not start it", "这个构建用到了 %s 语法，之前的发布只用到 %s：引擎旧的手机可能启动不了"}, pack.level, live)
	}
}
