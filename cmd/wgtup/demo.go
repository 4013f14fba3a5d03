package main

import (
	"context"
	"embed"
	"fmt"
	"io"
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

// demoJSON is `demo --json`: what phones with each version do.
type demoJSON struct {
	URL    string         `json:"url"`
	Phones []decisionJSON `json:"phones"`
}

func (u *ui) demo(ctx context.Context, addr string) error {
	dir, err := os.MkdirTemp("", "wgtup-demo-")
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer os.RemoveAll(dir)
	keys, err := makeKeys(filepath.Join(dir, ".wgtup"), "", nil, "")
	if err != nil {
		return err
	}
	conf := &config.Config{App: demoApp, Store: "dir:" + filepath.Join(dir, "bucket"), Channel: "production",
		SigningKey: keys.signing, Keys: []string{keys.signingPin.String(), keys.recoveryPin.String()}}
	s, err := store.Open(ctx, conf.Store, u.env)
	if err != nil {
		return err
	}
	server, err := serve.Listen(ctx, serve.Config{Store: s, Address: addr})
	if err != nil {
		return cannotListen(addr, err)
	}
	conf.PublicURL = config.URLs{server.URL()}
	serving, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- server.Serve(serving) }()
	defer func() { stop(); <-done }()

	out, err := u.demoStory(ctx, conf, dir)
	if err != nil {
		return err
	}
	if !u.interactive() {
		return u.print(out)
	}
	if err := writeNew(filepath.Join(dir, config.File), configText(conf, keys), 0o600); err != nil {
		return err
	}
	u.say(text{"\nThis goes on until Ctrl-C. Try it in another terminal:", "\n在按 Ctrl-C 之前会一直运行。可以在另一个终端里试试："})
	u.say(text{"  curl -I %s/%s", "  curl -I %s/%s"}, server.URL(), release.LatestKey(conf.Channel))
	u.say(text{"  cd %s", "  cd %s"}, dir)
	u.say(text{"  wgtup status; wgtup rollback; wgtup check --version 1.1.0", "  wgtup status; wgtup rollback; wgtup check --version 1.1.0"})
	select {
	case <-ctx.Done():
		return nil
	case err := <-done:
		done <- nil
		return err
	}
}

// demoStory shows two releases and what phones make of them.
func (u *ui) demoStory(ctx context.Context, conf *config.Config, dir string) (*demoJSON, error) {
	quiet, json := u.quiet, u.json
	defer func() { u.quiet, u.json = quiet, json }()
	if u.quiet, u.json = true, false; json {
		out := u.out
		u.out = io.Discard
		defer func() { u.out = out }()
	}
	u.say(text{"# 1. register what the app in the store ships: every phone can come back to it", "# 1. 登记应用商店里安装包自带的资源：所有手机都能退回到它"})
	u.say(text{"$ wgtup publish --base shop-1.0.0.wgt", "$ wgtup publish --base shop-1.0.0.wgt"})
	if err := u.demoPublish(ctx, conf, dir, "shop-1.0.0.wgt", publishFlags{base: true, rollout: "100%", mode: "prompt"}); err != nil {
		return nil, err
	}
	u.say(text{"\n# 2. publish a hot update: checked, packed, signed, uploaded, seen", "\n# 2. 发布热更新：检查、打包、签名、上传，再从公网地址看一遍"})
	u.say(text{"$ wgtup publish shop-1.1.0.wgt --notes Coupons", "$ wgtup publish shop-1.1.0.wgt --notes-zh 新增优惠券"})
	update := publishFlags{rollout: "100%", mode: "prompt", notes: u.t(text{"Coupons", ""}), notesZh: u.t(text{"", "新增优惠券"})}
	if err := u.demoPublish(ctx, conf, dir, "shop-1.1.0.wgt", update); err != nil {
		return nil, err
	}
	site, err := public.Open(conf.PublicURL[0], nil)
	if err != nil {
		return nil, err
	}
	if err := u.demoHead(ctx, site, release.LatestKey(conf.Channel)); err != nil {
		return nil, err
	}
	u.say(text{"\n# 4. what a phone with wgtup-client does, once it has checked the signature", "\n# 4. 装有 wgtup-client 的手机校验签名之后会怎么做"})
	out := &demoJSON{URL: conf.PublicURL[0]}
	p, err := u.reader(ctx, conf, conf.Channel)
	if err != nil {
		return nil, err
	}
	for _, v := range []release.Version{{Name: "1.0.0", Code: 100}, {Name: "1.1.0", Code: 110}} {
		u.say(text{"$ wgtup check --version %s", "$ wgtup check --version %s"}, v.Name)
		entry, clock, err := visibleEntry(ctx, p, site, nil)
		if err != nil {
			return nil, seenWords(err)
		}
		dev := release.Device{App: conf.App, Channel: conf.Channel, Platform: release.Android,
			Native: release.Version{Name: "1.0.0", Code: 100}, Running: release.Running{Name: v.Name, Code: v.Code}}
		out.Phones = append(out.Phones, decisionOf(dev, entry.Document, clock))
		if err := u.showDecision(dev, entry.Document, clock, false); err != nil {
			return nil, err
		}
	}
	return out, nil
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

// demoHead is what a client that knows nothing of us sees.
func (u *ui) demoHead(ctx context.Context, site *public.Site, key string) error {
	u.say(text{"\n# 3. what a ten-line client of your own sees", "\n# 3. 你自己写的十行客户端会看到"})
	u.say(text{"$ curl -I %s", "$ curl -I %s"}, site.URL(key))
	answer, err := site.Head(ctx, key, nil)
	if err != nil {
		return seenWords(err)
	}
	u.say(text{"HTTP/1.1 %d OK", "HTTP/1.1 %d OK"}, answer.Status)
	for _, name := range []string{"version-name", "version-code", "release"} {
		u.say(text{"x-oss-meta-%s: %s", "x-oss-meta-%s: %s"}, name, answer.Metadata[name])
	}
	u.say(text{"content-length: %d", "content-length: %d"}, answer.Size)
	return nil
}
