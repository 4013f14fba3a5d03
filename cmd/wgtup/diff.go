package main

import (
	"context"
	"sort"

	"github.com/spf13/cobra"

	"wgtup/native"
	"wgtup/wgt"
)

func diffCommand(ui *ui) *cobra.Command {
	var level string
	c := &cobra.Command{
		Use:   "diff A B",
		Short: ui.t(text{"can B be a hot update over A? (exit 3 when it needs a full package)", "B 能作为 A 的热更新吗？（需要整包时退出码为 3）"}),
		Long: ui.t(text{`Compares two build outputs, packages (wgt, apk, ipa) or URLs. Any change of the
manifest beyond its version needs a full package, and of native code (UTS and
native plug-ins); with --level runtime only what phones do not read from a hot update. Each is shown with the reason. Also counts
which files changed; --json lists them.`,
			`比较两个构建目录、包（wgt、apk、ipa）或地址。manifest 除版本外有任何变化，或原生代码（UTS、
原生插件）有变化，都需要整包；加 --level runtime 时，热更新里能生效的设置可以改变。每处变化都会说明原因。
同时统计变化的文件；--json 会逐个列出。`}),
		Example: "  wgtup diff old.wgt dist/build/app\n  wgtup diff https://cdn.example.com/my-app/channels/production/latest.wgt \\\n    dist/build/app",
		Args:    takes(2, 2),
		RunE:    func(c *cobra.Command, args []string) error { return ui.diff(c.Context(), args[0], args[1], level) },
	}
	ui.levelFlag(c, &level)
	return c
}

// diffJSON is `diff --json`.
type diffJSON struct {
	HotUpdatable bool            `json:"hotUpdatable"`
	Level        string          `json:"level"`
	Changes      []native.Change `json:"changes"`
	A            wgt.Version     `json:"a"`
	B            wgt.Version     `json:"b"`
	Added        []string        `json:"added"`
	Removed      []string        `json:"removed"`
	Changed      []string        `json:"changed"`
	SameBytes    int64           `json:"sameBytes"`
	ChangedBytes int64           `json:"changedBytes"`
}

func (u *ui) diff(ctx context.Context, a, b, level string) error {
	if err := checkLevel(level); err != nil {
		return err
	}
	before, err := u.side(ctx, a)
	if err != nil {
		return err
	}
	after, err := u.side(ctx, b)
	if err != nil {
		return err
	}
	if before.packed != after.packed && (before.sources() || after.sources()) {
		u.note(text{"a .wgt has no sources for HarmonyOS: they are not compared; give two builds for that", ".wgt 里没有 HarmonyOS 的原生源文件：不比较这部分；需要时请给出两个构建目录"})
		before.app, after.app = packagedApp(before.report), packagedApp(after.report)
	}
	changes, err := native.Diff(before.app, after.app)
	if err != nil {
		return err
	}
	out := compare(before.report, after.report)
	out.Level, out.Changes, out.HotUpdatable = level, changes, len(native.Needs(native.Level(level), changes)) == 0
	if out.Changes == nil {
		out.Changes = []native.Change{}
	}
	u.say(text{"%s (%d) -> %s (%d)", "%s (%d) -> %s (%d)"}, out.A.Name, out.A.Code, out.B.Name, out.B.Code)
	u.say(text{"files: %d changed, %d added, %d removed; %s to fetch, %s the same", "文件：修改 %d，新增 %d，删除 %d；变动 %s，相同 %s"},
		len(out.Changed), len(out.Added), len(out.Removed), bytesText(out.ChangedBytes), bytesText(out.SameBytes))
	for _, c := range changes {
		where := "manifest"
		if c.Reason == native.Code {
			where = u.t(text{"native file", "原生文件"})
		}
		u.say(text{"%s %s: %s", "%s %s：%s"}, where, c.Path, u.t(changeKinds[c.Kind]))
		if c.Old != "" {
			u.say(text{"  - %s", "  - %s"}, c.Old)
		}
		if c.New != "" {
			u.say(text{"  + %s", "  + %s"}, c.New)
		}
		u.say(text{"  %s", "  %s"}, u.t(memberWords[c.Reason]))
	}
	if err := u.print(out); err != nil {
		return err
	}
	if out.HotUpdatable {
		u.say(text{"B can be a hot update over A", "B 可以作为 A 的热更新"})
		return nil
	}
	return fault(exitRefused, "needs-full-package", text{"B needs a full package: more differs from A than a hot update can change", "B 需要整包：与 A 的差异超出了热更新能改变的范围"}).
		hint(text{"build and ship a new app, then register it: wgtup publish --base %s", "打整包并上架，然后登记：wgtup publish --base %s"}, b)
}

// side is one of the two that diff compares.
type side struct {
	report *wgt.Report
	app    native.App
	packed bool // it is a .wgt
}

// sources reports whether native sources for HarmonyOS are there.
func (s *side) sources() bool { return len(s.app.Files) > len(s.report.Valid) }

// side checks a package without complaining about its warnings.
func (u *ui) side(ctx context.Context, name string) (*side, error) {
	file, cleanup, err := fetch(ctx, name)
	if err != nil {
		return nil, err
	}
	defer cleanup()
	src, err := readSource(file)
	if err != nil {
		return nil, err
	}
	defer src.close()
	if err := src.check(name); err != nil {
		return nil, err
	}
	app, err := src.app()
	return &side{src.report, app, src.full == nil && markOf(file) == file}, err
}

func compare(before, after *wgt.Report) diffJSON {
	out := diffJSON{A: before.Manifest.Version, B: after.Manifest.Version, Added: []string{}, Removed: []string{}, Changed: []string{}}
	old := map[string]wgt.ValidFile{}
	for _, f := range before.Valid {
		old[f.Name] = f
	}
	for _, f := range after.Valid {
		o, was := old[f.Name]
		delete(old, f.Name)
		switch {
		case !was:
			out.Added = append(out.Added, f.Name)
			out.ChangedBytes += f.Size
		case o.SHA256 != f.SHA256:
			out.Changed = append(out.Changed, f.Name)
			out.ChangedBytes += f.Size
		default:
			out.SameBytes += f.Size
		}
	}
	for name := range old {
		out.Removed = append(out.Removed, name)
	}
	sort.Strings(out.Removed)
	return out
}
