package main

import (
	"context"

	"github.com/spf13/cobra"

	"wgtup/internal/publish"
	"wgtup/release"
)

func historyCommand(ui *ui) *cobra.Command {
	var channel string
	var limit int
	c := &cobra.Command{
		Use:   "history",
		Short: ui.t(text{"who changed what, newest last", "谁改了什么，最新的在最后"}),
		Args:  takes(0, 0),
		RunE:  func(c *cobra.Command, _ []string) error { return ui.history(c.Context(), channel, limit) },
	}
	ui.channelFlag(c, &channel)
	c.Flags().IntVar(&limit, "limit", 20, ui.t(text{"`N` newest entries, 0 for all", "显示最新的 `N` 条，0 为全部"}))
	return c
}

// historyJSON is an entry in `history --json`.
type historyJSON struct {
	Epoch    int64                `json:"epoch"`
	Sequence int64                `json:"sequence"`
	Issued   release.Time         `json:"issued"`
	By       string               `json:"by"`
	Commit   string               `json:"commit"`
	Job      string               `json:"job"`
	Message  string               `json:"message"`
	Tool     string               `json:"tool"`
	Changes  []publish.Difference `json:"changes"`
}

func (u *ui) history(ctx context.Context, channel string, limit int) error {
	p, err := u.publisher(ctx, channel, false)
	if err != nil {
		return err
	}
	records, err := p.History(ctx, limit)
	if err != nil {
		return err
	}
	out := []historyJSON{}
	if len(records) == 0 {
		if len(channels(ctx, p)) > 1 { // misspelt, most likely
			return noChannel(ctx, p)
		}
		u.say(text{"nothing published on channel %s yet", "渠道 %s 还没有任何发布"}, p.Channel)
		return u.print(out)
	}
	for _, r := range records {
		d := r.Entry.Document
		out = append(out, historyJSON{d.Epoch, d.Sequence, d.Issued, d.By, d.Commit, d.Job, d.Message, d.Tool, r.Changes})
		u.say(text{"%-4s  %s%s", "%-4s  %s%s"}, entryName(d.Position()), when(d.Issued.Time), makerText(d.By, d.Commit, d.Job))
		if d.Message != "" {
			u.say(text{"      “%s”", "      “%s”"}, d.Message)
		}
		for _, change := range r.Changes {
			u.say(text{"      %s", "      %s"}, u.t(changeText(change)))
		}
	}
	if records[0].Entry.Document.Previous != "" {
		u.note(text{"older entries: wgtup history -c %s --limit 0", "更早的记录：wgtup history -c %s --limit 0"}, p.Channel)
	}
	return u.print(out)
}
