package native

import (
	"strconv"
	"strings"

	"wgtup/wgt/strictjson"
)

// A Level is how strictly manifests are compared.
type Level string

const (
	// Strict is the founding rule: every member but the version fields counts.
	Strict Level = "strict"
	// Runtime leaves out what the runtime is documented to read from the manifest of a wgt, and sees of the compiler's
	// version only whether it crossed a documented break.
	Runtime Level = "runtime"
)

// A Reason says what a member of the manifest is about, and so why its change needs a full package or does not.
type Reason string

// Reasons. Members in no list are Unknown: nobody documents that a wgt may change them.
const (
	AppID       Reason = "appid"       // -1204 on the phone
	Modules     Reason = "modules"     // -1229
	Permissions Reason = "permissions" // AndroidManifest.xml, Info.plist, entitlements
	SDKs        Reason = "sdks"        // keys and libraries of third parties
	Artwork     Reason = "artwork"     // icons and launch images
	Plugins     Reason = "plugins"     // native plug-ins, UTS
	Code        Reason = "native-code" // a file that is compiled into the app
	Engine      Reason = "engine"      // Vue version, renderer, component mode
	Compiler    Reason = "compiler"    // a documented break between the versions
	Harmony     Reason = "harmony"     // what only HarmonyOS reads
	Platforms   Reason = "platforms"
	Unknown     Reason = "unknown"
	Shown       Reason = "shown"        // safe: names and texts for people
	Look        Reason = "look"         // safe: status bar, tab bar, gestures, user agent
	Starting    Reason = "starting"     // safe: when the launch image goes
	Warnings    Reason = "warnings"     // safe: which engine versions are warned about
	Certificate Reason = "certificates" // safe: of servers, for downloads
	NearVersion Reason = "near-version" // safe: a compiler on the same side of every break
)

// rules are by the beginning of a path; of two that fit the longer one counts. What is safe is what the runtime is
// documented, or seen, to read from the manifest of a wgt.
var rules = []struct {
	path   string
	reason Reason
	safe   bool
}{
	{"id", AppID, false},
	{"@platforms", Platforms, false},
	{"permissions", Modules, false},
	{"plus.distribute", Permissions, false},
	{"plus.distribute.plugins", SDKs, false},
	{"plus.distribute.sdkConfigs", SDKs, false},
	{"plus.distribute.icons", Artwork, false},
	{"plus.distribute.splashscreen", Artwork, false},
	{"plus.nativePlugins", Plugins, false},
	{"plus.uni-app", Engine, false},
	{"plus.uni-app.compilerVersion", Compiler, false},
	{"plus.uniStatistics", SDKs, false},
	{"plus.kernel", Engine, false},
	{"plus.launchwebview", Engine, false},
	{"plus.usingComponents", Engine, false},
	{"app-harmony", Harmony, false},
	{"name", Shown, true},
	{"description", Shown, true},
	{"developer", Shown, true},
	{"plus.statusbar", Look, true},
	{"plus.tabBar", Look, true},
	{"plus.popGesture", Look, true},
	{"plus.useragent", Look, true},
	{"plus.useragent_android", Look, true},
	{"plus.useragent_ios", Look, true},
	{"plus.splashscreen", Starting, true},
	{"plus.compatible", Warnings, true},
	{"plus.ssl", Certificate, true},
}

// judge says what a change is about, and whether a wgt may make it.
func judge(path string, old, new *strictjson.Value) (Reason, bool) {
	reason, safe, longest := Unknown, false, 0
	for _, r := range rules {
		rest, ok := strings.CutPrefix(path, r.path)
		if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') && len(r.path) > longest {
			reason, safe, longest = r.reason, r.safe, len(r.path)
		}
	}
	if path == compilerPath && old != nil && new != nil && text(side(old)) == text(side(new)) {
		return NearVersion, true
	}
	return reason, safe
}

const compilerPath = "plus.uni-app.compilerVersion"

// side is a compiler's version as Runtime sees it: the last break at or before it. A store of Pinia that is compiled by 4.14
// or later does not run on an older base (tutorial/vue3-pinia.md of the uni-app documentation), and nobody promises anything
// across major versions.
func side(v *strictjson.Value) *strictjson.Value {
	if v.Kind != strictjson.String {
		return v
	}
	first, rest, _ := strings.Cut(v.Text, ".")
	second, _, _ := strings.Cut(rest, ".")
	major, err := strconv.ParseUint(first, 10, 16)
	minor, err2 := strconv.ParseUint(second, 10, 16)
	if err != nil || err2 != nil {
		return v
	}
	last := "0"
	if major == 4 && minor >= 14 {
		last = "14"
	}
	return &strictjson.Value{Kind: strictjson.String, Text: strconv.FormatUint(major, 10) + "." + last}
}

// loosen leaves what counts at the level Runtime.
func loosen(v *strictjson.Value) {
	for _, r := range rules {
		if r.safe {
			drop(v, strings.Split(r.path, "."))
		}
	}
	if engine := v.Get("plus").Get("uni-app"); engine != nil {
		for i, m := range engine.Members {
			if m.Name == "compilerVersion" {
				engine.Members[i].Value = side(m.Value)
			}
		}
	}
}

func drop(v *strictjson.Value, path []string) {
	if v == nil || v.Kind != strictjson.Object {
		return
	}
	var kept []strictjson.Member
	for _, m := range v.Members {
		if m.Name != path[0] {
			kept = append(kept, m)
			continue
		}
		if len(path) > 1 {
			drop(m.Value, path[1:])
			kept = append(kept, m)
		}
	}
	v.Members = kept
}
