// Command bench compares wgtup with the public tools that do a part of its work,
// and writes what it measured into bench/README.md:
//
//	go run ./bench -bin bin -mc .cache/bin/mc -shop .cache/shop/out
//
// Runs of one table are interleaved, so that a machine which is busy for a while
// is busy for all of them; times are medians of whole commands. A tool that is
// not installed is left out.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

var (
	bin    = flag.String("bin", "bin", "folder with the command wgtup")
	mc     = flag.String("mc", "mc", "the client of MinIO")
	shop   = flag.String("shop", ".cache/shop/out", "builds of examples/shop")
	readme = flag.String("readme", "bench/README.md", "file to write the figures into")
	runs   = flag.Int("runs", 7, "runs of each command")
	only   = flag.String("only", "", "the section to measure: machine, pack or publish")
)

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	folder, err := os.MkdirTemp("", "wgtup-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	wgtup, err := filepath.Abs(filepath.Join(*bin, "wgtup"))
	if err != nil {
		return err
	}
	for _, section := range []struct {
		name  string
		write func(folder, wgtup string) (string, error)
	}{{"machine", machine}, {"pack", packing}, {"publish", publishing}} {
		if *only != "" && *only != section.name {
			continue
		}
		text, err := section.write(folder, wgtup)
		if err != nil {
			return fmt.Errorf("%s: %w", section.name, err)
		}
		fmt.Print(text, "\n")
		if err := replace(*readme, section.name, text); err != nil {
			return err
		}
	}
	return nil
}

// replace puts text between the two marks of a section.
func replace(file, section, text string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	begin, end := "<!-- bench "+section+" -->\n", "<!-- end "+section+" -->"
	before, rest, ok := strings.Cut(string(data), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return fmt.Errorf("%s has no place for %s", file, section)
	}
	return os.WriteFile(file, []byte(before+begin+text+end+after), 0o666)
}

func machine(string, string) (string, error) {
	cpu := "unknown processor"
	if data, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(data)) {
			if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
				cpu = strings.TrimSpace(value)
			}
		}
	}
	load := ""
	if data, err := os.ReadFile("/proc/loadavg"); err == nil {
		load = ", load " + strings.Join(strings.Fields(string(data))[:1], "")
	}
	tools := ""
	for _, t := range []struct{ name, command string }{{"zip", "zip"}, {"7-Zip", "7zz"}, {"advzip", "advzip"}, {"libdeflate", "libdeflate-gzip"}, {"mc", *mc}} {
		if _, err := exec.LookPath(t.command); err == nil {
			tools += ", " + t.name
		}
	}
	return fmt.Sprintf("Measured on %s, %d cores, %s/%s, %s%s, beside%s.\n", cpu, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), load, strings.TrimPrefix(tools, ",")), nil
}
