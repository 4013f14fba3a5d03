package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"wgtup/native"
	"wgtup/wgt"
)

// app is what a checked source tells of the app that it needs.
func (s *source) app() (native.App, error) {
	a := packagedApp(s.report)
	for _, left := range s.report.Omitted {
		if left.Code != wgt.HarmonyNative {
			continue
		}
		data, err := s.tree.Lookup(left.File).Read()
		if err != nil {
			return a, fmt.Errorf("read %s: %w", s.path, err)
		}
		sum := sha256.Sum256(data)
		a.Files = append(a.Files, native.File{Name: left.File, SHA256: hex.EncodeToString(sum[:])})
	}
	return a, nil
}

// packagedApp is that without the sources for HarmonyOS, which no .wgt has: what can be compared with a .wgt.
func packagedApp(r *wgt.Report) native.App {
	a := native.App{Manifest: r.Manifest.JSON}
	for _, f := range r.Valid {
		a.Files = append(a.Files, native.File{Name: f.Name, SHA256: hex.EncodeToString(f.SHA256[:])})
	}
	return a
}
