package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// steady gives what differs from run to run one spelling.
func steady(s string) string {
	for _, one := range []struct{ what, as string }{
		{`\b\d+(\.\d+)? (ms|s)\b`, "0.1 s"},
		{`\b20\d\d-\d\d-\d\d \d\d:\d\d(:\d\d [+-]\d{4})?\b`, "2026-11-27 19:00"},
		{`\b20\d\d-\d\d-\d\d\b`, "2026-11-27"},
		{`\b\d+ min ago|just now`, "just now"},
		{`\d+ 分钟前|刚刚`, "刚刚"},
		{`[0-9a-f]{8}….wgt`, "0123abcd….wgt"},
		{`(content|内容) [0-9a-f]{12}`, "$1 0123456789ab"},
		{`\b\d+(\.\d+)? (B|KiB)\b`, "1.0 KiB"},
	} {
		s = regexp.MustCompile(one.what).ReplaceAllString(s, one.as)
	}
	return s
}

// guide FILE runs the commands of a guide's console blocks, and compares what
// they print with what stands there. With WGTUP_GUIDES=write it writes it there.
func guide(ts *testscript.TestScript, neg bool, args []string) {
	file := filepath.Join(testData, "..", "..", "..", "docs", "guide", args[0])
	text, err := os.ReadFile(file)
	ts.Check(err)
	var out []string
	inside := false
	for _, line := range strings.Split(string(text), "\n") {
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case line == "```console":
			inside = true
		case strings.HasPrefix(line, "```"):
			inside = false
		case inside && !isCommand:
			continue // what it printed last time
		}
		out = append(out, line)
		if inside && isCommand {
			words := shellWords(command)
			ts.Exec(words[0], words[1:]...)
			for _, printed := range strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n") {
				out = append(out, strings.TrimRight(steady(printed), " "))
			}
		}
	}
	now := strings.Join(out, "\n")
	if os.Getenv("WGTUP_GUIDES") == "write" {
		ts.Check(os.WriteFile(file, []byte(now), 0o644))
		return
	}
	if now != string(text) {
		for i, line := range strings.Split(string(text), "\n") {
			if i >= len(out) || out[i] != line {
				printed := ""
				if i < len(out) {
					printed = out[i]
				}
				ts.Fatalf("docs/guide/%s:%d says %q, the command %q; WGTUP_GUIDES=write writes it anew", args[0], i+1, line, printed)
			}
		}
	}
}

// shellWords splits a command line; "…" keeps words together.
func shellWords(s string) []string {
	var words []string
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}
