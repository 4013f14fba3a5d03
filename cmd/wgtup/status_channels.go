package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"wgtup/internal/publish"
	"wgtup/release"
)

// channelJSON is one channel of `status --json`.
type channelJSON struct {
	Channel  string           `json:"channel"`
	Epoch    int64            `json:"epoch"`
	Sequence int64            `json:"sequence"`
	Issued   release.Time     `json:"issued"`
	Expires  release.Time     `json:"expires"`
	By       string           `json:"by"`
	Latest   *release.Version `json:"latest,omitempty"`
	Rolling  []rollingJSON    `json:"rolling"`
	Holds    int              `json:"holds"`
	Problem  string           `json:"problem,omitempty"` // code of the error: it cannot be read
}

// rollingJSON is a release that is not for everybody yet.
type rollingJSON struct {
	Release string          `json:"release"`
	Version release.Version `json:"version"`
	Share   int64           `json:"permyriad"` // now
	Paused  bool            `json:"paused"`
}

// statusOfAll is a line for each channel that has entries, if there are several,
// or one that is not the project's.
func (u *ui) statusOfAll(ctx context.Context, p *publish.Publisher) ([]channelJSON, error) {
	var all []channelJSON
	now := time.Now()
	for _, name := range channels(ctx, p) {
		one := *p
		one.Channel = name
		head, err := one.Head(ctx)
		switch {
		case ctx.Err() != nil:
			return nil, err
		case err != nil: // one that cannot be read hides no other
			all = append(all, channelJSON{Channel: name, Rolling: []rollingJSON{}, Problem: explain(err).code})
			continue
		case head == nil:
			continue
		}
		d := head.Document
		c := channelJSON{Channel: name, Epoch: d.Epoch, Sequence: d.Sequence, Issued: d.Issued, Expires: d.Expires, By: d.By, Rolling: []rollingJSON{}, Holds: len(d.Holds)}
		if r := d.Latest(now); r != nil {
			c.Latest = &r.Version
		}
		for i := range d.Releases {
			if r := &d.Releases[i]; !r.Landing && !r.Rollout.Full(now) {
				c.Rolling = append(c.Rolling, rollingJSON{r.ID, r.Version, r.Rollout.Share(now), !r.Rollout.Paused.IsZero()})
			}
		}
		all = append(all, c)
	}
	if len(all) > 1 || len(all) == 1 && all[0].Channel != p.Channel {
		u.showChannels(all, now)
	}
	return all, nil
}

func (u *ui) showChannels(all []channelJSON, now time.Time) {
	rows := [][]string{u.header("CHANNEL|ENTRY|LATEST.WGT|ROLLING OUT|HOLDS|LAST CHANGE", "渠道|记录|LATEST.WGT|灰度中|停推|最后变更")}
	for _, c := range all {
		if c.Problem != "" {
			rows = append(rows, []string{c.Channel, "-", "-", "-", "-", fmt.Sprintf(u.t(text{"cannot be read: wgtup status -c %s", "无法读取：wgtup status -c %s"}), c.Channel)})
			continue
		}
		latest, holds := "-", "-"
		if c.Latest != nil {
			latest = c.Latest.Name
		}
		if c.Holds > 0 {
			holds = u.t(text{"yes", "有"})
		}
		var rolling []string
		for _, r := range c.Rolling {
			share := publish.Percent(r.Share)
			if r.Paused {
				share = u.t(text{"paused", "已暂停"})
			}
			rolling = append(rolling, r.Version.Name+" "+share)
		}
		rows = append(rows, []string{c.Channel, entryName(release.Position{Epoch: c.Epoch, Sequence: c.Sequence}), latest, orDash(strings.Join(rolling, ", ")), holds, u.ago(c.Issued.Time, now) + makerText(c.By)})
	}
	u.table(rows)
	u.say(text{"%s", "%s"}, "")
}
