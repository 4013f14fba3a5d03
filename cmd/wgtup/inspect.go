package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"wgtup/internal/public"
	"wgtup/native"
	"wgtup/release"
	"wgtup/wgt"
)

func inspectCommand(ui *ui) *cobra.Command {
	return &cobra.Command{
		Use:     "inspect FILE|DIR|URL",
		Short:   ui.t(text{"what is in a .wgt, .apk or .ipa: ids, version, signature, sizes, problems", "查看 .wgt、.apk 或 .ipa：标识、版本、签名、大小、问题"}),
		Example: "  wgtup inspect app.wgt\n  wgtup inspect release.apk\n  wgtup inspect https://cdn.example.com/my-app/channels/production/latest.wgt",
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
	if src.full != nil {
		return u.inspectFull(name, file, src)
	}
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

// inspectFull tells about an apk or ipa, and about the resources inside.
func (u *ui) inspectFull(name, file string, src *source) error {
	d, err := digests(file)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	u.say(text{"%s: %s (%d bytes)", "%s：%s（%d 字节）"}, name, bytesText(d.Size), d.Size)
	u.say(text{"  sha256        %s", "  sha256        %s"}, d.SHA256)
	u.showFull(src.full)
	out := fullJSON{fullPackage: src.full, Path: name, Digests: d}
	if src.tree == nil {
		u.say(text{"  resources     none of uni-app", "  资源          没有 uni-app 资源"})
		return u.print(out)
	}
	if err := src.check(name); err != nil {
		return err
	}
	u.showWarnings(src.report)
	r := resourcesJSON{Manifest: src.report.Manifest, Content: src.report.Content, Files: len(src.report.Valid), Unpacked: src.report.Unpacked, Guard: src.report.Guard}
	app, err := src.app()
	if err != nil {
		return err
	}
	if r.Fingerprint, err = native.Fingerprint(app); err != nil {
		return err
	}
	if r.Source, err = wgt.SourceID(src.tree); err != nil {
		return err
	}
	u.say(text{"  resources     %s %s (%d), %d files, %s unpacked", "  资源          %s %s（%d），%d 个文件，解压后 %s"}, r.Manifest.ID, r.Manifest.Version.Name, r.Manifest.Version.Code, r.Files, bytesText(r.Unpacked))
	u.say(text{"  content       %s", "  内容标识      %s"}, r.Source)
	u.say(text{"  fingerprint   %.16s… (what hot updates must match)", "  原生指纹      %.16s…（热更新必须一致）"}, r.Fingerprint)
	out.Resources = &r
	return u.print(out)
}

// fullJSON is `inspect --json` of an apk or ipa.
type fullJSON struct {
	Path string `json:"path"`
	release.Digests
	*fullPackage
	Resources *resourcesJSON `json:"resources,omitempty"`
}

// resourcesJSON is the uni-app resources inside.
type resourcesJSON struct {
	Manifest    *wgt.Manifest `json:"manifest"`
	Content     string        `json:"content"` // as wgtup would publish it
	Source      string        `json:"source"`  // as it is there: the content of a base
	Fingerprint string        `json:"fingerprint"`
	Files       int           `json:"files"`
	Unpacked    int64         `json:"unpacked"`
	Guard       wgt.Guard     `json:"guard"`
}

// maxFetched is the size of the largest package that is downloaded: an apk may have 2 GiB.
const maxFetched = 2 << 30

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
	_, err = site.GetTo(ctx, key, f, maxFetched)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		cleanup()
		return "", nil, seenWords(err)
	}
	return f.Name(), cleanup, nil
}
