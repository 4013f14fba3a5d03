package main

import (
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
		Use:   use,
		Short: u.t(short),
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if p := args[0]; p != release.Android && p != release.IOS && p != release.Harmony {
				return usage(text{"unknown platform %q", "未知的平台 %q"}, p).hint(text{"android, ios or harmony", "android、ios 或 harmony"})
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
	c.Flags().StringVar(&native, "native", "", u.t(text{"only this app version (default: the whole platform)", "只针对这个安装包版本（默认：整个平台）"}))
	c.Flags().Int64Var(&code, "native-code", 0, u.t(text{"its version code", "它的版本号"}))
	if c.Name() == "hold" {
		c.Flags().StringVar(&reason, "reason", "", u.t(text{"why (public)", "原因（公开）"}))
	}
	u.writeFlags(c, &message, &dryRun, &requireChange)
	return c
}

func retireCommand(ui *ui) *cobra.Command {
	var channel, message string
	var dryRun, requireChange bool
	c := &cobra.Command{
		Use:     "retire PLATFORM NAME",
		Short:   ui.t(text{"an app version no longer counts", "某个安装包版本不再计入"}),
		Example: "  wgtup retire android 1.0.0",
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
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
