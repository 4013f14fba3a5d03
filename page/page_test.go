package page

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"
)

var shop = Page{
	Title: "青禾小铺", URL: "https://cdn.example.com/shop/page/index.html", Hot: "2.0.1", Notes: map[string]string{"zh-Hans": "- 扫码", "en": "- scan <b>"},
	When: time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC),
	Ways: []Way{
		{Platform: "android", Version: "2.0.0", Size: 5 << 20, Package: "https://cdn.example.com/shop/packages/a.apk", Stores: []string{"market://details?id=a&b=1"}},
		{Platform: "ios", Version: "2.0.0", Plist: "https://cdn.example.com/shop/packages/b.plist"},
	},
}

func TestRender(t *testing.T) {
	text, err := Render(shop)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<title>青禾小铺</title>", `href="https://cdn.example.com/shop/packages/a.apk"`, `href="market://details?id=a&amp;b=1"`, "5.0 MB", "• scan &lt;b&gt;", "• 扫码",
		`href="itms-services://?action=download-manifest&amp;url=https%3A%2F%2Fcdn.example.com%2Fshop%2Fpackages%2Fb.plist"`, `class="way android"`, `class="way ios"`, "2026-11-22", "微信",
	} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("it lacks %s", want)
		}
	}
	for _, never := range []string{"{{", " src=\"http", "<link", "@import"} {
		if bytes.Contains(text, []byte(never)) {
			t.Errorf("it has %s", never)
		}
	}
	if again, _ := Render(shop); !bytes.Equal(text, again) {
		t.Error("not the same bytes twice")
	}
	d := xml.NewDecoder(bytes.NewReader(text)) // every tag is closed
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestHostileTexts(t *testing.T) {
	p := shop
	p.Title = `</title><script>alert(1)</script>{{SCRIPT}}`
	p.Notes = map[string]string{"en": `<img src=x onerror=alert(1)>`}
	p.Ways = []Way{{Platform: "android", Version: `"><script>`, Stores: []string{`https://x/"onclick="alert(1)`}}}
	text, err := Render(p)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "<script"); n != 1 || strings.Contains(string(text), "<img") || strings.Contains(string(text), `"onclick`) {
		t.Errorf("%d scripts in %s", n, text)
	}
	if _, err := Render(Page{Title: "x", URL: "https://x"}); !errors.Is(err, ErrEmpty) {
		t.Errorf("%v", err)
	}
}

// The picture is the code, module by module.
func TestPicture(t *testing.T) {
	svg, err := picture(shop.URL)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.Encode(shop.URL, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	black := 0
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				black++
			}
		}
	}
	drawn := 0
	for _, run := range strings.Split(svg[strings.Index(svg, ` d="`)+4:], "M")[1:] {
		_, rest, _ := strings.Cut(run, "h")
		width, _, _ := strings.Cut(rest, "v")
		n := 0
		for _, c := range width {
			n = n*10 + int(c-'0')
		}
		drawn += n
	}
	if drawn != black {
		t.Errorf("%d modules drawn, %d are black", drawn, black)
	}
}
