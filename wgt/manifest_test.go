package wgt

import (
	"strings"
	"testing"
)

func TestManifest(t *testing.T) {
	version := func(name, code string) string {
		return `{"id":"__UNI__A1B2C3D","version":{"name":` + name + `,"code":` + code + `}}`
	}
	for _, c := range []struct{ trap, json, want string }{
		{"code is a string", version(`"1.0.0"`, `"100"`), ""},
		{"code is a number", version(`"1.0.0"`, `101`), ""},
		{"largest", version(`"2147483647.0.0.2147483647"`, `2147483647`), ""},
		{"old kind of id", `{"id":"H5F6AE111","version":{"name":"1.0","code":"1"}}`, ""},
		{"comments", "{\n  // name\n}", "manifest-syntax: 2:3: comment"},
		{"comments", "{ /* name */ }", "manifest-syntax: 1:3: comment"},
		{"comma", `{"id":"a",}`, "manifest-syntax: 1:11: comma before '}'"},
		{"Windows editor", "\xef\xbb\xbf{}", "manifest-syntax: 1:1: byte order mark"},
		{"other encoding", "{\"name\":\"\xc9\xcc\xb3\xc7\"}", "manifest-syntax: 1:10: not UTF-8"},
		{"one of two ids", `{"id":"a","id":"b"}`, `manifest-syntax: 1:11: duplicate name "id"`},
		{"list", `[]`, "manifest-syntax: 1:1: not an object"},
		{"nothing", ``, "manifest-syntax: 1:1: end of text where a value is expected"},
		{"large", strings.Repeat(" ", MaxManifest+1), "manifest-syntax: larger than 1048576 bytes"},
		{"bare", `{}`, "no-appid\nno-version-name\nno-version-code"},
		{"case counts", `{"ID":"a","Version":{"name":"1.0","code":1}}`, "no-appid\nno-version-name\nno-version-code"},
		{"template", `{"id":"","version":{"name":"","code":""}}`, "no-appid\nno-version-name\nno-version-code"},
		{"flat version", `{"id":"a","version":"1.0.0"}`, "no-version-name\nno-version-code"},
		{"path in id", `{"id":"../a","version":{"name":"1.0","code":1}}`, `appid: "../a"`},
		{"number as id", `{"id":1,"version":{"name":"1.0","code":1}}`, `appid: 1`},
		{"name is a number", version(`1.0`, `1`), "version-name: a number, not a string"},
		{"code zero", version(`"1.0"`, `0`), "version-code: 0 is not a whole number above 0"},
		{"code below zero", version(`"1.0"`, `-1`), "version-code: -1 is not a whole number above 0"},
		{"code with a point", version(`"1.0"`, `1.5`), "version-code: 15e-1 is not a whole number above 0"},
		{"code is a version", version(`"1.0"`, `"1.0.0"`), `version-code: "1.0.0" is not a whole number above 0`},
		{"code with a zero", version(`"1.0"`, `"0100"`), `version-code: "0100" is not a whole number above 0`},
		{"code too large", version(`"1.0"`, `2147483648`), "version-code: 2147483648 is above 2147483647"},
		{"code too large", version(`"1.0"`, `"99999999999999999999"`), "version-code: 99999999999999999999 is above 2147483647"},
		{"code null", version(`"1.0"`, `null`), "version-code: a null, not a number"},
		{"beta", version(`"1.0.1-beta"`, `1`), `version-name: 1.0.1-beta: segment "1-beta" is not a number, so phones do not see it as higher`},
		{"v", version(`"v1.0.1"`, `1`), `version-name: v1.0.1: segment "v1" is not a number, so phones do not see it as higher`},
		{"blank", version(`"1.0.1 "`, `1`), `version-name: 1.0.1 : segment "1 " is not a number, so phones do not see it as higher`},
		{"wide digits", version(`"１.0"`, `1`), `version-name: １.0: segment "１" is not a number, so phones do not see it as higher`},
		{"one segment", version(`"1"`, `1`), "version-name: 1: 1 segments, want 2 to 4"},
		{"five segments", version(`"1.2.3.4.5"`, `1`), "version-name: 1.2.3.4.5: 5 segments, want 2 to 4"},
		{"empty segment", version(`"1..2"`, `1`), "version-name: 1..2: empty segment"},
		{"zero in front", version(`"1.02"`, `1`), "version-name: 1.02: segment 02 starts with 0, and phones compare it as a number"},
		{"date", version(`"2026.11.221200000000"`, `1`), "version-name: 2026.11.221200000000: segment 221200000000 is above 2147483647"},
		{"just too large", version(`"1.2147483648"`, `1`), "version-name: 1.2147483648: segment 2147483648 is above 2147483647"},
	} {
		m, findings := ParseManifest([]byte(c.json))
		if got := strings.ReplaceAll(found(findings), ` "manifest.json"`, ""); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.trap, got, c.want)
		}
		if (m == nil) != strings.HasPrefix(c.want, "manifest-syntax") {
			t.Errorf("%s: %v", c.trap, m)
		}
	}
	m, _ := ParseManifest([]byte(goodManifest))
	if m.ID != "__UNI__A1B2C3D" || m.Version != (Version{"1.2.3", 123}) || m.CompilerVersion != "4.87" || string(m.JSON) != goodManifest {
		t.Errorf("%+v", m)
	}
}

func FuzzManifest(f *testing.F) {
	for _, s := range []string{goodManifest, `{"id":"a","version":{"name":"1.0","code":1}}`, `{"id":"","version":[]}`, "{ // x\n}", `{"version":{"name":"1.0.1-beta","code":"01"}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, findings := ParseManifest(data)
		switch {
		case m == nil && len(findings) != 1:
			t.Fatalf("no manifest and %v", findings)
		case m != nil && len(findings) == 0:
			if !appID.MatchString(m.ID) || CheckVersionName(m.Version.Name) != nil || m.Version.Code < 1 || m.Version.Code > MaxVersion {
				t.Fatalf("%+v", m)
			}
		}
		for _, finding := range findings {
			if len(finding.Detail) > 2000 {
				t.Fatalf("long detail %v", finding)
			}
		}
	})
}
