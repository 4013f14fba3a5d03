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
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	var dir string
	create := &cobra.Command{
		Use:   "new",
		Short: ui.t(text{"make a signing and a recovery key", "生成一对签名密钥和恢复密钥"}),
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return ui.keysNew(dir) },
	}
	create.Flags().StringVar(&dir, "dir", ".wgtup", ui.t(text{"folder for the key files", "密钥文件所在目录"}))
	c.AddCommand(create, &cobra.Command{
		Use:   "show",
		Short: ui.t(text{"the public keys of wgtup.yaml, and which secret is at hand", "显示 wgtup.yaml 里的公钥，以及手边的私钥"}),
		Args:  cobra.NoArgs,
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
				hint(text{"move it away, or use it: apps in the field may pin it", "请移走它，或继续使用：线上的应用可能已固定了它"})
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
		f, err := os.OpenFile(one.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, fmt.Errorf("write key: %w", err)
		}
		_, err = f.WriteString(content)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return nil, fmt.Errorf("write key: %w", err)
		}
	}
	return k, nil
}

func (u *ui) keysNew(dir string) error {
	k, err := makeKeys(dir)
	if err != nil {
		return err
	}
	u.say(text{"made %s (secret; CI needs it) and %s (secret; keep it offline)", "已生成 %s（保密，CI 需要）和 %s（保密，请离线保存）"}, k.signing, k.recovery)
	u.say(text{"public keys for wgtup.yaml and the app:", "写进 wgtup.yaml 和应用的公钥："})
	u.say(text{"keys:\n  - %s\n  - %s", "keys:\n  - %s\n  - %s"}, k.signingPin, k.recoveryPin)
	return u.print(map[string]any{"signing": k.signing, "recovery": k.recovery, "keys": []string{k.signingPin.String(), k.recoveryPin.String()}})
}

func (u *ui) keysShow() error {
	c, err := u.settings()
	if err != nil {
		return err
	}
	set, err := c.Pins()
	if err != nil {
		return err
	}
	secret, secretErr := u.signingKey(c)
	type row struct {
		sign.Role `json:"role"`
		ID        string   `json:"id"`
		Epoch     int64    `json:"epoch"`
		Channels  []string `json:"channels,omitempty"`
		Pin       string   `json:"pin"`
		AtHand    bool     `json:"atHand"`
	}
	out := []row{}
	for _, p := range set.Pins {
		r := row{p.Role, p.ID(), p.Epoch, p.Channels, p.String(), secretErr == nil && secret.Pin().ID() == p.ID()}
		out = append(out, r)
		hand := text{"", ""}
		if r.AtHand {
			hand = text{"  (secret at hand)", "  （私钥在手）"}
		}
		u.say(text{"%s  %s%s", "%s  %s%s"}, r.ID, r.Pin, u.t(hand))
	}
	if secretErr != nil {
		u.warn(text{"%s", "%s"}, explainedLine(u, secretErr))
	}
	return u.print(out)
}

func explainedLine(u *ui, err error) string {
	f := explain(err)
	return fmt.Sprintf(u.t(f.what), f.args...)
}
