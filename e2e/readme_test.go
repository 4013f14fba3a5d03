package e2e

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// What differs from run to run: ports, times.
var changing = regexp.MustCompile(`127\.0\.0\.1:\d+|\b\d+(\.\d+)? m?s\b`)

const demoBlock = "```console\n$ go run ./cmd/wgtup demo\n"

// TestReadmeTranscript: what the README says that the demo prints is what it
// prints, in both languages. WGTUP_UPDATE=1 writes it there (make readme).
func TestReadmeTranscript(t *testing.T) {
	for file, lang := range map[string]string{"../README.md": "en_US.UTF-8", "../README.zh-CN.md": "zh_CN.UTF-8"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before, rest, found := strings.Cut(string(text), demoBlock)
		transcript, after, ended := strings.Cut(rest, "```\n")
		if !found || !ended {
			t.Fatalf("%s: no transcript of the demo", file)
		}
		c := exec.Command(wgtup, "demo")
		c.Env = append(os.Environ(), "CI=1", "LC_ALL="+lang, "LANG="+lang)
		out, err := c.Output()
		if err != nil {
			t.Fatalf("demo: %v", err)
		}
		if os.Getenv("WGTUP_UPDATE") != "" {
			if err := os.WriteFile(file, []byte(before+demoBlock+strings.TrimSpace(string(out))+"\n```\n"+after), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		normal := func(s string) string { return changing.ReplaceAllString(strings.TrimSpace(s), "…") }
		if got, want := normal(string(out)), normal(transcript); got != want {
			t.Errorf("%s shows\n%s\nthe demo prints\n%s\nmake readme writes it there", file, want, got)
		}
	}
}
