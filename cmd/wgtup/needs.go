package main

import (
	"bytes"
	"context"
	"errors"

	"wgtup/internal/publish"
	"wgtup/internal/store"
	"wgtup/native"
	"wgtup/release"
	"wgtup/wgt"
)

// explainNeeds adds to "needs a full package" which manifest keys and compiled
// files differ: it reads the package that the native ships, or the release before.
func explainNeeds(ctx context.Context, p *publish.Publisher, err error, path string, src *source) error {
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
		before, readErr := publishedApp(ctx, p.Store, old)
		if readErr != nil {
			return err
		}
		if r.Changes, readErr = native.Diff(before, packagedApp(src.report)); readErr != nil {
			return err
		}
		if len(r.Changes) > 0 {
			return r
		}
		r.Facts["sources"] = "yes" // all that is left is what no .wgt has
	}
	return err
}

// publishedApp reads a published package.
func publishedApp(ctx context.Context, s *store.Store, r *release.Release) (native.App, error) {
	data, _, err := s.GetBytes(ctx, r.PackageKey(), r.Package.Size)
	if err != nil {
		return native.App{}, err
	}
	tree, err := wgt.ReadPackage(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return native.App{}, err
	}
	report, err := wgt.Check(tree, wgt.CheckOptions{})
	if err != nil || report.Manifest == nil {
		return native.App{}, errors.Join(err, errUnreadable)
	}
	return packagedApp(report), nil
}

var errUnreadable = errors.New("no manifest")

// changeLines shows changes, a few words each.
func changeLines(changes []native.Change) text {
	var en, zh string
	for i, c := range changes {
		if i == maxFindings {
			en, zh = en+"\n  …", zh+"\n  …"
			break
		}
		en += "\n  " + c.Path + " " + changeKinds[c.Kind].en + ": " + memberWords[c.Reason].en
		zh += "\n  " + c.Path + " " + changeKinds[c.Kind].zh + "：" + memberWords[c.Reason].zh
	}
	return text{en, zh}
}

var changeKinds = map[native.Kind]text{
	native.Added:   {"added", "新增"},
	native.Removed: {"removed", "删除"},
	native.Changed: {"changed", "改变"},
}

// memberWords say why a change needs a full package, or does not.
var memberWords = map[native.Reason]text{
	native.AppID:       {"another app id: phones refuse the package (-1204)", "appid 不同：手机会拒绝安装（-1204）"},
	native.Modules:     {"modules are compiled into the app: phones refuse one that it lacks (-1229)", "模块编译在安装包里：缺少模块时手机会拒绝安装（-1229）"},
	native.Permissions: {"permissions and entitlements are in the app, not in a hot update", "权限和能力在安装包里，热更新无法改变"},
	native.SDKs:        {"SDKs of others and their keys are compiled into the app", "第三方 SDK 及其密钥编译在安装包里"},
	native.Artwork:     {"icons and launch images are in the app", "图标和启动图在安装包里"},
	native.Plugins:     {"native plug-ins are compiled into the app", "原生插件编译在安装包里"},
	native.Code:        {"native code is compiled into the app: a hot update does not bring it", "原生代码编译在安装包里：热更新不会带上它"},
	native.Engine:      {"the app's engine was built for the old setting", "安装包的引擎是按旧设置打包的"},
	native.Compiler:    {"the versions of the compiler are on two sides of a break: what the new one makes may not start in the old app", "编译器版本跨越了不兼容的分界：新编译器的产物可能无法在旧安装包里启动"},
	native.Harmony:     {"HarmonyOS reads it when the app is built", "HarmonyOS 在打包时读取"},
	native.Platforms:   {"for which platforms the app is built", "决定为哪些平台打包"},
	native.Unknown:     {"nobody documents that a hot update may change it", "没有文档说明热更新可以改变它"},
	native.Shown:       {"only shown to people: a hot update may change it (--level runtime)", "只用于展示：热更新可以改变（--level runtime）"},
	native.Look:        {"phones read it from a hot update too (--level runtime)", "热更新里也会生效（--level runtime）"},
	native.Starting:    {"when the launch image goes: phones read it from a hot update too (--level runtime)", "控制启动图何时关闭：热更新里也会生效（--level runtime）"},
	native.Warnings:    {"which engine versions are warned about: a hot update may change it (--level runtime)", "控制对哪些引擎版本提示：热更新可以改变（--level runtime）"},
	native.Certificate: {"which servers are trusted: phones read it from a hot update too (--level runtime)", "信任哪些服务器：热更新里也会生效（--level runtime）"},
	native.NearVersion: {"another compiler on the same side of every known break: test it in the old app (--level runtime)", "编译器版本不同，但没有跨越已知的分界：请在旧安装包上测试（--level runtime）"},
}
