package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"wgtup/internal/publish"
)

func pruneCommand(ui *ui) *cobra.Command {
	keep := publish.DefaultRetention
	var days, hours int
	c := &cobra.Command{
		Use:   "prune",
		Short: ui.t(text{"remove packages that nothing needs any more (only shown without --yes)", "清理不再需要的包（不加 --yes 只显示）"}),
		Long: ui.t(text{`Finds packages and patches that no channel needs, and uploads that were never
finished. Kept is what a channel offers, what a rollback may bring back (--keep
and --days), and whatever is young (--grace), for somebody may be publishing it
now. Nothing is removed without --yes.`,
			`查找任何渠道都不再需要的包和补丁，以及没有完成的上传。会保留：渠道正在提供的，回滚可能要用的（--keep 和 --days），以及刚写入不久的（--grace），因为可能有人正要发布它。不加 --yes 不会删除任何东西。`}),
		Example: "  wgtup prune\n  wgtup prune --keep 5 --days 7 --yes",
		Args:    takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			if keep.Entries < 1 || days < 0 || hours < 1 {
				return usage(text{"--keep and --grace begin at 1, --days at 0", "--keep 和 --grace 至少为 1，--days 至少为 0"})
			}
			keep.Since, keep.Grace = time.Duration(days)*24*time.Hour, time.Duration(hours)*time.Hour
			return ui.prune(c.Context(), keep)
		},
	}
	fs := c.Flags()
	fs.IntVar(&keep.Entries, "keep", keep.Entries, ui.t(text{"`N` newest entries of each channel whose packages stay", "每个渠道保留最新 `N` 条记录的包"}))
	fs.IntVar(&days, "days", int(keep.Since.Hours()/24), ui.t(text{"`N` days back whose packages stay", "保留最近 `N` 天内生效过的包"}))
	fs.IntVar(&hours, "grace", int(keep.Grace.Hours()), ui.t(text{"`N` hours for which everything new stays", "`N` 小时内写入的一律保留"}))
	return c
}

var whyWords = map[string]text{
	publish.StaysLive:    {"live in %s", "%s 正在使用"},
	publish.StaysHistory: {"rollback in %s", "供 %s 回滚"},
	publish.StaysYoung:   {"young", "刚写入"},
	publish.Goes:         {"nothing needs it", "不再需要"},
	publish.GoesUpload:   {"unfinished upload", "没有完成的上传"},
}

func (u *ui) prune(ctx context.Context, keep publish.Retention) error {
	p, err := u.publisher(ctx, "", false)
	if err != nil {
		return err
	}
	found, err := p.Prune(ctx, keep, u.yes)
	if err != nil {
		return err
	}
	rows := [][]string{u.header("OBJECT|SIZE|WRITTEN|STAYS?|WHY", "对象|大小|写入于|保留|原因")}
	var kept, removed int64
	for _, one := range found.Kept {
		kept += one.Size
		rows = append(rows, u.prunedRow(one, text{"stays", "保留"}))
	}
	goes := text{"would go", "将删除"}
	if u.yes {
		goes = text{"removed", "已删除"}
	}
	for _, one := range found.Removed {
		removed += one.Size
		rows = append(rows, u.prunedRow(one, goes))
	}
	if len(rows) > 1 {
		u.table(rows)
	}
	u.say(text{"%d stay (%s)", "保留 %d 个（%s）"}, len(found.Kept), bytesText(kept))
	switch {
	case len(found.Removed) == 0:
		u.say(text{"nothing to remove", "没有可清理的"})
	case u.yes:
		u.say(text{"removed %d (%s)", "已删除 %d 个（%s）"}, len(found.Removed), bytesText(removed))
	default:
		u.say(text{"%d would go (%s); to remove them: wgtup prune --yes", "将删除 %d 个（%s）；确认删除：wgtup prune --yes"}, len(found.Removed), bytesText(removed))
	}
	for _, m := range found.Mirrors {
		u.warn(text{"nothing removed from mirror %s: %s", "没有清理镜像 %s：%s"}, m.Name, u.reason(m.Err))
	}
	return u.print(struct {
		*publish.Pruning
		Done bool `json:"removedThem"`
	}{found, u.yes})
}

func (u *ui) prunedRow(one publish.Pruned, verdict text) []string {
	why := whyWords[one.Why]
	if one.Channel != "" {
		name := one.Channel
		if len(name) > 12 {
			name = name[:11] + "…"
		}
		why = text{fmt.Sprintf(why.en, name), fmt.Sprintf(why.zh, name)}
	}
	return []string{shortKey(one.Key), bytesText(one.Size), one.Written.Local().Format("2006-01-02"), u.t(verdict), u.t(why)}
}
