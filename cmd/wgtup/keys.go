package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"wgtup/internal/keyfile"
	"wgtup/internal/publish"
	"wgtup/release"
	"wgtup/sign"
)

func keysCommand(ui *ui) *cobra.Command {
	c := &cobra.Command{
		Use:   "keys",
		Short: ui.t(text{"signing and recovery keys", "签名密钥和恢复密钥"}),
		Args:  takes(0, 0),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(ui.keysNewCommand(), &cobra.Command{
		Use:   "show",
		Short: ui.t(text{"the public keys of wgtup.yaml, and which secret is at hand", "显示 wgtup.yaml 里的公钥，以及手边的私钥"}),
		Args:  takes(0, 0),
		RunE:  func(*cobra.Command, []string) error { return ui.keysShow() },
	}, keysRotateCommand(ui), keysRevokeCommand(ui), keysAdoptCommand(ui), keysSignCommand(ui))
	return c
}

func (u *ui) keysNewCommand() *cobra.Command {
	var dir, role string
	var channels []string
	var ask bool
	c := &cobra.Command{
		Use:   "new",
		Short: u.t(text{"make a signing and a recovery key", "生成一对签名密钥和恢复密钥"}),
		Args:  takes(0, 0),
		RunE:  func(*cobra.Command, []string) error { return u.keysNew(dir, role, channels, ask) },
	}
	c.Flags().StringVar(&dir, "dir", ".wgtup", u.t(text{"`FOLDER` for the key files", "密钥文件所在`目录`"}))
	c.Flags().StringVar(&role, "role", "", u.t(text{"only this one: `ROLE` signing or recovery", "只生成这一种：`角色` signing 或 recovery"}))
	c.Flags().StringSliceVar(&channels, "channels", nil, u.t(text{"the only `CHANNELS` that the signing key may sign (default: all)", "签名密钥只能签这些`渠道`（默认：全部）"}))
	c.Flags().BoolVar(&ask, "passphrase", false, u.t(text{"ask for a passphrase and encrypt the keys (or set WGTUP_KEY_PASSPHRASE)", "输入口令并加密密钥（或设置 WGTUP_KEY_PASSPHRASE）"}))
	return c
}

// keyFiles are the paths of a fresh pair.
type keyFiles struct {
	signing, recovery       string
	signingPin, recoveryPin sign.Pin
	encrypted               bool
}

// keyUse is what the comment in a key file says.
var keyUse = map[sign.Role]string{
	sign.Signing:  "signs releases; CI needs it as WGTUP_SIGNING_KEY",
	sign.Recovery: "replaces a lost or stolen signing key; keep it offline, CI must not have it",
}

// writeKey makes a key and writes its file, which must not exist.
func writeKey(path string, role sign.Role, epoch int64, passphrase string) (sign.Secret, error) {
	secret, err := sign.NewSecret(role, epoch)
	if err != nil {
		return sign.Secret{}, err
	}
	content, err := keyText(secret, passphrase)
	if err != nil {
		return sign.Secret{}, err
	}
	return secret, writeNew(path, content, 0o600)
}

func keyText(secret sign.Secret, passphrase string) (string, error) {
	return keyfile.Text(secret, fmt.Sprintf("wgtup %s key %s: %s", secret.Role, secret.Pin().ID(), keyUse[secret.Role]), passphrase)
}

// makeKeyFolder makes a folder that git ignores.
func makeKeyFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make key folder: %w", err)
	}
	ignore := filepath.Join(dir, ".gitignore")
	if _, err := os.Stat(ignore); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(ignore, []byte("*\n"), 0o644); err != nil {
			return fmt.Errorf("make key folder: %w", err)
		}
	}
	return nil
}

// makeKeys writes a signing and a recovery key, or one of them, into a folder that
// git ignores. It never overwrites a key.
func makeKeys(dir string, only sign.Role, channels []string, passphrase string) (*keyFiles, error) {
	k := &keyFiles{encrypted: passphrase != ""}
	if only != sign.Recovery {
		k.signing = filepath.Join(dir, "signing.key")
	}
	if only != sign.Signing {
		k.recovery = filepath.Join(dir, "recovery.key")
	}
	for _, path := range []string{k.signing, k.recovery} {
		if _, err := os.Stat(path); path != "" && err == nil {
			return nil, usage(text{"%s exists; a key is never overwritten", "%s 已存在；密钥不会被覆盖"}, path).
				hint(text{"apps in the field may pin it: keep it, and use the wgtup.yaml that was made with it; new keys go elsewhere: wgtup keys new --dir FOLDER",
					"线上的应用可能已固定了它：请保留，并使用与它同时生成的 wgtup.yaml；新的密钥请放别处：wgtup keys new --dir 目录"})
		}
	}
	if err := makeKeyFolder(dir); err != nil {
		return nil, err
	}
	if k.signing != "" {
		secret, err := writeKey(k.signing, sign.Signing, 0, passphrase)
		if err != nil {
			return nil, err
		}
		k.signingPin = secret.Pin()
		k.signingPin.Channels = channels
	}
	if k.recovery != "" {
		secret, err := writeKey(k.recovery, sign.Recovery, 0, passphrase)
		if err != nil {
			os.Remove(k.signing)
			return nil, err
		}
		k.recoveryPin = secret.Pin()
	}
	return k, nil
}

// writeNew writes a file that must not exist, or leaves none.
func writeNew(path, content string, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.WriteString(content)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		os.Remove(path)
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func (u *ui) keysNew(dir, role string, channels []string, ask bool) error {
	if role != "" && role != string(sign.Signing) && role != string(sign.Recovery) {
		return usage(text{"unknown role %q", "未知的角色 %q"}, role).hint(text{"--role signing or recovery", "--role signing 或 recovery"})
	}
	slices.Sort(channels)
	channels = slices.Compact(channels)
	for _, name := range channels {
		if !release.ValidChannel(name) {
			return badChannel(name)
		}
	}
	passphrase, err := u.newPassphrase(ask)
	if err != nil {
		return err
	}
	k, err := makeKeys(dir, sign.Role(role), channels, passphrase)
	if err != nil {
		return err
	}
	u.sayKeys(k)
	u.say(text{"public keys for wgtup.yaml and the app:", "写进 wgtup.yaml 和应用的公钥："})
	u.say(text{"keys:", "keys:"})
	out := struct {
		Signing  string   `json:"signing,omitempty"`
		Recovery string   `json:"recovery,omitempty"`
		Keys     []string `json:"keys"`
	}{k.signing, k.recovery, nil}
	for _, p := range []sign.Pin{k.signingPin, k.recoveryPin} {
		if p.Role != "" {
			out.Keys = append(out.Keys, p.String())
			u.say(text{"  - %s", "  - %s"}, p)
		}
	}
	return u.print(out)
}

// sayKeys says what the files are for.
func (u *ui) sayKeys(k *keyFiles) {
	wide := max(len(k.signing), len(k.recovery))
	secured := text{"no passphrase", "没有口令"}
	if k.encrypted {
		secured = text{"encrypted", "已加密"}
	}
	if k.signing != "" {
		u.say(text{"made %-*s  signs releases, %s; in CI: WGTUP_SIGNING_KEY", "已生成 %-*s  用于签名发布，%s；CI 里用 WGTUP_SIGNING_KEY"}, wide, k.signing, u.t(secured))
	}
	if k.recovery != "" {
		u.say(text{"made %-*s  replaces a lost or stolen signing key: move it offline", "已生成 %-*s  签名密钥丢失或被盗时的补救：请离线保存"}, wide, k.recovery)
	}
}

// keyJSON is one key of `keys show --json`.
type keyJSON struct {
	Role     sign.Role `json:"role"`
	ID       string    `json:"id"`
	Epoch    int64     `json:"epoch"`
	Channels []string  `json:"channels"` // none: all
	Pin      string    `json:"pin"`
	AtHand   bool      `json:"atHand"` // its secret
}

func (u *ui) keysShow() error {
	c, err := u.settings()
	if err != nil {
		return err
	}
	if len(c.Keys) == 0 {
		return noKeys()
	}
	set, err := c.Pins()
	if err != nil {
		return err
	}
	chain, err := c.Chain()
	if err != nil {
		return err
	}
	var secret sign.Secret
	var secretErr error
	if c.SignCmd == "" {
		secret, secretErr = u.signingKey(c)
	}
	out, hand := []keyJSON{}, ""
	for _, p := range set.Pins {
		k := keyJSON{p.Role, p.ID(), p.Epoch, p.Channels, p.String(), c.SignCmd == "" && secretErr == nil && secret.Pin().ID() == p.ID()}
		if k.Channels == nil {
			k.Channels = []string{}
		}
		if k.AtHand {
			hand = k.ID
		}
		out = append(out, k)
		u.say(text{"%s  %s", "%s  %s"}, k.ID, k.Pin)
	}
	if set.Epoch > 0 {
		u.say(text{"epoch %d: the keys were replaced %[1]d times; wgtup.keys tells how", "第 %d 代：密钥已替换过 %[1]d 次；wgtup.keys 记录了经过"}, set.Epoch)
		if len(chain.Sets) == 0 {
			u.warn(text{"%s", "%s"}, u.line(&publish.Refusal{Code: publish.NoKeyChain, Facts: map[string]string{"epoch": fmt.Sprint(set.Epoch)}}))
		}
	}
	switch {
	case c.SignCmd != "":
		u.say(text{"signed by: %s", "由命令签名：%s"}, c.SignCmd)
	case secretErr != nil:
		u.warn(text{"%s", "%s"}, u.line(secretErr))
	default:
		u.say(text{"the secret of %s is at hand", "手边有 %s 的私钥"}, hand)
	}
	return u.print(out)
}

func noKeys() error {
	return usage(text{"no public keys: nobody could check the release", "没有公钥：谁也无法校验发布"}).
		hint(text{"wgtup init makes them; without wgtup.yaml put them into WGTUP_PUBLIC_KEYS", "wgtup init 会生成密钥；没有 wgtup.yaml 时放进 WGTUP_PUBLIC_KEYS"})
}

// line is an error in one line, for a warning.
func (u *ui) line(err error) string {
	f := explain(err)
	return fmt.Sprintf(u.t(f.what), f.args...)
}
