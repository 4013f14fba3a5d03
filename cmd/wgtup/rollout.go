package main

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wgtup/internal/publish"
	"wgtup/release"
)

func rolloutCommand(ui *ui) *cobra.Command {
	var name, ramp, message string
	var dryRun, requireChange bool
	c := &cobra.Command{
		Use:   "rollout CHANNEL 50%|pause|resume|complete",
		Short: ui.t(text{"change a running rollout", "调整正在进行的灰度"}),
		Long: ui.t(text{`Changes the share of the release that is being rolled out, pauses, resumes or
completes it. Devices that have the release keep it.`,
			`调整正在灰度的发布的比例，或暂停、恢复、全量。已经拿到的设备不受影响。`}),
		Example: "  wgtup rollout production 50%\n  wgtup rollout production pause\n  wgtup rollout production --ramp \"10% now, 50% +6h, 100% +24h\"",
		Args:    takes(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			if what := args[0]; what == "pause" || what == "resume" || what == "complete" || strings.HasSuffix(what, "%") {
				return usage(text{"which channel?", "哪个渠道？"}).hint(text{"wgtup rollout production %s", "wgtup rollout production %s"}, what)
			}
			edit, err := rolloutEdit(args[1:], name, ramp)
			if err != nil {
				return err
			}
			p, err := ui.publisher(c.Context(), args[0], true)
			if err != nil {
				return err
			}
			p.Message = message
			return ui.change(c.Context(), p, edit, nil, changeOptions{dryRun: dryRun, requireChange: requireChange, after: ui.warnPaused})
		},
	}
	c.Flags().StringVar(&name, "release", "", ui.t(text{"release `ID` or version (default: the one being rolled out)", "发布`编号`或版本（默认：正在灰度的那个）"}))
	ui.rampFlag(c, &ramp)
	ui.writeFlags(c, &message, &dryRun, &requireChange)
	return c
}

// writeFlags are those of every command that changes a channel.
func (u *ui) writeFlags(c *cobra.Command, message *string, dryRun, requireChange *bool) {
	u.messageFlag(c, message)
	c.Flags().BoolVar(requireChange, "require-change", false, u.t(text{"exit 3 when there is nothing to change", "没有变化时以退出码 3 结束"}))
	u.dryRunFlag(c, dryRun)
	u.storeFlags(c)
}

func rolloutEdit(args []string, name, ramp string) (publish.Edit, error) {
	if ramp != "" {
		if len(args) > 0 {
			return nil, usage(text{"give a share or --ramp, not both", "比例和 --ramp 只能给一个"})
		}
		first, steps, err := parseRamp(ramp, time.Now())
		return publish.SetShare(name, first, steps), err
	}
	if len(args) == 0 {
		return nil, usage(text{"what shall the rollout do?", "要对灰度做什么？"}).hint(text{"50%%, pause, resume, complete or --ramp", "50%%、pause、resume、complete 或 --ramp"})
	}
	switch args[0] {
	case "pause":
		return publish.Pause(name), nil
	case "resume":
		return publish.Resume(name), nil
	case "complete":
		return publish.Complete(name), nil
	}
	share, err := parseShare(args[0])
	if err != nil {
		return nil, usage(text{"%q is nothing a rollout can do", "灰度不能 %q"}, args[0]).hint(text{"50%%, pause, resume, complete or --ramp", "50%%、pause、resume、complete 或 --ramp"})
	}
	if share == release.Whole {
		return publish.Complete(name), nil
	}
	return publish.SetShare(name, share, nil), nil
}

// warnPaused reminds of a pause that a new share does not end.
func (u *ui) warnPaused(before, after *release.Document) {
	for _, c := range publish.Differences(before, after) {
		if r := after.Find(c.Release); c.Kind == "rollout" && r != nil && !r.Rollout.Paused.IsZero() {
			u.warn(text{"%s is still paused, nobody new gets it: wgtup rollout %s resume", "%s 仍处于暂停，不会有新设备收到：wgtup rollout %s resume"}, r.Version.Name, after.Channel)
		}
	}
}

// parseRamp reads "10% now, 50% +6h, 100% +24h". What comes "now" is the share
// to begin with; without it that is 0.
func parseRamp(s string, now time.Time) (first int64, steps []release.Step, err error) {
	for _, part := range strings.Split(s, ",") {
		words := strings.Fields(part)
		if len(words) < 2 {
			return 0, nil, usage(text{"bad step %q", "步骤 %q 有误"}, strings.TrimSpace(part)).hint(text{"a step is a share and a time: 50%% +6h", "每一步是比例加时间：50%% +6h"})
		}
		share, err := parseShare(words[0])
		if err != nil {
			return 0, nil, err
		}
		if words[1] == "now" && len(words) == 2 {
			if first, steps = share, nil; part != strings.Split(s, ",")[0] {
				return 0, nil, usage(text{"\"now\" can only be the first step", "\"now\" 只能是第一步"})
			}
			continue
		}
		at, err := parseTime(strings.Join(words[1:], " "), now)
		if err != nil {
			return 0, nil, err
		}
		if len(steps) > 0 && !at.After(steps[len(steps)-1].At.Time) {
			return 0, nil, usage(text{"the steps must be in the order of time", "步骤必须按时间先后排列"})
		}
		steps = append(steps, release.Step{At: release.At(at), Permyriad: share})
	}
	return first, steps, nil
}
