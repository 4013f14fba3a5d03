package main

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"errors"

	"github.com/spf13/cobra"

	"wgtup/internal/publish"
	"wgtup/release"
)

func setCommand(ui *ui) *cobra.Command {
	c := &cobra.Command{
		Use:   "set",
		Short: ui.t(text{"change what else a channel says: mode, notes, testers, floor, minimum", "修改渠道的其他设置：模式、说明、测试设备、最低版本、强制更新"}),
		Args:  takes(0, 0),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		ui.setLike(setting{use: "mode MODE", args: 1, release: true, example: "  wgtup set mode force --release 1.1.0",
			short: text{"how a release reaches its users: prompt, silent or force", "发布如何到达用户：prompt 提示、silent 静默或 force 强制"},
			edit: func(s *setting, args []string) (publish.Edit, error) {
				mode, err := parseMode(args[0])
				return publish.SetMode(s.name, mode), err
			}}),
		ui.setLike(setting{use: "notes", release: true, notes: true, example: "  wgtup set notes --notes \"Faster cart\" --notes-zh \"购物车更快\"",
			short: text{"what users read of a release; without texts nothing", "用户看到的更新说明；不写则清空"},
			edit: func(s *setting, _ []string) (publish.Edit, error) {
				return publish.SetNotes(s.name, noteTexts(s.en, s.zh)), nil
			}}),
		ui.setLike(setting{use: "testers FILE|none", args: 1, release: true, example: "  wgtup set testers testers.txt --release 1.2.0\n  wgtup set testers none",
			short: text{"devices that get a release whatever its share: install ids, one a line; only hashes become public", "无论比例都能收到发布的设备：每行一个安装标识；只公开其哈希"},
			edit: func(s *setting, args []string) (publish.Edit, error) {
				ids, err := readTesters(args[0])
				return publish.SetTesters(s.name, ids), err
			}}),
		ui.setLike(setting{use: "floor CODE|none", args: 1, example: "  wgtup set floor 110",
			short: text{"nothing below this version code is installed any more", "不再安装低于这个版本号的包"},
			edit: func(_ *setting, args []string) (publish.Edit, error) {
				code, err := parseCode(args[0])
				return publish.SetFloor(code), err
			}}),
		ui.setLike(setting{use: "minimum CODE|none", args: 1, example: "  wgtup set minimum 110",
			short: text{"below this version code every update is forced", "低于这个版本号的一律强制更新"},
			edit: func(_ *setting, args []string) (publish.Edit, error) {
				code, err := parseCode(args[0])
				return publish.SetMinimum(code), err
			}}),
	)
	return c
}

// setting is one thing that `set` changes.
type setting struct {
	use, example   string
	short          text
	args           int
	release, notes bool // which flags it takes
	edit           func(s *setting, args []string) (publish.Edit, error)

	name, en, zh string // flags
}

func (u *ui) setLike(s setting) *cobra.Command {
	var channel, message string
	var dryRun, requireChange bool
	c := &cobra.Command{
		Use: s.use, Short: u.t(s.short), Example: s.example, Args: takes(s.args, s.args),
		RunE: func(c *cobra.Command, args []string) error {
			edit, err := s.edit(&s, args)
			if err != nil {
				return err
			}
			p, err := u.publisher(c.Context(), channel, true)
			if err != nil {
				return err
			}
			p.Message = message
			return u.change(c.Context(), p, edit, nil, changeOptions{dryRun: dryRun, requireChange: requireChange})
		},
	}
	u.channelFlag(c, &channel)
	if s.release {
		c.Flags().StringVar(&s.name, "release", "", u.t(text{"release `ID` or version (default: the newest)", "发布`编号`或版本（默认：最新的）"}))
	}
	if s.notes {
		u.notesFlags(c, &s.en, &s.zh)
	}
	u.writeFlags(c, &message, &dryRun, &requireChange)
	return c
}

func parseMode(s string) (release.Mode, error) {
	mode := release.Mode(s)
	if mode != release.Prompt && mode != release.Silent && mode != release.Force {
		return "", usage(text{"unknown mode %q", "未知的模式 %q"}, s).hint(text{"prompt, silent or force", "prompt、silent 或 force"})
	}
	return mode, nil
}

// parseCode reads a version code; none is 0.
func parseCode(s string) (int64, error) {
	if s == "none" {
		return 0, nil
	}
	code, err := strconv.ParseInt(s, 10, 64)
	if err != nil || code < 1 || code > 1<<53 {
		return 0, usage(text{"%q is no version code", "%q 不是版本号"}, s).hint(text{"a number like 110, or none", "一个数字，例如 110，或 none"})
	}
	return code, nil
}

// mostTesters is how many named devices a document has room for.
const mostTesters = 200

// readTesters reads install ids, one a line; what follows a # is for people.
func readTesters(file string) ([]string, error) {
	if file == "" || file == "none" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage(text{"%s does not exist", "%s 不存在"}, file).hint(text{"a file with one install id a line: what state().device.install says in the app", "一个文件，每行一个安装标识：即应用里 state().device.install 的值"})
	}
	if err != nil {
		return nil, fmt.Errorf("read testers: %w", err)
	}
	var ids []string
	for n, line := range strings.Split(string(data), "\n") {
		id, _, _ := strings.Cut(line, "#")
		if id = strings.TrimSpace(id); id == "" || slices.Contains(ids, id) {
			continue
		}
		if len(id) > 64 || strings.ContainsAny(id, " \t,;") {
			return nil, usage(text{"%s, line %s: %q is no install id", "%s 第 %s 行：%q 不是安装标识"}, file, strconv.Itoa(n+1), id).hint(text{"one a line; comments after #", "每行一个；# 之后是注释"})
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 || len(ids) > mostTesters {
		return nil, usage(text{"%s has %d install ids", "%s 里有 %d 个安装标识"}, file, len(ids)).hint(text{"1 to %d; more devices are a rollout or a channel", "1 到 %d 个；更多设备请用灰度或单独的渠道"}, mostTesters)
	}
	return ids, nil
}
