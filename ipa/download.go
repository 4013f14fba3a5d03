package ipa

import (
	"fmt"

	"howett.net/plist"
)

// DownloadManifest is the property list that itms-services reads: where the package is, and what it is called. Devices take
// both only over https.
func DownloadManifest(url, id, version, title string) ([]byte, error) {
	text, err := plist.MarshalIndent(map[string]any{"items": []any{map[string]any{
		"assets":   []any{map[string]any{"kind": "software-package", "url": url}},
		"metadata": map[string]any{"kind": "software", "bundle-identifier": id, "bundle-version": version, "title": title},
	}}}, plist.XMLFormat, "  ")
	if err != nil {
		return nil, fmt.Errorf("write download manifest: %w", err)
	}
	return text, nil
}
