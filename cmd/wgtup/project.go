package main

import (
	"context"
	"os/exec"
	"strings"
	"sync"
	"time"

	"wgtup/internal/config"
	"wgtup/internal/public"
	"wgtup/internal/publish"
	"wgtup/internal/store"
	"wgtup/release"
)

// settings reads the configuration with the flags on top.
func (u *ui) settings() (*config.Config, error) {
	c, err := config.Load(u.config, ".", u.env)
	if err != nil {
		return nil, err
	}
	if u.store != "" {
		c.UseStore(u.store)
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
	if u.signCmd != "" {
		c.SignCmd = u.signCmd
	}
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
	if err := u.mirrors(ctx, c, p); err != nil {
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
	u.signedBy(ctx, p)
	if u.plan != "" { // somebody else signs
		return nil
	}
	p.Sign, err = u.signer(ctx, c, p.Channel)
	return err
}

// signedBy is what an entry says of its maker.
func (u *ui) signedBy(ctx context.Context, p *publish.Publisher) {
	p.By, p.Commit, p.Job, p.Tool = u.by(), u.commit(ctx), u.job(), "wgtup "+version
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
	chain, err := c.Chain()
	if err != nil {
		return nil, err
	}
	p := &publish.Publisher{App: c.App, Channel: channel, Trusted: trusted, Chain: chain, Now: time.Now, Progress: u.progress(time.Now)}
	p.Sites, err = sites(ctx, c.PublicURL)
	return p, err
}

func sites(ctx context.Context, urls config.URLs) ([]*public.Site, error) {
	var all []*public.Site
	for _, url := range urls {
		site, err := public.Open(url, patient(ctx))
		if err != nil {
			return nil, badPublicURL(err)
		}
		all = append(all, site)
	}
	return all, nil
}

func badChannel(name string) error {
	return usage(text{"%q is no channel name: lower-case letters, digits and -", "%q 不是渠道名：只能用小写字母、数字和 -"}, name).hint(text{"-c production", "-c production"})
}

func badPublicURL(err error) error {
	return usage(text{"bad public URL: %v", "公网地址有误：%v"}, err).hint(text{"--public-url https://cdn.example.com/my-app", "--public-url https://cdn.example.com/my-app"})
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
