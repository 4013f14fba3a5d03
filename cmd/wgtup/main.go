// Command wgtup publishes hot updates and full packages of uni-app apps to an
// object storage bucket. See README.md, and `wgtup help`.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set by the release build; a build from source says so.
var version = "0.1.0-dev"

// commands is every command, in the order of help.
func commands(ui *ui) []*cobra.Command {
	return []*cobra.Command{
		initCommand(ui), demoCommand(ui),
		packCommand(ui), inspectCommand(ui), diffCommand(ui),
		publishCommand(ui), statusCommand(ui), historyCommand(ui), checkCommand(ui), explainCommand(ui),
		rolloutCommand(ui), rollbackCommand(ui), holdCommand(ui), unholdCommand(ui), retireCommand(ui),
		verifyCommand(ui), repairCommand(ui), renewCommand(ui), keysCommand(ui), serveCommand(ui),
	}
}

func main() {
	args := os.Args[1:]
	os.Exit(run(newUI(os.Stdin, os.Stdout, os.Stderr, os.Getenv, args), args))
}

// run is main without the exit, for the script tests.
func run(ui *ui, args []string) int {
	debug.SetGCPercent(200) // short-lived: packing is faster, memory stays small
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends it at once
	root := rootCommand(ui)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = interrupted
	}
	return ui.fail(err)
}

func rootCommand(ui *ui) *cobra.Command {
	root := &cobra.Command{
		Use:           "wgtup",
		Short:         ui.t(text{"hot updates for uni-app with nothing but an object storage bucket", "只用一个对象存储桶，为 uni-app 应用做热更新"}),
		Long:          ui.t(rootHelp),
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
	}
	root.SetVersionTemplate("wgtup {{.Version}}\n")
	root.SetIn(ui.in)
	root.SetOut(ui.out)
	root.SetErr(ui.err)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(text{err.Error(), err.Error()}) })
	ui.globalFlags(root.PersistentFlags())
	root.AddCommand(commands(ui)...)
	ui.localiseHelp(root)
	return root
}

var rootHelp = text{`wgtup gives uni-app apps hot updates and full-package updates with nothing but an
object storage bucket: no server to write, run or pay for.

Exit codes: 0 done, or nothing to do · 1 unexpected failure · 2 usage or
configuration · 3 refused by a rule · 4 published, not yet visible through the
public URL · 5 the store refused or could not be reached · 130 interrupted`,
	`wgtup 只用一个对象存储桶，就能为 uni-app 应用提供热更新和整包更新：
不用写服务端，也没有服务要运行和付费。

退出码：0 完成或无事可做 · 1 意外失败 · 2 用法或配置错误 · 3 被规则拒绝 ·
4 已发布，但公网地址尚不可见 · 5 存储拒绝或无法访问 · 130 被中断`}
