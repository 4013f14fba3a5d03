package main

import (
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wgtup/internal/publish"
	"wgtup/native"
	"wgtup/release"
)

// publishFlags are the flags of `wgtup publish`.
type publishFlags struct {
	channel       string
	platforms     []string
	rollout       string
	ramp          string
	testers       string
	mode          string
	message       string
	notes         string
	notesZh       string
	base          bool
	noBase        bool
	native        string
	nativeCode    int64
	links         []string
	level         string
	requireChange bool
	dryRun        bool
	noDelta       bool
	given         map[string]bool // flags that were typed
}

func (u *ui) publishFlags(c *cobra.Command, f *publishFlags) {
	fs := c.Flags()
	u.channelFlag(c, &f.channel)
	fs.StringSliceVarP(&f.platforms, "platform", "p", nil, u.t(text{"`NAMES`: android, ios, harmony (default: those registered, else android and ios)", "`平台`：android、ios、harmony（默认：已登记的平台，否则 android 和 ios）"}))
	fs.StringVarP(&f.rollout, "rollout", "r", "100%", u.t(text{"`SHARE` of the devices that get it", "灰度`比例`"}))
	u.rampFlag(c, &f.ramp)
	fs.StringVar(&f.mode, "mode", "prompt", u.t(text{"`MODE`: prompt, silent or force", "`模式`：prompt 提示、silent 静默或 force 强制"}))
	u.messageFlag(c, &f.message)
	u.notesFlags(c, &f.notes, &f.notesZh)
	u.testersFlag(c, &f.testers)
	fs.BoolVar(&f.base, "base", false, u.t(text{"register what an installed app ships", "登记安装包自带的资源"}))
	fs.BoolVar(&f.noBase, "no-base", false, u.t(text{"publish although no installed app is registered: no way back", "没有登记安装包也发布：将没有退路"}))
	fs.StringVar(&f.native, "native", "", u.t(text{"version `NAME` of the installed app (with --base: default that of the build)", "安装包的`版本名`（配合 --base 时默认取构建的版本）"}))
	fs.Int64Var(&f.nativeCode, "native-code", 0, u.t(text{"version `CODE` of the installed app", "安装包的`版本号`"}))
	u.levelFlag(c, &f.level)
	fs.StringArrayVar(&f.links, "link", nil, u.t(text{"`URL` of the app in a store, may be given again: a full package for users to get there", "应用在商店的`地址`，可重复：让用户去那里获取整包"}))
	fs.BoolVar(&f.requireChange, "require-change", false, u.t(text{"exit 3 when there is nothing to publish", "没有变化时以退出码 3 结束"}))
	u.noDeltaFlag(c, &f.noDelta)
	u.dryRunFlag(c, &f.dryRun)
	u.storeFlags(c)
}

// levelFlag says how strictly manifests are compared.
func (u *ui) levelFlag(c *cobra.Command, into *string) {
	c.Flags().StringVar(into, "level", string(native.Strict), u.t(text{"`LEVEL` of comparing manifests: strict, or runtime (what phones read from a hot update may change)", "manifest 比较的`级别`：strict 严格，或 runtime（允许改变热更新里生效的设置）"}))
}

func checkLevel(level string) error { // "" is the default, for commands without the flag
	if level != "" && level != string(native.Strict) && level != string(native.Runtime) {
		return usage(text{"unknown level %q", "未知的级别 %q"}, level).hint(text{"--level strict or runtime", "--level strict 或 runtime"})
	}
	return nil
}

func (u *ui) notesFlags(c *cobra.Command, en, zh *string) {
	c.Flags().StringVar(en, "notes", "", u.t(text{"`TEXT` that users read, in English (public)", "给用户看的更新`说明`，英文（公开）"}))
	c.Flags().StringVar(zh, "notes-zh", "", u.t(text{"`TEXT` that users read, in Chinese (public)", "给用户看的更新`说明`，中文（公开）"}))
}

func (u *ui) testersFlag(c *cobra.Command, into *string) {
	c.Flags().StringVar(into, "testers", "", u.t(text{"`FILE` of install ids that get it whatever the share, one a line", "`文件`：无论比例都会收到的安装标识，每行一个"}))
}

func (u *ui) rampFlag(c *cobra.Command, into *string) {
	c.Flags().StringVar(into, "ramp", "", u.t(text{"`STEPS` over time: \"10% now, 50% +6h, 100% +24h\"", "按时间放量的`步骤`：\"10% now, 50% +6h, 100% +24h\""}))
}

func (u *ui) channelFlag(c *cobra.Command, into *string) {
	c.Flags().StringVarP(into, "channel", "c", "", u.t(text{"channel `NAME` (default: that of wgtup.yaml, else production)", "`渠道`（默认：wgtup.yaml 里的，否则 production）"}))
}

func (u *ui) messageFlag(c *cobra.Command, into *string) {
	c.Flags().StringVarP(into, "message", "m", "", u.t(text{"`TEXT` for the history (public)", "写进历史的`说明`（公开）"}))
}

func (u *ui) noDeltaFlag(c *cobra.Command, into *bool) {
	c.Flags().BoolVar(into, "no-delta", false, u.t(text{"make no patches", "不生成补丁"}))
}

// patching is how patches are made, nil for not at all. It takes many times the
// memory that is enough for everything else, and below that limit would do little
// but collect garbage.
func patching(noDelta bool) *publish.Patching {
	if noDelta {
		return nil
	}
	debug.SetMemoryLimit(1 << 30)
	return publish.NewPatching()
}

func (u *ui) dryRunFlag(c *cobra.Command, into *bool) {
	c.Flags().BoolVar(into, "dry-run", false, u.t(text{"show what would become public, write nothing", "只显示将要公开的内容，不写入"}))
	c.Flags().StringVar(&u.plan, "plan", "", u.t(text{"upload, and write the entry to `FILE` for somebody else to sign (wgtup keys sign)", "上传后把待签名的记录写入`文件`，由别人签名（wgtup keys sign）"}))
	c.Flags().StringVar(&u.signCmd, "sign-cmd", "", u.t(text{"shell `COMMAND` that signs: stdin to stdout", "负责签名的 shell `命令`：从标准输入到标准输出"}))
}

// check reads the flags that have a form of their own.
func (f *publishFlags) check() (release.Rollout, release.Mode, error) {
	none := release.Rollout{}
	share, err := parseShare(f.rollout)
	if err != nil {
		return none, "", err
	}
	rollout := release.Rollout{Permyriad: share}
	if f.ramp != "" {
		if f.given["rollout"] {
			return none, "", usage(text{"give a share or --ramp, not both", "比例和 --ramp 只能给一个"})
		}
		if rollout.Permyriad, rollout.Ramp, err = parseRamp(f.ramp, time.Now()); err != nil {
			return none, "", err
		}
	}
	mode, err := parseMode(f.mode)
	if err != nil {
		return none, "", err
	}
	for _, p := range f.platforms {
		if err := checkPlatform(p); err != nil {
			return none, "", err
		}
	}
	slices.Sort(f.platforms)
	f.platforms = slices.Compact(f.platforms)
	if f.base && f.noBase {
		return none, "", usage(text{"--base and --no-base exclude each other", "--base 和 --no-base 不能同时使用"})
	}
	if f.base && len(f.links) > 0 {
		return none, "", usage(text{"--base and --link exclude each other", "--base 和 --link 不能同时使用"})
	}
	if err := checkLevel(f.level); err != nil {
		return none, "", err
	}
	if err := f.checkLinks(); err != nil {
		return none, "", err
	}
	for _, name := range []string{"rollout", "ramp", "testers", "mode", "notes"} {
		if f.base && f.given[name] {
			return none, "", usage(text{"--base takes no --%s: it registers what the app in the store ships, nobody is offered anything", "--base 不接受 --%s：它只登记已上架安装包自带的资源，不会推送给任何人"}, name)
		}
	}
	if (f.native == "") == f.given["native-code"] {
		return none, "", usage(text{"--native and --native-code go together", "--native 和 --native-code 需要一起给出"}).hint(text{"--native 1.0.0 --native-code 100", "--native 1.0.0 --native-code 100"})
	}
	return rollout, mode, nil
}

// parseShare reads 10%, 12.5% or 0.01%.
func parseShare(s string) (int64, error) {
	wrong := usage(text{"bad share %q", "比例 %q 有误"}, s).hint(text{"write it as 10%% or 0.5%%", "请写成 10%% 或 0.5%%"})
	number, ok := strings.CutSuffix(strings.TrimSpace(s), "%")
	whole, part, dot := strings.Cut(number, ".")
	w, err := strconv.ParseUint(whole, 10, 16)
	if !ok || err != nil || len(part) > 2 || dot && part == "" {
		return 0, wrong
	}
	h, err := strconv.ParseUint((part + "00")[:2], 10, 16)
	if err != nil || w*100+h > release.Whole {
		return 0, wrong
	}
	return int64(w*100 + h), nil
}

func (f *publishFlags) edit(full *fullPackage, pack *packed, rollout release.Rollout, mode release.Mode) publish.Edit {
	platforms := f.platforms
	if f.base {
		switch {
		case full != nil:
			platforms = []string{full.Platform}
		case len(platforms) == 0:
			platforms = []string{release.Android, release.IOS}
		}
		return publish.AddBase(f.baseAddition(full, pack, platforms))
	}
	runtime := ""
	if f.level == string(native.Runtime) {
		runtime = pack.runtime
	}
	return publish.Add(publish.Addition{
		Version: pack.version(), Fingerprint: pack.fingerprint, Runtime: runtime, Syntax: pack.level, Package: pack.document(), Platforms: platforms,
		Natives: f.natives(platforms, release.Version{}), NoBase: f.noBase, Mode: mode, Rollout: rollout, Notes: noteTexts(f.notes, f.notesZh), Given: f.given,
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

// noteTexts are notes by language.
func noteTexts(en, zh string) map[string]string {
	notes := map[string]string{}
	if en != "" {
		notes["en"] = en
	}
	if zh != "" {
		notes["zh-Hans"] = zh
	}
	if len(notes) == 0 {
		return nil
	}
	return notes
}
