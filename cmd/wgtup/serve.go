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
		Use:   "serve",
		Short: ui.t(text{"the embedded store over HTTP, read-only", "以 HTTP 只读方式提供内置存储"}),
		Long: ui.t(text{`Answers as a public bucket does, with the same headers, from a dir: store.
Prints the base URL, which is the public-url of this store. Other machines are
served only when --addr says so: 0.0.0.0:8080.`,
			`像公共读的存储桶一样提供 dir: 存储，响应头也相同。会打印基础地址，即这个存储的 public-url。只有 --addr 明确写出（例如 0.0.0.0:8080）才会对其他机器开放。`}),
		Example: "  wgtup serve --store dir:./bucket --addr 127.0.0.1:8080",
		Args:    takes(0, 0),
		RunE:    func(c *cobra.Command, _ []string) error { return ui.serve(c.Context(), addr) },
	}
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", ui.t(text{"`HOST:PORT` to listen on; port 0 takes a free one", "监听的`地址:端口`；端口 0 表示任选一个空闲端口"}))
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
		return cannotListen(addr, err)
	}
	u.note(text{"serving %s, read-only; Ctrl-C ends it", "正在以只读方式提供 %s；Ctrl-C 结束"}, c.Store)
	u.say(text{"%s", "%s"}, server.URL())
	if err := u.print(map[string]any{"url": server.URL(), "store": c.Store}); err != nil {
		return err
	}
	if err := server.Serve(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func cannotListen(addr string, err error) error {
	return usage(text{"cannot listen on %s: %v", "无法监听 %s：%v"}, addr, err).hint(text{"--addr 127.0.0.1:0 takes a free port", "--addr 127.0.0.1:0 会任选一个空闲端口"})
}
