package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wgtup/internal/publish"
	"wgtup/release"
)

func statusCommand(ui *ui) *cobra.Command {
	var channel string
	c := &cobra.Command{
		Use:   "status",
		Short: ui.t(text{"what is live, and whether phones can see it", "线上是什么，手机能否看到"}),
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return ui.status(c.Context(), channel) },
	}
	ui.channelFlag(c, &channel)
	return c
}

// statusJSON is `status --json`.
type statusJSON struct {
	App       string              `json:"app"`
	Channel   string              `json:"channel"`
	Published bool                `json:"published"`
	Epoch     int64               `json:"epoch"`
	Sequence  int64               `json:"sequence"`
	Issued    *release.Time       `json:"issued,omitempty"`
	Expires   *release.Time       `json:"expires,omitempty"`
	Latest    *release.Version    `json:"latest,omitempty"`
	Bases     []release.Base      `json:"bases"`
	Releases  []statusRelease     `json:"releases"`
	Withdrawn []release.Withdrawn `json:"withdrawn"`
	Holds     []release.Hold      `json:"holds"`
	Views     []map[string]any    `json:"views"`
	Copies    bool                `json:"copiesFollow"`
}

type statusRelease struct {
	ID        string          `json:"id"`
	Kind      release.Kind    `json:"kind"`
	Version   release.Version `json:"version"`
	Platforms []string        `json:"platforms"`
	Natives   release.Natives `json:"natives,omitzero"`
	Share     int64           `json:"permyriad"` // now
	Full      bool            `json:"full"`
	Paused    bool            `json:"paused"`
	Landing   bool            `json:"landing"`
	Mode      release.Mode    `json:"mode"`
	Size      int64           `json:"size,omitempty"`
	Patches   int             `json:"patches"`
}

func (u *ui) status(ctx context.Context, channel string) error {
	p, err := u.publisher(ctx, channel, false)
	if err != nil {
		return err
	}
	head, err := p.Head(ctx)
	u.clearProgress()
	if err != nil {
		return err
	}
	out := statusJSON{App: p.App, Channel: p.Channel, Bases: []release.Base{}, Releases: []statusRelease{}, Withdrawn: []release.Withdrawn{}, Holds: []release.Hold{}, Views: []map[string]any{}}
	if head == nil {
		u.say(text{"nothing published on channel %s of %s yet", "%[2]s 的渠道 %[1]s 还没有任何发布"}, p.Channel, p.App)
		u.say(text{"start with: wgtup publish --base DIST", "从这里开始：wgtup publish --base 构建目录"})
		return u.print(out)
	}
	if out.Copies, err = p.CopiesFollow(ctx, head); err != nil {
		return err
	}
	now, d := time.Now(), head.Document
	views := p.LookOnce(ctx, head)
	u.clearProgress()
	out.Published, out.Epoch, out.Sequence, out.Issued, out.Expires = true, d.Epoch, d.Sequence, &d.Issued, &d.Expires
	out.Bases, out.Withdrawn, out.Holds, out.Views = d.Bases, d.Withdrawn, d.Holds, viewsJSON(views)
	if latest := d.Latest(now); latest != nil {
		out.Latest = &latest.Version
	}
	for i := range d.Releases {
		out.Releases = append(out.Releases, statusOf(&d.Releases[i], now))
	}
	u.showStatus(&out, views)
	return u.print(out)
}

func statusOf(r *release.Release, now time.Time) statusRelease {
	s := statusRelease{ID: r.ID, Kind: r.Kind, Version: r.Version, Platforms: r.Platforms, Natives: r.Natives, Share: r.Rollout.Share(now),
		Full: r.Rollout.Full(now), Paused: !r.Rollout.Paused.IsZero(), Landing: r.Landing, Mode: r.Mode, Patches: len(r.Patches)}
	if r.Package != nil {
		s.Size = r.Package.Size
	}
	return s
}

func (u *ui) showStatus(s *statusJSON, views []publish.View) {
	u.say(text{"channel %s of %s, entry %d/%d of %s, good until %s", "%[2]s 的渠道 %[1]s，第 %[3]d/%[4]d 条记录，%[5]s，有效期至 %[6]s"},
		s.Channel, s.App, s.Epoch, s.Sequence, s.Issued, s.Expires)
	rows := [][]string{u.header("ID|VERSION|SHARE|MODE|FOR|SIZE", "编号|版本|比例|模式|适用|大小")}
	for _, r := range s.Releases {
		share := publish.Percent(r.Share)
		switch {
		case r.Paused:
			share = u.t(text{"paused", "已暂停"})
		case r.Landing:
			share = u.t(text{"way back", "退路"})
		}
		rows = append(rows, []string{r.ID, fmt.Sprintf("%s (%d)", r.Version.Name, r.Version.Code), share, string(r.Mode), nativesText(r.Platforms, r.Natives), bytesText(r.Size)})
	}
	u.table(rows)
	for _, w := range s.Withdrawn {
		u.say(text{"withdrawn: %s (%s)", "已撤回：%s（%s）"}, w.Version.Name, w.ID)
	}
	for _, h := range s.Holds {
		name := h.Platform
		if h.Native != nil {
			name += " " + h.Native.Name
		}
		u.say(text{"held: %s %s", "停止推送：%s %s"}, name, h.Reason)
	}
	for _, b := range s.Bases {
		if b.Retired {
			u.say(text{"retired app: %s %s", "已停用的安装包：%s %s"}, b.Platform, b.Name)
		}
	}
	if s.Latest != nil {
		u.say(text{"latest.wgt: %s (%d)", "latest.wgt：%s（%d）"}, s.Latest.Name, s.Latest.Code)
	}
	if !s.Copies {
		u.warn(text{"release.json or latest.wgt does not follow the journal: wgtup repair", "release.json 或 latest.wgt 落后于 journal：wgtup repair"})
	}
	for _, v := range views {
		if v.Visible {
			u.say(text{"visible at %s", "%s 可见"}, v.URL)
		} else {
			u.warn(text{"not visible at %s: %s", "%s 不可见：%s"}, v.URL, v.Problem)
		}
	}
}

// nativesText says which installed apps a release is for: "android, ios 1.0.0".
func nativesText(platforms []string, n release.Natives) string {
	if n.Range != nil {
		if n.Range.Min == 0 && n.Range.Max == nil {
			return strings.Join(platforms, ",")
		}
		return fmt.Sprintf("%s %d+", strings.Join(platforms, ","), n.Range.Min)
	}
	var names, order = map[string][]string{}, []string{}
	for _, l := range n.List {
		if names[l.Name] == nil {
			order = append(order, l.Name)
		}
		names[l.Name] = append(names[l.Name], l.Platform)
	}
	var parts []string
	for _, name := range order {
		parts = append(parts, strings.Join(names[name], ",")+" "+name)
	}
	if len(parts) > 2 {
		parts = append(parts[:2], "…")
	}
	return strings.Join(parts, "; ")
}
