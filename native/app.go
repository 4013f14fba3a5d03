package native

import (
	"path"
	"slices"
	"strings"

	"wgtup/wgt/strictjson"
)

// An App is what of a package tells which installed app it needs.
type App struct {
	Manifest []byte // the compiled manifest.json
	Files    []File // of the package, in any order; those that are not Compiled do not count
}

// A File is the name of a file and its SHA-256 in lower-case hex.
type File struct{ Name, SHA256 string }

// Compiled reports whether a file of a package is a source or a resource of native code: it is compiled into the app when
// that is built, and does nothing in a hot update ("wgt升级只对js、css生效，uts代码无法热更新", api/extapi.md of the uni-app
// documentation). These are UTS plug-ins (utssdk), native plug-ins (nativeplugins), resources of the app itself
// (nativeResources), and what HarmonyOS builds from (uni_modules/**.ets, .json5).
func Compiled(name string) bool {
	folders := strings.Split(path.Dir(name), "/")
	switch folders[0] {
	case "utssdk", "nativeplugins", "nativeResources":
		return true
	case "uni_modules":
		return slices.Contains(folders, "utssdk") || slices.Contains([]string{".uts", ".kt", ".java", ".swift", ".ets", ".json5"}, path.Ext(name))
	}
	return false
}

// compiled is an object of names and digests.
func (a App) compiled() *strictjson.Value {
	files := &strictjson.Value{Kind: strictjson.Object}
	for _, f := range a.Files {
		if Compiled(f.Name) {
			files.Members = append(files.Members, strictjson.Member{Name: f.Name, Value: &strictjson.Value{Kind: strictjson.String, Text: f.SHA256}})
		}
	}
	return files
}
