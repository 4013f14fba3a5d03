package internal

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every fault of a publisher stands in the guide, and every test that the guide
// names exists.
func TestFaultsAreTested(t *testing.T) {
	guide, err := os.ReadFile("../docs/guide/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 40; n++ {
		if c := strings.Count(string(guide), fmt.Sprintf("\n| P%02d |", n)); c != 1 {
			t.Errorf("P%02d has %d rows", n, c)
		}
	}
	there := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)`)
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".cache" || d.Name() == ".git"):
			return fs.SkipDir
		case strings.HasSuffix(path, ".txtar"):
			there[d.Name()] = true
		case strings.HasSuffix(path, "_test.go"):
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range declared.FindAllSubmatch(text, -1) {
				there[string(m[1])] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range regexp.MustCompile("`(Test\\w+|[\\w-]+\\.txtar)`").FindAllStringSubmatch(string(guide), -1) {
		if !there[name[1]] {
			t.Errorf("the guide names %s, which does not exist", name[1])
		}
	}
}
