package main

import (
	"errors"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"wgtup/release"
)

// takes refuses another number of arguments than a command has.
func takes(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		var f *failure
		switch {
		case len(args) < least:
			f = usage(text{"%s needs more arguments", "%s 缺少参数"}, c.CommandPath())
		case len(args) > most:
			f = usage(text{"%s takes no %q", "%s 不接受多余的 %q"}, c.CommandPath(), args[most])
			if most == 0 && c.Flags().Lookup("channel") != nil && release.ValidChannel(args[0]) {
				f.hint(text{"%s -c %s", "%s -c %s"}, c.CommandPath(), args[0])
			}
		default:
			return nil
		}
		return f.hint(text{"%s", "%s"}, c.UseLine()).hint(helpHint, c.CommandPath())
	}
}

var helpHint = text{"%s --help", "%s --help"}

// flagWords are the mistakes in flags that the command parser finds.
func flagWords(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var bad *pflag.InvalidValueError
	var f *failure
	switch {
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			name = name[1:]
		}
		f = usage(text{"unknown flag %s", "未知的参数 %s"}, name)
	case errors.As(err, &missing):
		f = usage(text{"--%s needs a value", "--%s 需要一个值"}, missing.GetFlag().Name)
	case errors.As(err, &bad):
		f = usage(text{"bad value %q for --%s", "%q 不是 --%s 可用的值"}, bad.GetValue(), bad.GetFlag().Name)
	default:
		f = usage(text{"%v", "%v"}, err)
	}
	return f.hint(helpHint, c.CommandPath())
}

var unknownName = regexp.MustCompile(`^unknown command ("(?:[^"\\]|\\.)*") for "([^"]*)"`)

// commandWords are the mistakes in commands that the command parser finds.
func commandWords(err error) *failure {
	first, rest, _ := strings.Cut(err.Error(), "\n")
	m := unknownName.FindStringSubmatch(first)
	if m == nil {
		return nil
	}
	f := usage(text{"unknown command %s", "未知的命令 %s"}, m[1])
	for _, line := range strings.Split(rest, "\n") {
		if name, ok := strings.CutPrefix(line, "\t"); ok {
			f.hint(text{"%s %s", "%s %s"}, m[2], name)
		}
	}
	return f.hint(text{"%s --help lists the commands", "%s --help 列出了所有命令"}, m[2])
}

func unknownCommand(root *cobra.Command, name string) error {
	f := usage(text{"unknown command %q", "未知的命令 %q"}, name)
	for _, close := range root.SuggestionsFor(name) {
		f.hint(text{"wgtup help %s", "wgtup help %s"}, close)
	}
	return f.hint(text{"wgtup help", "wgtup help"})
}

// checkPlatform refuses what is no platform.
func checkPlatform(name string) error {
	switch name {
	case release.Android, release.IOS, release.Harmony:
		return nil
	}
	return usage(text{"unknown platform %q", "未知的平台 %q"}, name).hint(text{"android, ios or harmony", "android、ios 或 harmony"})
}
