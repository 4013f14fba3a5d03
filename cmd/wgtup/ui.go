package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// The rules of the interface: results go to stdout, everything else to stderr;
// with --json stdout holds one JSON value and nothing else, and stderr nothing
// but at most one JSON object with the error and the warnings. A failure is one
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
	plan, signCmd      string // flags of commands that write
	singleWriter       bool   // what a writing command is told about its stores
	allMirrors         bool

	terminal    bool     // stderr shows a progress line and colours
	progressing bool     // the last line on the terminal is one of progress
	warnings    []string // for --json

	foundCommit func() string // see seekCommit
}

func newUI(in io.Reader, out, err io.Writer, env func(string) string, args []string) *ui {
	u := &ui{in: in, out: out, err: err, env: env, wait: wait}
	u.lang, u.terminal = language(env, args), isTerminal(err, env)
	return u
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
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
		if a == "--" {
			break
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

func (u *ui) checkLanguage() error {
	if l := strings.ToLower(u.lang); !strings.HasPrefix(l, "zh") && !strings.HasPrefix(l, "en") {
		return usage(text{"no language %q", "没有 %q 这种语言"}, u.lang).hint(text{"--lang en, --lang zh", "--lang en、--lang zh"})
	}
	return nil
}

func (u *ui) globalFlags(f *pflag.FlagSet) {
	f.StringVar(&u.config, "config", "", u.t(text{"configuration `FILE` (default: the nearest wgtup.yaml)", "配置`文件`（默认：最近的 wgtup.yaml）"}))
	f.StringVar(&u.store, "store", "", u.t(text{"store `URL`: dir:PATH or s3://bucket/prefix?endpoint=…", "存储`地址`：dir:路径 或 s3://bucket/prefix?endpoint=…"}))
	f.StringSliceVar(&u.publicURL, "public-url", nil, u.t(text{"base `URL` through which phones reach the store", "手机访问存储所用的公网`地址`"}))
	f.StringVar(&u.app, "app", "", u.t(text{"`APPID` of manifest.json", "manifest.json 里的 `APPID`"}))
	f.BoolVar(&u.json, "json", false, u.t(text{"print JSON, errors too", "输出 JSON，错误也是"}))
	f.BoolVarP(&u.yes, "yes", "y", false, u.t(text{"ask nothing", "不提问"}))
	f.BoolVar(&u.nonInteractive, "non-interactive", false, u.t(text{"never ask (as when stdin is no terminal, or CI is set)", "从不提问（标准输入不是终端或设置了 CI 时也是）"}))
	f.BoolVarP(&u.quiet, "quiet", "q", false, u.t(text{"results, warnings and errors only", "只显示结果、警告和错误"}))
	f.StringVar(&u.lang, "lang", u.lang, u.t(text{"`LANGUAGE` of messages: en or zh", "消息`语言`：en 或 zh"}))
	f.Lookup("lang").DefValue = "" // depends on the locale
}

// t picks the language.
func (u *ui) t(s text) string {
	if strings.HasPrefix(strings.ToLower(u.lang), "zh") {
		return s.zh
	}
	return s.en
}

// say prints a result line, unless JSON was asked for.
func (u *ui) say(s text, args ...any) {
	if !u.json {
		u.write(u.out, fmt.Sprintf(u.t(s), args...))
	}
}

// note prints a line about what is going on.
func (u *ui) note(s text, args ...any) {
	if !u.quiet && !u.json {
		u.write(u.err, fmt.Sprintf(u.t(s), args...))
	}
}

// warn prints a warning, which --quiet does not hide.
func (u *ui) warn(s text, args ...any) {
	line := fmt.Sprintf(u.t(s), args...)
	if u.json {
		u.warnings = append(u.warnings, line)
		return
	}
	u.lead(yellow, u.t(text{"warning: ", "警告："}), line)
}

// Colours of what a line begins with.
const (
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
	plain  = "\x1b[0m"
)

// lead prints a line on stderr whose beginning stands out, where colours are
// shown and wanted (no-color.org).
func (u *ui) lead(colour, lead, line string) {
	if u.terminal && u.env("NO_COLOR") == "" {
		u.clearProgress()
		fmt.Fprint(u.err, colour+lead+plain)
		lead = ""
	}
	u.write(u.err, lead+line)
}

// write prints a line. What others chose, such as a file name or a message,
// cannot steer the terminal.
func (u *ui) write(to io.Writer, line string) {
	u.clearProgress()
	fmt.Fprintln(to, strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '\ufffd'
		}
		return r
	}, line))
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

// isTerminal reports whether stderr can show a progress line and colours.
func isTerminal(stderr io.Writer, env func(string) string) bool {
	f, ok := stderr.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && env("CI") == "" && env("TERM") != "dumb" && obeys(f)
}
