package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"wgtup/internal/publish"
)

// renewBefore is how long before a document expires repair renews it.
const renewBefore = 60 * 24 * time.Hour

func repairCommand(ui *ui) *cobra.Command {
	var channel string
	c := &cobra.Command{
		Use:   "repair",
		Short: ui.t(text{"make release.json and latest.wgt follow the journal (for a scheduled job)", "让 release.json 和 latest.wgt 跟上 journal（适合定时任务）"}),
		Args:  takes(0, 0),
		RunE:  func(c *cobra.Command, _ []string) error { return ui.repair(c.Context(), channel) },
	}
	ui.channelFlag(c, &channel)
	return c
}

func (u *ui) repair(ctx context.Context, channel string) error {
	c, err := u.settings()
	if err != nil {
		return err
	}
	p, err := u.publisherFor(ctx, c, channel, false)
	if err != nil {
		return err
	}
	entry, changed, err := p.Repair(ctx)
	if err != nil {
		return err
	}
	if entry == nil {
		return &publish.Refusal{Code: publish.NoChannel, Facts: map[string]string{"channel": p.Channel}}
	}
	if entry.Document.Expires.Sub(time.Now()) < renewBefore {
		if u.keyAtHand(c) {
			if err := u.mayWrite(ctx, p, c); err != nil {
				return err
			}
			return u.change(ctx, p, publish.Renew(), nil, changeOptions{})
		}
		u.warn(text{"the document expires on %s, and no signing key is at hand to renew it", "文档将于 %s 过期，而手边没有签名密钥来延期"}, when(entry.Document.Expires.Time))
	}
	mirrors, err := p.RepairMirrors(ctx, entry)
	if err != nil {
		return refusedOn(ctx, p, changeOptions{}, err)
	}
	if changed {
		u.say(text{"repaired: the copies follow entry %s", "已修复：副本已跟上第 %s 条记录"}, entryName(entry.Position()))
	} else {
		u.say(text{"nothing to repair: the copies follow entry %s", "无需修复：副本与第 %s 条记录一致"}, entryName(entry.Position()))
	}
	u.sayMirrors(mirrors)
	if err := u.print(map[string]any{"repaired": changed, "epoch": entry.Position().Epoch, "sequence": entry.Position().Sequence, "mirrors": mirrorsJSON(mirrors)}); err != nil {
		return err
	}
	return mirrorsBehind(p, mirrors, exitStore)
}

func renewCommand(ui *ui) *cobra.Command {
	var channel, message string
	var dryRun, home bool
	c := &cobra.Command{
		Use:   "renew",
		Short: ui.t(text{"the same releases with a new expiry", "内容不变，延长有效期"}),
		Args:  takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := ui.publisher(c.Context(), channel, true)
			if err != nil {
				return err
			}
			p.Message, p.TakeHome = message, home
			return ui.change(c.Context(), p, publish.Renew(), nil, changeOptions{dryRun: dryRun})
		},
	}
	ui.channelFlag(c, &channel)
	ui.messageFlag(c, &message)
	c.Flags().BoolVar(&home, "home", false, ui.t(text{"make this store the home: entries are made here from now on, and nowhere else", "让这个存储成为 home：此后的记录只在这里创建"}))
	ui.dryRunFlag(c, &dryRun)
	ui.storeFlags(c)
	return c
}
