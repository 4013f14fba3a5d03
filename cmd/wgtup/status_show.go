package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wgtup/internal/publish"
	"wgtup/release"
)

// expiresSoon is when status begins to warn.
const expiresSoon = 60 * 24 * time.Hour

func (u *ui) showStatus(s *statusJSON, now time.Time) {
	u.say(text{"channel %s of %s, entry %s, good until %s", "%[2]s 的渠道 %[1]s，第 %[3]s 条记录，有效期至 %[4]s"},
		s.Channel, s.App, entryName(release.Position{Epoch: s.Epoch, Sequence: s.Sequence}), s.Expires.Local().Format("2006-01-02"))
	u.say(text{"last change %s (%s)%s", "最后变更 %s（%s）%s"}, when(s.Issued.Time), u.ago(s.Issued.Time, now), makerText(s.By, s.Commit, s.Job))
	if s.Message != "" {
		u.say(text{"  “%s”", "  “%s”"}, s.Message)
	}
	u.releaseTable(s.Releases)
	for _, r := range s.Releases {
		if steps := u.rampText(r.Rollout, now); steps != "" && !r.Paused {
			u.say(text{"ramp of %s (%s): %s", "%s（%s）的放量：%s"}, r.Version.Name, r.ID, steps)
		}
		if r.Paused {
			u.say(text{"%s (%s) paused at %s since %s; who has it keeps it", "%s（%s）已暂停，停在 %s，自 %s；已更新的设备不受影响"},
				r.Version.Name, r.ID, publish.Percent(heldShare(r.Rollout)), when(r.Rollout.Paused.Time.Time))
		}
	}
	if len(s.Withdrawn) > 0 {
		u.say(text{"withdrawn: %s", "已撤回：%s"}, withdrawnText(s.Withdrawn))
	}
	for _, h := range s.Holds {
		u.say(text{"on hold: %s%s", "停止推送：%s%s"}, holdName(h), u.t(reasonText(h.Reason)))
	}
	for _, b := range s.Bases {
		if b.Retired {
			u.say(text{"retired app: %s %s", "已停用的安装包：%s %s"}, b.Platform, b.Name)
		}
	}
	if s.Latest != nil {
		u.say(text{"latest.wgt: %s (%d), what hand-written clients see", "latest.wgt：%s（%d），手写的客户端看到的版本"}, s.Latest.Name, s.Latest.Code)
	}
	if !s.Copies {
		u.warn(text{"release.json or latest.wgt does not follow the journal: wgtup repair -c %s", "release.json 或 latest.wgt 落后于 journal：wgtup repair -c %s"}, s.Channel)
	}
	if s.Expires.Sub(now) < expiresSoon {
		u.warn(text{"the document expires on %s, then phones stop updating: wgtup renew -c %s", "文档将于 %s 过期，之后手机不再更新：wgtup renew -c %s"}, when(s.Expires.Time), s.Channel)
	}
}

func (u *ui) releaseTable(releases []statusRelease) {
	rows := [][]string{u.header("ID|VERSION|SHARE|MODE|FOR|SIZE", "编号|版本|比例|模式|适用|大小")}
	for _, r := range releases {
		share, mode := publish.Percent(r.Share), string(r.Mode)
		switch {
		case r.Landing:
			share, mode = u.t(text{"way back", "兜底版本"}), "-"
		case r.Paused:
			share = u.t(text{"paused", "已暂停"})
		}
		if r.Kind == release.NativeApp {
			mode = u.t(text{"full app, ", "整包，"}) + mode
		}
		size := "-"
		if r.Size > 0 {
			size = bytesText(r.Size)
		}
		rows = append(rows, []string{r.ID, fmt.Sprintf("%s (%d)", r.Version.Name, r.Version.Code), share, mode, nativesText(r.Platforms, r.Natives), size})
	}
	u.table(rows)
}

// makerText is who made an entry, from which commit, in which job.
func makerText(words ...string) string {
	return strings.TrimRight("  "+strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "  "), " ")
}

// rampText is what is still to come of a ramp.
func (u *ui) rampText(r release.Rollout, now time.Time) string {
	var steps []string
	for _, s := range r.Ramp {
		if s.At.After(now) {
			steps = append(steps, publish.Percent(s.Permyriad)+" "+s.At.Local().Format("2006-01-02 15:04"))
		}
	}
	return strings.Join(steps, u.t(text{", ", "，"}))
}

// heldShare is the share at which a rollout was paused.
func heldShare(r release.Rollout) int64 {
	since := r.Paused.Time.Time
	r.Paused = release.Since{}
	return r.Share(since)
}

// shownWithdrawn is how many withdrawn releases a status lists, the newest.
const shownWithdrawn = 5

func withdrawnText(all []release.Withdrawn) string {
	var names []string
	all = slices.DeleteFunc(slices.Clone(all), func(w release.Withdrawn) bool { return w.ID == "" })
	for _, w := range all[max(0, len(all)-shownWithdrawn):] {
		names = append(names, fmt.Sprintf("%s (%s)", w.Version.Name, w.ID))
	}
	if len(all) > shownWithdrawn {
		names = append([]string{"…"}, names...)
	}
	return strings.Join(names, ", ")
}

func holdName(h release.Hold) string {
	if h.Native == nil {
		return h.Platform
	}
	return h.Platform + " " + h.Native.Name
}

// wideNatives is the widest that the column of installed apps becomes.
const wideNatives = 26

// nativesText says which installed apps a release is for: "android,ios 1.0.0".
func nativesText(platforms []string, n release.Natives) string {
	if n.IsZero() { // a full package for any app
		return strings.Join(platforms, ",")
	}
	if n.Range != nil {
		names := strings.Join(platforms, ",")
		switch {
		case n.Range.Max != nil:
			return fmt.Sprintf("%s %d-%d", names, n.Range.Min, *n.Range.Max)
		case n.Range.Min == 0:
			return names
		}
		return fmt.Sprintf("%s %d+", names, n.Range.Min)
	}
	platformsOf, order := map[string][]string{}, []string{}
	for _, l := range n.List {
		if platformsOf[l.Name] == nil {
			order = append(order, l.Name)
		}
		if !slices.Contains(platformsOf[l.Name], l.Platform) {
			platformsOf[l.Name] = append(platformsOf[l.Name], l.Platform)
		}
	}
	line, last := "", ""
	for _, name := range order {
		on := strings.Join(platformsOf[name], ",")
		switch {
		case line == "":
			line = on + " " + name
		case on == last:
			line += ", " + name
		default:
			line += "; " + on + " " + name
		}
		last = on
	}
	if columns(line) > wideNatives {
		line = line[:wideNatives-1] + "…"
	}
	return line
}
