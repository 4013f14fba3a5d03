package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"golang.org/x/term"

	"wgtup/internal/config"
	"wgtup/internal/keyfile"
	"wgtup/release"
	"wgtup/sign"
)

// signFunc makes an entry of a payload.
type signFunc = func(payload []byte, statements []sign.Envelope) (sign.Envelope, error)

// signer signs with the program of sign-cmd, or the key from WGTUP_SIGNING_KEY or
// the key file.
func (u *ui) signer(ctx context.Context, c *config.Config, channel string) (signFunc, error) {
	if c.SignCmd != "" {
		pins, err := c.Pins()
		if err != nil {
			return nil, err
		}
		return func(payload []byte, statements []sign.Envelope) (sign.Envelope, error) {
			draft, err := sign.Draft(release.PayloadType, payload, statements)
			if err != nil {
				return sign.Envelope{}, err
			}
			set, err := inForce(draft.Statements, c.App, pins)
			if err != nil {
				return sign.Envelope{}, err
			}
			return u.signElsewhere(ctx, c.SignCmd, draft, set.SigningKeys(channel))
		}, nil
	}
	key, err := u.signingKey(c)
	if err != nil {
		return nil, err
	}
	return sealBy(key), nil
}

func sealBy(key sign.Secret) signFunc {
	return func(payload []byte, statements []sign.Envelope) (sign.Envelope, error) {
		return sign.Seal(release.PayloadType, payload, statements, key)
	}
}

// inForce are the keys that statements lead to from the pins of a project.
func inForce(statements []sign.Envelope, app string, pins sign.Set) (sign.Set, error) {
	if len(statements) == 0 {
		return pins, nil
	}
	return sign.Walk(statements, app, pins)
}

// signElsewhere has a program sign: it reads the exact bytes that are signed from
// stdin, and writes the signature to stdout, 64 bytes or their base64. Which of
// the keys it used is found out by verifying.
func (u *ui) signElsewhere(ctx context.Context, command string, draft sign.Envelope, keys []sign.Pin) (sign.Envelope, error) {
	u.clearProgress()
	shell := []string{"sh", "-c", command}
	if runtime.GOOS == "windows" {
		shell = []string{"cmd", "/C", command}
	}
	run := exec.CommandContext(ctx, shell[0], shell[1:]...)
	var out bytes.Buffer
	run.Stdin, run.Stdout, run.Stderr = bytes.NewReader(draft.SignedText()), &out, u.err
	if u.json {
		run.Stderr = nil
	}
	failed := func(why text, args ...any) error {
		return fault(exitUnexpected, "sign-cmd", text{"the signing command failed: " + why.en, "签名命令失败：" + why.zh}, args...).
			hint(text{"it reads what is to be signed from stdin and writes the Ed25519 signature to stdout: %s", "它应从标准输入读取待签名的内容，并把 Ed25519 签名写到标准输出：%s"}, command)
	}
	if err := run.Run(); err != nil {
		if ctx.Err() != nil {
			return sign.Envelope{}, ctx.Err()
		}
		return sign.Envelope{}, failed(text{"%v", "%v"}, err)
	}
	signature := out.Bytes()
	if len(signature) != 64 {
		decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(out.String()))
		if err != nil || len(decoded) != 64 {
			return sign.Envelope{}, failed(text{"%d bytes that are no signature", "输出的 %d 字节不是签名"}, out.Len())
		}
		signature = decoded
	}
	signed, _, err := draft.Signed(signature, keys)
	if errors.Is(err, sign.ErrRefused) {
		return sign.Envelope{}, failed(text{"its signature is by none of the keys that may sign this", "它的签名不属于任何一个可以签名的密钥"})
	}
	return signed, err
}

// keyHint says where a missing key comes from. Once an app pins keys, new ones
// are no help.
func keyHint(c *config.Config) text {
	set, err := c.Pins()
	if err != nil {
		return text{"wgtup init makes a key; in CI put the content of .wgtup/signing.key into WGTUP_SIGNING_KEY", "wgtup init 会生成密钥；CI 里请把 .wgtup/signing.key 的内容放进 WGTUP_SIGNING_KEY"}
	}
	var ids []string
	for _, p := range set.Pins {
		if p.Role == sign.Signing {
			ids = append(ids, p.ID())
		}
	}
	id := strings.Join(ids, ", ")
	return text{
		"put key " + id + " back as .wgtup/signing.key, or its content into WGTUP_SIGNING_KEY (in CI); installed apps accept no other",
		"请把密钥 " + id + " 放回 .wgtup/signing.key，或把它的内容放进 WGTUP_SIGNING_KEY（CI 里）；已安装的应用不接受其他密钥"}
}

func (u *ui) signingKey(c *config.Config) (sign.Secret, error) {
	hint := keyHint(c)
	content, from := u.env("WGTUP_SIGNING_KEY"), "WGTUP_SIGNING_KEY"
	if content == "" {
		if c.SigningKey == "" {
			return sign.Secret{}, usage(text{"no signing key", "没有签名密钥"}).hint(hint)
		}
		from = c.SigningKey
		var err error
		if content, err = u.keyFile(from); errors.Is(err, fs.ErrNotExist) {
			return sign.Secret{}, usage(text{"no signing key: %s does not exist", "没有签名密钥：%s 不存在"}, from).hint(hint)
		} else if err != nil {
			return sign.Secret{}, fmt.Errorf("read signing key: %w", err)
		}
	}
	key, err := u.openKey(content, from, hint)
	if err != nil {
		return sign.Secret{}, err
	}
	if key.Role != sign.Signing {
		return sign.Secret{}, usage(text{"%s holds the recovery key; releases are signed by the signing key", "%s 里是恢复密钥；发布要用签名密钥"}, from).
			hint(text{"use .wgtup/signing.key, and take the recovery key offline: whoever has it can replace all others", "请使用 .wgtup/signing.key，并把恢复密钥离线保存：拿到它的人可以替换所有密钥"})
	}
	set, err := c.Pins()
	if err != nil {
		return sign.Secret{}, err
	}
	if _, known := set.Find(key.Pin().ID()); !known && key.Epoch <= set.Epoch {
		return sign.Secret{}, usage(text{"the signing key %s is not among the keys of wgtup.yaml, so no app would accept it", "签名密钥 %s 不在 wgtup.yaml 的 keys 里，任何应用都不会接受它"}, key.Pin().ID()).
			hint(text{"wgtup keys show lists those that apps accept", "wgtup keys show 会列出应用接受的密钥"})
	}
	return key, nil
}

// recoveryKey is that of the keys in force, from WGTUP_RECOVERY_KEY or a file.
func (u *ui) recoveryKey(path string, set sign.Set) (sign.Secret, error) {
	hint := text{"it is not needed from day to day, so fetch it from where you keep it: --recovery-key FILE, or WGTUP_RECOVERY_KEY; without it no key can be replaced: docs/guide/keys.md",
		"平时用不到它，请从离线保存处取来：--recovery-key 文件，或 WGTUP_RECOVERY_KEY；没有它就无法替换密钥：docs/guide/keys.zh-CN.md"}
	content, from := u.env("WGTUP_RECOVERY_KEY"), "WGTUP_RECOVERY_KEY"
	if content == "" {
		from = path
		var err error
		if content, err = u.keyFile(from); errors.Is(err, fs.ErrNotExist) {
			return sign.Secret{}, usage(text{"no recovery key: %s does not exist", "没有恢复密钥：%s 不存在"}, from).hint(hint)
		} else if err != nil {
			return sign.Secret{}, fmt.Errorf("read recovery key: %w", err)
		}
	}
	key, err := u.openKey(content, from, hint)
	if err != nil {
		return sign.Secret{}, err
	}
	if key.Role != sign.Recovery {
		return sign.Secret{}, usage(text{"%s holds a signing key; only the recovery key replaces keys", "%s 里是签名密钥；只有恢复密钥能替换密钥"}, from).hint(hint)
	}
	known, ok := key.In(set)
	if !ok {
		return sign.Secret{}, usage(text{"the recovery key %s is not among the keys of wgtup.yaml", "恢复密钥 %s 不在 wgtup.yaml 的 keys 里"}, key.Pin().ID()).
			hint(text{"wgtup keys show lists them", "wgtup keys show 会列出它们"})
	}
	return known, nil
}

// keyFile reads a key file, and warns when others can, too.
func (u *ui) keyFile(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(path); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		u.warn(text{"%s can be read by other users of this machine: chmod 600 %[1]s", "这台机器的其他用户也能读取 %s：请执行 chmod 600 %[1]s"}, path)
	}
	return string(data), nil
}

// openKey reads a key that may need a passphrase.
func (u *ui) openKey(content, from string, hint text) (sign.Secret, error) {
	key, err := keyfile.Parse(content, func() (string, error) { return u.passphrase(from) })
	switch {
	case errors.Is(err, keyfile.ErrPassphrase):
		return key, usage(text{"wrong passphrase for %s", "%s 的口令不对"}, from).hint(text{"WGTUP_KEY_PASSPHRASE, or type it again", "请检查 WGTUP_KEY_PASSPHRASE，或重新输入"})
	case asFailure(err) != nil || errors.Is(err, interrupted):
		return key, err
	case err != nil:
		return key, usage(text{"%s: %v", "%s：%v"}, from, err).hint(hint)
	}
	return key, nil
}

// passphrase is WGTUP_KEY_PASSPHRASE, else what somebody types.
func (u *ui) passphrase(of string) (string, error) {
	defer roomForScrypt()
	if word := u.env("WGTUP_KEY_PASSPHRASE"); word != "" {
		return word, nil
	}
	f, ok := u.in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || u.nonInteractive || u.env("CI") != "" {
		return "", usage(text{"%s needs a passphrase", "%s 需要口令"}, of).
			hint(text{"put it into WGTUP_KEY_PASSPHRASE (in CI: a masked variable)", "请放进 WGTUP_KEY_PASSPHRASE（CI 里用屏蔽变量）"})
	}
	return u.typed(f, text{"passphrase of %s: ", "%s 的口令："}, of)
}

func (u *ui) typed(terminal *os.File, question text, args ...any) (string, error) {
	u.clearProgress()
	fmt.Fprintf(u.err, u.t(question), args...)
	word, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(u.err)
	if err != nil {
		return "", interrupted
	}
	return string(word), nil
}

// newPassphrase is what new keys are encrypted with, "" for nothing.
func (u *ui) newPassphrase(ask bool) (string, error) {
	word := u.env("WGTUP_KEY_PASSPHRASE")
	if word != "" || ask {
		defer roomForScrypt()
	}
	if word != "" || !ask {
		return word, nil
	}
	f, ok := u.in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return "", usage(text{"--passphrase asks on a terminal, and there is none", "--passphrase 需要在终端里输入，而这里没有终端"}).
			hint(text{"put it into WGTUP_KEY_PASSPHRASE", "请放进 WGTUP_KEY_PASSPHRASE"})
	}
	word, err := u.typed(f, text{"passphrase for the new keys: ", "新密钥的口令："})
	if err != nil {
		return "", err
	}
	again, err := u.typed(f, text{"once more: ", "再输一次："})
	if err != nil {
		return "", err
	}
	if word == "" || word != again {
		return "", usage(text{"not the same twice, or empty", "两次输入不一致，或为空"}).hint(text{"try again", "请重试"})
	}
	return word, nil
}

// roomForScrypt lifts the memory limit of the process: a passphrase takes 256 MB
// once, and below a lower limit the collector would never rest.
func roomForScrypt() { debug.SetMemoryLimit(math.MaxInt64) }

// keyAtHand reports whether there is something to sign with.
func (u *ui) keyAtHand(c *config.Config) bool {
	if u.env("WGTUP_SIGNING_KEY") != "" || c.SignCmd != "" {
		return true
	}
	_, err := os.Stat(c.SigningKey)
	return c.SigningKey != "" && !errors.Is(err, fs.ErrNotExist)
}

// keyFolder is where a project keeps its secret keys.
func keyFolder(c *config.Config) string {
	if c.SigningKey != "" {
		return filepath.Dir(c.SigningKey)
	}
	return filepath.Join(filepath.Dir(c.Path), ".wgtup")
}
