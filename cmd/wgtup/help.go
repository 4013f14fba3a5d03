package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// setHelp words what cobra itself would print: commands in the order of groups,
// flags that fit 80 columns, both languages.
func (u *ui) setHelp(root *cobra.Command) {
	root.SetHelpCommand(&cobra.Command{
		Use:    "help [COMMAND]",
		Short:  u.t(text{"help about a command", "查看某个命令的帮助"}),
		Hidden: true,
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 && len(args) > 0 {
				return unknownCommand(root, strings.Join(args, " "))
			}
			return c.Help()
		},
	})
	root.InitDefaultHelpCmd()
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { u.help(c) })
	root.InitDefaultVersionFlag()
	root.Flags().Lookup("version").Usage = u.t(text{"version of wgtup", "显示版本"})
	u.nameHelpFlag(root)
}

func (u *ui) nameHelpFlag(c *cobra.Command) {
	c.InitDefaultHelpFlag()
	c.Flags().Lookup("help").Usage = u.t(text{"this help", "显示这个帮助"})
	for _, sub := range c.Commands() {
		u.nameHelpFlag(sub)
	}
}

func (u *ui) help(c *cobra.Command) {
	long := c.Long
	if long == "" {
		long = c.Short
	}
	var b strings.Builder
	section := func(title text, body string) {
		if body != "" {
			fmt.Fprintf(&b, "\n%s\n%s\n", u.t(title), strings.TrimRight(body, "\n"))
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(long), "\n") {
		b.WriteString(hanging("", 0, line))
	}
	use := c.UseLine()
	if c.HasAvailableSubCommands() {
		use = c.CommandPath() + u.t(text{" COMMAND [flags]", " 命令 [参数]"})
	}
	section(text{"Usage:", "用法："}, "  "+strings.ReplaceAll(use, "[flags]", u.t(text{"[flags]", "[参数]"})))
	section(text{"Examples:", "示例："}, c.Example)
	for _, g := range c.Groups() {
		section(text{g.Title, g.Title}, commandList(c, g.ID))
	}
	section(text{"Commands:", "命令："}, commandList(c, ""))
	section(text{"Flags:", "参数："}, u.flagList(c.NonInheritedFlags()))
	section(text{"Flags of every command:", "所有命令通用的参数："}, u.flagList(c.InheritedFlags()))
	if !c.HasParent() {
		section(text{"Environment (a flag wins over a variable, a variable over wgtup.yaml):", "环境变量（参数优先于变量，变量优先于 wgtup.yaml）："}, u.t(variables))
		section(text{"Exit codes:", "退出码："}, u.t(exitCodes))
	}
	if c.HasAvailableSubCommands() {
		section(text{"More about a command:", "查看某个命令的详细说明："}, "  "+c.CommandPath()+u.t(text{" COMMAND --help", " 命令 --help"}))
	}
	fmt.Fprint(u.out, b.String())
}

func commandList(c *cobra.Command, group string) string {
	var b strings.Builder
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.GroupID == group {
			fmt.Fprint(&b, hanging("  "+sub.Name(), 12, sub.Short))
		}
	}
	return b.String()
}

// flagList writes flags in two columns. A word in backquotes in the usage of a
// flag names its value.
func (u *ui) flagList(flags *pflag.FlagSet) string {
	var rows [][2]string
	wide := 0
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		left := "      --" + f.Name
		if f.Shorthand != "" {
			left = "  -" + f.Shorthand + ", --" + f.Name
		}
		if value != "" {
			left += " " + value
		}
		if isDefault := f.DefValue == "" || f.DefValue == "false" || f.DefValue == "0" || f.DefValue == "[]"; !isDefault {
			usage += fmt.Sprintf(u.t(text{" (default %s)", "（默认 %s）"}), f.DefValue)
		}
		rows = append(rows, [2]string{left, usage})
		wide = max(wide, columns(left))
	})
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(hanging(r[0], wide+2, r[1]))
	}
	return b.String()
}

const screen = 80

// hanging writes a name and, from a column on, a text in lines of at most 80
// columns. A Chinese text may break anywhere but before a closing mark.
func hanging(name string, column int, s string) string {
	var b strings.Builder
	b.WriteString(name)
	if name != "" {
		b.WriteString(strings.Repeat(" ", max(1, column-columns(name))))
	}
	at := columns(b.String())
	for i, word := range words(s) {
		w := columns(strings.TrimRight(word, " "))
		if i > 0 && at+w > screen {
			b.WriteString("\n" + strings.Repeat(" ", column))
			at = column
		}
		b.WriteString(word)
		at += columns(word)
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// words splits where a line may break: after a space, and around wide letters.
func words(s string) []string {
	var all []string
	var word strings.Builder
	previous := 'x'
	for _, r := range s {
		breakable := previous == ' ' || (columns(string(r)) == 2 || columns(string(previous)) == 2) && r != ' ' &&
			!strings.ContainsRune("，。；：、）”！？", r) && !strings.ContainsRune("（“", previous)
		if breakable && word.Len() > 0 {
			all = append(all, word.String())
			word.Reset()
		}
		word.WriteRune(r)
		previous = r
	}
	return append(all, word.String())
}
