// Package ipatest builds small iOS packages from parts, for tests.
package ipatest

import (
	"archive/zip"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"slices"
	"time"

	"github.com/smallstep/pkcs7"
	"howett.net/plist"
)

// Files are what is in a package, by name.
type Files map[string][]byte

// Shop is the package of a small uni-app app; its profile is for enterprises.
func Shop(version, build string) Files {
	app := "Payload/Shop.app/"
	www := app + "Pandora/apps/__UNI__A1B2C3D/www/"
	return Files{
		app + "Info.plist": Plist(map[string]any{
			"CFBundleIdentifier": "com.example.shop", "CFBundleDisplayName": "店铺", "CFBundleName": "Shop",
			"CFBundleShortVersionString": version, "CFBundleVersion": build, "MinimumOSVersion": "12.0",
			"CFBundleExecutable": "Shop", "NSCameraUsageDescription": "to scan",
			"dcloud_uniplugins": []any{map[string]any{"plugins": []any{map[string]any{"name": "Shop-Scanner", "type": "module", "class": "Scanner"}}}},
		}),
		app + "Shop":                     {0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 1, 1, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		app + "embedded.mobileprovision": Profile(map[string]any{"ProvisionsAllDevices": true}),
		www + "manifest.json":            []byte(`{"id":"__UNI__A1B2C3D","name":"Shop","version":{"name":"1.0.0","code":"100"},"plus":{"uni-app":{"control":"uni-v3","compilerVersion":"4.87"}}}`),
		www + "app-service.js":           []byte("var app = 1;\n"),
		www + "app-config-service.js":    []byte("var config = 1;\n"),
		www + "__uniappview.html":        []byte("<!DOCTYPE html><html></html>\n"),
	}
}

// Zip packs the files.
func (f Files) Zip() []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	var names []string
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(f[name])
		}
		must(err)
	}
	must(z.Close())
	return b.Bytes()
}

// Plist is a binary property list, as Xcode writes them into packages.
func Plist(value any) []byte {
	text, err := plist.Marshal(value, plist.BinaryFormat)
	must(err)
	return text
}

// Profile is a provisioning profile with these members besides those that all have, signed by a key that is thrown away.
func Profile(more map[string]any) []byte {
	list := map[string]any{
		"Name": "Shop In-House", "TeamName": "Example Ltd", "ExpirationDate": time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
		"Entitlements": map[string]any{"application-identifier": "ABCDE12345.com.example.shop"},
	}
	for name, value := range more {
		list[name] = value
	}
	text, err := plist.Marshal(list, plist.XMLFormat)
	must(err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Example"}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(4e9, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(err)
	certificate, err := x509.ParseCertificate(der)
	must(err)
	message, err := pkcs7.NewSignedData(text)
	must(err)
	must(message.AddSigner(certificate, key, pkcs7.SignerInfoConfig{}))
	signed, err := message.Finish()
	must(err)
	return signed
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
