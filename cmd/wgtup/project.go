package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"

	"wgtup/internal/config"
	"wgtup/internal/public"
	"wgtup/internal/publish"
	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

// settings reads the configuration with the flags on top.
func (u *ui) settings() (*config.Config, error) {
	c, err := config.Load(u.config, ".", u.env)
	if err != nil {
		return nil, err
	}
	if u.store != "" {
		c.Store = u.store
	} else {
		c.Store = c.StoreURL()
	}
	if u.app != "" {
		c.App = u.app
	}
	if len(u.publicURL) > 0 {
		c.PublicURL = u.publicURL
	}
	return c, nil
}

// publisher builds what a command needs to read a channel; with write also the
// signing key.
func (u *ui) publisher(ctx context.Context, channel string, write bool) (*publish.Publisher, error) {
	c, err := u.settings()
	if err != nil {
		return nil, err
	}
	return u.publisherFor(ctx, c, channel, write)
}

func (u *ui) publisherFor(ctx context.Context, c *config.Config, channel string, write bool) (*publish.Publisher, error) {
	if c.Store == "" {
		return nil, usage(text{"no store", "没有指定存储"}).hint(text{"wgtup init, or --store URL", "wgtup init，或 --store 地址"})
	}
	p, err := u.reader(c, channel)
	if err != nil {
		return nil, err
	}
	if p.Store, err = store.Open(ctx, c.Store, u.env); err != nil {
		return nil, err
	}
	if write {
		if p.Sign, err = u.signer(c); err != nil {
			return nil, err
		}
	}
	p.By, p.Commit = u.by(), u.commit(ctx)
	p.Tool = "wgtup " + version
	return p, nil
}

// reader is a publisher without a store: what a stranger with the pins can see.
func (u *ui) reader(c *config.Config, channel string) (*publish.Publisher, error) {
	if channel == "" {
		channel = c.Channel
	}
	switch {
	case c.App == "":
		return nil, usage(text{"no appid", "没有指定 appid"}).hint(text{"wgtup init, or --app __UNI__…", "wgtup init，或 --app __UNI__…"})
	case !release.ValidApp(c.App):
		return nil, usage(text{"%q is no appid", "%q 不是 appid"}, c.App)
	case !release.ValidChannel(channel):
		return nil, usage(text{"%q is no channel name: lower-case letters, digits and -", "%q 不是渠道名：只能用小写字母、数字和 -"}, channel)
	case len(c.Keys) == 0:
		return nil, usage(text{"no public keys: nobody could check the release", "没有公钥：谁也无法校验发布"}).hint(text{"wgtup init makes them", "wgtup init 会生成密钥"})
	}
	trusted, err := c.Pins()
	if err != nil {
		return nil, err
	}
	p := &publish.Publisher{App: c.App, Channel: channel, Trusted: trusted, Now: time.Now, Wait: u.wait, Progress: u.progress()}
	for _, url := range c.PublicURL {
		site, err := public.Open(url, nil)
		if err != nil {
			return nil, usage(text{"bad public URL: %v", "公网地址有误：%v"}, err)
		}
		p.Sites = append(p.Sites, site)
	}
	return p, nil
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// signer signs with the key from WGTUP_SIGNING_KEY or the key file.
func (u *ui) signer(c *config.Config) (func([]byte, []sign.Envelope) (sign.Envelope, error), error) {
	key, err := u.signingKey(c)
	if err != nil {
		return nil, err
	}
	return func(payload []byte, statements []sign.Envelope) (sign.Envelope, error) {
		return sign.Seal(release.PayloadType, payload, statements, key)
	}, nil
}

func (u *ui) signingKey(c *config.Config) (sign.Secret, error) {
	hint := text{"wgtup init makes a key; in CI put the content of .wgtup/signing.key into WGTUP_SIGNING_KEY", "wgtup init 会生成密钥；CI 里请把 .wgtup/signing.key 的内容放进 WGTUP_SIGNING_KEY"}
	content, from := u.env("WGTUP_SIGNING_KEY"), "WGTUP_SIGNING_KEY"
	if content == "" {
		if c.SigningKey == "" {
			return sign.Secret{}, usage(text{"no signing key", "没有签名密钥"}).hint(hint)
		}
		from = c.Resolve(c.SigningKey)
		data, err := os.ReadFile(from)
		if errors.Is(err, fs.ErrNotExist) {
			return sign.Secret{}, usage(text{"no signing key: %s does not exist", "没有签名密钥：%s 不存在"}, from).hint(hint)
		}
		if err != nil {
			return sign.Secret{}, fmt.Errorf("read signing key: %w", err)
		}
		content = string(data)
	}
	key, err := sign.ParseSecret(content)
	if err != nil {
		return sign.Secret{}, usage(text{"%s: %v", "%s：%v"}, from, err).hint(hint)
	}
	if key.Role != sign.Signing {
		return sign.Secret{}, usage(text{"%s holds the %s key; releases are signed by the signing key", "%s 里是 %s 密钥；发布要用签名密钥"}, from, key.Role).hint(hint)
	}
	set, err := c.Pins()
	if err != nil {
		return sign.Secret{}, err
	}
	if _, known := set.Find(key.Pin().ID()); !known && key.Epoch <= set.Epoch {
		return sign.Secret{}, usage(text{"the signing key %s is not among the keys of wgtup.yaml, so no app would accept it", "签名密钥 %s 不在 wgtup.yaml 的 keys 里，任何应用都不会接受它"}, key.Pin().ID()).
			hint(text{"wgtup keys show", "wgtup keys show"})
	}
	return key, nil
}

// by is who publishes, as history shows it. It becomes public, so no e-mail.
func (u *ui) by() string {
	for _, name := range []string{"WGTUP_BY", "GITLAB_USER_LOGIN", "GITHUB_ACTOR", "BUILD_USER_ID", "USER", "USERNAME"} {
		if v := u.env(name); v != "" && !strings.Contains(v, "@") {
			return v
		}
	}
	return ""
}

// commit is the first 12 digits of the commit that is published.
func (u *ui) commit(ctx context.Context) string {
	for _, name := range []string{"WGTUP_COMMIT", "CI_COMMIT_SHA", "GITHUB_SHA", "GIT_COMMIT"} {
		if v := u.env(name); len(v) >= 12 {
			return v[:12]
		}
	}
	out, err := exec.CommandContext(ctx, "git", "rev-parse", "--verify", "HEAD").Output()
	if hash := strings.TrimSpace(string(out)); err == nil && len(hash) >= 12 {
		return hash[:12]
	}
	return ""
}
