package main

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wgtup/internal/publish"
	"wgtup/page"
	"wgtup/release"
	"wgtup/wgt"
)

// pageFlags are the flags of `wgtup page`.
type pageFlags struct {
	channel, title, icon, output string
	dryRun                       bool
}

func pageCommand(ui *ui) *cobra.Command {
	var f pageFlags
	c := &cobra.Command{
		Use:   "page",
		Short: ui.t(text{"writes the page where people install the app", "生成应用的安装页"}),
		Long: ui.t(text{`Writes page/index.html (page/CHANNEL/index.html for another channel than
production): the newest full packages that are for everybody, with a button for the
phone that opens it, a QR code, notes and versions. Run it after each full package.`,
			`写入 page/index.html（production 以外的渠道是 page/渠道/index.html）：面向所有人的最新整包，
打开的手机会看到对应的按钮，还有二维码、更新说明和版本。每次发布整包后运行。`}),
		Example: "  wgtup page --title Shop --icon logo.png",
		Args:    takes(0, 0),
		RunE:    func(c *cobra.Command, _ []string) error { return ui.page(c.Context(), f) },
	}
	ui.channelFlag(c, &f.channel)
	c.Flags().StringVar(&f.title, "title", "", ui.t(text{"`NAME` of the app (default: that of its manifest)", "应用`名称`（默认取 manifest 里的）"}))
	c.Flags().StringVar(&f.icon, "icon", "", ui.t(text{"PNG, JPEG or WebP `FILE`, square", "方形图标`文件`，PNG、JPEG 或 WebP"}))
	c.Flags().StringVarP(&f.output, "output", "o", "", ui.t(text{"`FILE` to write instead of the bucket", "写到本地`文件`，而不是存储桶"}))
	ui.dryRunFlag(c, &f.dryRun)
	return c
}

// pageJSON is `page --json`.
type pageJSON struct {
	URL       string       `json:"url"`
	Key       string       `json:"key"`
	Platforms []string     `json:"platforms"`
	Size      int          `json:"size"`
	Written   bool         `json:"written"`
	Mirrors   []mirrorJSON `json:"mirrors,omitempty"`
}

func (u *ui) page(ctx context.Context, f pageFlags) error {
	conf, err := u.settings()
	if err != nil {
		return err
	}
	if len(conf.PublicURL) == 0 {
		return usage(text{"a page needs an address: there is no public URL", "安装页需要一个地址：没有配置公网地址"}).hint(text{"--public-url https://cdn.example.com/my-app", "--public-url https://cdn.example.com/my-app"})
	}
	p, err := u.publisherFor(ctx, conf, f.channel, false)
	if err != nil {
		return err
	}
	head, err := p.Head(ctx)
	if err != nil {
		return err
	}
	if head == nil {
		return &publish.Refusal{Code: publish.NoChannel, Facts: map[string]string{"channel": p.Channel}}
	}
	root := strings.TrimSuffix(conf.PublicURL[0], "/") + "/"
	key := publish.PageKey(p.Channel)
	shown := page.Page{Title: f.title, URL: root + strings.TrimSuffix(key, "index.html") + "index.html", When: time.Now()}
	if shown.Icon, err = iconOf(f.icon); err != nil {
		return err
	}
	out := pageJSON{URL: shown.URL, Key: key, Platforms: []string{}}
	for _, r := range publish.Installable(head.Document, time.Now()) {
		shown.Ways = append(shown.Ways, wayOf(r, root))
		out.Platforms = append(out.Platforms, r.Platforms[0])
		if shown.Notes == nil {
			shown.Notes = r.Notes
		}
	}
	if hot := head.Document.Latest(time.Now()); hot != nil && !hot.Landing {
		shown.Hot = hot.Version.Name
	}
	if shown.Title == "" {
		shown.Title = titleOf(ctx, p, head.Document)
	}
	html, err := page.Render(shown)
	if errors.Is(err, page.ErrEmpty) {
		return fault(exitRefused, "nothing-to-install", text{"no full package for everybody on channel %s", "渠道 %s 上没有面向所有人的整包"}, p.Channel).
			hint(text{"publish one first: wgtup publish -c %s APP.apk, or --link STORE", "请先发布：wgtup publish -c %s 安装包.apk，或 --link 商店地址"}, p.Channel)
	}
	if err != nil {
		return err
	}
	out.Size = len(html)
	switch {
	case f.output != "":
		if err := os.WriteFile(f.output, html, 0o644); err != nil {
			return cannotWrite(f.output, err)
		}
		u.say(text{"wrote %s (%s)", "已写入 %s（%s）"}, f.output, bytesText(int64(len(html))))
	case f.dryRun:
		u.say(text{"would write %s (%s) for %s", "将写入 %s（%s），平台：%s"}, key, bytesText(int64(len(html))), strings.Join(out.Platforms, ", "))
	default:
		mirrors, err := p.WritePage(ctx, head, html)
		if err != nil {
			return err
		}
		out.Written, out.Mirrors = true, mirrorsJSON(mirrors)
		u.say(text{"the install page is at %s", "安装页在 %s"}, shown.URL)
		u.sayMirrors(mirrors)
		u.warnMirrors(p, mirrors)
	}
	return u.print(out)
}

// wayOf is how people get a full package.
func wayOf(r *release.Release, root string) page.Way {
	w := page.Way{Platform: r.Platforms[0], Version: r.Version.Name}
	if r.Native != nil {
		w.Stores, w.Plist = r.Native.Store, r.Native.Plist
		if r.Native.URL != "" {
			w.Stores = append(w.Stores, r.Native.URL)
		}
	}
	if r.Package != nil {
		w.Size = r.Package.Size
		if w.Platform == release.Android {
			w.Package = root + r.PackageKey()
		}
	}
	return w
}

// titleOf is the name in the manifest of what an app ships, else the app's id.
func titleOf(ctx context.Context, p *publish.Publisher, d *release.Document) string {
	for i := range d.Releases {
		if r := &d.Releases[i]; r.Landing {
			if app, err := publishedApp(ctx, p.Store, r); err == nil {
				if name := wgt.Title(app.Manifest); name != "" {
					return name
				}
			}
		}
	}
	return p.App
}

// maxIcon keeps the page small: it is inside.
const maxIcon = 256 << 10

func iconOf(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	hint := text{"a PNG, JPEG or WebP of at most 256 KiB", "请使用 PNG、JPEG 或 WebP，不超过 256 KiB"}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", usage(text{"cannot read the icon: %v", "无法读取图标：%v"}, err).hint(hint)
	}
	switch kind := http.DetectContentType(data); {
	case len(data) > maxIcon:
		return "", usage(text{"the icon is too big: %s", "图标太大：%s"}, bytesText(int64(len(data)))).hint(hint)
	case kind != "image/png" && kind != "image/jpeg" && kind != "image/webp":
		return "", usage(text{"%s is no image for a page", "%s 不是可用的图片"}, path).hint(hint)
	default:
		return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data), nil
	}
}
