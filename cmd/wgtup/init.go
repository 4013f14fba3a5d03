package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"wgtup/internal/config"
	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

func initCommand(ui *ui) *cobra.Command {
	c := &cobra.Command{
		Use:   "init",
		Short: ui.t(text{"write wgtup.yaml and make the keys", "生成 wgtup.yaml 和密钥"}),
		Long: ui.t(text{`Writes wgtup.yaml, makes a signing and a recovery key in .wgtup/ (which git
ignores) and prints what the app pins. Asks for what is missing, unless -y.`,
			`生成 wgtup.yaml，在 .wgtup/（git 会忽略它）里生成签名密钥和恢复密钥，并打印应用要固定的
公钥。缺什么会问什么；加 -y 则不问。`}),
		Example: "  wgtup init --store dir:./bucket --app __UNI__A1B2C3D -y",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return ui.init(c) },
	}
	return c
}

func (u *ui) init(c *cobra.Command) error {
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
	switch {
	case conf.App == "":
		return usage(text{"no appid: there is no manifest.json here that has one", "没有 appid：这里没有带 appid 的 manifest.json"}).hint(text{"--app __UNI__…", "--app __UNI__…"})
	case !release.ValidApp(conf.App):
		return usage(text{"%q is no appid", "%q 不是 appid"}, conf.App)
	case conf.Store == "":
		return usage(text{"no store", "没有指定存储"}).hint(text{"--store dir:./bucket to try it, or 's3://bucket/prefix?endpoint=…&region=…'", "试用可以 --store dir:./bucket，或 's3://bucket/prefix?endpoint=…&region=…'"})
	}
	if _, err := store.Open(c.Context(), conf.Store, u.env); err != nil {
		return err
	}
	keys, err := makeKeys(".wgtup")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.WriteString(configText(&conf, keys))
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	u.say(text{"wrote %s", "已写入 %s"}, path)
	u.say(text{"made %s: signs releases; without a passphrase; CI needs it as WGTUP_SIGNING_KEY", "已生成 %s：用于签名发布；没有口令；CI 里放进 WGTUP_SIGNING_KEY"}, keys.signing)
	u.say(text{"made %s: the only way to replace a lost or stolen signing key; move it offline", "已生成 %s：签名密钥丢失或被盗时唯一的补救；请离线保存"}, keys.recovery)
	u.say(text{"\nin the app:\n%s", "\n在应用里：\n%s"}, snippet(&conf, keys.signingPin, keys.recoveryPin))
	u.say(text{"\nnext: wgtup publish --base DIST, once for what the app in the store ships", "\n下一步：wgtup publish --base 构建目录，登记线上安装包自带的资源"})
	return u.print(map[string]any{"config": path, "app": conf.App, "store": conf.Store, "signing": keys.signing, "recovery": keys.recovery,
		"keys": []string{keys.signingPin.String(), keys.recoveryPin.String()}})
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
	for _, path := range []string{"src/manifest.json", "manifest.json"} {
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
	fmt.Fprintf(&b, "app: %s\n", c.App)
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
