package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"wgtup/release"
)

func statusCommand(ui *ui) *cobra.Command {
	var channel string
	c := &cobra.Command{
		Use:   "status",
		Short: ui.t(text{"what is live, and whether phones can see it", "线上是什么，手机能否看到"}),
		Args:  takes(0, 0),
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
	By        string              `json:"by"`
	Commit    string              `json:"commit"`
	Job       string              `json:"job"`
	Message   string              `json:"message"`
	Latest    *release.Version    `json:"latest,omitempty"`
	Bases     []release.Base      `json:"bases"`
	Releases  []statusRelease     `json:"releases"`
	Withdrawn []release.Withdrawn `json:"withdrawn"`
	Holds     []release.Hold      `json:"holds"`
	Views     []viewJSON          `json:"views"`
	Copies    bool                `json:"copiesFollow"`
	Channels  []channelJSON       `json:"channels,omitempty"` // of the app, when no channel was asked for
	Mirrors   []mirrorJSON        `json:"mirrors,omitempty"`
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
	Rollout   release.Rollout `json:"rollout"` // as it was published
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
	if err != nil {
		return err
	}
	out := statusJSON{App: p.App, Channel: p.Channel, Bases: []release.Base{}, Releases: []statusRelease{}, Withdrawn: []release.Withdrawn{}, Holds: []release.Hold{}, Views: []viewJSON{}}
	if channel == "" {
		if out.Channels, err = u.statusOfAll(ctx, p); err != nil {
			return err
		}
	}
	if head == nil {
		switch {
		case channel != "" && len(channels(ctx, p)) > 1: // misspelt, most likely
			return noChannel(ctx, p)
		case len(out.Channels) > 0:
			u.note(text{"more of one: wgtup status -c %s", "查看其中一个：wgtup status -c %s"}, out.Channels[0].Channel)
			return u.print(out)
		}
		u.say(text{"nothing published on channel %s of %s yet", "%[2]s 的渠道 %[1]s 还没有任何发布"}, p.Channel, p.App)
		u.say(text{"start with: wgtup publish -c %s --base DIST", "从这里开始：wgtup publish -c %s --base 构建目录"}, p.Channel)
		return u.print(out)
	}
	if out.Copies, err = p.CopiesFollow(ctx, head); err != nil {
		return err
	}
	now, d := time.Now(), head.Document
	views := p.LookOnce(ctx, head)
	out.Published, out.Epoch, out.Sequence, out.Issued, out.Expires = true, d.Epoch, d.Sequence, &d.Issued, &d.Expires
	out.By, out.Commit, out.Job, out.Message = d.By, d.Commit, d.Job, d.Message
	out.Bases, out.Withdrawn, out.Holds, out.Views = d.Bases, d.Withdrawn, d.Holds, viewsJSON(views)
	if latest := d.Latest(now); latest != nil {
		out.Latest = &latest.Version
	}
	for i := range d.Releases {
		out.Releases = append(out.Releases, statusOf(&d.Releases[i], now))
	}
	u.showStatus(&out, now)
	for _, v := range views {
		if v.Visible {
			u.say(text{"visible at %s", "%s 可见"}, v.URL)
		} else {
			u.warn(text{"not visible at %s: %s", "%s 不可见：%s"}, v.URL, u.t(viewText(v)))
		}
	}
	mirrors := p.Standings(ctx, head)
	out.Mirrors = mirrorsJSON(mirrors)
	u.sayMirrors(mirrors)
	u.warnMirrors(p, mirrors)
	return u.print(out)
}

func statusOf(r *release.Release, now time.Time) statusRelease {
	s := statusRelease{ID: r.ID, Kind: r.Kind, Version: r.Version, Platforms: r.Platforms, Natives: r.Natives, Share: r.Rollout.Share(now),
		Full: r.Rollout.Full(now), Paused: !r.Rollout.Paused.IsZero(), Rollout: r.Rollout, Landing: r.Landing, Mode: r.Mode, Patches: len(r.Patches)}
	if r.Package != nil {
		s.Size = r.Package.Size
	}
	return s
}
