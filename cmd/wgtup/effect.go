package main

import (
	"fmt"
	"slices"

	"wgtup/internal/publish"
	"wgtup/release"
)

// effect is what a change means for the devices on one installed app that run
// one version.
type effect struct {
	Native release.Native  `json:"native"`
	Runs   release.Version `json:"runs"`
	Before prospect        `json:"before"`
	After  prospect        `json:"after"`
}

// prospect is what such devices do: those for whom no rollout has their turn
// yet, and the share of them that are within the newest one.
type prospect struct {
	Outside outcome `json:"outside"`
	Inside  outcome `json:"inside"` // the same when nothing is being rolled out to them
	Share   int64   `json:"permyriad"`
}

type outcome struct {
	Action  release.Action   `json:"action"`
	Reason  release.Reason   `json:"reason"`
	Release string           `json:"release,omitempty"`
	Version *release.Version `json:"version,omitempty"`
	Mode    release.Mode     `json:"mode,omitempty"`
}

// effects compares two documents of a channel, the first nil for a new channel:
// for every live app, what its devices do on each version that one of them names.
func effects(before, after *release.Document) []effect {
	var all []effect
	if before == nil {
		before = &release.Document{Format: release.Format, App: after.App, Channel: after.Channel, Issued: after.Issued, Expires: after.Expires}
	}
	for _, b := range after.Bases {
		if b.Retired {
			continue
		}
		n := b.Native()
		for _, v := range versionsOn(n, before, after) {
			all = append(all, effect{n, v, prospectOf(before, n, v, after.Issued), prospectOf(after, n, v, after.Issued)})
		}
	}
	return all
}

// versionsOn are the versions that devices of an app may run, as far as the
// documents name them, in the order of the documents.
func versionsOn(n release.Native, documents ...*release.Document) []release.Version {
	var all []release.Version
	add := func(v release.Version, platforms []string, natives release.Natives) {
		if slices.Contains(platforms, n.Platform) && natives.Include(n) && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	for _, d := range documents {
		for _, r := range d.Releases {
			if r.Kind == release.Wgt {
				add(r.Version, r.Platforms, r.Natives)
			}
		}
	}
	gone := documents[len(documents)-1].Withdrawn
	for _, w := range gone[max(0, len(gone)-shownWithdrawn):] {
		if w.ID != "" {
			add(w.Version, w.Platforms, w.Natives)
		}
	}
	slices.SortStableFunc(all, func(a, b release.Version) int {
		switch {
		case release.Higher(b.Name, a.Name):
			return -1
		case release.Higher(a.Name, b.Name):
			return 1
		}
		return 0
	})
	return all
}

// prospectOf decides for a device without an install id, which no rollout
// reaches, and for one that every rollout reaches.
func prospectOf(d *release.Document, n release.Native, v release.Version, now release.Time) prospect {
	device := release.Device{App: d.App, Channel: d.Channel, Platform: n.Platform, Native: release.Version{Name: n.Name, Code: n.Code},
		Running: release.Running{Name: v.Name, Code: v.Code}}
	clock := release.Clock{Now: now.Time}
	open := *d
	open.Releases = slices.Clone(d.Releases)
	for i := range open.Releases {
		r := &open.Releases[i]
		if share := r.Rollout.Share(now.Time); share > 0 {
			r.Rollout = release.Rollout{Permyriad: release.Whole}
		}
	}
	p := prospect{Outside: outcomeOf(release.Decide(device, d, clock)), Inside: outcomeOf(release.Decide(device, &open, clock)), Share: release.Whole}
	if r := d.Find(p.Inside.Release); r != nil && p.Inside.Action != release.None {
		p.Share = r.Rollout.Share(now.Time)
	}
	return p
}

func outcomeOf(d release.Decision) outcome {
	o := outcome{Action: d.Action, Reason: d.Reason, Mode: d.Mode}
	if d.Action != release.None {
		o.Release, o.Version = d.Release, d.Version
	}
	return o
}

// mostEffects is how many rows a dry run shows.
const mostEffects = 12

// showEffects prints who gets what, for those apps and versions where something
// changes; of the others it says how many there are.
func (u *ui) showEffects(all []effect) {
	rows := [][]string{u.header("APP|RUNS|GETS NOW|WILL GET", "安装包|运行|现在得到|将会得到")}
	same := 0
	for _, e := range all {
		now, then := u.t(prospectText(e.Before)), u.t(prospectText(e.After))
		if now == then {
			same++
			continue
		}
		rows = append(rows, []string{e.Native.Platform + " " + e.Native.Name, e.Runs.Name, now, then})
	}
	if more := len(rows) - 1 - mostEffects; more > 0 {
		rows = append(rows[:mostEffects+1], []string{fmt.Sprintf(u.t(text{"and %d more: --json", "另有 %d 行：--json"}), more)})
	}
	if len(rows) > 1 {
		u.table(rows)
	}
	if same > 0 {
		u.say(text{"unchanged for devices on %d combinations of app and version", "另有 %d 种安装包与版本的组合不受影响"}, same)
	}
}

func prospectText(p prospect) text {
	outside := outcomeText(p.Outside)
	if p.Inside == p.Outside || p.Share >= release.Whole || sameOutcome(p.Inside, p.Outside) {
		return outside
	}
	inside, share := outcomeText(p.Inside), publish.Percent(p.Share)
	return text{fmt.Sprintf("%s: %s, others: %s", share, inside.en, outside.en), fmt.Sprintf("%s：%s，其余：%s", share, inside.zh, outside.zh)}
}

func sameOutcome(a, b outcome) bool {
	return a.Action == b.Action && a.Release == b.Release && (a.Action != release.None || a.Reason == b.Reason)
}

func outcomeText(o outcome) text {
	switch {
	case o.Action == release.None && o.Reason == release.UpToDate, o.Action == release.None && o.Reason == release.RunningNewer, o.Action == release.None && o.Reason == release.NothingFits,
		o.Action == release.None && o.Reason == release.OutsideRollout, o.Action == release.None && o.Reason == release.Adopted:
		return text{"stays", "不变"}
	case o.Action == release.None && o.Reason == release.Held:
		return text{"stays: on hold", "不变：已停止推送"}
	case o.Action == release.None:
		return text{"stays: " + reasonWords[o.Reason].en, "不变：" + reasonWords[o.Reason].zh}
	case o.Action == release.InstallNative:
		return text{fmt.Sprintf("app %s (%s)", o.Version.Name, o.Mode), fmt.Sprintf("安装包 %s（%s）", o.Version.Name, o.Mode)}
	}
	return text{fmt.Sprintf("%s (%s)", o.Version.Name, o.Mode), fmt.Sprintf("%s（%s）", o.Version.Name, o.Mode)}
}
