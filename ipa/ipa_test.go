package ipa_test

import (
	"bytes"
	"errors"
	"io/fs"
	"reflect"
	"testing"
	"time"

	"wgtup/ipa"
	"wgtup/ipa/ipatest"
)

func open(f ipatest.Files) (*ipa.Package, error) {
	data := f.Zip()
	return ipa.Open(bytes.NewReader(data), int64(len(data)))
}

func TestOpen(t *testing.T) {
	p, err := open(ipatest.Shop("1.0.0", "100"))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Apps) != 1 || p.Apps[0].ID != "__UNI__A1B2C3D" {
		t.Fatalf("%+v", p.Apps)
	}
	if text, err := fs.ReadFile(p.Apps[0].Files, "app-service.js"); err != nil || string(text) != "var app = 1;\n" {
		t.Errorf("%q %v", text, err)
	}
	p.Apps = nil
	want := &ipa.Package{
		ID: "com.example.shop", Name: "店铺", VersionName: "1.0.0", VersionCode: "100", MinimumOS: "12.0",
		Permissions: []string{"NSCameraUsageDescription"}, Architectures: []string{"arm64"}, Plugins: []string{"Shop-Scanner"},
		Profile: &ipa.Profile{Kind: ipa.Enterprise, Name: "Shop In-House", Team: "Example Ltd", Expires: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC), App: "com.example.shop"},
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("%+v, profile %+v", p, p.Profile)
	}
}

func TestProfiles(t *testing.T) {
	for kind, more := range map[ipa.Kind]map[string]any{
		ipa.Enterprise:  {"ProvisionsAllDevices": true},
		ipa.AdHoc:       {"ProvisionedDevices": []string{"a", "b"}},
		ipa.Store:       {},
		ipa.Development: {"ProvisionedDevices": []string{"a"}, "Entitlements": map[string]any{"get-task-allow": true, "application-identifier": "ABCDE12345.com.example.*"}},
	} {
		p, err := ipa.ParseProfile(ipatest.Profile(more))
		if err != nil || p.Kind != kind || !p.Fits("com.example.shop") || p.Fits("org.example.shop") {
			t.Errorf("%s: %+v %v", kind, p, err)
		}
	}
}

func TestBuildNumbers(t *testing.T) {
	for text, want := range map[string]int64{"100": 100, "1.2.3": 0, "": 0, "-5": 0, "99999999999999999999": 0} {
		if got := (&ipa.Package{VersionCode: text}).Code(); got != want {
			t.Errorf("%q: %d", text, got)
		}
	}
}

func TestRefused(t *testing.T) {
	const app = "Payload/Shop.app/"
	for name, change := range map[string]func(ipatest.Files){
		"no Info.plist":      func(f ipatest.Files) { delete(f, app+"Info.plist") },
		"Info.plist damaged": func(f ipatest.Files) { f[app+"Info.plist"] = f[app+"Info.plist"][:60] },
		"Info.plist of text": func(f ipatest.Files) { f[app+"Info.plist"] = []byte("<html>") },
		"no version":         func(f ipatest.Files) { f[app+"Info.plist"] = ipatest.Plist(map[string]any{"CFBundleIdentifier": "x"}) },
		"two apps":           func(f ipatest.Files) { f["Payload/Other.app/Info.plist"] = f[app+"Info.plist"] },
		"profile damaged":    func(f ipatest.Files) { f[app+"embedded.mobileprovision"] = []byte("x") },
		"no executable":      func(f ipatest.Files) { delete(f, app+"Shop") },
		"a text to execute":  func(f ipatest.Files) { f[app+"Shop"] = []byte("#!/bin/sh\n") },
	} {
		f := ipatest.Shop("1.0.0", "100")
		change(f)
		if _, err := open(f); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := open(ipatest.Files{"a.txt": nil}); !errors.Is(err, ipa.ErrNotIPA) {
		t.Errorf("%v", err)
	}
	data := ipatest.Shop("1.0.0", "100").Zip()
	if _, err := ipa.Open(bytes.NewReader(data[:len(data)/2]), int64(len(data)/2)); err == nil {
		t.Error("half a package: taken")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(ipatest.Shop("1.0.0", "100").Zip())
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := ipa.Open(bytes.NewReader(data), int64(len(data))); err == nil && p.ID == "" {
			t.Error("taken without an id")
		}
	})
}

func FuzzInfo(f *testing.F) {
	shop := ipatest.Shop("1.0.0", "100")
	f.Add(shop["Payload/Shop.app/Info.plist"])
	f.Fuzz(func(t *testing.T, text []byte) {
		open(ipatest.Files{"Payload/Shop.app/Info.plist": text})
	})
}

func FuzzProfile(f *testing.F) {
	f.Add(ipatest.Profile(nil))
	f.Fuzz(func(t *testing.T, text []byte) { ipa.ParseProfile(text) })
}
