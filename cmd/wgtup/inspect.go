package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"wgtup/internal/public"
	"wgtup/wgt"
)

func inspectCommand(ui *ui) *cobra.Command {
	return &cobra.Command{
		Use:     "inspect FILE|DIR|URL",
		Short:   ui.t(text{"what is in a package: ids, version, sizes, problems", "查看一个包：标识、版本、大小、问题"}),
		Example: "  wgtup inspect app.wgt\n  wgtup inspect https://cdn.example.com/my-app/channels/production/latest.wgt",
		Args:    takes(1, 1),
		RunE:    func(c *cobra.Command, args []string) error { return ui.inspect(c.Context(), args[0]) },
	}
}

func (u *ui) inspect(ctx context.Context, name string) error {
	file, cleanup, err := fetch(ctx, name)
	if err != nil {
		return err
	}
	defer cleanup()
	src, err := readSource(file)
	if err != nil {
		return err
	}
	defer src.close()
	if err := src.check(name); err != nil {
		return err
	}
	u.showWarnings(src.report)
	p, err := packSource(src, src.encoding(wgt.Fast))
	if err != nil {
		return err
	}
	defer p.remove()
	canonical := false
	if info, err := os.Stat(file); err == nil && !info.IsDir() {
		if d, err := digests(file); err == nil {
			canonical = d.SHA256 == p.SHA256 || d.SHA256 == p.Stored.SHA256
			u.say(text{"%s: %s (%d bytes)", "%s：%s（%d 字节）"}, name, bytesText(d.Size), d.Size)
		}
		if canonical {
			u.say(text{"  a canonical package of wgtup", "  是 wgtup 的规范包"})
		} else {
			u.say(text{"  not canonical: publishing would write it anew as below", "  不是规范包：发布时会重新打包如下"})
		}
	}
	u.showPacked(p, src.report.Guard)
	out := newPackJSON(name, p, src.report)
	return u.print(struct {
		packJSON
		Canonical bool `json:"canonical"`
	}{out, canonical})
}

// fetch makes a local file of a URL.
func fetch(ctx context.Context, name string) (file string, cleanup func(), err error) {
	if !strings.HasPrefix(name, "http://") && !strings.HasPrefix(name, "https://") {
		return name, func() {}, nil
	}
	base, key := path.Split(strings.SplitN(name, "?", 2)[0])
	site, err := public.Open(base, patient(ctx))
	if err != nil {
		return "", nil, usage(text{"bad URL: %v", "地址有误：%v"}, err)
	}
	f, err := os.CreateTemp("", "wgtup-*"+path.Ext(key))
	if err != nil {
		return "", nil, fmt.Errorf("download: %w", err)
	}
	cleanup = func() { os.Remove(f.Name()) }
	_, err = site.GetTo(ctx, key, f, wgt.MaxUnpacked)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		cleanup()
		return "", nil, seenWords(err)
	}
	return f.Name(), cleanup, nil
}
