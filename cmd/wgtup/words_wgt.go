package main

import (
	"errors"
	"fmt"
	"strings"

	"wgtup/wgt"
)

// wgtWords are for an archive that turned out unreadable on the way.
func wgtWords(err error) *failure {
	var e *wgt.FormatError
	if !errors.As(err, &e) {
		return nil
	}
	return unfit("", &wgt.Report{Problems: []wgt.Finding{e.Finding}})
}

// unfit is the failure for a tree that Check refuses: the first finding, the
// others as lines of their own.
func unfit(path string, r *wgt.Report) *failure {
	all := append(append([]wgt.Finding{}, r.Problems...), r.Invalid...)
	var what text
	if path != "" {
		what = text{path + ": ", path + "："}
	}
	for i, one := range all {
		if i == maxFindings {
			what.en += fmt.Sprintf("\n  and %d more", len(all)-i)
			what.zh += fmt.Sprintf("\n  还有 %d 处", len(all)-i)
			break
		}
		s := findingText(one)
		if i > 0 {
			s = text{"\n  " + s.en, "\n  " + s.zh}
		}
		what = text{what.en + s.en, what.zh + s.zh}
	}
	f := fault(exitRefused, string(all[0].Code), text{escapePercent(what.en), escapePercent(what.zh)})
	h, ok := findingHints[all[0].Code]
	if !ok {
		h = anyHint
	}
	f.hint(h)
	f.facts = map[string]any{"findings": all}
	return f
}

const maxFindings = 10

func escapePercent(s string) string { return strings.ReplaceAll(s, "%", "%%") }

// findingText puts a finding into words.
func findingText(f wgt.Finding) text {
	s, ok := findingWords[f.Code]
	if !ok {
		return text{f.String(), f.String()}
	}
	where := text{}
	if f.File != "" {
		where = text{f.File + ": ", f.File + "："}
	}
	out := text{where.en + s.en, where.zh + s.zh}
	if f.Detail != "" {
		out.en += " (" + f.Detail + ")"
		out.zh += "（" + f.Detail + "）"
	}
	return out
}

var findingWords = map[wgt.Code]text{
	wgt.Empty:          {"there is not one file", "里面一个文件也没有"},
	wgt.NoManifest:     {"no manifest.json at the root", "根目录没有 manifest.json"},
	wgt.Wrapped:        {"everything is inside a folder; manifest.json must be at the root", "所有文件都在一个文件夹里；manifest.json 必须在根目录"},
	wgt.WebBuild:       {"this is a build for browsers, not for the app", "这是 H5 网页构建，不是 App 构建"},
	wgt.FailedBuild:    {"this is what a failed build leaves behind: no manifest.json and no app-service.js", "这是构建失败留下的半成品：没有 manifest.json 和 app-service.js"},
	wgt.SourceProject:  {"these are the sources of an app, not its build output", "这是应用源码，不是构建产物"},
	wgt.MissingFile:    {"missing or empty", "缺失或为空"},
	wgt.BadManifest:    {"manifest.json cannot be read", "manifest.json 无法解析"},
	wgt.NoAppID:        {"manifest.json has no id (appid)", "manifest.json 没有 id（appid）"},
	wgt.BadAppID:       {"the appid has characters that no appid has", "appid 含有非法字符"},
	wgt.NoVersionName:  {"manifest.json has no version.name", "manifest.json 没有 version.name"},
	wgt.BadVersion:     {"phones and people would order this version name differently", "手机和人对这个版本名的先后理解会不一样"},
	wgt.NoVersionCode:  {"manifest.json has no version.code", "manifest.json 没有 version.code"},
	wgt.BadCode:        {"version.code must be a whole number from 1 on", "version.code 必须是不小于 1 的整数"},
	wgt.TooManyFiles:   {"too many files", "文件太多"},
	wgt.TooBig:         {"too big", "太大"},
	wgt.BadName:        {"a file name that not every phone can unpack", "文件名并非所有手机都能解压"},
	wgt.NotNFC:         {"the name is not in Unicode form C; another system would write it differently", "文件名不是 Unicode NFC 形式，别的系统写法会不同"},
	wgt.Collision:      {"two names that are one on some systems", "两个文件名在某些系统上会变成同一个"},
	wgt.Symlink:        {"a symbolic link", "是符号链接"},
	wgt.NotRegular:     {"not a regular file", "不是普通文件"},
	wgt.BadScript:      {"JavaScript that does not parse; an app that cannot start cannot be repaired over the air", "JavaScript 语法错误；应用启动不了就无法再热修复"},
	wgt.GuardNotFirst:  {"the boot guard is not the very first thing in it, so it cannot help when what is before it fails", "启动守卫不在文件最开头，它前面的代码出错时它就救不了应用"},
	wgt.GuardNoTail:    {"the boot guard's last statement is not the end of it: it was cut off, or something was written behind it", "文件末尾不是启动守卫的结束语句：文件被截断，或后面又写入了内容"},
	wgt.GuardTwice:     {"the boot guard is in it twice; every start would be counted twice", "启动守卫出现了两次，每次启动都会被计数两次"},
	wgt.GuardVersion:   {"the boot guard is of another version than manifest.json", "启动守卫的版本与 manifest.json 不一致"},
	wgt.GuardAltered:   {"the boot guard was changed after it was put in", "启动守卫加入后又被改动过"},
	wgt.Twin:           {"left out: a compressed twin", "已剔除：压缩插件生成的副本"},
	wgt.SourceMap:      {"left out: a source map", "已剔除：source map"},
	wgt.Junk:           {"left out: a file of an editor or system", "已剔除：编辑器或系统文件"},
	wgt.NvueOutput:     {"left out: the compiler's .nvue folder", "已剔除：编译器的 .nvue 目录"},
	wgt.HarmonyNative:  {"left out: native HarmonyOS sources, which a hot update cannot change", "已剔除：鸿蒙原生源码，热更新改不了它"},
	wgt.Secret:         {"looks like a secret; a package is public", "看起来是密钥；包是公开可下载的"},
	wgt.HugeFile:       {"very large", "文件很大"},
	wgt.Ratio:          {"shrinks suspiciously well", "压缩率异常"},
	wgt.CaseDirs:       {"two folders that differ only in case", "两个文件夹只差大小写"},
	wgt.UnmarkedName:   {"the archive does not say that this name is UTF-8", "压缩包没有标明这个文件名是 UTF-8"},
	wgt.TrailingData:   {"bytes after the end of the archive", "压缩包末尾有多余数据"},
	wgt.NotZip:         {"not a zip archive", "不是 zip 压缩包"},
	wgt.Truncated:      {"the archive is cut off", "压缩包不完整"},
	wgt.Zip64:          {"zip64, which phones may not read", "zip64 格式，手机不一定能读"},
	wgt.ManyDisks:      {"an archive in several parts", "分卷压缩包"},
	wgt.Ambiguous:      {"two archives in one file; readers would not agree", "一个文件里有两个压缩包，不同程序读到的会不同"},
	wgt.LeadingData:    {"bytes before the first entry", "压缩包开头有多余数据"},
	wgt.HiddenData:     {"bytes that belong to no file", "有不属于任何文件的数据"},
	wgt.Overlap:        {"two entries share bytes", "两个条目数据重叠"},
	wgt.Duplicate:      {"the name is there more than once", "文件名重复"},
	wgt.Encrypted:      {"encrypted", "已加密"},
	wgt.BadMethod:      {"packed by a method that phones do not know", "用了手机不支持的压缩方法"},
	wgt.HeaderMismatch: {"its two headers differ; readers would not agree", "前后两个文件头不一致，不同程序读到的会不同"},
	wgt.BadData:        {"damaged", "数据损坏"},
	wgt.BadChecksum:    {"damaged: the checksum is wrong", "数据损坏：校验和不对"},
	wgt.NotCanonical:   {"not in wgtup's canonical form", "不是 wgtup 的规范格式"},
	wgt.Changed:        {"changed while it was being packed", "打包过程中文件发生了变化"},
}

// anyHint is for an archive that some other program made, or that was damaged.
var anyHint = text{"give the folder that the compiler wrote, dist/build/app, or make the package from it: wgtup pack dist/build/app", "请给出编译器写的目录 dist/build/app，或用它重新打包：wgtup pack dist/build/app"}

var findingHints = map[wgt.Code]text{
	wgt.NoManifest:    {"point at the build output: dist/build/app (vue 3) or dist/build/app-plus (vue 2)", "请指向构建产物：dist/build/app（vue 3）或 dist/build/app-plus（vue 2）"},
	wgt.Wrapped:       {"give the folder that manifest.json is in", "请给出 manifest.json 所在的那个文件夹"},
	wgt.WebBuild:      {"build for the app: npx uni build -p app (for HarmonyOS install @dcloudio/uni-app-harmony first; without it the build is silently one for the web)", "请构建 App：npx uni build -p app（鸿蒙需先安装 @dcloudio/uni-app-harmony，否则会悄悄变成网页构建）"},
	wgt.FailedBuild:   {"read the build's output: it may fail with exit code 0; clean dist/build and build again", "请查看构建日志：它失败时退出码也可能是 0；清空 dist/build 后重新构建"},
	wgt.SourceProject: {"build it first: npx uni build -p app, then give dist/build/app", "请先构建：npx uni build -p app，然后给出 dist/build/app"},
	wgt.MissingFile:   {"clean the output folder and build again: npx uni build -p app", "清空输出目录后重新构建：npx uni build -p app"},
	wgt.BadVersion:    {"use numbers and dots only, such as 1.2.3", "只用数字和点，例如 1.2.3"},
	wgt.NoVersionCode: {"set versionCode in the source manifest.json", "请在源码 manifest.json 里设置 versionCode"},
	wgt.NoVersionName: {"set versionName in the source manifest.json", "请在源码 manifest.json 里设置 versionName"},
	wgt.NoAppID:       {"set appid in the source manifest.json", "请在源码 manifest.json 里设置 appid"},
	wgt.BadScript:     {"open that line, fix it, and build again", "打开那一行，修好后重新构建"},
	wgt.Symlink:       {"replace the link by the file", "请用真实文件替换链接"},
	wgt.Collision:     {"rename one of them in the project's sources", "请在项目源码里给其中一个改名"},
	wgt.NotNFC:        {"rename the file in the project's sources", "请在项目源码里给这个文件改名"},
	wgt.NotZip:        {"is it complete, and not the page of a site that asks to sign in? file -b FILE shows what it is", "文件完整吗？会不会下载到了要求登录的网页？file -b 文件 可以看它是什么"},
	wgt.Truncated:     {"copy or download it again", "请重新复制或下载"},
	wgt.BadChecksum:   {"copy or download it again", "请重新复制或下载"},
	wgt.BadData:       {"copy or download it again", "请重新复制或下载"},
	wgt.BadManifest:   {"build again: the compiler writes manifest.json without comments", "请重新构建：编译器写出的 manifest.json 没有注释"},
	wgt.BadCode:       {"set versionCode in the source manifest.json, such as 100", "请在源码 manifest.json 里设置 versionCode，例如 100"},
	wgt.BadAppID:      {"set appid in the source manifest.json", "请在源码 manifest.json 里设置 appid"},
	wgt.TooBig:        {"move large files to the web, and load them from there", "请把大文件放到网上，运行时再加载"},
	wgt.TooManyFiles:  {"is this the build output only, without node_modules?", "这里只有构建产物吗？有没有 node_modules？"},
	wgt.Empty:         {"build first: npx uni build -p app", "请先构建：npx uni build -p app"},
	wgt.Changed:       {"wait for the build to finish, then run the command again", "等构建结束后再执行"},
	wgt.GuardNotFirst: {"nothing may write in front of app-service.js after wgtup() of wgtup-client/vite: make it the last plugin and build again", "wgtup-client/vite 的 wgtup() 之后不能再往 app-service.js 前面写内容：把它放在插件列表最后，然后重新构建"},
	wgt.GuardNoTail:   {"clean the output folder and build again, with wgtup() of wgtup-client/vite as the last plugin", "清空输出目录后重新构建，并把 wgtup-client/vite 的 wgtup() 放在插件列表最后"},
	wgt.GuardTwice:    {"clean the output folder and build again", "清空输出目录后重新构建"},
	wgt.GuardVersion:  {"build again after a change of the version: the version is part of what was built", "改了版本号要重新构建：版本号会编进构建产物"},
	wgt.GuardAltered:  {"let nothing minify or change app-service.js after the build, and build again", "构建之后不要再压缩或改动 app-service.js，请重新构建"},
	wgt.BadName:       {"rename the file in the project's sources", "请在项目源码里给这个文件改名"},
}
