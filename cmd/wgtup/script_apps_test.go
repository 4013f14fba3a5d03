package main

import (
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"

	"wgtup/ipa/ipatest"
)

// apk NAME FILE copies a package that Android's own tools made.
func apkScript(ts *testscript.TestScript, _ bool, args []string) {
	data, err := os.ReadFile(filepath.Join(testData, "../../../apk/testdata", args[0]+".apk"))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), data, 0o644))
}

// ipa FILE VERSION BUILD [KIND] writes a package of the small app; KIND is that of its profile, none for the App Store.
func ipaScript(ts *testscript.TestScript, _ bool, args []string) {
	files := ipatest.Shop(args[1], args[2])
	profile := "Payload/Shop.app/embedded.mobileprovision"
	if len(args) > 3 {
		switch args[3] {
		case "none":
			delete(files, profile)
		case "ad-hoc":
			files[profile] = ipatest.Profile(map[string]any{"ProvisionedDevices": []string{"a", "b"}})
		case "other":
			files[profile] = ipatest.Profile(map[string]any{"Entitlements": map[string]any{"application-identifier": "ABCDE12345.org.example.other"}})
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), files.Zip(), 0o644))
}
