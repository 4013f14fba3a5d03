package main

import (
	"context"
	"os/exec"
	"strings"
	"testing"
)

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
