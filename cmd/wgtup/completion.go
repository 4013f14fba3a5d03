package main

import (
	"io"

	"github.com/spf13/cobra"
)

// shells are those that completions can be written for.
var shells = map[string]func(*cobra.Command, io.Writer) error{
	"bash":       func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) },
	"zsh":        (*cobra.Command).GenZshCompletion,
	"fish":       func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) },
	"powershell": (*cobra.Command).GenPowerShellCompletionWithDesc,
}

func completionCommand(ui *ui) *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: ui.t(text{"a script that completes commands and flags in a shell", "生成命令行自动补全脚本"}),
		Long: ui.t(text{`Prints a script by which a shell completes commands, flags and their values.`,
			`打印一个脚本，让 shell 能补全命令、参数和取值。`}),
		Example:               "  source <(wgtup completion bash)\n  wgtup completion zsh > \"${fpath[1]}/_wgtup\"\n  wgtup completion fish > ~/.config/fish/completions/wgtup.fish\n  wgtup completion powershell | Out-String | Invoke-Expression",
		Args:                  takes(1, 1),
		ValidArgs:             []string{"bash", "zsh", "fish", "powershell"},
		DisableFlagsInUseLine: true,
		RunE: func(c *cobra.Command, args []string) error {
			write, ok := shells[args[0]]
			if !ok {
				return usage(text{"no completion for the shell %q", "没有适用于 %q 的补全"}, args[0]).hint(text{"bash, zsh, fish or powershell", "bash、zsh、fish 或 powershell"})
			}
			return write(c.Root(), ui.out)
		},
	}
}

// platformNames complete a platform.
func platformNames(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"android", "ios", "harmony"}, cobra.ShellCompDirectiveNoFileComp
}
