package wgt

import (
	"path"
	"regexp"
	"strings"
)

// omitted says why a file stays out of the package, or "".
func omitted(f *File, tree *Tree) Code {
	base := path.Base(f.Name)
	segments := strings.Split(f.Name, "/")
	for _, s := range segments[:len(segments)-1] {
		switch s {
		case ".git", ".svn", ".hg", ".idea", ".vscode", "__MACOSX":
			return Junk
		}
	}
	switch {
	case segments[0] == ".nvue" && len(segments) > 1:
		return NvueOutput
	case junkName(base):
		return Junk
	case segments[0] == "uni_modules" && (strings.HasSuffix(base, ".ets") || strings.HasSuffix(base, ".json5")):
		return HarmonyNative
	}
	for _, suffix := range []string{".gz", ".br"} {
		if original, ok := strings.CutSuffix(f.Name, suffix); ok && tree.Lookup(original) != nil {
			return Twin
		}
	}
	if strings.HasSuffix(base, ".map") && sourceMap(f) {
		return SourceMap
	}
	return ""
}

func junkName(base string) bool {
	switch base {
	case ".DS_Store", "Icon\r", ".gitignore", ".gitkeep", ".gitattributes", ".editorconfig":
		return true
	}
	switch strings.ToLower(base) {
	case "thumbs.db", "ehthumbs.db", "desktop.ini":
		return true
	}
	for _, suffix := range []string{".swp", ".swo", "~"} {
		if strings.HasSuffix(base, suffix) {
			return true
		}
	}
	return strings.HasPrefix(base, "._")
}

// sourceMap goes by the name where a script or a style is mapped, and otherwise looks inside: a game may call its levels
// .map too.
func sourceMap(f *File) bool {
	stem := strings.TrimSuffix(f.Name, ".map")
	for _, suffix := range []string{".js", ".mjs", ".cjs", ".css", ".wxs", ".ts", ".html"} {
		if strings.HasSuffix(stem, suffix) {
			return true
		}
	}
	head, err := f.head(4 << 10)
	return err == nil && mapHead.Match(head)
}

// mapHead is how tools begin a source map.
var mapHead = regexp.MustCompile(`^\s*\{[^{}]*"(version"\s*:\s*3\b[^{}]*"(file|sources|names|mappings|sourceRoot|sections)"|sections"\s*:\s*\[)`)
