package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wgtup/internal/config"
	"wgtup/release"
)

func exitOf(err error) int {
	var f *failure
	if errors.As(err, &f) {
		return f.exit
	}
	return -1
}

func TestParseShare(t *testing.T) {
	for s, want := range map[string]int64{"0%": 0, "1%": 100, "10%": 1000, " 50% ": 5000, "12.5%": 1250, "0.01%": 1, "99.99%": 9999, "100%": 10000, "100.00%": 10000} {
		if got, err := parseShare(s); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "%", "10", "10 %", "-1%", "+1%", "101%", "100.01%", "1.%", ".5%", "0.001%", "1.-5%", "1e1%", "5%%", "99999999999%", "１０%", "0x10%"} {
		if got, err := parseShare(s); exitOf(err) != exitUsage {
			t.Errorf("%q is %d, %v", s, got, err)
		}
	}
}

func TestParseTime(t *testing.T) {
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	for s, want := range map[string]time.Time{
		"now": now, "+0s": now, "+6h": now.Add(6 * time.Hour), "+1h30m": now.Add(90 * time.Minute), "+2d": now.AddDate(0, 0, 2),
		"2026-11-23T02:00:00+08:00": now, "2026-11-22T18:00:00Z": now,
		"2026-11-22 18:00":    time.Date(2026, 11, 22, 18, 0, 0, 0, time.Local),
		"2026-11-22 18:00:01": time.Date(2026, 11, 22, 18, 0, 1, 0, time.Local),
		"2026-11-22":          time.Date(2026, 11, 22, 0, 0, 0, 0, time.Local),
	} {
		if got, err := parseTime(s, now); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "+", "+6", "+-6h", "++6h", "-6h", "+d", "+-2d", "+1.5d", "6h", "tomorrow", "2026-11-31", "22.11.2026", "18:00"} {
		if got, err := parseTime(s, now); exitOf(err) != exitUsage {
			t.Errorf("%q is %v, %v", s, got, err)
		}
	}
}

func TestParseRamp(t *testing.T) {
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	step := func(after time.Duration, share int64) release.Step {
		return release.Step{At: release.At(now.Add(after)), Permyriad: share}
	}
	for _, c := range []struct {
		in    string
		first int64
		steps []release.Step
	}{
		{"10% now, 50% +6h, 100% +24h", 1000, []release.Step{step(6*time.Hour, 5000), step(24*time.Hour, 10000)}},
		{"50% +6h", 0, []release.Step{step(6*time.Hour, 5000)}},
		{"5% now", 500, nil},
		{"1% now,100% +1d", 100, []release.Step{step(24*time.Hour, 10000)}},
		{"1% now, 100% 2026-11-23T18:00:00Z", 100, []release.Step{step(24*time.Hour, 10000)}},
	} {
		first, steps, err := parseRamp(c.in, now)
		if err != nil || first != c.first || !slices.EqualFunc(steps, c.steps, func(a, b release.Step) bool { return a.Permyriad == b.Permyriad && a.At.Equal(b.At.Time) }) {
			t.Errorf("%q: %d, %v, %v", c.in, first, steps, err)
		}
	}
	for _, s := range []string{"", ",", "10%", "now", "10 now", "50% +6h, 10% now", "10% now, 20% now", "50% +6h, 60% +6h", "50% +6h, 60% +5h", "10% soon", "10% now,"} {
		if first, steps, err := parseRamp(s, now); exitOf(err) != exitUsage {
			t.Errorf("%q: %d, %v, %v", s, first, steps, err)
		}
	}
}

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

func TestLanguage(t *testing.T) {
	for _, c := range []struct {
		env  string
		args string
		want string
	}{
		{"", "", "en"}, {"LANG=C", "", "en"}, {"LANG=zh_CN.UTF-8", "", "zh"}, {"LANG=zh_TW", "", "zh"}, {"LANG=en_US.UTF-8", "", "en"},
		{"LC_ALL=C LANG=zh_CN", "", "en"}, {"LC_MESSAGES=zh_CN LANG=en_US", "", "zh"}, {"WGTUP_LANG=zh LC_ALL=C", "", "zh"}, {"LANG=ZH", "", "zh"},
		{"LANG=zh_CN", "--lang en", "en"}, {"", "status --lang=zh", "zh"}, {"", "publish -- --lang zh", "en"}, {"", "--lang", "en"},
	} {
		env := func(name string) string {
			for _, one := range strings.Fields(c.env) {
				if v, ok := strings.CutPrefix(one, name+"="); ok {
					return v
				}
			}
			return ""
		}
		if got := language(env, strings.Fields(c.args)); got != c.want {
			t.Errorf("%q %q: %s", c.env, c.args, got)
		}
	}
}

func TestWhoAndWhat(t *testing.T) {
	for _, c := range []struct {
		env        map[string]string
		by, commit string
	}{
		{map[string]string{}, "", ""},
		{map[string]string{"USER": "bob"}, "bob", ""},
		{map[string]string{"USER": "root", "GITLAB_USER_LOGIN": "alice", "CI_COMMIT_SHA": "0123456789abcdef0123456789abcdef01234567"}, "alice", "0123456789ab"},
		{map[string]string{"USER": "runner", "GITHUB_ACTOR": "alice", "GITHUB_SHA": "ABCDEF0123456789"}, "alice", "abcdef012345"},
		{map[string]string{"USER": "jenkins", "BUILD_USER_ID": "alice@example.com", "GIT_COMMIT": "fedcba9876543210"}, "jenkins", "fedcba987654"},
		{map[string]string{"WGTUP_BY": "release bot", "GITHUB_ACTOR": "alice", "WGTUP_COMMIT": "111111111111", "GITHUB_SHA": "ABCDEF0123456789"}, "release bot", "111111111111"},
		{map[string]string{"GITLAB_USER_LOGIN": "a@b.c", "USER": "d@e.f", "CI_COMMIT_SHA": "short", "GITHUB_SHA": "not a commit at all"}, "", ""},
	} {
		u := &ui{env: func(name string) string { return c.env[name] }}
		t.Chdir(t.TempDir())
		t.Setenv("GIT_CEILING_DIRECTORIES", "/")
		if by, commit := u.by(), u.commit(context.Background()); by != c.by || commit != c.commit {
			t.Errorf("%v: %q, %q", c.env, by, commit)
		}
	}
}

func TestCommitOfCheckout(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, args := range [][]string{{"init", "-q"}, {"-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "-q", "--allow-empty", "-m", "m"}} {
		c := exec.Command("git", args...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	t.Chdir(dir)
	u := &ui{env: func(string) string { return "" }}
	if got := u.commit(context.Background()); len(got) != 12 || strings.Trim(got, "0123456789abcdef") != "" {
		t.Errorf("%q", got)
	}
}

// A chosen device must be the one that a person on call means.
func TestInstalledApp(t *testing.T) {
	base := func(name string, code int64, retired bool) release.Base {
		return release.Base{Platform: "android", Name: name, Code: code, Retired: retired}
	}
	hot := func(version string, natives ...string) release.Release {
		r := release.Release{ID: "r" + version, Kind: release.Wgt, Version: release.Version{Name: version, Code: 5}, Platforms: []string{"android"}}
		for i, n := range natives {
			r.Natives.List = append(r.Natives.List, release.Native{Platform: "android", Name: n, Code: int64(100 * (i + 1))})
		}
		return r
	}
	one := &release.Document{Bases: []release.Base{base("1.0.0", 100, false)}, Releases: []release.Release{hot("1.0.1", "1.0.0")}}
	two := &release.Document{Bases: []release.Base{base("1.0.0", 100, false), base("2.0.0", 200, false)},
		Releases: []release.Release{hot("1.0.1", "1.0.0"), hot("1.0.2", "1.0.0", "2.0.0")}, Withdrawn: []release.Withdrawn{{Version: release.Version{Name: "1.0.9", Code: 109}}}}
	for _, c := range []struct {
		name    string
		d       *release.Document
		flags   deviceFlags
		native  string
		running int64
		exit    int
	}{
		{"the only app", one, deviceFlags{version: "1.0.1"}, "1.0.0 100", 5, 0},
		{"given code", one, deviceFlags{version: "1.0.1", code: 77}, "1.0.0 100", 77, 0},
		{"named app", two, deviceFlags{version: "1.0.2", native: "2.0.0"}, "2.0.0 200", 5, 0},
		{"named app with code", two, deviceFlags{version: "1.0.2", native: "3.0.0", nativeCode: 300}, "3.0.0 300", 5, 0},
		{"the app that carries it", two, deviceFlags{version: "1.0.1"}, "1.0.0 100", 5, 0},
		{"a fresh app", two, deviceFlags{version: "2.0.0"}, "2.0.0 200", 200, 0},
		{"withdrawn", one, deviceFlags{version: "1.0.9"}, "1.0.0 100", 0, 0},
		{"either", two, deviceFlags{version: "1.0.2"}, "", 0, exitUsage},
		{"unknown", two, deviceFlags{version: "1.0.9"}, "", 0, exitUsage},
		{"nothing registered", &release.Document{}, deviceFlags{version: "1.0.0", code: 100}, "1.0.0 100", 100, 0},
		{"none", two, deviceFlags{}, "", 0, exitUsage},
	} {
		c.flags.platform = "android"
		err := c.flags.check()
		var dev release.Device
		if err == nil {
			dev, err = c.flags.device(c.d)
		}
		if c.exit != 0 {
			if exitOf(err) != c.exit {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if got := fmt.Sprint(dev.Native.Name, " ", dev.Native.Code); err != nil || got != c.native || dev.Running.Code != c.running {
			t.Errorf("%s: %s, runs %d, %v", c.name, got, dev.Running.Code, err)
		}
	}
}

func TestFindSource(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	u := &ui{err: &bytes.Buffer{}, env: func(string) string { return "" }}
	c := &config.Config{}
	if _, err := u.findSource(c); exitOf(err) != exitUsage {
		t.Error(err)
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, name := range []string{"dist/build/app", "dist/build/app-plus", "unpackage/dist/build/app-plus", "unpackage/dist/build/app", "unpackage/resources/__UNI__A1B2C3D/www", "unpackage/release/a.wgt"} {
		mark := name
		if filepath.Ext(name) != ".wgt" {
			mark = name + "/manifest.json"
		}
		write(t, mark, start.Add(time.Duration(i)*time.Hour))
		if got, err := u.findSource(c); err != nil || filepath.ToSlash(got) != name {
			t.Errorf("%q, %v; want %q", got, err, name)
		}
	}
	write(t, "dist/dev/app/manifest.json", start.Add(100*time.Hour)) // never a development build
	write(t, "dist/build/app/manifest.json", start.Add(50*time.Hour))
	if got, _ := u.findSource(c); filepath.ToSlash(got) != "dist/build/app" {
		t.Error(got)
	}
	write(t, "src/pages/a.vue", start)
	t.Chdir("src/pages")
	if got, _ := u.findSource(&config.Config{Path: filepath.Join(dir, "wgtup.yaml")}); filepath.ToSlash(got) != filepath.ToSlash(filepath.Join(dir, "dist/build/app")) {
		t.Error(got)
	}
}

func TestWarnStale(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct{ source, build, output string }{
		{"src/App.vue", "dist/build/app/manifest.json", "dist/build/app"},
		{"src/pages/deep/a.vue", "dist/build/app/manifest.json", "dist/build/app"},
		{"pages/index.vue", "unpackage/dist/build/app-plus/manifest.json", "unpackage/dist/build/app-plus"},
		{"App.vue", "unpackage/release/a.wgt", "unpackage/release/a.wgt"},
	} {
		t.Chdir(t.TempDir())
		for _, stale := range []bool{false, true} {
			var errs bytes.Buffer
			write(t, c.build, start)
			write(t, c.source, start.Add(map[bool]time.Duration{false: -time.Second, true: time.Second}[stale]))
			write(t, "node_modules/x/y.js", start.Add(time.Hour))
			(&ui{err: &errs}).warnStale(c.output)
			if stale != strings.Contains(errs.String(), filepath.FromSlash(c.source)+" is newer than this build") {
				t.Errorf("%s over %s, stale %v: %q", c.source, c.output, stale, errs.String())
			}
		}
	}
	t.Chdir(t.TempDir())
	var errs bytes.Buffer
	write(t, "somewhere/manifest.json", start)
	write(t, "src/App.vue", start.Add(time.Hour))
	(&ui{err: &errs}).warnStale("somewhere") // not the output of this project
	if errs.Len() > 0 {
		t.Error(errs.String())
	}
}

func TestPublishFlags(t *testing.T) {
	good := func() publishFlags {
		return publishFlags{rollout: "10%", mode: "prompt", given: map[string]bool{}}
	}
	f := good()
	f.platforms = []string{"ios", "android", "ios"}
	r, m, err := f.check()
	if err != nil || r.Permyriad != 1000 || m != release.Prompt || !slices.Equal(f.platforms, []string{"android", "ios"}) {
		t.Error(r, m, err, f.platforms)
	}
	for name, spoil := range map[string]func(*publishFlags){
		"mode":          func(f *publishFlags) { f.mode = "loud" },
		"rollout":       func(f *publishFlags) { f.rollout = "10" },
		"platform":      func(f *publishFlags) { f.platforms = []string{"windows"} },
		"both bases":    func(f *publishFlags) { f.base, f.noBase = true, true },
		"base, rollout": func(f *publishFlags) { f.base, f.given["rollout"] = true, true },
		"base, notes":   func(f *publishFlags) { f.base, f.given["notes"] = true, true },
		"code alone":    func(f *publishFlags) { f.given["native-code"] = true },
		"native alone":  func(f *publishFlags) { f.native = "1.0.0" },
	} {
		f := good()
		spoil(&f)
		if _, _, err := f.check(); exitOf(err) != exitUsage {
			t.Errorf("%s: %v", name, err)
		}
	}
	f = good()
	f.native, f.nativeCode, f.given["native-code"] = "1.0.0", 0, true // a build number that is no number counts as 0
	if _, _, err := f.check(); err != nil {
		t.Error(err)
	}
}
