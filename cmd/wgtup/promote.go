package main

import (
	"cmp"

	"github.com/spf13/cobra"

	"wgtup/internal/publish"
	"wgtup/native"
	"wgtup/release"
)

func promoteCommand(ui *ui) *cobra.Command {
	var name, message string
	f := publishFlags{level: string(native.Strict)}
	var dryRun, requireChange, noDelta bool
	c := &cobra.Command{
		Use:   "promote FROM TO",
		Short: ui.t(text{"the release of one channel to another: the same bytes", "把一个渠道的发布推到另一个渠道：字节不变"}),
		Long: ui.t(text{`Publishes the newest release of channel FROM in channel TO: the same package,
which is not uploaded again, with its notes. TO's own rules apply: the version
must be higher, and an installed app of TO must fit. Rollout, testers and holds
stay behind. A channel without installed apps takes over those of FROM.
A full package goes along when --release names it, with what it ships.`,
			`把渠道 FROM 最新的发布推到渠道 TO：包不变，也不再上传，更新说明一并带上。TO 自己的规则照常适用：版本必须更高，且适用于 TO 的某个安装包。灰度、测试设备和停推设置不会带过去。还没有登记安装包的渠道会沿用 FROM 的。整包用 --release 指明后也可以推送，并登记它自带的资源。`}),
		Example: "  wgtup promote beta production -r 10%\n  wgtup promote beta production --release 1.2.0 --ramp \"10% now, 100% +24h\"",
		Args:    takes(2, 2),
		RunE: func(c *cobra.Command, args []string) error {
			if args[0] == args[1] {
				return usage(text{"%s is one channel, promote needs two", "%s 是同一个渠道，promote 需要两个"}, args[0]).hint(text{"wgtup promote beta production", "wgtup promote beta production"})
			}
			f.given = map[string]bool{}
			for _, name := range []string{"mode", "rollout", "ramp", "testers"} {
				f.given[name] = c.Flags().Changed(name)
			}
			rollout, asked, err := f.check()
			if err != nil {
				return err
			}
			testers, err := readTesters(f.testers)
			if err != nil {
				return err
			}
			if !release.ValidChannel(args[0]) {
				return badChannel(args[0])
			}
			p, err := ui.publisher(c.Context(), args[1], true)
			if err != nil {
				return err
			}
			rollout.Testers = publish.TesterHashes(p.App, testers)
			m, err := p.Promotable(c.Context(), args[0], name)
			if err != nil {
				return err
			}
			m.Rollout, m.Given = rollout, f.given
			if f.given["mode"] {
				m.Mode = asked
			}
			if m.Release.Kind == release.NativeApp && m.Mode == release.Silent {
				return silentFull()
			}
			p.Commit, p.Message = cmp.Or(m.Commit, p.Commit), m.Message
			if c.Flags().Changed("message") {
				p.Message = message
			}
			p.Patching = patching(noDelta)
			return ui.change(c.Context(), p, publish.Promote(m), nil, changeOptions{dryRun: dryRun, requireChange: requireChange})
		},
	}
	fs := c.Flags()
	fs.StringVar(&name, "release", "", ui.t(text{"release `ID` or version (default: the newest)", "发布`编号`或版本（默认：最新的）"}))
	fs.StringVarP(&f.rollout, "rollout", "r", "100%", ui.t(text{"`SHARE` of the devices that get it", "灰度`比例`"}))
	ui.rampFlag(c, &f.ramp)
	ui.testersFlag(c, &f.testers)
	fs.StringVar(&f.mode, "mode", "prompt", ui.t(text{"`MODE`: prompt, silent or force (default: as in FROM)", "`模式`：prompt、silent 或 force（默认：与 FROM 一致）"}))
	ui.noDeltaFlag(c, &noDelta)
	fs.Lookup("mode").DefValue = ""
	ui.writeFlags(c, &message, &dryRun, &requireChange)
	return c
}
