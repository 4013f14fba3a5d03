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

	"wgtup/internal/publish"
)

// version is set by the release build; a build from source says so.
var version = "0.1.0-dev"

// group is a heading of help and the commands under it, in that order.
type group struct {
	id       string
	title    text
	commands []*cobra.Command
}

// groups is every command.
func groups(ui *ui) []group {
	return []group{
		{"start", text{"Start:", "开始："}, []*cobra.Command{initCommand(ui), demoCommand(ui), completionCommand(ui)}},
		{"build", text{"Look at a build:", "检查构建："}, []*cobra.Command{packCommand(ui), inspectCommand(ui), diffCommand(ui)}},
		{"publish", text{"Publish:", "发布："}, []*cobra.Command{publishCommand(ui), rolloutCommand(ui), rollbackCommand(ui), promoteCommand(ui),
			holdCommand(ui), unholdCommand(ui), setCommand(ui), retireCommand(ui), pageCommand(ui), applyCommand(ui)}},
		{"look", text{"See what is live:", "查看线上："}, []*cobra.Command{statusCommand(ui), historyCommand(ui), checkCommand(ui), explainCommand(ui)}},
		{"keep", text{"Keep it healthy:", "维护："}, []*cobra.Command{doctorCommand(ui), verifyCommand(ui), repairCommand(ui), renewCommand(ui), pruneCommand(ui), keysCommand(ui), serveCommand(ui)}},
	}
}

func main() {
	args := os.Args[1:]
	os.Exit(run(newUI(os.Stdin, os.Stdout, os.Stderr, os.Getenv, args), args))
}

// run is main without the exit, for the script tests.
func run(ui *ui, args []string) int {
	debug.SetGCPercent(200)        // short-lived: packing is faster
	debug.SetMemoryLimit(40 << 20) // and collects more often rather than grow, so that the process stays below 64 MB
	end := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // not under nohup
		end = append(end, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), end...)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends it at once
	root := rootCommand(ui)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil && ctx.Err() != nil && stopped(err) {
		err = interrupted
	}
	return ui.fail(err)
}

// stopped reports whether an error can come from Ctrl-C. What was published
// before is published.
func stopped(err error) bool {
	var unsettled *publish.UnsettledError
	var known *failure
	return !errors.As(err, &unsettled) && (!errors.As(err, &known) || errors.Is(err, context.Canceled))
}

func rootCommand(ui *ui) *cobra.Command {
	cobra.EnableCommandSorting = false // ours is the order of groups
	root := &cobra.Command{
		Use:           "wgtup",
		Short:         ui.t(text{"hot updates for uni-app with nothing but an object storage bucket", "只用一个对象存储桶，为 uni-app 应用做热更新"}),
		Long:          ui.t(rootHelp),
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },

		PersistentPreRunE: func(*cobra.Command, []string) error { return ui.checkLanguage() },
	}
	root.SetVersionTemplate("wgtup {{.Version}}\n")
	root.SetIn(ui.in)
	root.SetOut(ui.out)
	root.SetErr(ui.err)
	root.SetFlagErrorFunc(flagWords)
	ui.globalFlags(root.PersistentFlags())
	for _, g := range groups(ui) {
		root.AddGroup(&cobra.Group{ID: g.id, Title: ui.t(g.title)})
		for _, c := range g.commands {
			c.GroupID = g.id
		}
		root.AddCommand(g.commands...)
	}
	ui.setHelp(root)
	return root
}

var rootHelp = text{`wgtup gives uni-app apps hot updates and full-package updates with nothing but
an object storage bucket: no server to write, run or pay for.`,
	`wgtup 只用一个对象存储桶，就能为 uni-app 应用提供热更新和整包更新：不用写服务端，也没有服务要运行和付费。`}

var variables = text{`  WGTUP_SIGNING_KEY                      content of .wgtup/signing.key, for CI
  WGTUP_KEY_PASSPHRASE                   of encrypted keys
  WGTUP_SIGN_CMD                         as --sign-cmd
  WGTUP_RECOVERY_KEY                     the recovery key, to replace the others
  WGTUP_STORE, WGTUP_PUBLIC_URL          as --store and --public-url
  WGTUP_APP, WGTUP_CHANNEL, WGTUP_LANG   as --app, --channel and --lang
  WGTUP_PUBLIC_KEYS                      as keys in wgtup.yaml
  WGTUP_BY, WGTUP_COMMIT, WGTUP_JOB      who and what, where CI does not say it`,
	`  WGTUP_SIGNING_KEY                      .wgtup/signing.key 的内容，用于 CI
  WGTUP_KEY_PASSPHRASE                   加密密钥的口令
  WGTUP_SIGN_CMD                         同 --sign-cmd
  WGTUP_RECOVERY_KEY                     恢复密钥的内容，替换密钥时用
  WGTUP_STORE, WGTUP_PUBLIC_URL          同 --store 和 --public-url
  WGTUP_APP, WGTUP_CHANNEL, WGTUP_LANG   同 --app、--channel 和 --lang
  WGTUP_PUBLIC_KEYS                      同 wgtup.yaml 里的 keys
  WGTUP_BY, WGTUP_COMMIT, WGTUP_JOB      发布者、提交和任务，CI 没有提供时使用`}

var exitCodes = text{`  0    done, or nothing to do
  1    unexpected failure
  2    usage or configuration
  3    refused by a rule
  4    published, not yet visible through the public URL
  5    the store refused or could not be reached
  130  interrupted`,
	`  0    完成，或无事可做
  1    意外失败
  2    用法或配置错误
  3    被规则拒绝
  4    已发布，但公网地址尚不可见
  5    存储拒绝或无法访问
  130  被中断`}
