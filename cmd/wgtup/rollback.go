package main

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wgtup/release"
)

func rollbackCommand(ui *ui) *cobra.Command {
	var channel, to, message, name string
	var code int64
	var reissue, dryRun, requireChange bool
	c := &cobra.Command{
		Use:   "rollback",
		Short: ui.t(text{"withdraw a release: its devices go back", "撤回发布：已更新的设备退回"}),
		Long: ui.t(text{`Withdraws the newest release; with --to every release above that one.
Devices that run a withdrawn release move to the best one that is left, down to
what the app ships. --to a withdrawn release brings it back.

A full package is withdrawn the same way when it came last, or with --to the ID of
an earlier one: it is offered no more, and the one before it is again. Who has
installed it keeps it.

--reissue also publishes the content that they go back to once more, under a
version above all others: for clients that only ever install what is higher,
as hand-written ones do.`,
			`撤回最新的发布；加 --to 则撤回高于它的所有发布。运行着被撤回版本的设备会退到剩下的最合适的版本，直到安装包自带的资源。--to 一个已撤回的发布可以把它恢复。

最新的发布是整包时同样会被撤回，也可以用 --to 加更早整包的编号：不再推送它，改为推送它之前的那个；已经安装的保持不变。

--reissue 还会把要退回的内容以更高的版本重新发布：适用于只安装更高版本的客户端，例如手写的客户端。`}),
		Example: "  wgtup rollback -c production -m \"cart crashes\"\n  wgtup rollback -c production --to 1.0.1\n  wgtup rollback --reissue",
		Args:    takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := ui.publisher(c.Context(), channel, true)
			if err != nil {
				return err
			}
			p.Message = message
			o := changeOptions{dryRun: dryRun, requireChange: requireChange, after: ui.showTargets, done: ui.sayWithdrawn}
			if (name == "") == c.Flags().Changed("version-code") || name != "" && !reissue {
				return usage(text{"--version and --version-code go together, with --reissue", "--version 和 --version-code 需要一起给出，并配合 --reissue"})
			}
			if reissue {
				return ui.reissue(c.Context(), p, to, release.Version{Name: name, Code: code}, o)
			}
			return ui.change(c.Context(), p, p.Rollback(c.Context(), to), nil, o)
		},
	}
	ui.channelFlag(c, &channel)
	c.Flags().StringVar(&to, "to", "", ui.t(text{"release `ID` or version to go back to", "要退回到的发布`编号`或版本"}))
	c.Flags().BoolVar(&reissue, "reissue", false, ui.t(text{"publish what they go back to under a higher version", "把要退回的内容以更高的版本重新发布"}))
	c.Flags().StringVar(&name, "version", "", ui.t(text{"`NAME` of that version (default: one above the highest)", "该版本的`名称`（默认：最高版本加一）"}))
	c.Flags().Int64Var(&code, "version-code", 0, ui.t(text{"its version `CODE`", "该版本的`版本号`"}))
	ui.writeFlags(c, &message, &dryRun, &requireChange)
	return c
}

// sayWithdrawn says what the newest entry took back, so that a second rollback
// in a hurry is told that the first one worked.
func (u *ui) sayWithdrawn(d *release.Document) bool {
	said := false
	for _, w := range d.Withdrawn {
		if w.Entry == d.Position() {
			u.say(text{"nothing to do: %s (%s) is withdrawn already, by entry %s", "无事可做：%s（%s）已由第 %s 条记录撤回"}, w.Version.Name, w.ID, entryName(w.Entry))
			said = true
		}
	}
	if said {
		u.note(text{"to go further back: wgtup rollback -c %s --to RELEASE", "要退得更远：wgtup rollback -c %s --to 发布编号"}, d.Channel)
	}
	return said
}

// showTargets says where the devices go that ran what was withdrawn.
func (u *ui) showTargets(before, after *release.Document) {
	if before == nil {
		return
	}
	now := time.Now()
	targets := map[string][]string{}
	var order []string
	for _, w := range after.Withdrawn {
		if before.IsWithdrawn(w.ID) {
			continue
		}
		for _, b := range after.Bases {
			n := b.Native()
			if !slices.Contains(w.Platforms, n.Platform) || !w.Natives.Include(n) {
				continue
			}
			d := release.Decide(release.Device{App: after.App, Channel: after.Channel, Platform: n.Platform, Native: release.Version{Name: n.Name, Code: n.Code},
				Running: release.Running{Name: w.Version.Name, Code: w.Version.Code}}, after, release.Clock{Now: now, Network: true})
			if d.Version == nil {
				continue
			}
			target := d.Version.Name + " (" + d.Release + ")"
			app := n.Platform + " " + n.Name
			if targets[target] == nil {
				order = append(order, target)
			}
			if !slices.Contains(targets[target], app) {
				targets[target] = append(targets[target], app)
			}
		}
	}
	for _, target := range order {
		u.say(text{"  its devices on %s go to %s", "  %s 上的设备将退回到 %s"}, strings.Join(targets[target], ", "), target)
	}
}
