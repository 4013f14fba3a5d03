package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"wgtup/wgt"
)

func packCommand(ui *ui) *cobra.Command {
	var output string
	var best, dryRun bool
	c := &cobra.Command{
		Use:     "pack [DIST]",
		Short:   ui.t(text{"make a canonical, reproducible .wgt, with a report", "生成规范、可重现的 .wgt，并给出报告"}),
		Example: "  wgtup pack dist/build/app -o app.wgt",
		Args:    takes(0, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			path := ""
			if len(args) > 0 {
				path = args[0]
			}
			return ui.pack(path, output, best, dryRun)
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", ui.t(text{"`FILE` to write (default: APPID-VERSION.wgt)", "输出`文件`（默认：APPID-版本.wgt）"}))
	c.Flags().BoolVar(&best, "best", false, ui.t(text{"the smallest package there is, at about 2 MB a second", "尽可能小的包，约每秒 2 MB"}))
	c.Flags().BoolVar(&dryRun, "dry-run", false, ui.t(text{"only the report", "只看报告"}))
	return c
}

// packJSON is `pack --json` and `inspect --json`.
type packJSON struct {
	Path string `json:"path,omitempty"`
	wgt.Package
	Source      string        `json:"source"` // content id of the input as it is
	Fingerprint string        `json:"fingerprint"`
	Syntax      string        `json:"syntax,omitempty"`
	Guard       wgt.Guard     `json:"guard"`
	Omitted     []wgt.Finding `json:"omitted"`
	Warnings    []wgt.Finding `json:"warnings"`
}

func (u *ui) pack(path, output string, best, dryRun bool) error {
	if path == "" {
		c, err := u.settings()
		if err != nil {
			return err
		}
		if path, err = u.findSource(c); err != nil {
			return err
		}
	}
	src, err := u.openSource(path)
	if err != nil {
		return err
	}
	defer src.close()
	encoding := wgt.Fast
	if best {
		encoding = wgt.Best
	}
	p, err := packSource(src, encoding)
	if err != nil {
		return err
	}
	defer p.remove()
	if output == "" {
		output = fmt.Sprintf("%s-%s.wgt", p.Manifest.ID, p.Manifest.Version.Name)
	}
	if !dryRun {
		if err := replaceFile(p.path, output); err != nil {
			return err
		}
		u.say(text{"packed %s", "已打包 %s"}, output)
	} else {
		output = ""
	}
	u.showPacked(p, src.report.Guard)
	return u.print(newPackJSON(output, p, src.report))
}

func newPackJSON(path string, p *packed, r *wgt.Report) packJSON {
	return packJSON{path, p.Package, p.source, p.fingerprint, p.level, r.Guard, some(r.Omitted), some(r.Warnings)}
}

func some(f []wgt.Finding) []wgt.Finding {
	if f == nil {
		return []wgt.Finding{}
	}
	return f
}

func (u *ui) showPacked(p *packed, g wgt.Guard) {
	u.say(text{"  app          %s %s (%d)", "  应用         %s %s（%d）"}, p.Manifest.ID, p.Manifest.Version.Name, p.Manifest.Version.Code)
	u.say(text{"  size         %s (%d bytes), %d files, %s unpacked", "  大小         %s（%d 字节），%d 个文件，解压后 %s"}, bytesText(p.Size), p.Size, p.Files, bytesText(p.Unpacked))
	u.say(text{"  sha256       %s", "  sha256       %s"}, p.SHA256)
	u.say(text{"  content      %s", "  内容标识     %s"}, p.Content)
	u.say(text{"  fingerprint  %.16s… (what the installed app must match)", "  原生指纹     %.16s…（安装包必须一致）"}, p.fingerprint)
	if p.level != "" {
		u.say(text{"  syntax       %s", "  语法级别     %s"}, p.level)
	}
	switch {
	case !g.Client:
		u.say(text{"  client       none", "  客户端       无"})
	case g.Inserted:
		u.say(text{"  client       wgtup-client; wgtup puts boot guard %d in", "  客户端       wgtup-client；启动守卫 %d 由 wgtup 加入"}, g.Number)
	default:
		u.say(text{"  client       wgtup-client with boot guard %d", "  客户端       wgtup-client，含启动守卫 %d"}, g.Number)
	}
}

// replaceFile copies a file to its place in one step: a failure leaves what was
// there.
func replaceFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	f, err := os.CreateTemp(filepath.Dir(to), ".wgtup-*")
	if err != nil {
		return cannotWrite(to, err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), to)
	}
	if err != nil {
		return cannotWrite(to, err)
	}
	return nil
}

// cannotWrite names the file and the reason, not our temporary file.
func cannotWrite(to string, err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		err = p.Err
	case errors.As(err, &l):
		err = l.Err
	}
	return usage(text{"cannot write %s: %v", "无法写入 %s：%v"}, to, err).hint(text{"-o FILE in a folder that exists", "-o 文件，放在已存在的目录里"})
}
