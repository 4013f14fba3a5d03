package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// packing compares sizes and times of packages with those of zip files.
func packing(folder, wgtup string) (string, error) {
	big := filepath.Join(folder, "big")
	if err := bigApp(big); err != nil {
		return "", err
	}
	var b strings.Builder
	for _, t := range []struct{ name, folder string }{
		{"examples/shop 1.0.0", filepath.Join(*shop, "1.0.0")}, {"examples/shop 2.0.0", filepath.Join(*shop, "2.0.0")}, {"synthetic, 180 styles and 2 MB of script", big},
	} {
		tree, err := filepath.Abs(t.folder)
		if err != nil {
			return "", err
		}
		if err := packTable(&b, t.name, tree, filepath.Join(folder, "out"), wgtup); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

func packTable(b *strings.Builder, name, tree, out, wgtup string) error {
	if err := os.MkdirAll(out, 0o777); err != nil {
		return err
	}
	names, raw, err := list(tree)
	if err != nil {
		return err
	}
	file := func(kind string) string { return filepath.Join(out, kind+".zip") }
	fresh := func(kind, from string) func() error {
		return func() error {
			if err := os.Remove(file(kind)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			if from == "" {
				return nil
			}
			data, err := os.ReadFile(file(from))
			if err != nil {
				return err
			}
			return os.WriteFile(file(kind), data, 0o666)
		}
	}
	all := []*command{
		{name: "zip -9 -X -D", folder: tree, words: []string{"zip", "-9", "-X", "-D", "-q", "-r", file("zip"), "."}, before: fresh("zip", "")},
		{name: "wgtup pack", words: []string{wgtup, "pack", tree, "-q", "-o", file("pack")}},
		{name: "wgtup pack --best", words: []string{wgtup, "pack", "--best", tree, "-q", "-o", file("best")}},
		{name: "7z -mx=9", folder: tree, words: []string{"7zz", "a", "-tzip", "-mm=Deflate", "-mx=9", "-bd", file("7z"), "."}, before: fresh("7z", "")},
		{name: "advzip -3 of zip's", slow: true, words: []string{"advzip", "-z", "-3", "-q", file("adv3")}, before: fresh("adv3", "zip")},
		{name: "advzip -4 of zip's", slow: true, words: []string{"advzip", "-z", "-4", "-q", file("adv4")}, before: fresh("adv4", "zip")},
	}
	kinds := map[*command]string{}
	var present []*command
	for i, kind := range []string{"zip", "pack", "best", "7z", "adv3", "adv4"} {
		if kind == "adv4" && raw > 4<<20 { // minutes
			continue
		}
		if all[i].installed() {
			present, kinds[all[i]] = append(present, all[i]), kind
		}
	}
	if err := measure(present, *runs); err != nil {
		return err
	}
	reference, err := os.Stat(file("zip"))
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "%s: %d files, %d B\n\n| command | package | of zip | time | peak memory |\n|---|---|---|---|---|\n", name, len(names), raw)
	row := func(name string, size int64, rest string) {
		fmt.Fprintf(b, "| %s | %d B | %.4f | %s |\n", name, size, float64(size)/float64(reference.Size()), rest)
	}
	for _, c := range present {
		info, err := os.Stat(file(kinds[c]))
		if err != nil {
			return err
		}
		row("`"+c.name+"`", info.Size(), c.cells())
	}
	if size, err := libdeflate(tree, names); err == nil {
		row("libdeflate -12, each file, with the headers of a wgt", size, "- | -")
	}
	b.WriteString("\n")
	return nil
}

// libdeflate is the size of a canonical package whose files are packed by
// libdeflate at its highest level.
func libdeflate(tree string, names []string) (int64, error) {
	total := int64(22)
	for _, name := range names {
		path := filepath.Join(tree, filepath.FromSlash(name))
		out, err := exec.Command("libdeflate-gzip", "-12", "-c", path).Output()
		if err != nil {
			return 0, err
		}
		info, err := os.Stat(path)
		if err != nil {
			return 0, err
		}
		total += 76 + 2*int64(len(name)) + min(int64(len(out)-18), info.Size())
	}
	return total, nil
}
