package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"wgtup/release"
)

// deviceFlags describe a phone.
type deviceFlags struct {
	channel    string
	file       string
	version    string
	code       int64
	native     string
	nativeCode int64
	platform   string
	install    string
	running    string
	at         string
}

func (u *ui) deviceFlags(c *cobra.Command, f *deviceFlags) {
	fs := c.Flags()
	u.channelFlag(c, &f.channel)
	fs.StringVar(&f.version, "version", "", u.t(text{"version name of what runs", "正在运行的版本名"}))
	fs.Int64Var(&f.code, "version-code", 0, u.t(text{"version code of what runs", "正在运行的版本号"}))
	fs.StringVar(&f.native, "native", "", u.t(text{"version name of the installed app (default: the registered one)", "安装包的版本名（默认：已登记的那个）"}))
	fs.Int64Var(&f.nativeCode, "native-code", 0, u.t(text{"version code of the installed app", "安装包的版本号"}))
	fs.StringVar(&f.platform, "platform", release.Android, u.t(text{"android, ios or harmony", "android、ios 或 harmony"}))
	fs.StringVar(&f.install, "install-id", "", u.t(text{"install id, which decides rollouts", "安装标识，决定是否在灰度内"}))
	fs.StringVar(&f.running, "release", "", u.t(text{"release id of what runs, if the device still knows it", "正在运行的发布编号（如果设备还记得）"}))
	fs.StringVar(&f.file, "device", "", u.t(text{"JSON file with the device's state instead of these flags", "用 JSON 文件描述设备，代替以上参数"}))
}

// device is the phone that the flags describe, as this document sees it.
func (f *deviceFlags) device(d *release.Document) (release.Device, error) {
	dev := release.Device{App: d.App, Channel: d.Channel, Platform: f.platform, Install: f.install}
	if f.file != "" {
		data, err := os.ReadFile(f.file)
		if err != nil {
			return dev, usage(text{"cannot read the device: %v", "无法读取设备描述：%v"}, err)
		}
		if err := json.Unmarshal(data, &dev); err != nil {
			return dev, usage(text{"%s is no device state: %v", "%s 不是设备状态：%v"}, f.file, err)
		}
		return dev, nil
	}
	if f.version == "" {
		return dev, usage(text{"which version runs on the device?", "设备上运行的是哪个版本？"}).
			hint(text{"--version 1.0.0 --version-code 100 (and --native, --platform, --install-id)", "--version 1.0.0 --version-code 100（以及 --native、--platform、--install-id）"})
	}
	dev.Running = release.Running{Name: f.version, Code: f.code}
	dev.Native = release.Version{Name: f.native, Code: f.nativeCode}
	if f.native == "" {
		dev.Native = soleNative(d, f.platform, dev.Running)
	}
	if f.running != "" {
		if dev.Running.Release = d.Find(f.running); dev.Running.Release == nil {
			dev.Running.Release = &release.Release{ID: f.running, Kind: release.Wgt, Platforms: []string{f.platform},
				Natives: release.Natives{List: []release.Native{{Platform: f.platform, Name: dev.Native.Name, Code: dev.Native.Code}}}}
		}
		dev.Running.Channel = d.Channel
	}
	return dev, nil
}

// soleNative is the only live registered app of a platform, else one whose
// version is what runs.
func soleNative(d *release.Document, platform string, r release.Running) release.Version {
	var found []release.Version
	for _, b := range d.Bases {
		if b.Platform == platform && !b.Retired {
			found = append(found, release.Version{Name: b.Name, Code: b.Code})
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return release.Version{Name: r.Name, Code: r.Code}
}

// showDecision prints a decision; with rules also how it came about.
func (u *ui) showDecision(dev release.Device, at release.Position, d release.Decision, rules bool) error {
	u.say(text{"device: %s, app %s (%d), runs %s (%d); entry %s", "设备：%s，安装包 %s（%d），运行 %s（%d）；第 %s 条记录"},
		dev.Platform, dev.Native.Name, dev.Native.Code, dev.Running.Name, dev.Running.Code, at)
	if rules {
		rows := [][]string{u.header("RULE|RELEASE|OUTCOME|DETAIL", "规则|发布|结果|说明")}
		for _, r := range d.Rules {
			rows = append(rows, []string{r.Rule, r.Release, r.Outcome, r.Detail})
		}
		u.table(rows)
	}
	u.say(text{"→ %s", "→ %s"}, u.t(decisionText(d)))
	if u.json {
		out := struct {
			release.Decision
			Rules    []release.Rule   `json:"rules"`
			Position release.Position `json:"entry"`
			Device   release.Device   `json:"device"`
		}{d, d.Rules, at, dev}
		return u.print(out)
	}
	return nil
}

func decisionText(d release.Decision) text {
	reason := reasonWords[d.Reason]
	if d.Action == release.None {
		return text{"nothing to do: " + reason.en, "不更新：" + reason.zh}
	}
	what := text{"installs the hot update", "安装热更新"}
	if d.Action == release.InstallNative {
		what = text{"is offered the full package", "提示安装整包"}
	}
	return text{
		fmt.Sprintf("%s %s (%s, %s, mode %s): %s", what.en, d.Version.Name, d.Release, bytesText(d.Size), d.Mode, reason.en),
		fmt.Sprintf("%s %s（%s，%s，模式 %s）：%s", what.zh, d.Version.Name, d.Release, bytesText(d.Size), d.Mode, reason.zh),
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

// clock is --at, else a given time.
func (f *deviceFlags) clock(now time.Time) (release.Clock, error) {
	if f.at == "" {
		return release.Clock{Now: now, Network: true}, nil
	}
	at, err := parseTime(f.at, now)
	return release.Clock{Now: at, Network: true}, err
}

// parseTime reads 2026-11-22T18:00:00Z, "2026-11-22 18:00" (local) or +6h.
func parseTime(s string, now time.Time) (time.Time, error) {
	if s == "now" {
		return now, nil
	}
	if s != "" && s[0] == '+' {
		if d, err := time.ParseDuration(s[1:]); err == nil {
			return now.Add(d), nil
		}
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage(text{"bad time %q", "时间 %q 有误"}, s).hint(text{"2026-11-22T18:00:00Z, \"2026-11-22 18:00\" or +6h", "2026-11-22T18:00:00Z、\"2026-11-22 18:00\" 或 +6h"})
}
