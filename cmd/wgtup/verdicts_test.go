package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// cacheIn makes dir the user's cache.
func cacheIn(t *testing.T, dir string) string {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", dir)
	t.Setenv("LocalAppData", dir)
	t.Setenv("HOME", dir)
	if runtime.GOOS == "darwin" {
		dir = filepath.Join(dir, "Library", "Caches")
	}
	return filepath.Join(dir, "wgtup", "scripts")
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, _ := os.ReadDir(dir)
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestVerdicts(t *testing.T) {
	dir := cacheIn(t, t.TempDir())
	good := []byte("var a = b ?? 2;")
	level := func(name string, src []byte) string {
		t.Helper()
		got, err := parseScript(name, src)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := level("app-service.js", good); got != "es2020" {
		t.Fatalf("level %q", got)
	}
	known := files(t, dir)
	if len(known) != 1 {
		t.Fatalf("remembered %v, want one", known)
	}

	// What is remembered is asked: another answer there is believed.
	if err := os.WriteFile(filepath.Join(dir, known[0]), []byte("es2099"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := level("app-service.js", good); got != "es2099" {
		t.Errorf("level %q, the memory was not asked", got)
	}
	// Another folder, another content, an empty file: looked at anew.
	if got := level("static/app-service.js", good); got != "es2020" {
		t.Errorf("level %q in another folder", got)
	}
	if got := level("app-service.js", append([]byte("1;"), good...)); got != "es2020" {
		t.Errorf("level %q of another script", got)
	}
	if err := os.WriteFile(filepath.Join(dir, known[0]), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := level("app-service.js", good); got != "es2020" {
		t.Errorf("level %q after a damaged file", got)
	}

	// What does not parse is never remembered.
	before := len(files(t, dir))
	if _, err := parseScript("app-service.js", []byte("var = ;")); err == nil {
		t.Error("a script that does not parse was accepted")
	}
	if after := len(files(t, dir)); after != before {
		t.Errorf("%d remembered, want %d", after, before)
	}
}

func TestVerdictsWithoutCache(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cacheIn(t, file) // no folder can be made in it
	if level, err := parseScript("a.js", []byte("var a = 1;")); err != nil || level != "es2015" {
		t.Errorf("%q, %v", level, err)
	}
}

func TestVerdictsBeginAnew(t *testing.T) {
	dir := cacheIn(t, t.TempDir())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range mostVerdicts {
		if err := os.WriteFile(filepath.Join(dir, string(rune('a'+i%26))+strings.Repeat("x", i/26)), []byte("es2015"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := parseScript("a.js", []byte("var a = 1;")); err != nil {
		t.Fatal(err)
	}
	if n := len(files(t, dir)); n != 1 {
		t.Errorf("%d remembered, want 1", n)
	}
}
