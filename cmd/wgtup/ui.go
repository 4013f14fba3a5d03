package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// The rules of the interface: results go to stdout, everything else to stderr;
// with --json stdout holds one JSON value and nothing else. A failure is one
// line that says what is wrong, then hint: lines with what to type. Every
// sentence stands in both languages where it is used.

// text is one sentence in both languages, with fmt verbs.
type text struct{ en, zh string }

// ui is the world of one run: streams, environment, language.
type ui struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
	wait     func(context.Context, time.Duration) error // between two looks through the public URL

	lang           string
	json           bool
	yes            bool
	nonInteractive bool
	quiet          bool

	config, store, app string // overrides of wgtup.yaml
	publicURL          []string
}

func newUI(in io.Reader, out, err io.Writer, env func(string) string, args []string) *ui {
	u := &ui{in: in, out: out, err: err, env: env, wait: wait}
	u.lang = language(env, args)
	return u
}

// language is --lang, else the locale. It is needed before flags are parsed:
// help texts depend on it.
func language(env func(string) string, args []string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			return v
		}
		if a == "--lang" && i+1 < len(args) {
			return args[i+1]
		}
	}
	for _, name := range []string{"WGTUP_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := env(name); v != "" {
			if strings.HasPrefix(strings.ToLower(v), "zh") {
				return "zh"
			}
			return "en"
		}
	}
	if strings.HasPrefix(systemLocale(), "zh") {
		return "zh"
	}
	return "en"
}

func (u *ui) globalFlags(f *pflag.FlagSet) {
	f.StringVar(&u.config, "config", "", u.t(text{"configuration file (default: the nearest wgtup.yaml)", "配置文件（默认：最近的 wgtup.yaml）"}))
	f.StringVar(&u.store, "store", "", u.t(text{"store URL: dir:PATH or s3://bucket/prefix?endpoint=…", "存储地址：dir:路径 或 s3://bucket/prefix?endpoint=…"}))
	f.StringSliceVar(&u.publicURL, "public-url", nil, u.t(text{"base URL through which phones reach the store", "手机访问存储所用的公网地址"}))
	f.StringVar(&u.app, "app", "", u.t(text{"appid, __UNI__…", "appid，__UNI__…"}))
	f.BoolVar(&u.json, "json", false, u.t(text{"print JSON, errors too", "输出 JSON，错误也是"}))
	f.BoolVarP(&u.yes, "yes", "y", false, u.t(text{"ask nothing", "不提问"}))
	f.BoolVar(&u.nonInteractive, "non-interactive", false, u.t(text{"never ask (also when stdin is no terminal or CI is set)", "从不提问（标准输入不是终端或设置了 CI 时也是）"}))
	f.BoolVarP(&u.quiet, "quiet", "q", false, u.t(text{"no progress", "不显示进度"}))
	f.StringVar(&u.lang, "lang", u.lang, u.t(text{"language of messages: en or zh", "消息语言：en 或 zh"}))
}

// t picks the language.
func (u *ui) t(s text) string {
	if strings.HasPrefix(u.lang, "zh") {
		return s.zh
	}
	return s.en
}

// say prints a result line, unless JSON was asked for.
func (u *ui) say(s text, args ...any) {
	if !u.json {
		fmt.Fprintf(u.out, u.t(s)+"\n", args...)
	}
}

// note prints a line about what is going on.
func (u *ui) note(s text, args ...any) {
	if !u.quiet {
		fmt.Fprintf(u.err, u.t(s)+"\n", args...)
	}
}

// warn prints a warning, which --quiet does not hide.
func (u *ui) warn(s text, args ...any) {
	fmt.Fprintf(u.err, u.t(text{"warning: ", "警告："})+u.t(s)+"\n", args...)
}

// print writes the JSON value of a command; with --json only.
func (u *ui) print(v any) error {
	if !u.json {
		return nil
	}
	e := json.NewEncoder(u.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// interactive reports whether a question may be asked.
func (u *ui) interactive() bool {
	if u.yes || u.nonInteractive || u.json || u.env("CI") != "" {
		return false
	}
	f, ok := u.in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminal reports whether stderr can show a progress line.
func (u *ui) terminal() bool {
	f, ok := u.err.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && u.env("CI") == "" && u.env("TERM") != "dumb"
}

// localiseHelp words what cobra itself prints.
func (u *ui) localiseHelp(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultHelpFlag()
	root.InitDefaultVersionFlag()
	root.Flags().Lookup("help").Usage = u.t(text{"help for wgtup", "显示帮助"})
	root.Flags().Lookup("version").Usage = u.t(text{"version of wgtup", "显示版本"})
	for _, c := range root.Commands() {
		c.InitDefaultHelpFlag()
		if f := c.Flags().Lookup("help"); f != nil {
			f.Usage = u.t(text{"help for " + c.Name(), "显示 " + c.Name() + " 的帮助"})
		}
		if c.Name() == "help" {
			c.Short = u.t(text{"help about any command", "查看某个命令的帮助"})
		}
	}
	if !strings.HasPrefix(u.lang, "zh") {
		return
	}
	template := root.UsageTemplate()
	for _, w := range [][2]string{
		{"Usage:", "用法："}, {"Available Commands:", "命令："}, {"Global Flags:", "全局参数："}, {"Flags:", "参数："}, {"Examples:", "示例："},
		{"Additional help topics:", "其他帮助："}, {"Aliases:", "别名："}, {"Additional Commands:", "其他命令："},
		{`Use "{{.CommandPath}} [command] --help" for more information about a command.`, `用 "{{.CommandPath}} [命令] --help" 查看某个命令的详细说明。`},
	} {
		template = strings.ReplaceAll(template, w[0], w[1])
	}
	root.SetUsageTemplate(template)
}
