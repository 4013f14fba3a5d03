package main

import (
	"github.com/spf13/cobra"
)

func rollbackCommand(ui *ui) *cobra.Command {
	var channel, to, message string
	var dryRun, requireChange bool
	c := &cobra.Command{
		Use:   "rollback",
		Short: ui.t(text{"withdraw a release: its devices go back", "撤回发布：已更新的设备退回"}),
		Long: ui.t(text{`Withdraws the newest hot release; with --to every release above that one. Devices
that run a withdrawn release move to the best one that is left, down to what the
app ships. --to a withdrawn release brings it back.`,
			`撤回最新的热更新；加 --to 则撤回高于它的所有发布。运行着被撤回版本的设备会退到剩下的
最合适的版本，直到安装包自带的资源。--to 一个已撤回的发布可以把它恢复。`}),
		Example: "  wgtup rollback -c production -m \"cart crashes\"\n  wgtup rollback -c production --to 1.0.1",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := ui.publisher(c.Context(), channel, true)
			if err != nil {
				return err
			}
			p.Message = message
			return ui.change(c.Context(), p, p.Rollback(c.Context(), to), nil, changeOptions{dryRun: dryRun, requireChange: requireChange})
		},
	}
	ui.channelFlag(c, &channel)
	c.Flags().StringVar(&to, "to", "", ui.t(text{"release id or version to go back to", "要退回到的发布编号或版本"}))
	ui.writeFlags(c, &message, &dryRun, &requireChange)
	return c
}
