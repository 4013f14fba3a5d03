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

// TestReadmeTranscript: what the README says that the demo prints is what it
// prints, in both languages.
func TestReadmeTranscript(t *testing.T) {
	for file, lang := range map[string]string{"../README.md": "en_US.UTF-8", "../README.zh-CN.md": "zh_CN.UTF-8"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, found := strings.Cut(string(text), "```console\n$ go run ./cmd/wgtup demo\n")
		transcript, _, ended := strings.Cut(rest, "```\n")
		if !found || !ended || len(transcript) < 500 {
			t.Fatalf("%s: no transcript of the demo", file)
		}
		c := exec.Command(wgtup, "demo")
		c.Env = append(os.Environ(), "CI=1", "LC_ALL="+lang, "LANG="+lang)
		out, err := c.Output()
		if err != nil {
			t.Fatalf("demo: %v", err)
		}
		normal := func(s string) string { return changing.ReplaceAllString(strings.TrimSpace(s), "…") }
		if got, want := normal(string(out)), normal(transcript); got != want {
			t.Errorf("%s shows\n%s\nthe demo prints\n%s", file, want, got)
		}
	}
}
