package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"wgtup/internal/serve"
	"wgtup/internal/store"
)

func serveCommand(ui *ui) *cobra.Command {
	var addr string
	c := &cobra.Command{
		Use:     "serve",
		Short:   ui.t(text{"the embedded store over HTTP, read-only", "以 HTTP 只读方式提供内置存储"}),
		Example: "  wgtup serve --store dir:./bucket --addr 127.0.0.1:8080",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return ui.serve(c.Context(), addr) },
	}
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", ui.t(text{"address to listen on; other machines only if you say so", "监听地址；除非明说，不对其他机器开放"}))
	return c
}

func (u *ui) serve(ctx context.Context, addr string) error {
	c, err := u.settings()
	if err != nil {
		return err
	}
	if !strings.HasPrefix(c.Store, "dir:") {
		return usage(text{"serve is for dir: stores; a bucket serves itself", "serve 只用于 dir: 存储；存储桶自己就能对外提供"}).hint(text{"--store dir:PATH", "--store dir:路径"})
	}
	s, err := store.Open(ctx, c.Store, u.env)
	if err != nil {
		return err
	}
	server, err := serve.Listen(ctx, serve.Config{Store: s, Address: addr, Log: func(line string) { u.note(text{"%s", "%s"}, line) }})
	if err != nil {
		return usage(text{"cannot listen on %s: %v", "无法监听 %s：%v"}, addr, err)
	}
	u.say(text{"serving %s at %s (Ctrl-C ends it)", "正在 %[2]s 提供 %[1]s（Ctrl-C 结束）"}, c.Store, server.URL())
	if err := u.print(map[string]any{"url": server.URL(), "store": c.Store}); err != nil {
		return err
	}
	if err := server.Serve(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
