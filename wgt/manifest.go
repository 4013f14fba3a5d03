package wgt

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"wgtup/wgt/strictjson"
)

// Names of files that every package has.
const (
	ManifestName = "manifest.json"
	ServiceName  = "app-service.js"
	ConfigName   = "app-config-service.js"
	ViewName     = "__uniappview.html"
)

// A Manifest is what a compiled manifest.json says about a package.
type Manifest struct {
	ID              string  `json:"id"`
	Version         Version `json:"version"`
	CompilerVersion string  `json:"compilerVersion,omitempty"` // plus["uni-app"].compilerVersion
	JSON            []byte  `json:"-"`                         // the file as it is
}

// A Version is the version of a package. The runtime orders packages by Name alone.
type Version struct {
	Name string `json:"name"`
	Code int64  `json:"code"`
}

var appID = regexp.MustCompile(`^[A-Za-z0-9_]{1,64}$`)

// ParseManifest reads a compiled manifest.json. The manifest is nil when the text is no JSON object; otherwise it holds
// what could be read, and findings say what is missing or bad.
func ParseManifest(data []byte) (*Manifest, []Finding) {
	bad := func(code Code, detail string, args ...any) Finding {
		return Finding{code, ManifestName, fmt.Sprintf(detail, args...)}
	}
	if len(data) > MaxManifest {
		return nil, []Finding{bad(BadManifest, "larger than %d bytes", MaxManifest)}
	}
	root, err := strictjson.Parse(data)
	if err != nil {
		return nil, []Finding{bad(BadManifest, "%v", err)}
	}
	if root.Kind != strictjson.Object {
		return nil, []Finding{bad(BadManifest, "1:1: not an object")}
	}
	m := &Manifest{JSON: data}
	var found []Finding
	switch id := root.Get("id"); {
	case id == nil || id.Kind == strictjson.String && id.Text == "":
		found = append(found, bad(NoAppID, ""))
	case id.Kind != strictjson.String || !appID.MatchString(id.Text):
		found = append(found, bad(BadAppID, "%s", shorten(string(id.Append(nil)))))
	default:
		m.ID = id.Text
	}
	version := root.Get("version")
	switch name := version.Get("name"); {
	case name == nil || name.Kind == strictjson.String && name.Text == "":
		found = append(found, bad(NoVersionName, ""))
	case name.Kind != strictjson.String:
		found = append(found, bad(BadVersion, "a %s, not a string", name.Kind))
	default:
		m.Version.Name = name.Text
		if err := CheckVersionName(name.Text); err != nil {
			found = append(found, bad(BadVersion, "%v", err))
		}
	}
	switch code := version.Get("code"); {
	case code == nil || code.Kind == strictjson.String && code.Text == "":
		found = append(found, bad(NoVersionCode, ""))
	default:
		if m.Version.Code, err = versionCode(code); err != nil {
			found = append(found, bad(BadCode, "%v", err))
		}
	}
	if v := root.Get("plus").Get("uni-app").Get("compilerVersion"); v != nil && v.Kind == strictjson.String {
		m.CompilerVersion = v.Text
	}
	return m, found
}

// versionCode accepts a number and a string, since the compiler keeps the type of the source manifest.
func versionCode(v *strictjson.Value) (int64, error) {
	if v.Kind != strictjson.String && v.Kind != strictjson.Number {
		return 0, fmt.Errorf("a %s, not a number", v.Kind)
	}
	text := v.Text
	if strings.Trim(text, "0123456789") != "" || text == "" || text[0] == '0' {
		return 0, fmt.Errorf("%s is not a whole number above 0", shorten(string(v.Append(nil))))
	}
	code, err := strconv.ParseInt(text, 10, 64)
	if err != nil || code > MaxVersion {
		return 0, fmt.Errorf("%s is above %d", shorten(text), MaxVersion)
	}
	return code, nil
}

// CheckVersionName says why a version.name must not be published. The runtime splits at the dots and compares segments as
// numbers; it calls a name without a number in some place not higher, and a name with one more segment higher than the same
// name without. With two to four plain numbers its order is everybody's order, as long as an app keeps their count.
func CheckVersionName(name string) error {
	segments := strings.Split(name, ".")
	for _, s := range segments {
		switch {
		case s == "":
			return fmt.Errorf("%s: empty segment", shorten(name))
		case strings.Trim(s, "0123456789") != "":
			return fmt.Errorf("%s: segment %q is not a number, so phones do not see it as higher", shorten(name), shorten(s))
		case len(s) > 1 && s[0] == '0':
			return fmt.Errorf("%s: segment %s starts with 0, and phones compare it as a number", shorten(name), shorten(s))
		case len(s) > 10 || len(s) == 10 && s > strconv.Itoa(MaxVersion):
			return fmt.Errorf("%s: segment %s is above %d", shorten(name), shorten(s), MaxVersion)
		}
	}
	if len(segments) < 2 || len(segments) > 4 {
		return fmt.Errorf("%s: %d segments, want 2 to 4", shorten(name), len(segments))
	}
	return nil
}

// shorten keeps a detail readable whatever the input was.
func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// Title is the name that a manifest gives the app, "" without one.
func Title(manifest []byte) string {
	root, err := strictjson.Parse(manifest)
	if err != nil || root.Kind != strictjson.Object {
		return ""
	}
	if name := root.Get("name"); name != nil && name.Kind == strictjson.String {
		return name.Text
	}
	return ""
}
