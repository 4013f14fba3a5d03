package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"wgtup/internal/config"
	"wgtup/internal/publish"
	"wgtup/release"
	"wgtup/sign"
)

// planJSON is what --plan prints: the plan is a file with the entry itself, which
// lacks nothing but a signature.
type planJSON struct {
	Plan     string               `json:"plan"`
	Done     bool                 `json:"done"`
	Channel  string               `json:"channel"`
	Epoch    int64                `json:"epoch"`
	Sequence int64                `json:"sequence"`
	Digest   string               `json:"digest,omitempty"` // SHA-256 of what is to be signed for
	Changes  []publish.Difference `json:"changes"`
	Document json.RawMessage      `json:"document,omitempty"`
}

// draft writes the entry that would come next to a file, for somebody else to sign.
func (u *ui) draft(ctx context.Context, p *publish.Publisher, edit publish.Edit, uploads []publish.Upload, o changeOptions) error {
	plan, text, err := p.Draft(ctx, edit, uploads)
	if err != nil {
		return refusedOn(ctx, p, o, err)
	}
	before := documentOf(plan.Before)
	if plan.Done {
		if o.requireChange {
			return nothingToDo(p)
		}
		u.sayNothingToDo(p.Channel, before, o)
		return u.print(planJSON{Done: true, Channel: p.Channel, Changes: []publish.Difference{}})
	}
	u.warnSyntax(plan, o.packed)
	if err := os.WriteFile(u.plan, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write plan: %w", err)
	}
	d := plan.Document
	return u.sayPlan(u.plan, d, publish.Differences(before, d), plan.Payload, false)
}

func (u *ui) sayPlan(path string, d *release.Document, changes []publish.Difference, payload []byte, signed bool) error {
	digest := release.Digest(payload)
	if signed {
		u.say(textSigned, path, entryName(d.Position()), d.Channel)
	} else {
		u.say(text{"wrote %s: entry %s of channel %s, not signed yet", "已写入 %s：渠道 %[3]s 的第 %[2]s 条记录，尚未签名"}, path, entryName(d.Position()), d.Channel)
	}
	u.showChanges(changes)
	u.say(text{"  digest %s", "  摘要 %s"}, digest)
	if signed {
		u.say(text{"next, where the storage key is: wgtup apply %s", "下一步，在有存储密钥的地方执行：wgtup apply %s"}, path)
	} else {
		u.say(text{"next, where the signing key is: wgtup keys sign %s; then: wgtup apply %[1]s", "下一步，在有签名密钥的地方执行：wgtup keys sign %s；然后：wgtup apply %[1]s"}, path)
	}
	return u.print(planJSON{Plan: path, Channel: d.Channel, Epoch: d.Epoch, Sequence: d.Sequence, Digest: digest, Changes: changes, Document: payload})
}

var textSigned = text{"signed %s: entry %s of channel %s", "已签名 %s：渠道 %[3]s 的第 %[2]s 条记录"}

func (u *ui) readPlan(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, usage(text{"the plan cannot be read: %v", "无法读取计划：%v"}, err).hint(text{"wgtup publish --plan FILE makes one", "wgtup publish --plan 文件 会生成计划"})
	}
	return bytes.TrimRight(data, "\r\n"), nil
}

func applyCommand(ui *ui) *cobra.Command {
	return &cobra.Command{
		Use:   "apply PLAN",
		Short: ui.t(text{"publish a plan that somebody has signed", "发布已由别人签名的计划"}),
		Long: ui.t(text{`Publishes what a command with --plan prepared, after somebody has signed it with
"wgtup keys sign". It needs no signing key. When the channel has moved since the
plan was made, the plan is void: exit 3.`,
			`发布带 --plan 的命令所准备、并由别人用 wgtup keys sign 签过名的计划。它不需要签名密钥。计划之后渠道若有变化，计划即作废：退出码 3。`}),
		Example: "  wgtup publish dist/build/app --plan plan.json\n  wgtup keys sign plan.json\n  wgtup apply plan.json",
		Args:    takes(1, 1),
		RunE:    func(c *cobra.Command, args []string) error { return ui.apply(c.Context(), args[0]) },
	}
}

func (u *ui) apply(ctx context.Context, path string) error {
	start := time.Now()
	data, err := u.readPlan(path)
	if err != nil {
		return err
	}
	draft, d, err := openPlan(path, data)
	if err != nil {
		return err
	}
	if len(draft.Signatures) == 0 {
		return fault(exitRefused, "unsigned", text{"%s is not signed yet", "%s 还没有签名"}, path).hint(text{"where the signing key is: wgtup keys sign %s", "在有签名密钥的地方执行：wgtup keys sign %s"}, path)
	}
	p, err := u.publisher(ctx, d.Channel, false)
	if err != nil {
		return err
	}
	result, err := p.Proceed(ctx, data)
	return u.changed(ctx, p, result, err, start, changeOptions{})
}

// openPlan reads a plan, which says nothing yet about who signed it.
func openPlan(path string, data []byte) (sign.Envelope, *release.Document, error) {
	draft, err := sign.ParseDraft(data)
	var d *release.Document
	if err == nil && draft.Type != release.PayloadType {
		err = fmt.Errorf("payload type %q", draft.Type)
	}
	if err == nil {
		d, err = release.ParseStrict(draft.Payload)
	}
	if err != nil {
		return sign.Envelope{}, nil, usage(text{"%s is no plan: %v", "%s 不是计划：%v"}, path, err).hint(text{"wgtup publish --plan FILE makes one", "wgtup publish --plan 文件 会生成计划"})
	}
	return draft, d, nil
}

func keysSignCommand(ui *ui) *cobra.Command {
	c := &cobra.Command{
		Use:   "sign PLAN",
		Short: ui.t(text{"sign what a command with --plan prepared; no store is needed", "为带 --plan 的命令所准备的计划签名；不需要存储"}),
		Long: ui.t(text{`Shows what a plan says, signs it, and writes the signature into it. It reads no
store and no network, so it works on a machine that has none. Compare the digest
with what the machine said that made the plan.`,
			`显示计划的内容，签名，并把签名写入计划文件。它不读取存储，也不联网，可以在离线的机器上进行。请把摘要与生成计划的机器所显示的核对。`}),
		Args: takes(1, 1),
		RunE: func(c *cobra.Command, args []string) error { return ui.keysSign(c.Context(), args[0]) },
	}
	c.Flags().StringVar(&ui.signCmd, "sign-cmd", "", ui.t(text{"shell `COMMAND` that signs: stdin to stdout", "负责签名的 shell `命令`：从标准输入到标准输出"}))
	return c
}

func (u *ui) keysSign(ctx context.Context, path string) error {
	c, err := u.settings()
	if err != nil {
		return err
	}
	if u.signCmd != "" {
		c.SignCmd = u.signCmd
	}
	data, err := u.readPlan(path)
	if err != nil {
		return err
	}
	draft, d, err := openPlan(path, data)
	if err != nil {
		return err
	}
	set, err := u.planKeys(c, draft, d)
	if err != nil {
		return err
	}
	signed, err := u.signPlan(ctx, c, draft, set.SigningKeys(d.Channel))
	if err != nil {
		return err
	}
	out, err := signed.Encode()
	if err != nil {
		return err
	}
	pins, err := c.Pins()
	if err != nil {
		return err
	}
	if _, err := publish.OpenEntry(path, out, c.App, d.Channel, pins); err != nil { // as an app will
		return err
	}
	if err := os.WriteFile(path, append(out, '\n'), 0o644); err != nil {
		return fmt.Errorf("write plan: %w", err)
	}
	return u.sayPlan(path, d, publish.Differences(nil, d), draft.Payload, true)
}

// planKeys are the keys in force for a plan, which must be of this app.
func (u *ui) planKeys(c *config.Config, draft sign.Envelope, d *release.Document) (sign.Set, error) {
	if len(c.Keys) == 0 {
		return sign.Set{}, noKeys()
	}
	pins, err := c.Pins()
	if err != nil {
		return sign.Set{}, err
	}
	if d.App != c.App {
		return sign.Set{}, fault(exitRefused, "other-app", text{"this plan is of app %s, wgtup.yaml of %s", "这个计划属于应用 %s，而 wgtup.yaml 属于 %s"}, d.App, c.App).
			hint(text{"sign it in the project it belongs to", "请在它所属的项目里签名"})
	}
	set, err := inForce(draft.Statements, c.App, pins)
	if err == nil && d.Epoch != set.Epoch {
		err = fmt.Errorf("%w: epoch %d under keys of epoch %d", sign.ErrRefused, d.Epoch, set.Epoch)
	}
	return set, err
}

func (u *ui) signPlan(ctx context.Context, c *config.Config, draft sign.Envelope, keys []sign.Pin) (sign.Envelope, error) {
	if c.SignCmd != "" {
		return u.signElsewhere(ctx, c.SignCmd, draft, keys)
	}
	key, err := u.signingKey(c)
	if err != nil {
		return sign.Envelope{}, err
	}
	signed, _, err := draft.Signed(key.Sign(draft.SignedText()), keys)
	if err != nil && !errors.Is(err, sign.ErrRefused) {
		return signed, usage(text{"%v", "%v"}, err).hint(text{"wgtup apply publishes it", "wgtup apply 即可发布"})
	}
	return signed, err
}
