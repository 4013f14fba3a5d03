package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"sync"
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
		return nil, noStore()
	}
	p, err := u.reader(ctx, c, channel)
	if err != nil {
		return nil, err
	}
	if p.Store, err = store.Open(ctx, c.Store, u.env); err != nil {
		return nil, err
	}
	// A look goes on when the entry exists and Ctrl-C no longer stops the rest;
	// but nobody waits for it any more.
	p.Wait = func(_ context.Context, d time.Duration) error { return u.wait(ctx, d) }
	if write {
		err = u.mayWrite(ctx, p, c)
	}
	return p, err
}

func noStore() error {
	return usage(text{"no store", "没有指定存储"}).hint(text{"wgtup init, or --store URL", "wgtup init，或 --store 地址"})
}

// mayWrite gives a publisher the signing key and what an entry says of its maker.
func (u *ui) mayWrite(ctx context.Context, p *publish.Publisher, c *config.Config) (err error) {
	p.By, p.Commit, p.Tool = u.by(), u.commit(ctx), "wgtup "+version
	p.Sign, err = u.signer(c)
	return err
}

// reader is a publisher without a store: what a stranger with the pins can see.
func (u *ui) reader(ctx context.Context, c *config.Config, channel string) (*publish.Publisher, error) {
	if channel == "" {
		channel = c.Channel
	}
	switch {
	case c.App == "":
		return nil, usage(text{"no appid", "没有指定 appid"}).hint(text{"wgtup init, or --app __UNI__…", "wgtup init，或 --app __UNI__…"})
	case !release.ValidApp(c.App):
		return nil, usage(text{"%q is no appid", "%q 不是 appid"}, c.App).hint(text{"--app __UNI__…, as in manifest.json", "--app __UNI__…，与 manifest.json 里的一致"})
	case !release.ValidChannel(channel):
		return nil, badChannel(channel)
	case len(c.Keys) == 0:
		return nil, noKeys()
	}
	trusted, err := c.Pins()
	if err != nil {
		return nil, err
	}
	p := &publish.Publisher{App: c.App, Channel: channel, Trusted: trusted, Now: time.Now, Progress: u.progress(time.Now)}
	for _, url := range c.PublicURL {
		site, err := public.Open(url, patient(ctx))
		if err != nil {
			return nil, badPublicURL(err)
		}
		p.Sites = append(p.Sites, site)
	}
	return p, nil
}

func badChannel(name string) error {
	return usage(text{"%q is no channel name: lower-case letters, digits and -", "%q 不是渠道名：只能用小写字母、数字和 -"}, name).hint(text{"-c production", "-c production"})
}

func badPublicURL(err error) error {
	return usage(text{"bad public URL: %v", "公网地址有误：%v"}, err).hint(text{"--public-url https://cdn.example.com/my-app", "--public-url https://cdn.example.com/my-app"})
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

// keyAtHand reports whether there is a signing key to try.
func (u *ui) keyAtHand(c *config.Config) bool {
	if u.env("WGTUP_SIGNING_KEY") != "" {
		return true
	}
	_, err := os.Stat(c.SigningKey)
	return c.SigningKey != "" && !errors.Is(err, fs.ErrNotExist)
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
	u.seekCommit(ctx)
	return u.foundCommit()
}

// seekCommit begins to look for the commit: starting git takes as long as
// checking a small package.
func (u *ui) seekCommit(ctx context.Context) {
	if u.foundCommit == nil {
		u.foundCommit = sync.OnceValue(func() string { return u.findCommit(ctx) })
		go u.foundCommit()
	}
}

func (u *ui) findCommit(ctx context.Context) string {
	for _, name := range []string{"WGTUP_COMMIT", "CI_COMMIT_SHA", "GITHUB_SHA", "GIT_COMMIT"} {
		if v := strings.ToLower(u.env(name)); len(v) >= 12 && strings.Trim(v, "0123456789abcdef") == "" {
			return v[:12]
		}
	}
	out, err := exec.CommandContext(ctx, "git", "rev-parse", "--verify", "--quiet", "HEAD").Output()
	if hash := strings.TrimSpace(string(out)); err == nil && len(hash) >= 12 {
		return hash[:12]
	}
	return ""
}
