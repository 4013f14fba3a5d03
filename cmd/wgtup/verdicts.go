package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"sync"

	"wgtup/wgt/jscheck"
)

// Parsing takes most of the time of a pack, and publish reads the scripts that
// pack has just read. So what was once found good is remembered, by name and
// content, for this user and this parser. Small scripts too: the parser takes
// 10 ms to get ready for the first of them.
const mostVerdicts = 2000 // then it begins anew

// parseScript is jscheck.Parse with a memory. A cache that cannot be read or
// written is none.
func parseScript(name string, src []byte) (string, error) {
	dir, err := verdicts()
	if err != nil {
		return jscheck.Parse(name, src)
	}
	file := filepath.Join(dir, verdictKey(name, src))
	if level, err := os.ReadFile(file); err == nil && len(level) > 0 {
		return string(level), nil
	}
	level, err := jscheck.Parse(name, src)
	if err == nil {
		remember(dir, file, level)
	}
	return level, err
}

// verdictKey holds all that a verdict depends on: whether a script may be a
// module depends on its folder.
func verdictKey(name string, src []byte) string {
	h := sha256.New()
	h.Write([]byte(parserVersion() + "\n" + path.Dir(name) + "\n"))
	h.Write(src)
	return hex.EncodeToString(h.Sum(nil))
}

var parserVersion = sync.OnceValue(func() string {
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return version
	}
	for _, m := range info.Deps {
		if m.Path == "github.com/evanw/esbuild" {
			return version + " " + m.Version
		}
	}
	return version
})

func verdicts() (string, error) {
	dir, err := os.UserCacheDir()
	return filepath.Join(dir, "wgtup", "scripts"), err
}

func remember(dir, file, level string) {
	if known, err := os.Open(dir); err == nil {
		names, _ := known.Readdirnames(-1)
		known.Close()
		if len(names) >= mostVerdicts {
			os.RemoveAll(dir)
		}
	}
	if os.MkdirAll(dir, 0o700) != nil {
		return
	}
	temporary, err := os.CreateTemp(dir, "new-")
	if err != nil {
		return
	}
	_, err = temporary.WriteString(level)
	if closed := temporary.Close(); err != nil || closed != nil || os.Rename(temporary.Name(), file) != nil {
		os.Remove(temporary.Name())
	}
}
