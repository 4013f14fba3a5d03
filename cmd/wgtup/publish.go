package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"wgtup/internal/config"
	"wgtup/internal/publish"
	"wgtup/wgt"
)

func publishCommand(ui *ui) *cobra.Command {
	var f publishFlags
	c := &cobra.Command{
		Use:   "publish [SRC]",
		Short: ui.t(text{"check, pack, sign and publish a build", "检查、打包、签名并发布一个构建"}),
		Long: ui.t(text{`Publishes a build output folder or a .wgt as a hot release of a channel. Without
SRC the newest build output of the project is taken. A folder is packed as
"pack --best" does; a .wgt that "pack" made is published byte for byte.

With --base it registers what an installed app ships instead: do that once for
each app version you put into a store, with the build that went into it, or with
its apk or ipa, which carries that build.

An apk or ipa without --base, or --link, is a full package: it is offered to users,
and what it ships is registered too.`,
			`把一个构建目录或 .wgt 作为热更新发布到渠道。不写 SRC 时取项目里最新的构建产物。
目录按 pack --best 打包；由 pack 生成的 .wgt 会原样发布，一个字节都不变。

加 --base 则是登记安装包自带的资源：每上架一个新的安装包，就用它对应的那个构建登记一次，
也可以直接给出 apk 或 ipa，构建就在里面。

不加 --base 的 apk、ipa，或 --link，是整包：会推送给用户，同时登记它自带的资源。`}),
		Example: "  wgtup publish --base dist/build/app\n  wgtup publish dist/build/app -c production -r 10% -m \"fix the cart\"\n  wgtup publish release.apk --notes \"New: scan and pay\"",
		Args:    takes(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			f.given = map[string]bool{"notes": c.Flags().Changed("notes") || c.Flags().Changed("notes-zh")}
			for _, name := range []string{"mode", "rollout", "ramp", "testers", "platform", "native-code"} {
				f.given[name] = c.Flags().Changed(name)
			}
			src := ""
			if len(args) > 0 {
				src = args[0]
			}
			conf, err := ui.settings()
			if err != nil {
				return err
			}
			if !f.base && (src != "" && isFullPackage(src) || len(f.links) > 0) {
				return ui.publishFull(c.Context(), conf, src, f)
			}
			return ui.publish(c.Context(), conf, src, f)
		},
	}
	ui.publishFlags(c, &f)
	return c
}

func (u *ui) publish(ctx context.Context, conf *config.Config, path string, f publishFlags) error {
	rollout, mode, err := f.check()
	if err != nil {
		return err
	}
	testers, err := readTesters(f.testers)
	if err != nil {
		return err
	}
	if path == "" {
		if path, err = u.findSource(conf); err != nil {
			return err
		}
	}
	u.seekCommit(ctx)
	src, err := u.openSource(path)
	if err != nil {
		return err
	}
	defer src.close()
	if err := sameApp(conf, src.report.Manifest); err != nil {
		return err
	}
	rollout.Testers = publish.TesterHashes(conf.App, testers)
	p, err := u.publisherFor(ctx, conf, f.channel, true)
	if err != nil {
		return err
	}
	p.Message = f.message
	p.Patching = patching(f.noDelta)
	defer p.ReadAhead(ctx)()
	if p.Progress != nil && !src.ready {
		p.Progress(publish.Step{Name: "pack"})
	}
	pack, err := packSource(src, src.encoding(wgt.Best))
	if err != nil {
		return err
	}
	defer pack.remove()
	return u.change(ctx, p, f.edit(src.full, pack, rollout, mode), []publish.Upload{pack.upload()}, changeOptions{
		dryRun: f.dryRun, requireChange: f.requireChange, packed: pack,
		refused: func(err error) error { return explainNeeds(ctx, p, err, path, src) },
	})
}

// sameApp refuses a build of another app; without a configured appid the
// build's is taken.
func sameApp(c *config.Config, m *wgt.Manifest) error {
	if c.App == "" {
		c.App = m.ID
	}
	if c.App != m.ID {
		return fault(exitRefused, "other-app", text{"this build is of app %s, the channel is of %s", "这个构建属于应用 %s，而渠道属于 %s"}, m.ID, c.App).
			hint(text{"if app in wgtup.yaml is only an example, write this app's id there", "如果 wgtup.yaml 里的 app 只是示例，请改成这个应用的 id"}).
			hint(text{"give the build of %s; another app needs its own folder with wgtup.yaml, or --app and --store", "请给出 %s 的构建；另一个应用需要自己的目录和 wgtup.yaml，或 --app 和 --store"}, c.App)
	}
	return nil
}

// warnSyntax warns when scripts need a newer engine than those that run on
// phones now: an old phone would not start.
func (u *ui) warnSyntax(plan *publish.Plan, pack *packed) {
	if pack == nil || plan.Before == nil || plan.Done {
		return
	}
	live := ""
	for _, r := range plan.Before.Document.Releases {
		live = max(live, r.Syntax)
	}
	if live != "" && pack.level > live {
		u.warn(text{"this build uses %s, the releases before it only %s: phones with an old engine may not start it", "这个构建用到了 %s 语法，之前的发布只用到 %s：引擎旧的手机可能启动不了"}, pack.level, live)
	}
}

// asRefusal is the refusal in an error, nil without one.
func asRefusal(err error) *publish.Refusal {
	var r *publish.Refusal
	if errors.As(err, &r) {
		return r
	}
	return nil
}
