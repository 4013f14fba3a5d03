package main

import (
	"fmt"

	"wgtup/internal/publish"
	"wgtup/release"
)

// decisionJSON is `check --json` and `explain --json`.
type decisionJSON struct {
	release.Decision
	Release string           `json:"release"` // "" for none
	Rules   []release.Rule   `json:"rules"`
	Entry   release.Position `json:"entry"`
	Device  release.Device   `json:"device"`
}

func decisionOf(dev release.Device, doc *release.Document, clock release.Clock) decisionJSON {
	d := release.Decide(dev, doc, clock)
	rules := d.Rules
	if rules == nil {
		rules = []release.Rule{}
	}
	return decisionJSON{d, d.Release, rules, doc.Position(), dev}
}

// showDecision prints a decision; with rules also how it came about.
func (u *ui) showDecision(dev release.Device, doc *release.Document, clock release.Clock, rules bool) error {
	d := release.Decide(dev, doc, clock)
	u.say(text{"device: %s, app %s (%d), runs %s (%d)", "设备：%s，安装包 %s（%d），运行 %s（%d）"},
		dev.Platform, dev.Native.Name, dev.Native.Code, dev.Running.Name, dev.Running.Code)
	if rules {
		u.say(text{"entry %s of channel %s, looked at %s", "渠道 %[2]s 的第 %[1]s 条记录，判断时间 %[3]s"}, entryName(doc.Position()), doc.Channel, when(clock.Now))
		rows := [][]string{u.header("RULE|RELEASE|OUTCOME|DETAIL", "规则|发布|结果|说明")}
		for _, r := range d.Rules {
			rows = append(rows, u.ruleRow(r, dev, doc, clock))
		}
		u.table(rows)
	}
	u.say(text{"→ %s", "→ %s"}, u.t(decisionText(d)))
	if dev.Install == "" && d.Reason == release.OutsideRollout {
		u.note(text{"a device without --install-id gets only what is for everybody", "没有 --install-id 的设备只会收到全量的发布"})
	}
	return u.print(decisionOf(dev, doc, clock))
}

// ruleRow puts a rule into words; --json has it as it is.
func (u *ui) ruleRow(r release.Rule, dev release.Device, doc *release.Document, clock release.Clock) []string {
	rule, ok := ruleWords[r.Rule]
	if !ok {
		rule = text{r.Rule, r.Rule}
	}
	outcome, ok := outcomeWords[r.Outcome]
	if reason, known := reasonWords[release.Reason(r.Outcome)]; !ok && known {
		outcome, ok = reason, true
	}
	if !ok {
		outcome = text{r.Outcome, r.Outcome}
	}
	detail := r.Detail
	in := doc.Find(r.Release)
	switch {
	case r.Rule == "document" && r.Outcome == "yes":
		detail = ""
	case in != nil && r.Outcome == string(release.OutsideRollout) && !in.Rollout.Paused.IsZero():
		detail = u.t(text{"paused", "已暂停"})
	case in != nil && r.Outcome == string(release.OutsideRollout):
		mine := u.t(text{"no install id", "没有安装标识"})
		if dev.Install != "" {
			mine = fmt.Sprintf(u.t(text{"device at %s", "设备位于 %s"}), publish.Percent(release.Cohort(dev.Install, in.Salt())))
		}
		detail = fmt.Sprintf(u.t(text{"rollout %s, %s", "灰度 %s，%s"}), publish.Percent(in.Rollout.Share(clock.Now)), mine)
	}
	if in != nil && r.Outcome == "floor" && doc.Floor != nil {
		detail = fmt.Sprintf(u.t(text{"version code %d, floor %d", "版本号 %d，最低 %d"}), in.Version.Code, doc.Floor.Code)
	}
	name := r.Release
	if in != nil && in.Landing {
		name += u.t(text{" (way back)", "（兜底版本）"})
	}
	return []string{u.t(rule), name, u.t(outcome), detail}
}

var ruleWords = map[string]text{
	"document":   {"document", "文档"},
	"must-leave": {"must leave", "必须离开"},
	"fits":       {"fits", "适用"},
	"hold":       {"on hold", "停止推送"},
}

// outcomeWords are those that are no reason.
var outcomeWords = map[string]text{
	"yes":                          {"yes", "是"},
	"no":                           {"no", "否"},
	"unknown":                      {"needs a newer client", "需要更新的客户端"},
	"platform":                     {"for another platform", "属于其他平台"},
	"native":                       {"for another app version", "属于其他安装包"},
	"withdrawn":                    {"withdrawn", "已撤回"},
	"floor":                        {"below the floor", "低于最低版本"},
	"installed":                    {"not above the app", "不高于安装包"},
	string(release.OutsideRollout): {"not its turn yet", "尚未轮到"},
	string(release.MarkedBad):      {"failed here before", "在此启动失败过"},
	string(release.LeaveWithdrawn): {"yes: withdrawn", "是：已撤回"},
	string(release.LeaveNative):    {"yes: other app version", "是：与安装包不符"},
	string(release.LeaveChannel):   {"yes: other channel", "是：来自其他渠道"},
}

func decisionText(d release.Decision) text {
	reason := reasonWords[d.Reason]
	if d.Action == release.None {
		return text{"does nothing: " + reason.en, "不更新：" + reason.zh}
	}
	what := text{"hot update to", "热更新到"}
	switch {
	case d.Action == release.InstallNative:
		what = text{"full package", "整包更新到"}
	case d.Force: // not higher than what runs
		what = text{"goes back to", "退回到"}
	}
	size := ""
	if d.Size > 0 {
		size = bytesText(d.Size) + ", "
	}
	return text{
		fmt.Sprintf("%s %s (%s, %s%s): %s", what.en, d.Version.Name, d.Release, size, d.Mode, reason.en),
		fmt.Sprintf("%s %s（%s, %s%s）：%s", what.zh, d.Version.Name, d.Release, size, d.Mode, reason.zh),
	}
}

var reasonWords = map[release.Reason]text{
	release.WrongApp:       {"the document is another app's", "文档属于另一个应用"},
	release.WrongChannel:   {"the document is another channel's", "文档属于另一个渠道"},
	release.NotYetIssued:   {"the document was issued more than 48 h ahead of network time", "文档签发时间比网络时间超前 48 小时以上"},
	release.Expired:        {"the document has expired; wgtup renew", "文档已过期；请执行 wgtup renew"},
	release.UpToDate:       {"it runs what it should", "已是应有的版本"},
	release.RunningNewer:   {"what runs is newer than every release for it", "正在运行的版本比所有适用的发布都新"},
	release.NothingFits:    {"no release fits this device", "没有适用于这台设备的发布"},
	release.OutsideRollout: {"a newer release is being rolled out, not to this device so far", "新版本正在灰度，尚未轮到这台设备"},
	release.MarkedBad:      {"the newer release did not start on this device", "新版本在这台设备上启动失败过"},
	release.Held:           {"offers are on hold for this app", "对这个安装包的推送已停止"},
	release.NoWayBack:      {"it should leave what runs, but nothing fits it", "它应离开当前版本，但没有适用的版本"},
	release.Adopted:        {"it runs the target's content already", "目标内容已在运行"},
	release.NewerRelease:   {"a newer release", "有新版本"},
	release.LeaveWithdrawn: {"what runs was withdrawn", "正在运行的版本已被撤回"},
	release.LeaveNative:    {"what runs does not fit the installed app", "正在运行的版本与安装包不符"},
	release.LeaveChannel:   {"what runs came from another channel", "正在运行的版本来自另一个渠道"},
	release.NativeForced:   {"a forced full package", "强制整包更新"},
	release.NativeUpdate:   {"a newer full package", "有新的整包"},
}
