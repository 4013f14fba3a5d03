package internal

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says what each package of ours may import directly, tests apart.
// Formats do no network, clock or environment access, so they may not import
// the packages named in world either.
var arrows = map[string][]string{
	"wgtup/jcs":                        {},
	"wgtup/sign":                       {"wgtup/jcs"},
	"wgtup/release":                    {"wgtup/jcs"},
	"wgtup/apk":                        {},
	"wgtup/page":                       {},
	"wgtup/ipa":                        {},
	"wgtup/ipa/ipatest":                {},
	"wgtup/native":                     {"wgtup/wgt/strictjson"},
	"wgtup/wgt":                        {"wgtup/deflate", "wgtup/wgt/strictjson"},
	"wgtup/wgt/jscheck":                {},
	"wgtup/wgt/strictjson":             {},
	"wgtup/internal/store/driver":      {},
	"wgtup/internal/store/mem":         {"wgtup/internal/store/driver"},
	"wgtup/internal/store/dir":         {"wgtup/internal/store/driver"},
	"wgtup/internal/store/wire":        {"wgtup/internal/store/driver"},
	"wgtup/internal/store/s3":          {"wgtup/internal/store/credential", "wgtup/internal/store/driver", "wgtup/internal/store/wire"},
	"wgtup/internal/store/s3/s3test":   {"wgtup/internal/store/standin"},
	"wgtup/internal/store/credential":  {},
	"wgtup/internal/store/oss":         {"wgtup/internal/store/credential", "wgtup/internal/store/driver", "wgtup/internal/store/wire"},
	"wgtup/internal/store/cos":         {"wgtup/internal/store/credential", "wgtup/internal/store/driver", "wgtup/internal/store/wire"},
	"wgtup/internal/store/cos/costest": {"wgtup/internal/store/standin"},
	"wgtup/internal/store/bos":         {"wgtup/internal/store/credential", "wgtup/internal/store/driver", "wgtup/internal/store/wire"},
	"wgtup/internal/store/bos/bostest": {"wgtup/internal/store/standin"},
	"wgtup/internal/store/standin":     {},
	"wgtup/internal/store/oss/osstest": {"wgtup/internal/store/standin"},
	"wgtup/internal/store":             {"wgtup/internal/store/bos", "wgtup/internal/store/cos", "wgtup/internal/store/driver", "wgtup/internal/store/dir", "wgtup/internal/store/oss", "wgtup/internal/store/s3"},
	"wgtup/internal/store/storetest":   {"wgtup/internal/store", "wgtup/internal/store/driver", "wgtup/internal/store/standin"},
	"wgtup/internal/public":            {},
	"wgtup/internal/serve":             {"wgtup/internal/store"},
	"wgtup/internal/config":            {"wgtup/release", "wgtup/sign"},
	"wgtup/internal/keyfile":           {"wgtup/sign"},
	"wgtup/internal/publish":           {"wgtup/internal/public", "wgtup/internal/store", "wgtup/jcs", "wgtup/native", "wgtup/patch", "wgtup/release", "wgtup/sign", "wgtup/wgt"},
	"wgtup/internal/doctor":            {"wgtup/internal/store"},
	"wgtup/cmd/wgtup": {"wgtup/apk", "wgtup/ipa", "wgtup/internal/config", "wgtup/internal/doctor", "wgtup/internal/keyfile", "wgtup/internal/public", "wgtup/internal/publish", "wgtup/internal/serve", "wgtup/internal/store",
		"wgtup/native", "wgtup/page", "wgtup/release", "wgtup/sign", "wgtup/wgt", "wgtup/wgt/jscheck"},
	"wgtup/patch":            {},
	"wgtup/patch/patchtest":  {"wgtup/patch"},
	"wgtup/deflate":          {},
	"wgtup/client/agreement": {"wgtup/release", "wgtup/sign"},
	"wgtup/bench":            {"wgtup/internal/store/storetest"},
	"wgtup/bench/patch":      {"wgtup/patch", "wgtup/patch/patchtest"},
	"wgtup/internal":         {},
	"wgtup/e2e":              {},
	"wgtup/e2e/patcher":      {"wgtup/patch", "wgtup/wgt"},
	"wgtup/e2e/gateway":      {"wgtup/internal/store/storetest"},
}

var formats = []string{"wgtup/apk", "wgtup/ipa", "wgtup/page", "wgtup/jcs", "wgtup/sign", "wgtup/release", "wgtup/native", "wgtup/wgt", "wgtup/wgt/jscheck", "wgtup/wgt/strictjson", "wgtup/deflate", "wgtup/patch"}

var world = []string{"net", "net/http", "os", "os/exec"}

func TestImportsGoOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "wgtup/...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		name, imports := words[0], words[1:]
		may, known := arrows[name]
		if !known {
			t.Errorf("package %s is not in the table of arrows", name)
		}
		for _, i := range imports {
			if strings.HasPrefix(i, "wgtup/") && !slices.Contains(may, i) {
				t.Errorf("%s imports %s", name, i)
			}
			if slices.Contains(formats, name) && slices.Contains(world, i) {
				t.Errorf("%s imports %s, but a format is handed the world", name, i)
			}
		}
	}
}
