// Package page makes the install page of an app: one HTML file without anything from elsewhere, in Chinese and English, light
// and dark, with the right button for the phone that opens it and a QR code for those who sit at a desk.
package page

import (
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"rsc.io/qr"
)

// A Page is what it shows.
type Page struct {
	Title string
	Icon  string // data: address of an image; "" for the first letter of the title
	URL   string // its own address, https
	Ways  []Way
	Hot   string // version of the newest hot update, "" without
	Notes map[string]string
	When  time.Time
}

// A Way is how a platform gets the app. Its addresses are in the order in which they are offered.
type Way struct {
	Platform string // android, ios, harmony
	Version  string
	Size     int64 // bytes; 0 when a store has it
	Stores   []string
	Package  string // address of the apk
	Plist    string // address of the manifest for itms-services
}

//go:embed page.html
var template string

//go:embed page.js
var script string

// ErrEmpty: there is nothing to install.
var ErrEmpty = errors.New("no full package to install")

// Render writes the page.
func Render(p Page) ([]byte, error) {
	if len(p.Ways) == 0 {
		return nil, ErrEmpty
	}
	code, err := picture(p.URL)
	if err != nil {
		return nil, fmt.Errorf("draw QR code: %w", err)
	}
	sum := sha256.Sum256([]byte(script))
	var ways, versions strings.Builder
	for _, w := range p.Ways {
		ways.WriteString(w.html())
		fmt.Fprintf(&versions, "<dt>%s</dt><dd>%s</dd>", names[w.Platform], html.EscapeString(w.Version))
	}
	if p.Hot != "" {
		fmt.Fprintf(&versions, "<dt>%s</dt><dd>%s</dd>", both("内容版本", "Content"), html.EscapeString(p.Hot))
	}
	return []byte(strings.NewReplacer(
		"{{SCRIPT-HASH}}", "sha256-"+base64.StdEncoding.EncodeToString(sum[:]),
		"{{SCRIPT}}", script,
		"{{TITLE}}", html.EscapeString(p.Title),
		"{{SUBTITLE}}", both("下载与安装", "Download and install"),
		"{{ICON}}", p.icon(),
		"{{WAYS}}", ways.String(),
		"{{QR}}", code,
		"{{NOTES}}", p.notes(),
		"{{VERSIONS}}", versions.String(),
		"{{DATE}}", p.When.UTC().Format("2006-01-02"),
	).Replace(template)), nil
}

var names = map[string]string{"android": "Android", "ios": "iOS", "harmony": "HarmonyOS"}

func both(zh, en string) string {
	return `<span lang="zh">` + zh + `</span><span lang="en">` + en + `</span>`
}

func (p *Page) icon() string {
	if p.Icon != "" {
		return `<img alt="" src="` + html.EscapeString(p.Icon) + `">`
	}
	letter, _ := utf8.DecodeRuneInString(p.Title)
	return `<span class="letter" aria-hidden="true">` + html.EscapeString(strings.ToUpper(string(letter))) + `</span>`
}

func (p *Page) notes() string {
	zh, en := p.Notes["zh-Hans"], p.Notes["en"]
	if zh == "" {
		zh = en
	}
	if en == "" {
		en = zh
	}
	if en == "" {
		return ""
	}
	return `<section class="card"><h2>` + both("更新说明", "What’s new") + `</h2><p class="notes">` +
		both(lines(zh), lines(en)) + `</p></section>`
}

// lines draws what begins as a list's item does as one.
func lines(notes string) string {
	all := strings.Split(strings.TrimSpace(notes), "\n")
	for i, line := range all {
		for _, mark := range []string{"- ", "* "} {
			if item, ok := strings.CutPrefix(strings.TrimSpace(line), mark); ok {
				all[i] = "• " + item
			}
		}
	}
	return html.EscapeString(strings.Join(all, "\n"))
}

func (w *Way) html() string {
	var b strings.Builder
	size := ""
	switch {
	case w.Size >= 1<<20:
		size = fmt.Sprintf(" · %.1f MB", float64(w.Size)/(1<<20))
	case w.Size > 0:
		size = fmt.Sprintf(" · %d KB", (w.Size+1023)>>10)
	}
	fmt.Fprintf(&b, `<div class="way %s"><h2>%s<span>%s%s</span></h2>`, w.Platform, names[w.Platform], html.EscapeString(w.Version), size)
	button := func(address, zh, en string) {
		fmt.Fprintf(&b, `<a class="button" href="%s">%s</a>`, html.EscapeString(address), both(zh, en))
	}
	for _, s := range w.Stores {
		button(s, "前往应用商店", "Open the store")
	}
	if w.Package != "" {
		button(w.Package, "下载安装包", "Download the app")
		b.WriteString(`<p class="soft">` + both("下载后打开文件；如果系统提示，请允许浏览器安装应用。", "Open the file when it is there; if the system asks, allow the browser to install apps.") + `</p>`)
	}
	if w.Plist != "" {
		button("itms-services://?action=download-manifest&url="+url.QueryEscape(w.Plist), "安装到 iPhone 或 iPad", "Install on iPhone or iPad")
		b.WriteString(`<p class="soft">` + both("请用 Safari 打开。装好后到“设置 › 通用 › VPN 与设备管理”里信任开发者。", "Open this page in Safari. Afterwards trust the developer in Settings › General › VPN &amp; Device Management.") + `</p>`)
	}
	b.WriteString("</div>")
	return b.String()
}

// quiet is the white border that scanners need, in modules.
const quiet = 4

// picture is a QR code as SVG, black on white in every theme.
func picture(text string) (string, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	n := code.Size + 2*quiet
	return fmt.Sprintf(`<svg viewBox="0 0 %d %d" role="img" aria-label="QR" shape-rendering="crispEdges"><rect width="%d" height="%d" fill="#fff"/><path d="%s"/></svg>`, n, n, n, n, path.String()), nil
}
