package main

import (
	"fmt"
	"regexp"
	"strings"

	"wgtup/internal/publish"
)

// changeText puts one change of an entry into words.
func changeText(d publish.Difference) text {
	name := d.Version
	if d.Release != "" {
		name = fmt.Sprintf("%s (%s)", d.Version, d.Release)
	}
	words, ok := map[string]text{
		"base":      {"registers the app " + d.Native, "登记安装包 " + d.Native},
		"release":   {fmt.Sprintf("releases %s to %s of the devices", name, d.To), fmt.Sprintf("发布 %s，比例 %s", name, d.To)},
		"rollout":   rolloutText(name, d),
		"paused":    {"pauses " + name, "暂停 " + name},
		"resumed":   {"resumes " + name, "恢复 " + name},
		"natives":   {name + " fits further apps", name + " 适用于更多安装包"},
		"mode":      {fmt.Sprintf("mode of %s from %s to %s", name, d.From, d.To), fmt.Sprintf("%s 的模式从 %s 改为 %s", name, d.From, d.To)},
		"notes":     {"new notes for " + name, name + " 的更新说明有变"},
		"left":      {name + " is replaced", name + " 被取代"},
		"back":      {fmt.Sprintf("brings back %s to %s of the devices", name, d.To), fmt.Sprintf("恢复 %s，比例 %s", name, d.To)},
		"withdrawn": withdrawnChange(name, d.From),
		"hold":      {"holds offers to " + d.Native + reasonText(d.To).en, "停止向 " + d.Native + " 推送" + reasonText(d.To).zh},
		"unhold":    {"offers to " + d.Native + " again", "恢复向 " + d.Native + " 推送"},
		"retired":   {"retires the app " + d.Native, "停用安装包 " + d.Native},
		"testers":   {"testers of " + name + ": " + d.To, name + " 的测试设备：" + d.To + " 台"},
		"floor":     thresholdText(d.To, text{"nothing below version code %s any more", "不再安装低于版本号 %s 的包"}, text{"no floor any more", "不再有最低版本"}),
		"minimum":   thresholdText(d.To, text{"forced update below version code %s", "低于版本号 %s 的强制更新"}, text{"nobody is forced to update any more", "不再强制更新"}),
		"keys":      {"new keys: epoch " + d.To, "新密钥：第 " + d.To + " 代"},
		"home":      {"entries are made in another store from now on", "此后的记录改在另一个存储里创建"},
		"renewed":   {"renewed until " + d.To, "有效期延长到 " + d.To},
	}[d.Kind]
	if !ok {
		return text{d.Kind, d.Kind}
	}
	return words
}

func thresholdText(code string, some, none text) text {
	if code == "" {
		return none
	}
	return text{fmt.Sprintf(some.en, code), fmt.Sprintf(some.zh, code)}
}

func withdrawnChange(name, above string) text {
	if above == "" {
		return text{"withdraws " + name, "撤回 " + name}
	}
	return text{fmt.Sprintf("withdraws %s and all above %s", name, above), fmt.Sprintf("撤回 %s 以及高于 %s 的所有版本", name, above)}
}

// laterStep is a step of a ramp as a Difference spells it.
var laterStep = regexp.MustCompile(`, then (\S+) at ([^\s,]+)`)

// rolloutText: with the same share to begin with, the ramp is another one.
func rolloutText(name string, d publish.Difference) text {
	zh := laterStep.ReplaceAllString(d.To, "，$2 起 $1")
	if d.From == d.To || strings.HasPrefix(d.To, d.From+",") {
		return text{"another ramp for " + name + ", now " + d.To, name + " 的放量计划已更改，当前 " + zh}
	}
	return text{fmt.Sprintf("rollout of %s from %s to %s", name, d.From, d.To), fmt.Sprintf("%s 的灰度从 %s 改为 %s", name, d.From, zh)}
}

func reasonText(reason string) text {
	if reason == "" {
		return text{}
	}
	return text{" (" + reason + ")", "（" + reason + "）"}
}
