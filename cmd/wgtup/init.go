package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"wgtup/internal/config"
	"wgtup/internal/public"
	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

func initCommand(ui *ui) *cobra.Command {
	var ask bool
	c := &cobra.Command{
		Use:   "init",
		Short: ui.t(text{"write wgtup.yaml and make the keys", "生成 wgtup.yaml 和密钥"}),
		Long: ui.t(text{`Writes wgtup.yaml, makes a signing and a recovery key in .wgtup/ (which git
ignores) and prints what the app pins. Asks for what is missing, unless -y.`,
			`生成 wgtup.yaml，在 .wgtup/（git 会忽略它）里生成签名密钥和恢复密钥，并打印应用要固定的公钥。缺什么会问什么；加 -y 则不问。`}),
		Example: "  wgtup init --store dir:./bucket --app __UNI__A1B2C3D -y",
		Args:    takes(0, 0),
		RunE:    func(c *cobra.Command, _ []string) error { return ui.init(c, ask) },
	}
	c.Flags().BoolVar(&ask, "passphrase", false, ui.t(text{"ask for a passphrase and encrypt the keys (or set WGTUP_KEY_PASSPHRASE)", "输入口令并加密密钥（或设置 WGTUP_KEY_PASSPHRASE）"}))
	return c
}

func (u *ui) init(c *cobra.Command, ask bool) error {
	path := u.config
	if path == "" {
		path = config.File
	}
	if _, err := os.Stat(path); err == nil {
		return usage(text{"%s exists already", "%s 已存在"}, path).hint(text{"edit it, or remove it first", "请直接编辑它，或先删除"})
	}
	conf := config.Config{App: u.app, Store: u.store, PublicURL: u.publicURL, Channel: "production", SigningKey: ".wgtup/signing.key"}
	if conf.App == "" {
		conf.App = foundAppID()
	}
	if u.interactive() {
		if err := u.ask(&conf); err != nil {
			return err
		}
	}
	if err := u.checkInit(c.Context(), &conf); err != nil {
		return err
	}
	passphrase, err := u.newPassphrase(ask)
	if err != nil {
		return err
	}
	keys, err := makeKeys(filepath.Join(filepath.Dir(path), ".wgtup"), "", nil, passphrase)
	if err != nil {
		return err
	}
	if err := writeNew(path, configText(&conf, keys), 0o644); err != nil {
		os.Remove(keys.signing)
		os.Remove(keys.recovery)
		return err
	}
	u.say(text{"wrote %s", "已写入 %s"}, path)
	u.sayKeys(keys)
	u.say(text{"\nin the app:\n%s", "\n在应用里：\n%s"}, snippet(&conf, keys.signingPin, keys.recoveryPin))
	u.say(text{"\nnext, once for what the app in the store ships:\n  wgtup publish --base DIST", "\n下一步，登记线上安装包自带的资源（只需一次）：\n  wgtup publish --base 构建目录"})
	return u.print(map[string]any{"config": path, "app": conf.App, "store": conf.Store, "signing": keys.signing, "recovery": keys.recovery,
		"keys": []string{keys.signingPin.String(), keys.recoveryPin.String()}})
}

// checkInit refuses before anything is written.
func (u *ui) checkInit(ctx context.Context, c *config.Config) error {
	switch {
	case c.App == "":
		return usage(text{"no appid: there is no manifest.json here that has one", "没有 appid：这里没有带 appid 的 manifest.json"}).hint(text{"--app __UNI__…", "--app __UNI__…"})
	case !release.ValidApp(c.App):
		return usage(text{"%q is no appid", "%q 不是 appid"}, c.App).hint(text{"--app __UNI__…, as in manifest.json", "--app __UNI__…，与 manifest.json 里的一致"})
	case c.Store == "":
		return usage(text{"no store", "没有指定存储"}).hint(text{"--store dir:./bucket to try it, or 's3://bucket/prefix?endpoint=…&region=…'", "试用可以 --store dir:./bucket，或 's3://bucket/prefix?endpoint=…&region=…'"})
	}
	for _, url := range c.PublicURL {
		if _, err := public.Open(url, nil); err != nil {
			return badPublicURL(err)
		}
	}
	if _, err := store.Open(ctx, c.Store, u.env); err != nil {
		return err
	}
	return nil
}

// ask fills in what is missing.
func (u *ui) ask(c *config.Config) error {
	in := bufio.NewReader(u.in)
	question := func(s text, into *string) error {
		fmt.Fprintf(u.err, "%s [%s]: ", u.t(s), *into)
		line, err := in.ReadString('\n')
		if err != nil {
			return interrupted
		}
		if line = strings.TrimSpace(line); line != "" {
			*into = line
		}
		return nil
	}
	if c.Store == "" {
		c.Store = "dir:./bucket"
	}
	url := strings.Join(c.PublicURL, ",")
	for _, q := range []struct {
		s    text
		into *string
	}{
		{text{"appid", "appid"}, &c.App},
		{text{"store URL", "存储地址"}, &c.Store},
		{text{"public URL of the same place", "同一位置的公网地址"}, &url},
	} {
		if err := question(q.s, q.into); err != nil {
			return err
		}
	}
	if url != "" {
		c.PublicURL = strings.Split(url, ",")
	}
	return nil
}

var appIDMember = regexp.MustCompile(`"(?:appid|id)"\s*:\s*"(__UNI__[A-Za-z0-9]+)"`)

// foundAppID looks into the manifest of the project, which has comments.
func foundAppID() string {
	for _, path := range []string{"src/manifest.json", "manifest.json", "dist/build/app/manifest.json", "dist/build/app-plus/manifest.json"} {
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if m := appIDMember.FindSubmatch(data); m != nil {
			return string(m[1])
		}
	}
	return ""
}

func configText(c *config.Config, k *keyFiles) string {
	var b strings.Builder
	fmt.Fprintf(&b, "app: %q\n", c.App)
	fmt.Fprintf(&b, "store: %q\n", c.Store)
	switch len(c.PublicURL) {
	case 0:
		fmt.Fprintf(&b, "# public-url: https://cdn.example.com/my-app  # how phones reach the store\n")
	case 1:
		fmt.Fprintf(&b, "public-url: %q\n", c.PublicURL[0])
	default:
		fmt.Fprintf(&b, "public-url:\n")
		for _, u := range c.PublicURL {
			fmt.Fprintf(&b, "  - %q\n", u)
		}
	}
	fmt.Fprintf(&b, "channel: %s\n", c.Channel)
	fmt.Fprintf(&b, "signing-key: %s  # secret, not in git; in CI use WGTUP_SIGNING_KEY\n", c.SigningKey)
	fmt.Fprintf(&b, "keys:  # public: the app pins the same\n  - %s\n  - %s\n", k.signingPin, k.recoveryPin)
	return b.String()
}

// snippet is what goes into the app.
func snippet(c *config.Config, signing, recovery sign.Pin) string {
	url := "https://cdn.example.com/my-app"
	if len(c.PublicURL) > 0 {
		url = c.PublicURL[0]
	}
	return fmt.Sprintf(`  createUpdater({
    url: '%s',
    channel: '%s',
    publicKeys: [
      '%s',
      '%s',
    ],
  })`, url, c.Channel, signing, recovery)
}
