package main

import (
	"fmt"
	"strings"
	"time"

	"wgtup/internal/publish"
)

var stepWords = map[string]text{
	"pack":   {"packing", "打包"},
	"head":   {"reading the channel", "读取渠道"},
	"patch":  {"making patches from", "生成补丁，基于"},
	"upload": {"uploading", "上传"},
	"verify": {"reading back", "回读校验"},
	"create": {"publishing the entry", "写入发布记录"},
	"settle": {"updating the copies", "更新副本"},
	"remove": {"removing", "删除"},
	"mirror": {"to mirror", "同步镜像"},
	"look":   {"looking through the public URL", "从公网地址查看"},
}

// progress shows the steps: one line that is overwritten on a terminal, plain
// lines in a log.
func (u *ui) progress(now func() time.Time) func(publish.Step) {
	if u.quiet || u.json {
		return nil
	}
	last, upload := "", transfer{}
	every := logged
	if u.terminal {
		every = shown
	}
	return func(s publish.Step) {
		line := u.t(stepWords[s.Name])
		if s.Key != "" && s.Name != "head" {
			line += " " + shortKey(s.Key)
		}
		if s.Size > 0 {
			rate, due := upload.rate(s, now(), every)
			if !due {
				return
			}
			line += u.rateText(s.Size, rate)
		}
		if line == last {
			return
		}
		last = line
		if !u.terminal {
			u.write(u.err, line)
			return
		}
		if columns(line) < screen { // a longer line would wrap and could not be taken back
			fmt.Fprintf(u.err, "\r\x1b[K%s…", line)
			u.progressing = true
		}
	}
}

// clearProgress takes the line of progress back before something else is printed.
func (u *ui) clearProgress() {
	if u.progressing {
		fmt.Fprint(u.err, "\r\x1b[K")
		u.progressing = false
	}
}

// shortKey cuts a digest so that the line fits.
func shortKey(key string) string {
	for _, prefix := range []string{"packages/", "patches/"} {
		if rest, ok := strings.CutPrefix(key, prefix); ok && len(rest) > 20 {
			return prefix + rest[:8] + "…" + rest[len(rest)-4:]
		}
	}
	return key
}
