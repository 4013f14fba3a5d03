package main

import (
	"strings"

	"github.com/spf13/cobra"

	"wgtup/internal/publish"
	"wgtup/release"
)

func holdCommand(ui *ui) *cobra.Command {
	return ui.holdLike("hold PLATFORM", text{"no offers to a platform or app version, as during store review", "停止向某平台或安装包推送，例如商店审核期间"}, publish.Hold)
}

func unholdCommand(ui *ui) *cobra.Command {
	return ui.holdLike("unhold PLATFORM", text{"take a hold back", "恢复推送"}, publish.Unhold)
}

func (u *ui) holdLike(use string, short text, edit func(release.Hold) publish.Edit) *cobra.Command {
	var channel, native, reason, message string
	var code int64
	var dryRun, requireChange bool
	c := &cobra.Command{
		Use:               use,
		Short:             u.t(short),
		Example:           "  wgtup " + strings.Fields(use)[0] + " ios\n  wgtup " + strings.Fields(use)[0] + " android --native 1.0.0",
		Args:              takes(1, 1),
		ValidArgsFunction: platformNames,
		RunE: func(c *cobra.Command, args []string) error {
			if err := checkPlatform(args[0]); err != nil {
				return err
			}
			h := release.Hold{Platform: args[0], Reason: reason}
			if native != "" {
				h.Native = &release.Version{Name: native, Code: code}
			}
			p, err := u.publisher(c.Context(), channel, true)
			if err != nil {
				return err
			}
			p.Message = message
			return u.change(c.Context(), p, edit(h), nil, changeOptions{dryRun: dryRun, requireChange: requireChange})
		},
	}
	u.channelFlag(c, &channel)
	c.Flags().StringVar(&native, "native", "", u.t(text{"only the app with this version `NAME` (default: the whole platform)", "只针对这个`版本名`的安装包（默认：整个平台）"}))
	c.Flags().Int64Var(&code, "native-code", 0, u.t(text{"its version `CODE` (default: every registered one)", "它的`版本号`（默认：登记过的全部）"}))
	if c.Name() == "hold" {
		c.Flags().StringVar(&reason, "reason", "", u.t(text{"`TEXT`: why (public)", "`原因`（公开）"}))
	}
	u.writeFlags(c, &message, &dryRun, &requireChange)
	return c
}

func retireCommand(ui *ui) *cobra.Command {
	var channel, message string
	var dryRun, requireChange bool
	c := &cobra.Command{
		Use:   "retire PLATFORM NAME",
		Short: ui.t(text{"an app version no longer counts", "某个安装包版本不再计入"}),
		Long: ui.t(text{`Says that an installed app no longer counts: new releases need not fit it, and
latest.wgt neither. Its devices keep what they have. To undo it, register the
app again with wgtup publish --base.`,
			`声明某个安装包版本不再计入：新的发布和 latest.wgt 都不必再适用于它。它的设备保持现状。要撤销，请用 wgtup publish --base 重新登记。`}),
		Example:           "  wgtup retire android 1.0.0",
		Args:              takes(2, 2),
		ValidArgsFunction: platformNames,
		RunE: func(c *cobra.Command, args []string) error {
			if err := checkPlatform(args[0]); err != nil {
				return err
			}
			p, err := ui.publisher(c.Context(), channel, true)
			if err != nil {
				return err
			}
			p.Message = message
			return ui.change(c.Context(), p, publish.Retire(args[0], args[1]), nil, changeOptions{dryRun: dryRun, requireChange: requireChange})
		},
	}
	ui.channelFlag(c, &channel)
	ui.writeFlags(c, &message, &dryRun, &requireChange)
	return c
}
