package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"wgtup/release"
)

func TestTextOfValues(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 594432: "580.5 KiB", 1 << 20: "1.0 MiB", 5 << 30: "5120.0 MiB"} {
		if got := bytesText(n); got != want {
			t.Errorf("%d bytes: %q, want %q", n, got, want)
		}
	}
	u, now := &ui{lang: "en"}, time.Now()
	for d, want := range map[time.Duration]string{-time.Hour: "just now", time.Second: "just now", 3 * time.Minute: "3 min ago", 47 * time.Hour: "47 h ago", 49 * time.Hour: "2 days ago"} {
		if got := u.ago(now.Add(-d), now); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	if a, b := entryName(release.Position{Sequence: 8}), entryName(release.Position{Epoch: 1, Sequence: 8}); a != "8" || b != "1/8" {
		t.Error(a, b)
	}
}

func TestTable(t *testing.T) {
	var out bytes.Buffer
	u := &ui{out: &out}
	u.table([][]string{{"编号", "版本", "大小"}, {"r1", "1.0.0 (100)", "-"}, {"r12", "退路", "9 B"}, {"r3", "", ""}})
	want := "编号  版本         大小\nr1    1.0.0 (100)  -\nr12   退路         9 B\nr3\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
	for s, n := range map[string]int{"": 0, "abc": 3, "青禾小铺": 8, "a，b": 4, "…": 1, "✗": 1, "ｆ": 2} {
		if columns(s) != n {
			t.Errorf("%q has %d columns, want %d", s, columns(s), n)
		}
	}
}

func TestHanging(t *testing.T) {
	got := hanging("  name", 10, strings.Repeat("word ", 20))
	for line := range strings.Lines(got) {
		if columns(line)-1 > screen || line != strings.TrimRight(line, " \n")+"\n" {
			t.Errorf("%q", line)
		}
	}
	zh := strings.Repeat("存储不支持，", 20)
	got = hanging("", 0, zh)
	for line := range strings.Lines(got) {
		if columns(strings.TrimSpace(line)) > screen || strings.HasPrefix(line, "，") {
			t.Errorf("%q", line)
		}
	}
	if strings.ReplaceAll(got, "\n", "") != zh {
		t.Errorf("%q", got)
	}
	if got := hanging("a very long name", 4, "text"); got != "a very long name text\n" {
		t.Errorf("%q", got)
	}
}

func TestNativesText(t *testing.T) {
	n := func(p, name string) release.Native { return release.Native{Platform: p, Name: name, Code: 1} }
	both := []string{"android", "ios"}
	top := int64(9)
	for want, natives := range map[string]release.Natives{
		"android,ios 1.0.0":          {List: []release.Native{n("android", "1.0.0"), n("ios", "1.0.0")}},
		"android,ios 1.0.0, 2.0.0":   {List: []release.Native{n("android", "1.0.0"), n("ios", "1.0.0"), n("android", "2.0.0"), n("ios", "2.0.0")}},
		"android 1.0.0; ios 1.0.1":   {List: []release.Native{n("android", "1.0.0"), n("ios", "1.0.1")}},
		"android,ios 1.0.0, 2.0.0,…": {List: []release.Native{n("android", "1.0.0"), n("ios", "1.0.0"), n("android", "2.0.0"), n("ios", "2.0.0"), n("android", "3.0.0"), n("ios", "3.0.0")}},
		"android,ios":                {Range: &release.CodeRange{}},
		"android,ios 7+":             {Range: &release.CodeRange{Min: 7}},
		"android,ios 0-9":            {Range: &release.CodeRange{Max: &top}},
	} {
		if got := nativesText(both, natives); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What begins a message stands out on a terminal, unless NO_COLOR is set; a log
// has no control sequences at all.
func TestColours(t *testing.T) {
	for _, c := range []struct {
		terminal bool
		noColor  string
		want     string
	}{
		{true, "", "\x1b[33mwarning: \x1b[0mlate\n\x1b[31mwgtup: \x1b[0mno\n\x1b[36mhint: \x1b[0myes\n"},
		{true, "1", "warning: late\nwgtup: no\nhint: yes\n"},
		{false, "", "warning: late\nwgtup: no\nhint: yes\n"},
	} {
		var errs bytes.Buffer
		u := newUI(nil, nil, &errs, func(name string) string { return map[string]string{"NO_COLOR": c.noColor}[name] }, nil)
		u.terminal = c.terminal
		u.warn(text{"late", "晚"})
		u.fail(usage(text{"no", "不"}).hint(text{"yes", "是"}))
		if errs.String() != c.want {
			t.Errorf("terminal %v, NO_COLOR %q: %q, want %q", c.terminal, c.noColor, errs.String(), c.want)
		}
	}
}

func TestOutputCannotSteerTheTerminal(t *testing.T) {
	var out, errs bytes.Buffer
	u := &ui{out: &out, err: &errs}
	u.say(text{"%s", "%s"}, "\x1b[2Jred\x07\u009b31m\u202egnp.exe\r")
	u.warn(text{"%s", "%s"}, "a\x1b]0;title\x07")
	u.fail(usage(text{"%s", "%s"}, "\x1b[1m"))
	for _, r := range out.String() + errs.String() {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0x202e {
			t.Errorf("%q holds %U", out.String()+errs.String(), r)
		}
	}
}
