package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"wgtup/internal/config"
	"wgtup/wgt"
)

// outputs are where builds leave an app, relative to the project.
var outputs = []string{
	"dist/build/app",                // CLI, vue 3
	"dist/build/app-plus",           // CLI, vue 2
	"unpackage/dist/build/app-plus", // HBuilderX, vue 2 and 3
	"unpackage/dist/build/app",      //
	"unpackage/resources/*/www",     // HBuilderX, local resources
	"unpackage/release/*.wgt",       // HBuilderX, exported wgt
}

// findSource is the newest build output below the working directory, else below
// the folder of wgtup.yaml.
func (u *ui) findSource(c *config.Config) (string, error) {
	newest := newestOutput("")
	if newest == "" && c.Path != "" {
		newest = newestOutput(filepath.Dir(c.Path))
	}
	if newest == "" {
		return "", usage(text{"no build output here", "这里没有构建产物"}).
			hint(text{"build first (npx uni build -p app), or name the folder: dist/build/app", "请先构建（npx uni build -p app），或指明目录：dist/build/app"})
	}
	u.note(text{"using %s", "使用 %s"}, newest)
	return newest, nil
}

func newestOutput(project string) string {
	newest, when := "", time.Time{}
	for _, pattern := range outputs {
		matches, _ := filepath.Glob(filepath.Join(project, filepath.FromSlash(pattern)))
		for _, m := range matches {
			if info, err := os.Stat(markOf(m)); err == nil && info.ModTime().After(when) {
				newest, when = m, info.ModTime()
			}
		}
	}
	return newest
}

// markOf is the file whose time is that of a build.
func markOf(output string) string {
	if info, err := os.Stat(output); err == nil && info.IsDir() {
		return filepath.Join(output, wgt.ManifestName)
	}
	return output
}

// source is an input that was read and checked.
type source struct {
	path   string
	tree   *wgt.Tree
	report *wgt.Report
	full   *fullPackage // of an apk or ipa; tree is then the resources inside, nil without
	ready  bool         // it is a canonical package, and nothing is missing in it
	close  func()
}

// openSource reads a build folder or a .wgt and checks it. Warnings are shown;
// what makes it unfit is an error.
func (u *ui) openSource(path string) (*source, error) {
	s, err := readSource(path)
	if err != nil {
		return nil, err
	}
	if err := s.check(path); err != nil {
		s.close()
		return nil, err
	}
	u.showWarnings(s.report)
	u.warnStale(path)
	if s.report.Guard.Inserted {
		u.note(text{"the client is in this build, its boot guard is not: putting it in", "这个构建里有客户端，但没有启动守卫：正在加入"})
	}
	return s, nil
}

// check judges what was read. It is called by the name that the user gave it.
func (s *source) check(name string) error {
	if s.tree == nil {
		return fault(exitRefused, "no-resources", text{"%s has no uni-app resources inside", "%s 里没有 uni-app 资源"}, name).
			hint(text{"give the build that went into it, with its version: wgtup publish --base DIST --native %s --native-code %s", "请给出它所用的构建和版本：wgtup publish --base 构建目录 --native %s --native-code %s"}, s.full.VersionName, s.full.VersionCode)
	}
	if s.full != nil && len(s.full.apps) > 1 {
		return fault(exitRefused, "several-apps", text{"%s holds the resources of more than one app", "%s 里有多个应用的资源"}, name).
			hint(text{"give the build that it starts with: wgtup publish --base DIST --native %s --native-code %s", "请给出它启动的那个应用的构建：wgtup publish --base 构建目录 --native %s --native-code %s"}, s.full.VersionName, s.full.VersionCode)
	}
	var err error
	if s.report, err = wgt.Check(s.tree, wgt.CheckOptions{ParseJS: parseScript}); err != nil {
		return err
	}
	if !s.report.OK() {
		return unfit(name, s.report)
	}
	s.ready = s.ready && !s.report.Guard.Inserted
	return nil
}

// readSource opens a folder or an archive without judging it.
func readSource(path string) (*source, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage(text{"%s does not exist", "%s 不存在"}, path).hint(text{"build first: npx uni build -p app", "请先构建：npx uni build -p app"})
	}
	if err != nil {
		return nil, fmt.Errorf("open source: %w", err)
	}
	if info.IsDir() {
		tree, err := wgt.ReadDir(os.DirFS(path))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		return &source{path: path, tree: tree, close: func() {}}, nil
	}
	if isFullPackage(path) {
		return readFull(path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open source: %w", err)
	}
	s := &source{path: path, close: func() { f.Close() }}
	if s.tree, err = wgt.ReadPackage(f, info.Size()); err == nil {
		s.ready = true
		return s, nil
	}
	if s.tree, err = wgt.ReadArchive(f, info.Size()); err != nil {
		f.Close()
		return nil, unreadable(path, err)
	}
	return s, nil
}

// showWarnings prints what was left out, in one line a reason, and the rest.
func (u *ui) showWarnings(r *wgt.Report) {
	left := map[wgt.Code][]string{}
	var order []wgt.Code
	for _, f := range r.Omitted {
		if left[f.Code] == nil {
			order = append(order, f.Code)
		}
		left[f.Code] = append(left[f.Code], f.File)
	}
	for _, code := range order {
		files := left[code]
		u.warn(text{"%s: %s (%d)", "%s：%s（%d 个）"}, u.t(findingWords[code]), shorten(files, 3), len(files))
	}
	for _, f := range r.Warnings {
		u.warn(text{"%s", "%s"}, u.t(findingText(f)))
	}
}

// unreadable words an archive that cannot be read at all.
func unreadable(path string, err error) error {
	var e *wgt.FormatError
	if errors.As(err, &e) {
		return unfit(path, &wgt.Report{Problems: []wgt.Finding{e.Finding}})
	}
	return fmt.Errorf("read %s: %w", path, err)
}

func shorten(files []string, n int) string {
	if len(files) <= n {
		return strings.Join(files, ", ")
	}
	return strings.Join(files[:n], ", ") + ", …"
}

// warnStale warns when sources are newer than the build output: the usual way to
// publish yesterday's app.
func (u *ui) warnStale(path string) {
	built, err := os.Stat(markOf(path))
	if err != nil {
		return
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return
	}
	root, ok := projectOf(abs)
	if !ok {
		return
	}
	if newest, when := newestSource(root); when.After(built.ModTime()) {
		u.warn(text{"%s is newer than this build: was it built again after the last change?", "%s 比这个构建还新：最后一次修改之后重新构建了吗？"}, newest)
	}
}

// projectOf finds the project that a build output lies in.
func projectOf(path string) (string, bool) {
	slashed := filepath.ToSlash(path)
	for _, marker := range []string{"/unpackage/dist/", "/unpackage/resources/", "/unpackage/release/", "/dist/build/"} {
		if i := strings.LastIndex(slashed, marker); i > 0 {
			return path[:i], true
		}
	}
	return "", false
}

// newestSource is the newest file of the project's own sources.
func newestSource(root string) (string, time.Time) {
	var newest string
	var when time.Time
	dirs := []string{"src"}
	if _, err := os.Stat(filepath.Join(root, "src")); err != nil {
		dirs = []string{"pages", "components", "static", "uni_modules", "App.vue", "main.js", "manifest.json", "pages.json"}
	}
	for _, dir := range dirs {
		filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil
			}
			if info, err := d.Info(); err == nil && info.ModTime().After(when) {
				newest, when = path, info.ModTime()
			}
			return nil
		})
	}
	if rel, err := filepath.Rel(root, newest); err == nil {
		newest = rel
	}
	return newest, when
}

// level is the highest language level that a script of the package needs.
func level(r *wgt.Report) string {
	highest := ""
	for _, f := range r.Valid {
		if f.Level > highest && f.Level != "" {
			highest = f.Level
		}
	}
	return highest
}
