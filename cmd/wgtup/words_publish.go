package main

import (
	"errors"
	"strings"

	"wgtup/internal/publish"
)

// refusalWords are the sentences for the rules that say no.
func refusalWords(err error) *failure {
	var unsettled *publish.UnsettledError
	if errors.As(err, &unsettled) {
		return fault(exitStore, "copies-behind", text{
			"entry %s is published, but release.json and latest.wgt do not follow it yet: %v",
			"第 %s 条记录已发布，但 release.json 和 latest.wgt 还没有跟上：%v"}, entryName(unsettled.Position), unsettled.Err).
			hint(text{"wgtup repair finishes it", "wgtup repair 可以补完"})
	}
	if errors.Is(err, publish.ErrOverwrites) {
		return fault(exitStore, "store-overwrites", text{
			"this store overwrites objects that must be written only once, so two publishers could destroy each other's release",
			"这个存储会覆盖只应写一次的对象，两个发布者可能互相毁掉对方的发布"}).
			hint(text{"turn bucket versioning off (it disables create-only writes on OSS), or add --single-writer if nobody else ever publishes at the same time",
				"请关闭存储桶的版本控制（在 OSS 上它会使“禁止覆盖”失效）；如果确定不会有两个人同时发布，可加 --single-writer"})
	}
	var shut *publish.ShutError
	if errors.As(err, &shut) {
		return siteHint(fault(exitStore, "not-public", text{"phones cannot read the bucket, so nothing was published: %v", "手机无法读取存储桶，因此没有发布：%v"}, shut.Err), shut.Err).
			hint(text{"wgtup doctor tells which setting it is", "wgtup doctor 会指出是哪个设置"})
	}
	if f := mirrorWords(err); f != nil {
		return f
	}
	var r *publish.Refusal
	if !errors.As(err, &r) {
		return nil
	}
	words, ok := refusals[r.Code]
	if !ok {
		words = func(r *publish.Refusal) *failure { return refused(text{"%v", "%v"}, r) }
	}
	f := words(r)
	f.exit, f.code = exitRefused, r.Code
	if f.facts == nil {
		f.facts = map[string]any{}
	}
	for k, v := range r.Facts {
		f.facts[k] = v
	}
	if r.Changes != nil {
		f.facts["changes"] = r.Changes
	}
	return f
}

func refused(what text, args ...any) *failure { return fault(exitRefused, "", what, args...) }

var bump = text{"raise versionName and versionCode in manifest.json, build again, then publish again",
	"提高 manifest.json 里的 versionName 和 versionCode，重新构建后再发布"}

// refusals has the sentence for each code.
var refusals = map[string]func(r *publish.Refusal) *failure{
	publish.VersionNotHigher: func(r *publish.Refusal) *failure {
		return refused(text{"version %s is not higher than the live %s (%s)", "版本 %s 不高于线上的 %s（%s）"},
			r.Facts["version"], r.Facts["live"], r.Facts["release"]).hint(bump)
	},
	publish.CodeNotHigher: func(r *publish.Refusal) *failure {
		return refused(text{"versionCode %s of version %s is not higher than the live %s (%s)", "versionCode %s（版本 %s）不高于线上的 %s（%s）"},
			r.Facts["code"], r.Facts["version"], r.Facts["live"], r.Facts["release"]).hint(bump)
	},
	publish.VersionSegments: func(r *publish.Refusal) *failure {
		return refused(text{"version %s has another number of parts than the live %s; phones would order them unexpectedly",
			"版本 %s 与线上的 %s 段数不同，手机比较出的先后会出乎意料"}, r.Facts["version"], r.Facts["live"]).hint(bump)
	},
	publish.VersionUsed: func(r *publish.Refusal) *failure {
		f := refused(text{"version %s was already published with other content (%s)", "版本 %s 已用其他内容发布过（%s）"}, r.Facts["version"], r.Facts["release"])
		if r.Facts["withdrawn"] != "" {
			f.hint(text{"to bring that release back: wgtup rollback -c %s --to %s", "要恢复那个发布：wgtup rollback -c %s --to %s"}, r.Facts["channel"], r.Facts["release"])
		}
		return f.hint(bump)
	},
	publish.VersionWithdrawn: func(r *publish.Refusal) *failure {
		return refused(text{"version %s was taken back with %s (%s): phones would leave it at once", "版本 %s 已随 %s（%s）一起撤回：手机会立即离开它"}, r.Facts["version"], r.Facts["highest"], r.Facts["release"]).
			hint(text{"publish a version above %s", "请发布高于 %s 的版本"}, r.Facts["highest"])
	},
	publish.NeedsFullPackage: needsFullPackage,
	publish.KeysBehind:       keysBehind,
	publish.NoKeyChain:       noKeyChain,
	publish.UnknownEntry:     unknownEntry,
	publish.PlanVoid:         planVoid,
	publish.NoBase: func(r *publish.Refusal) *failure {
		f := refused(text{"no installed app is registered for %s: nobody knows what this release must fit, and there would be no way back",
			"还没有登记 %s 的安装包：无法判断热更新是否适用，出问题也无路可退"}, r.Facts["platforms"]).
			hint(text{"register what the app in the store ships: wgtup publish -c %s --base BUILD_OF_THAT_APP", "登记线上安装包自带的资源：wgtup publish -c %s --base 该安装包对应的构建"}, r.Facts["channel"])
		if r.Facts["native"] != "" {
			return f.hint(text{"or publish for each platform by itself: -p %s --no-base", "或者按平台分别发布：-p %s --no-base"}, r.Facts["platforms"])
		}
		return f.hint(text{"or go on without a way back: --no-base", "或者不登记、直接发布（将无法退回到安装包自带的版本）：--no-base"})
	},
	publish.BaseDiffers: func(r *publish.Refusal) *failure {
		return refused(text{"%s is registered already, with other content", "%s 已经登记过，但内容不同"}, r.Facts["native"]).
			hint(text{"register the build that is really in that app; another app version needs another --native and --native-code",
				"请登记该安装包真正对应的构建；另一个安装包版本请用另外的 --native 和 --native-code"})
	},
	publish.OtherSigner: func(r *publish.Refusal) *failure {
		return refused(text{"%s was signed by another certificate, or has another package name: this can never be installed over it", "%s 由另一个证书签名，或包名不同：这个安装包永远无法覆盖安装"}, r.Facts["natives"]).
			hint(text{"sign with the same key; wgtup inspect shows the certificates of both", "请用同一个密钥签名；wgtup inspect 可查看两者的证书"}).
			hint(text{"if nobody uses that app any more: wgtup retire -c %s %s", "如果那个安装包已无人使用：wgtup retire -c %s %s"}, r.Facts["channel"], r.Facts["natives"])
	},
	publish.NativeNotHigher: func(r *publish.Refusal) *failure {
		return refused(text{"the full package %s (%s) is not above %s: phones would not install it, or never be offered it", "整包 %s（%s）不高于 %s：手机不会安装，或永远不会收到"}, r.Facts["version"], r.Facts["code"], r.Facts["live"]).
			hint(text{"raise versionName and versionCode of the app, and build it again", "提高安装包的 versionName 和 versionCode，重新打包"})
	},
	publish.FlagsDiffer: flagsDiffer,
	publish.NothingToDo: func(r *publish.Refusal) *failure {
		return refused(text{"nothing changed, and --require-change was given", "没有任何变化，而你指定了 --require-change"}).
			hint(text{"wgtup status -c %s shows what is live", "wgtup status -c %s 可查看线上是什么"}, r.Facts["channel"])
	},
	publish.NoChannel: func(r *publish.Refusal) *failure {
		f := refused(text{"nothing has been published on channel %s yet", "渠道 %s 还没有任何发布"}, r.Facts["channel"])
		if r.Facts["known"] != "" {
			return f.hint(text{"channels of this app: %s", "这个应用的渠道：%s"}, r.Facts["known"])
		}
		return f.hint(text{"another channel: -c NAME; the first release: wgtup publish -c %s --base DIST", "换个渠道：-c 名称；首次发布：wgtup publish -c %s --base 构建目录"}, r.Facts["channel"])
	},
	publish.UnknownRelease: func(r *publish.Refusal) *failure {
		return refused(text{"no release %q on this channel", "这个渠道上没有 %q 这个发布"}, r.Facts["release"]).hint(text{"wgtup status -c %s lists what is live, wgtup history -c %[1]s what was", "wgtup status -c %s 列出线上的发布，wgtup history -c %[1]s 列出以前的"}, r.Facts["channel"])
	},
	publish.UnknownNative: func(r *publish.Refusal) *failure {
		return refused(text{"no registered app %q", "没有登记过安装包 %q"}, r.Facts["native"]).
			hint(text{"wgtup history -c %s --limit 0 shows which were registered", "wgtup history -c %s --limit 0 可查看登记过哪些"}, r.Facts["channel"])
	},
	publish.NoRollout: func(r *publish.Refusal) *failure {
		f := refused(text{"no release is being rolled out", "当前没有正在灰度的发布"})
		if r.Facts["release"] != "" {
			f.hint(text{"to stop %s, which is for everybody: wgtup rollout %s pause --release %s", "要停住已全量的 %s：wgtup rollout %s pause --release %s"}, r.Facts["version"], r.Facts["channel"], r.Facts["release"]).
				hint(text{"to take it back from the phones that have it: wgtup rollback -c %s", "要让已更新的手机退回：wgtup rollback -c %s"}, r.Facts["channel"])
		}
		return f.hint(text{"wgtup status -c %s lists the releases; name one with --release", "wgtup status -c %s 会列出发布；用 --release 指定一个"}, r.Facts["channel"])
	},
	publish.NoHotRelease: func(r *publish.Refusal) *failure {
		return refused(text{"channel %s has no hot release to withdraw: devices run what their app ships", "渠道 %s 没有可撤回的热更新：设备运行的就是安装包自带的资源"}, r.Facts["channel"]).
			hint(text{"wgtup history -c %s shows what was withdrawn; --to brings it back", "wgtup history -c %s 可查看撤回过什么；--to 可以恢复"}, r.Facts["channel"])
	},
	publish.NoTarget: func(r *publish.Refusal) *failure {
		return refused(text{"devices on %s would have no release to go to", "%s 上的设备将没有可退回的版本"}, r.Facts["natives"]).
			hint(text{"stop it where it is: wgtup status -c %s, then wgtup rollout %[1]s pause --release ID", "先停住它：wgtup status -c %s，然后 wgtup rollout %[1]s pause --release 编号"}, r.Facts["channel"]).
			hint(text{"or register what the app ships, then roll back: wgtup publish -c %s --base DIST", "或先登记安装包自带的资源再回滚：wgtup publish -c %s --base 构建目录"}, r.Facts["channel"])
	},
	publish.BelowFloor: func(r *publish.Refusal) *failure {
		return refused(text{"%s (%s) is below the floor, version code %s: no phone would install it", "%s（%s）低于最低版本号 %s：没有手机会安装它"}, r.Facts["version"], r.Facts["release"], r.Facts["floor"]).
			hint(text{"to allow it again: wgtup set floor none -c %s", "要重新允许：wgtup set floor none -c %s"}, r.Facts["channel"])
	},
	publish.AboveReach: func(r *publish.Refusal) *failure {
		return refused(text{"version code %s is more than phones with %s can get: the highest for everybody is %s", "版本号 %s 超出 %s 的手机能得到的：全量发布里最高的是 %s"}, r.Facts["code"], r.Facts["native"], r.Facts["highest"]).
			hint(text{"publish such a version for everybody first, or retire that app: wgtup retire %s -c %s", "请先全量发布这样的版本，或停用那个安装包：wgtup retire %s -c %s"}, r.Facts["native"], r.Facts["channel"])
	},
	publish.ManyTargets: func(r *publish.Refusal) *failure {
		return refused(text{"different apps would go back to different releases: %s and %s", "不同的安装包会退回到不同的版本：%s 和 %s"}, r.Facts["version"], r.Facts["other"]).
			hint(text{"name the one to publish again: wgtup rollback -c %s --reissue --to %s", "指明要重新发布哪一个：wgtup rollback -c %s --reissue --to %s"}, r.Facts["channel"], r.Facts["release"])
	},
	publish.StoreBehind: func(r *publish.Refusal) *failure {
		return refused(text{"the store stands at entry %s, but phones have already seen %s at %s", "存储停在第 %s 条记录，而手机已经从 %[3]s 看到第 %[2]s 条"},
			bareEntry(r.Facts["position"]), bareEntry(r.Facts["shown"]), r.Facts["site"]).
			hint(text{"is this the right --store, or was the bucket restored from a backup? put the missing journal entries back from the public URL first",
				"--store 对吗？存储桶是不是从备份恢复过？请先从公网地址把缺少的 journal 记录放回去"})
	},
	publish.OtherHome: func(r *publish.Refusal) *failure {
		return refused(text{"entries of channel %s are made in another store (home %s), this one (%s) only mirrors it", "渠道 %s 的记录在另一个存储里创建（home %s），这个存储（%s）只是镜像"}, r.Facts["channel"], r.Facts["home"], r.Facts["store"]).
			hint(text{"is store in wgtup.yaml, or --store, the right one? to make this store the home for good: wgtup renew -c %s --home, and never publish to the old one again", "wgtup.yaml 里的 store 或 --store 对吗？要让这个存储成为新的 home：wgtup renew -c %s --home，之后不要再向旧的发布"}, r.Facts["channel"])
	},
	publish.PackageGone: func(r *publish.Refusal) *failure {
		return refused(text{"the package of %s (%s) is not in the store any more: it was pruned, or removed by hand", "%s（%s）的包已不在存储里：被清理了，或被人删除"}, r.Facts["version"], r.Facts["release"]).
			hint(text{"go back to another release with wgtup rollback -c %s --to RELEASE; what the app ships always stays", "用 wgtup rollback -c %s --to 发布编号 退回到另一个发布；安装包自带的版本始终保留"}, r.Facts["channel"]).
			hint(text{"or put the same build back: wgtup pack DIST -o FILE makes the same bytes", "或放回同一个构建：wgtup pack 构建目录 -o 文件 会生成相同的字节"})
	},
	publish.ClockWrong: func(r *publish.Refusal) *failure {
		return refused(text{"this machine says it is %s, %s says %s: phones would refuse what is issued at a wrong time", "本机时间是 %s，而 %s 的时间是 %s：手机会拒绝签发时间不对的记录"}, r.Facts["here"], r.Facts["site"], r.Facts["there"]).
			hint(text{"set this machine's clock right; if it is, a cache in front of that URL keeps old answers without saying so: curl -I %s", "请校准本机时间；如果本机没错，就是那个地址前的缓存在返回旧应答：curl -I %s"}, r.Facts["site"])
	},
	publish.LostRace: func(r *publish.Refusal) *failure {
		if r.Facts["release"] != "" {
			return refused(text{"%s was published meanwhile: is that the one to withdraw?", "期间又发布了 %s：要撤回的是它吗？"}, r.Facts["release"]).
				hint(text{"look at wgtup history -c %s, then run the command again", "先看 wgtup history -c %s，再重新执行"}, r.Facts["channel"])
		}
		return refused(text{"other publishers were faster %s times in a row", "连续 %s 次都被其他发布者抢先"}, r.Facts["attempts"]).
			hint(text{"look at wgtup history -c %s, then run the command again", "先看 wgtup history -c %s，再重新执行"}, r.Facts["channel"])
	},
	publish.EntryTooLarge: func(r *publish.Refusal) *failure {
		return refused(text{"the document would be %s bytes, the limit is %s", "文档将有 %s 字节，上限是 %s"}, r.Facts["size"], r.Facts["limit"]).
			hint(text{"shorten the notes, complete old rollouts, or retire old app versions: wgtup retire PLATFORM NAME", "请缩短更新说明，完成旧的灰度，或停用旧安装包：wgtup retire 平台 版本名"})
	},
}

// bareEntry is entryName of a position that was written out.
func bareEntry(position string) string { return strings.TrimPrefix(position, "0/") }

func needsFullPackage(r *publish.Refusal) *failure {
	f := refused(text{"this build cannot be a hot update for %s: it needs another installed app", "这个构建不能作为 %s 的热更新：它需要新的安装包"},
		orDash(r.Facts["natives"], r.Facts["version"]))
	lines := changeLines(r.Changes)
	f.what.en += escapePercent(lines.en)
	f.what.zh += escapePercent(lines.zh)
	source := orDash(r.Facts["source"], "DIST")
	if len(r.Changes) == 0 && r.Facts["sources"] != "" {
		f = f.hint(text{"what differs is the native code for HarmonyOS in uni_modules, which no .wgt has: give the build folder", "不同的是 uni_modules 里的 HarmonyOS 原生代码，.wgt 里没有这部分：请给出构建目录"})
	}
	return f.hint(text{"build and ship a full package, then register it: wgtup publish --base %s", "请打整包并上架，然后登记：wgtup publish --base %s"}, source).
		hint(text{"or let users get it from here, and register it in one step: wgtup publish APP.apk", "或直接从这里分发，同时登记：wgtup publish 安装包.apk"}).
		hint(text{"or take the change back: wgtup diff OLD %s shows the values", "或者撤回这些改动：wgtup diff 旧构建 %s 可查看具体的值"}, source)
}

func flagsDiffer(r *publish.Refusal) *failure {
	flag := r.Facts["flag"]
	f := refused(text{"this content is live already as %s with %s %s, not %s", "这份内容已作为 %s 发布，%s 是 %s，不是 %s"},
		r.Facts["release"], flag, orDash(r.Facts["have"]), orDash(r.Facts["want"]))
	if r.Facts["have"] == "" && r.Facts["want"] == "" {
		f = refused(text{"this content is live already as %s with other %s", "这份内容已作为 %s 发布，但 %s 不同"}, r.Facts["release"], flag)
	}
	if flag == "--rollout" {
		return f.hint(text{"wgtup rollout %s %s --release %s", "wgtup rollout %s %s --release %s"}, orDash(r.Facts["channel"]), r.Facts["want"], r.Facts["release"])
	}
	change := map[string]string{"--mode": "set mode " + r.Facts["want"], "--notes": "set notes", "--testers": "set testers FILE", "--ramp": "rollout " + orDash(r.Facts["channel"]) + " --ramp STEPS"}[flag]
	switch {
	case flag == "--ramp":
		return f.hint(text{"wgtup %s --release %s", "wgtup %s --release %s"}, change, r.Facts["release"])
	case change != "":
		return f.hint(text{"wgtup %s -c %s --release %s", "wgtup %s -c %s --release %s"}, change, orDash(r.Facts["channel"]), r.Facts["release"])
	}
	return f.hint(text{"leave %s out, or publish a new version with it", "去掉 %s，或用新版本发布"}, flag)
}

func orDash(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return "-"
}

// entryWords are for entries, copies and keys that do not verify.
func entryWords(err error) *failure {
	if errors.Is(err, publish.ErrNewerTool) {
		return fault(exitRefused, "newer-tool", text{"the channel was written by a newer wgtup: %v", "这个渠道由更新版本的 wgtup 写入：%v"}, err).
			hint(text{"install that version", "请安装新版本"})
	}
	var e *publish.EntryError
	if errors.As(err, &e) {
		return fault(exitRefused, "entry-refused", text{"%s is not an entry that our keys vouch for, so nothing was written: %v", "%s 不是我们的密钥认可的记录，因此什么都没有写：%v"}, e.Key, e.Err).
			hint(text{"is wgtup.yaml the right one (app, keys)? if it is, somebody else writes to this bucket: change the storage key, then see docs/spec/protocol.md, Keys",
				"wgtup.yaml 对吗（app、keys）？如果没错，说明有别人在写这个存储桶：请更换存储密钥，并参阅 docs/spec/protocol.md 的 Keys 一节"})
	}
	if errors.Is(err, publish.ErrOtherContent) {
		return fault(exitStore, "content-differs", text{"%v: the store, or somebody else, changed it", "%v：存储或别人改动了它"}, err).
			hint(text{"delete that object in the console, then publish again", "请在控制台删除该对象，然后重新发布"})
	}
	return nil
}
