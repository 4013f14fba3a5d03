package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"wgtup/internal/config"
	"wgtup/internal/publish"
	"wgtup/release"
	"wgtup/sign"
)

// rotation is a replacement of keys, as the flags ask for it.
type rotation struct {
	revoked       []string // key ids; nil: every signing key is replaced
	withRecovery  bool
	pins          []string // made elsewhere, instead of new signing keys
	recoveryKey   string
	recoveryCmd   string
	channels      []string
	last          string
	local, dryRun bool
	ask           bool
}

func keysRotateCommand(ui *ui) *cobra.Command {
	var r rotation
	c := &cobra.Command{
		Use:   "rotate",
		Short: ui.t(text{"replace the signing keys, for every app that was ever built", "替换签名密钥，所有已发布的应用都会跟上"}),
		Long: ui.t(text{`Makes new signing keys and has the recovery key say so: wgtup.yaml gets the new
keys, wgtup.keys the statement that leads there. Then each channel begins a new
journal with what its newest entry says. Apps in the field follow by themselves
and never go back. After a theft give the last entry you vouch for with --last.`,
			`生成新的签名密钥，并由恢复密钥声明：wgtup.yaml 写入新公钥，wgtup.keys 写入通往它的声明；然后每个渠道以最新记录的内容开始新的 journal。线上的应用会自动跟上，且不会回退。如果密钥被盗，请用 --last 指出你认可的最后一条记录。`}),
		Example: "  wgtup keys rotate\n  wgtup keys rotate -c production -c beta --recovery-key /media/usb/recovery.key\n  wgtup keys rotate --last 41",
		Args:    takes(0, 0),
		RunE:    func(c *cobra.Command, _ []string) error { return ui.rotate(c.Context(), r) },
	}
	ui.rotationFlags(c, &r)
	c.Flags().StringArrayVar(&r.pins, "key", nil, ui.t(text{"`PIN` of a signing key that was made elsewhere, instead of a new one; may be repeated", "使用别处生成的签名`公钥`，不再新生成；可重复"}))
	return c
}

func keysRevokeCommand(ui *ui) *cobra.Command {
	var r rotation
	c := &cobra.Command{
		Use:   "revoke KEYID...",
		Short: ui.t(text{"drop keys; a role that has none left gets a new one", "作废密钥；某个角色不再有密钥时会生成新的"}),
		Long: ui.t(text{`As rotate, but only the named keys go. When a role has no key left, a new one is
made. "wgtup keys show" lists the ids.`,
			`与 rotate 相同，但只作废指定的密钥。某个角色不再有密钥时会生成新的。wgtup keys show 会列出编号。`}),
		Example: "  wgtup keys revoke 3f2a9c1b00112233 --last 41",
		Args:    takes(1, sign.MaxKeys),
		RunE: func(c *cobra.Command, args []string) error {
			r.revoked = args
			return ui.rotate(c.Context(), r)
		},
	}
	ui.rotationFlags(c, &r)
	return c
}

func (u *ui) rotationFlags(c *cobra.Command, r *rotation) {
	fs := c.Flags()
	fs.StringVar(&r.recoveryKey, "recovery-key", "", u.t(text{"`FILE` of the recovery key (default: recovery.key beside the signing key; or WGTUP_RECOVERY_KEY)", "恢复密钥`文件`（默认：签名密钥旁的 recovery.key；或 WGTUP_RECOVERY_KEY）"}))
	fs.StringVar(&r.recoveryCmd, "recovery-cmd", "", u.t(text{"shell `COMMAND` that signs with the recovery key", "用恢复密钥签名的 shell `命令`"}))
	if c.Name() == "rotate" {
		fs.BoolVar(&r.withRecovery, "recovery", false, u.t(text{"replace the recovery keys, too", "同时替换恢复密钥"}))
	}
	fs.StringSliceVarP(&r.channels, "channel", "c", nil, u.t(text{"`CHANNELS` to take along (default: that of wgtup.yaml)", "一并切换的`渠道`（默认：wgtup.yaml 里的）"}))
	u.lastFlag(c, &r.last)
	fs.BoolVar(&r.local, "local", false, u.t(text{"change the project only; each channel later: wgtup keys adopt", "只修改项目；之后再对每个渠道执行 wgtup keys adopt"}))
	fs.BoolVar(&r.dryRun, "dry-run", false, u.t(text{"only show the next keys", "只显示将采用的密钥"}))
	fs.BoolVar(&r.ask, "passphrase", false, u.t(text{"ask for a passphrase and encrypt the keys (or set WGTUP_KEY_PASSPHRASE)", "输入口令并加密密钥（或设置 WGTUP_KEY_PASSPHRASE）"}))
}

func (u *ui) lastFlag(c *cobra.Command, into *string) {
	c.Flags().StringVar(into, "last", "", u.t(text{"the last `ENTRY` that you vouch for: 41, or 1/41 (default: the newest)", "你认可的最后一条`记录`：41 或 1/41（默认：最新的）"}))
}

// freshKey is a key that a rotation makes.
type freshKey struct {
	path   string
	secret sign.Secret
	pin    sign.Pin // in the next set
}

// rotationJSON is what rotate and revoke print.
type rotationJSON struct {
	DryRun   bool     `json:"dryRun,omitempty"`
	Epoch    int64    `json:"epoch"`
	Keys     []string `json:"keys"`
	Files    []string `json:"files"`
	Channels []string `json:"channels"` // in the new epoch
}

func (u *ui) rotate(ctx context.Context, r rotation) error {
	conf, err := u.settings()
	if err != nil {
		return err
	}
	if conf.Path == "" || u.env("WGTUP_PUBLIC_KEYS") != "" {
		return usage(text{"keys are replaced in wgtup.yaml, and there is none, or WGTUP_PUBLIC_KEYS hides it", "替换密钥要修改 wgtup.yaml，而这里没有它，或被 WGTUP_PUBLIC_KEYS 覆盖了"}).
			hint(text{"run it in the project, where git can keep wgtup.yaml and wgtup.keys", "请在项目里执行，由 git 保存 wgtup.yaml 和 wgtup.keys"})
	}
	if len(conf.Keys) == 0 {
		return noKeys()
	}
	last, err := parseEntry(r.last)
	if err != nil {
		return err
	}
	chain, err := conf.Chain()
	if err != nil {
		return err
	}
	if len(chain.Sets) == 0 {
		set, _ := conf.Pins()
		return &publish.Refusal{Code: publish.NoKeyChain, Facts: map[string]string{"epoch": strconv.FormatInt(set.Epoch, 10)}}
	}
	if len(r.channels) == 0 {
		r.channels = []string{conf.Channel}
	}
	for _, name := range r.channels {
		if !release.ValidChannel(name) {
			return badChannel(name)
		}
	}
	recovery, err := u.recoverySigner(ctx, conf, chain.Last(), r)
	if err != nil {
		return err
	}
	passphrase, err := u.newPassphrase(r.ask)
	if err != nil {
		return err
	}
	next, fresh, err := r.next(chain.Last(), keyFolder(conf))
	if err != nil {
		return err
	}
	if r.dryRun {
		return u.print(u.sayRotation(next, fresh, r.pins, true))
	}
	statement, err := sign.DraftStatement(conf.App, next)
	if err == nil {
		statement, err = recovery(statement)
	}
	if err == nil {
		chain, err = chain.With(conf.App, statement)
	}
	if err != nil {
		return err
	}
	if err := writeRotation(conf, chain, fresh, passphrase); err != nil {
		return err
	}
	out := u.sayRotation(next, fresh, r.pins, false)
	if r.local {
		return u.print(out)
	}
	var unseen error // published, but not visible yet
	for _, channel := range r.channels {
		if err := u.adoptNow(ctx, channel, last, fresh); err != nil {
			if f := asFailure(err); f != nil && f.exit == exitNotVisible {
				unseen = err
				out.Channels = append(out.Channels, channel)
				continue
			}
			u.warn(text{"wgtup.yaml and wgtup.keys have the new keys; go on with: wgtup keys adopt -c %s", "wgtup.yaml 和 wgtup.keys 已是新密钥；请继续执行：wgtup keys adopt -c %s"}, channel)
			return err
		}
		out.Channels = append(out.Channels, channel)
	}
	u.sayOtherChannels(ctx, r.channels)
	if err := u.print(out); err != nil {
		return err
	}
	return unseen
}

// next works out the key set that follows, and which keys it needs made. Nothing
// is written.
func (r rotation) next(set sign.Set, dir string) (sign.Set, []freshKey, error) {
	epoch := set.Epoch + 1
	var pins []sign.Pin
	var replaced []sign.Pin // by a new key of the same role, for the same channels
	for _, p := range set.Pins {
		gone := r.withRecovery && p.Role == sign.Recovery || r.revoked == nil && p.Role == sign.Signing || slices.Contains(r.revoked, p.ID())
		if !gone {
			p.Epoch = epoch
			pins = append(pins, p)
		} else if r.revoked != nil || p.Role == sign.Recovery || len(r.pins) == 0 {
			replaced = append(replaced, p)
		}
	}
	for _, id := range r.revoked {
		if _, ok := set.Find(id); !ok {
			return sign.Set{}, nil, usage(text{"no key %s in wgtup.yaml", "wgtup.yaml 里没有密钥 %s"}, id).hint(text{"wgtup keys show lists them", "wgtup keys show 会列出它们"})
		}
	}
	for _, s := range r.pins {
		p, err := sign.ParsePin(s)
		if err != nil || p.Role != sign.Signing {
			return sign.Set{}, nil, usage(text{"%q is no signing key", "%q 不是签名公钥"}, s).hint(text{"as wgtup keys new --role signing prints it", "写法与 wgtup keys new --role signing 打印的相同"})
		}
		p.Epoch = epoch
		pins = append(pins, p)
	}
	if r.revoked != nil {
		replaced = slices.DeleteFunc(replaced, func(gone sign.Pin) bool {
			return slices.ContainsFunc(pins, func(p sign.Pin) bool { return p.Role == gone.Role })
		})
	}
	var fresh []freshKey
	for _, p := range replaced {
		secret, err := sign.NewSecret(p.Role, epoch)
		if err != nil {
			return sign.Set{}, nil, err
		}
		pin := secret.Pin()
		pin.Channels = p.Channels
		pins = append(pins, pin)
		fresh = append(fresh, freshKey{filepath.Join(dir, fmt.Sprintf("%s.%d.%.8s.key", p.Role, epoch, pin.ID())), secret, pin})
	}
	next, err := sign.NewSet(pins)
	if err != nil {
		return sign.Set{}, nil, usage(text{"these are no keys for the next epoch: %v", "这些密钥不能组成下一代：%v"}, err).hint(text{"wgtup keys show lists the present ones", "wgtup keys show 会列出现有的"})
	}
	return next, fresh, nil
}

// recoverySigner has the recovery key of a set sign a statement.
func (u *ui) recoverySigner(ctx context.Context, c *config.Config, set sign.Set, r rotation) (func(sign.Envelope) (sign.Envelope, error), error) {
	if r.recoveryCmd != "" {
		return func(draft sign.Envelope) (sign.Envelope, error) {
			return u.signElsewhere(ctx, r.recoveryCmd, draft, set.RecoveryKeys())
		}, nil
	}
	path := r.recoveryKey
	if path == "" {
		path = newestRecovery(keyFolder(c), set)
	}
	key, err := u.recoveryKey(path, set)
	if err != nil {
		return nil, err
	}
	return func(draft sign.Envelope) (sign.Envelope, error) {
		signed, _, err := draft.Signed(key.Sign(draft.SignedText()), set.RecoveryKeys())
		return signed, err
	}, nil
}

// newestRecovery is where the recovery key of a set lies if nobody moved it.
func newestRecovery(dir string, set sign.Set) string {
	for epoch := set.Epoch; epoch > 0; epoch-- {
		for _, p := range set.RecoveryKeys() {
			path := filepath.Join(dir, fmt.Sprintf("%s.%d.%.8s.key", sign.Recovery, epoch, p.ID()))
			if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
				return path
			}
		}
	}
	return filepath.Join(dir, "recovery.key")
}

// writeRotation writes the new keys, then how they came about, then wgtup.yaml: a
// kill in between leaves a project that works with the keys it had.
func writeRotation(c *config.Config, chain sign.Chain, fresh []freshKey, passphrase string) error {
	signingKey := ""
	if len(fresh) > 0 {
		if err := makeKeyFolder(keyFolder(c)); err != nil {
			return err
		}
	}
	for _, k := range fresh {
		content, err := keyText(k.secret, passphrase)
		if err != nil {
			return err
		}
		if err := writeNew(k.path, content, 0o600); err != nil {
			return err
		}
		if k.pin.Role == sign.Signing && signingKey == "" {
			signingKey = k.path
		}
	}
	history, err := chain.Text()
	if err != nil {
		return err
	}
	temporary := c.ChainPath() + ".new"
	if err := os.WriteFile(temporary, []byte(history), 0o644); err != nil {
		return fmt.Errorf("write key chain: %w", err)
	}
	if err := os.Rename(temporary, c.ChainPath()); err != nil {
		return fmt.Errorf("write key chain: %w", err)
	}
	if relative, err := filepath.Rel(filepath.Dir(c.Path), signingKey); signingKey != "" && err == nil {
		signingKey = filepath.ToSlash(relative)
	}
	return c.Rekey(chain.Last(), signingKey)
}

func (u *ui) sayRotation(next sign.Set, fresh []freshKey, given []string, dryRun bool) rotationJSON {
	out := rotationJSON{DryRun: dryRun, Epoch: next.Epoch, Keys: []string{}, Files: []string{}, Channels: []string{}}
	if dryRun {
		u.say(text{"the next keys, of epoch %d:", "将采用的密钥（第 %d 代）："}, next.Epoch)
	} else {
		u.say(text{"replaced the keys: epoch %d", "已替换密钥：第 %d 代"}, next.Epoch)
	}
	for _, p := range next.Pins {
		out.Keys = append(out.Keys, p.String())
		i := slices.IndexFunc(fresh, func(k freshKey) bool { return k.pin.ID() == p.ID() })
		switch {
		case i < 0 && slices.ContainsFunc(given, func(pin string) bool { return strings.Contains(p.String(), strings.SplitN(pin+"::", ":", 4)[2]) }):
			u.say(text{"  given %s", "  指定  %s"}, p)
		case i < 0:
			u.say(text{"  kept  %s", "  保留  %s"}, p)
		case dryRun: // another one each time
			u.say(text{"  new   a %s key", "  新增  一个 %s 密钥"}, p.Role)
		default:
			out.Files = append(out.Files, fresh[i].path)
			u.say(text{"  new   %s\n        in %s", "  新增  %s\n        位于 %s"}, p, fresh[i].path)
		}
	}
	if !dryRun {
		u.say(text{"commit wgtup.yaml and wgtup.keys; put the new signing key into CI (WGTUP_SIGNING_KEY); build the next app with these keys", "请提交 wgtup.yaml 和 wgtup.keys；把新的签名密钥放进 CI（WGTUP_SIGNING_KEY）；下一个安装包用这些公钥构建"})
	}
	return out
}

// adoptNow takes a channel along in the same run, with the key that was made in it.
func (u *ui) adoptNow(ctx context.Context, channel string, last release.Position, fresh []freshKey) error {
	conf, err := u.settings()
	if err != nil {
		return err
	}
	p, err := u.publisherFor(ctx, conf, channel, false)
	if err != nil {
		return err
	}
	u.signedBy(ctx, p)
	if i := slices.IndexFunc(fresh, func(k freshKey) bool { return k.pin.Signs(channel) }); i >= 0 {
		p.Sign = sealBy(fresh[i].secret)
	} else if p.Sign, err = u.signer(ctx, conf, channel); err != nil {
		return err
	}
	p.Adopt = &publish.Adoption{Last: last}
	result, err := p.Change(ctx, p.Adopt.Edit, nil)
	if err != nil {
		return refusedOn(ctx, p, changeOptions{}, err)
	}
	if before := result.Plan.Before; !result.Done && before != nil {
		u.say(text{"channel %s: entry %s continues entry %s", "渠道 %s：第 %s 条记录接续第 %s 条"}, channel, entryName(result.Entry.Position()), entryName(before.Position()))
	}
	return u.visibility(p, result)
}

func (u *ui) adopt(ctx context.Context, p *publish.Publisher, last release.Position, o changeOptions) error {
	p.Adopt = &publish.Adoption{Last: last}
	return u.change(ctx, p, p.Adopt.Edit, nil, o)
}

func keysAdoptCommand(ui *ui) *cobra.Command {
	var channel, last, message string
	var dryRun, requireChange bool
	c := &cobra.Command{
		Use:   "adopt",
		Short: ui.t(text{"begin a channel's journal under the replaced keys", "在替换后的密钥下开始一个渠道的 journal"}),
		Long: ui.t(text{`After "keys rotate" or "keys revoke", once for each channel that was not taken
along: its journal begins anew under the keys of wgtup.yaml, with what the entry
says that you vouch for.`,
			`在 keys rotate 或 keys revoke 之后，对没有一并切换的每个渠道执行一次：它的 journal 在 wgtup.yaml 的密钥下重新开始，内容与你认可的那条记录相同。`}),
		Example: "  wgtup keys adopt -c beta\n  wgtup keys adopt -c production --last 41",
		Args:    takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			at, err := parseEntry(last)
			if err != nil {
				return err
			}
			p, err := ui.publisher(c.Context(), channel, true)
			if err != nil {
				return err
			}
			if len(p.Chain.Sets) < 2 {
				return usage(text{"the keys of wgtup.yaml are the first ones: there is nothing to adopt", "wgtup.yaml 里是最初的密钥：没有什么要切换"}).hint(text{"wgtup keys rotate replaces them", "wgtup keys rotate 会替换它们"})
			}
			p.Message = message
			return ui.adopt(c.Context(), p, at, changeOptions{dryRun: dryRun, requireChange: requireChange})
		},
	}
	ui.channelFlag(c, &channel)
	ui.lastFlag(c, &last)
	ui.writeFlags(c, &message, &dryRun, &requireChange)
	return c
}

// sayOtherChannels names channels that still are under the old keys, where the
// store tells which there are.
func (u *ui) sayOtherChannels(ctx context.Context, taken []string) {
	p, err := u.publisher(ctx, "", false)
	if err != nil {
		return
	}
	names, err := p.Channels(ctx)
	if err != nil {
		u.note(text{"other channels, if there are any: wgtup keys adopt -c NAME", "如果还有其他渠道：wgtup keys adopt -c 名称"})
		return
	}
	for _, name := range names {
		if !slices.Contains(taken, name) {
			u.warn(text{"channel %s is still under the old keys: wgtup keys adopt -c %[1]s", "渠道 %s 还在旧密钥下：wgtup keys adopt -c %[1]s"}, name)
		}
	}
}

// parseEntry reads 41 or 1/41; zero for "".
func parseEntry(s string) (release.Position, error) {
	if s == "" {
		return release.Position{}, nil
	}
	epoch, sequence, found := strings.Cut(s, "/")
	if !found {
		epoch, sequence = "0", s
	}
	e, errEpoch := strconv.ParseInt(epoch, 10, 32)
	n, errSequence := strconv.ParseInt(sequence, 10, 64)
	if errEpoch != nil || errSequence != nil || e < 0 || n < 1 || n > release.MaxSequence {
		return release.Position{}, usage(text{"%q is no entry", "%q 不是记录编号"}, s).hint(text{"--last 41, or 1/41 after the keys changed: wgtup history lists them", "--last 41；密钥替换过之后为 1/41：wgtup history 会列出它们"})
	}
	return release.Position{Epoch: e, Sequence: n}, nil
}
