package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"wgtup/sign"
)

func keysCommand(ui *ui) *cobra.Command {
	c := &cobra.Command{
		Use:   "keys",
		Short: ui.t(text{"signing and recovery keys", "签名密钥和恢复密钥"}),
		Args:  takes(0, 0),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	var dir string
	create := &cobra.Command{
		Use:   "new",
		Short: ui.t(text{"make a signing and a recovery key", "生成一对签名密钥和恢复密钥"}),
		Args:  takes(0, 0),
		RunE:  func(*cobra.Command, []string) error { return ui.keysNew(dir) },
	}
	create.Flags().StringVar(&dir, "dir", ".wgtup", ui.t(text{"`FOLDER` for the key files", "密钥文件所在`目录`"}))
	c.AddCommand(create, &cobra.Command{
		Use:   "show",
		Short: ui.t(text{"the public keys of wgtup.yaml, and which secret is at hand", "显示 wgtup.yaml 里的公钥，以及手边的私钥"}),
		Args:  takes(0, 0),
		RunE:  func(*cobra.Command, []string) error { return ui.keysShow() },
	})
	return c
}

// keyFiles are the paths of a fresh pair.
type keyFiles struct {
	signing, recovery       string
	signingPin, recoveryPin sign.Pin
}

// makeKeys writes a signing and a recovery key into a folder that git ignores.
// It never overwrites a key.
func makeKeys(dir string) (*keyFiles, error) {
	k := &keyFiles{signing: filepath.Join(dir, "signing.key"), recovery: filepath.Join(dir, "recovery.key")}
	for _, path := range []string{k.signing, k.recovery} {
		if _, err := os.Stat(path); err == nil {
			return nil, usage(text{"%s exists; a key is never overwritten", "%s 已存在；密钥不会被覆盖"}, path).
				hint(text{"apps in the field may pin it: keep it, and use the wgtup.yaml that was made with it; new keys go elsewhere: wgtup keys new --dir FOLDER",
					"线上的应用可能已固定了它：请保留，并使用与它同时生成的 wgtup.yaml；新的密钥请放别处：wgtup keys new --dir 目录"})
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make key folder: %w", err)
	}
	ignore := filepath.Join(dir, ".gitignore")
	if _, err := os.Stat(ignore); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(ignore, []byte("*\n"), 0o644); err != nil {
			return nil, fmt.Errorf("make key folder: %w", err)
		}
	}
	for _, one := range []struct {
		role sign.Role
		path string
		pin  *sign.Pin
		use  string
	}{
		{sign.Signing, k.signing, &k.signingPin, "signs releases; CI needs it as WGTUP_SIGNING_KEY"},
		{sign.Recovery, k.recovery, &k.recoveryPin, "replaces a lost or stolen signing key; keep it offline, CI must not have it"},
	} {
		secret, err := sign.NewSecret(one.role, 0)
		if err != nil {
			return nil, err
		}
		*one.pin = secret.Pin()
		content := fmt.Sprintf("# wgtup %s key %s: %s\n%s\n", one.role, one.pin.ID(), one.use, secret.Text())
		if err := writeNew(one.path, content, 0o600); err != nil {
			if one.role == sign.Recovery {
				os.Remove(k.signing)
			}
			return nil, err
		}
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

func (u *ui) keysNew(dir string) error {
	if err := u.noPassphrase(); err != nil {
		return err
	}
	k, err := makeKeys(dir)
	if err != nil {
		return err
	}
	u.sayKeys(k)
	u.say(text{"public keys for wgtup.yaml and the app:", "写进 wgtup.yaml 和应用的公钥："})
	u.say(text{"keys:\n  - %s\n  - %s", "keys:\n  - %s\n  - %s"}, k.signingPin, k.recoveryPin)
	return u.print(map[string]any{"signing": k.signing, "recovery": k.recovery, "keys": []string{k.signingPin.String(), k.recoveryPin.String()}})
}

// noPassphrase refuses what this version would silently ignore.
func (u *ui) noPassphrase() error {
	if u.env("WGTUP_KEY_PASSPHRASE") == "" {
		return nil
	}
	return usage(text{"this version cannot encrypt keys with WGTUP_KEY_PASSPHRASE", "这个版本还不能用 WGTUP_KEY_PASSPHRASE 加密密钥"}).
		hint(text{"unset WGTUP_KEY_PASSPHRASE to make keys without a passphrase", "取消设置 WGTUP_KEY_PASSPHRASE，即生成没有口令的密钥"})
}

// sayKeys says what the two files are for.
func (u *ui) sayKeys(k *keyFiles) {
	wide := max(len(k.signing), len(k.recovery))
	u.say(text{"made %-*s  signs releases, no passphrase; in CI: WGTUP_SIGNING_KEY", "已生成 %-*s  用于签名发布，没有口令；CI 里用 WGTUP_SIGNING_KEY"}, wide, k.signing)
	u.say(text{"made %-*s  replaces a lost or stolen signing key: move it offline", "已生成 %-*s  签名密钥丢失或被盗时的补救：请离线保存"}, wide, k.recovery)
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
	secret, secretErr := u.signingKey(c)
	out, hand := []keyJSON{}, ""
	for _, p := range set.Pins {
		k := keyJSON{p.Role, p.ID(), p.Epoch, p.Channels, p.String(), secretErr == nil && secret.Pin().ID() == p.ID()}
		if k.Channels == nil {
			k.Channels = []string{}
		}
		if k.AtHand {
			hand = k.ID
		}
		out = append(out, k)
		u.say(text{"%s  %s", "%s  %s"}, k.ID, k.Pin)
	}
	if secretErr != nil {
		u.warn(text{"%s", "%s"}, u.line(secretErr))
	} else {
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
