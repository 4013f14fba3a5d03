package main

import (
	"context"
	"embed"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"wgtup/internal/config"
	"wgtup/internal/public"
	"wgtup/internal/serve"
	"wgtup/internal/store"
	"wgtup/release"
)

// Two builds of examples/shop, made with `make demo-packages`.
//
//go:embed demo/shop-1.0.0.wgt demo/shop-1.1.0.wgt
var demoPackages embed.FS

func demoCommand(ui *ui) *cobra.Command {
	var addr string
	c := &cobra.Command{
		Use:   "demo",
		Short: ui.t(text{"two releases of a real app on an embedded store, and what a phone sees", "在内置存储上发布一个真实应用的两个版本，看看手机会看到什么"}),
		Long: ui.t(text{`Makes keys, an embedded store in a temporary folder and two signed releases of a
real uni-app build, then asks as a phone would. On a terminal it goes on serving
until Ctrl-C, so that you can try it with curl.`,
			`在临时目录里生成密钥和内置存储，发布一个真实 uni-app 构建的两个已签名版本，然后像手机一样去检查。在终端里会继续提供服务，直到 Ctrl-C，方便你用 curl 试一试。`}),
		Args: takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return ui.demo(c.Context(), addr) },
	}
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:0", ui.t(text{"`HOST:PORT` to serve on", "监听的`地址:端口`"}))
	return c
}

const demoApp = "__UNI__5A0B1C2"

func (u *ui) demo(ctx context.Context, addr string) error {
	dir, err := os.MkdirTemp("", "wgtup-demo-")
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer os.RemoveAll(dir)
	keys, err := makeKeys(filepath.Join(dir, ".wgtup"))
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, "dir:"+filepath.Join(dir, "bucket"), u.env)
	if err != nil {
		return err
	}
	server, err := serve.Listen(ctx, serve.Config{Store: s, Address: addr})
	if err != nil {
		return cannotListen(addr, err)
	}
	serving, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- server.Serve(serving) }()
	defer func() { stop(); <-done }()

	conf := &config.Config{App: demoApp, Store: "dir:" + filepath.Join(dir, "bucket"), PublicURL: config.URLs{server.URL()},
		Channel: "production", SigningKey: keys.signing, Keys: []string{keys.signingPin.String(), keys.recoveryPin.String()}}
	quiet := u.quiet
	u.quiet = true
	for _, step := range []struct {
		command string
		file    string
		flags   publishFlags
	}{
		{"wgtup publish --base shop-1.0.0.wgt", "shop-1.0.0.wgt", publishFlags{base: true, rollout: "100%", mode: "prompt"}},
		{"wgtup publish shop-1.1.0.wgt --notes-zh 新增优惠券", "shop-1.1.0.wgt", publishFlags{rollout: "100%", mode: "prompt", notesZh: "新增优惠券"}},
	} {
		u.say(text{"$ %s", "$ %s"}, step.command)
		if err := u.demoPublish(ctx, conf, dir, step.file, step.flags); err != nil {
			return err
		}
		u.say(text{"", ""})
	}
	u.quiet = quiet
	if err := u.demoPhone(ctx, conf, server.URL()); err != nil {
		return err
	}
	if !u.interactive() {
		return nil
	}
	u.say(text{"\nserving until Ctrl-C; try it:", "\n服务中，Ctrl-C 结束；试一试："})
	u.say(text{"  curl -I %s/%s", "  curl -I %s/%s"}, server.URL(), release.LatestKey(conf.Channel))
	select {
	case <-ctx.Done():
		return nil
	case err := <-done:
		done <- nil
		return err
	}
}

func (u *ui) demoPublish(ctx context.Context, conf *config.Config, dir, file string, f publishFlags) error {
	data, err := demoPackages.ReadFile("demo/" + file)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	path := filepath.Join(dir, file)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return u.publish(ctx, conf, path, f)
}

// demoPhone asks through the public URL, as a phone with 1.0.0 and then one with
// 1.1.0 would.
func (u *ui) demoPhone(ctx context.Context, conf *config.Config, url string) error {
	site, err := public.Open(url, nil)
	if err != nil {
		return err
	}
	key := release.LatestKey(conf.Channel)
	u.say(text{"# what a ten-line client of your own sees", "# 你自己写的十行客户端会看到"})
	u.say(text{"$ curl -I %s", "$ curl -I %s"}, site.URL(key))
	answer, err := site.Head(ctx, key, nil)
	if err != nil {
		return err
	}
	u.say(text{"HTTP/1.1 %d OK", "HTTP/1.1 %d OK"}, answer.Status)
	for _, name := range []string{"version-name", "version-code", "release"} {
		u.say(text{"x-oss-meta-%s: %s", "x-oss-meta-%s: %s"}, name, answer.Metadata[name])
	}
	u.say(text{"content-length: %d\n", "content-length: %d\n"}, answer.Size)
	p, err := u.reader(conf, conf.Channel)
	if err != nil {
		return err
	}
	u.say(text{"# what wgtup-client decides, after checking the signature", "# wgtup-client 校验签名后的决定"})
	for _, v := range []release.Version{{Name: "1.0.0", Code: 100}, {Name: "1.1.0", Code: 110}} {
		u.say(text{"$ wgtup check --version %s --version-code %d", "$ wgtup check --version %s --version-code %d"}, v.Name, v.Code)
		entry, now, err := visibleEntry(ctx, p, site, nil)
		if err != nil {
			return err
		}
		dev := release.Device{App: conf.App, Channel: conf.Channel, Platform: release.Android,
			Native: release.Version{Name: "1.0.0", Code: 100}, Running: release.Running{Name: v.Name, Code: v.Code}}
		if err := u.showDecision(dev, entry.Document, release.Clock{Now: now, Network: true}, false); err != nil {
			return err
		}
	}
	return nil
}
