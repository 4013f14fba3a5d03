package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wgtup/internal/config"
)

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
