// Package native tells whether a package can be installed over an installed app without a new native package.
//
// The rule is one sentence: a hot release's compiled manifest.json, minus its version fields, and its compiled files must
// equal its base's. What only a native package can change (modules, permissions, SDK configuration, native plug-ins, the
// appid) is in that file or is native code beside it (Compiled says which files), so equality is a safe superset of what the runtime checks when it installs (error -1229 for missing
// modules, -1204 for another appid); with force it checks even less, so the publisher must.
//
// # Comparison
//
// Both manifests are read by package strictjson and compared as values: the order of names does not matter, numbers are
// compared by exact decimal value (100, 100.0 and 1e2 are equal; the string "100" is something else), arrays are ordered.
// The two version fields are the members "name" and "code" of the member "version" of the manifest. Only they are left
// out: every other member of "version", and whether "version" is there at all, counts.
//
// # Fingerprint
//
// The fingerprint is the SHA-256, in lower-case hex, of the canonical text (see package strictjson) of the manifest without
// its version fields, followed by that of an object from the name of each compiled file to its SHA-256, if there is any. Two
// apps have the same fingerprint exactly when Diff finds no change. With only whole numbers in a manifest, which is the usual
// case, and no compiled file, this command prints the same:
//
//	jq -cSj 'del(.version.name, .version.code)' manifest.json | sha256sum
//
// For example the manifest
//
//	{"version": {"code": "101", "name": "1.0.1"}, "permissions": {"Push": {}}, "id": "__UNI__A1B2C3D"}
//
// is hashed as
//
//	{"id":"__UNI__A1B2C3D","permissions":{"Push":{}},"version":{}}
//
// which gives b4dc434a7e6c025e3c92530deb512a3f82cda272da4841f2c2152512302b160c. Vectors for other implementations are in testdata/vectors/native.
//
// # Levels
//
// That is the level Strict. Compiled files count at both. At the level Runtime the members are left out that the runtime reads from the manifest of a wgt
// (level.go lists them, each with the reason), and plus.uni-app.compilerVersion is replaced by the last break at or before
// it, as in "4.14" for 4.87.
package native

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"wgtup/wgt/strictjson"
)

// MaxManifest is the size of the largest compiled manifest.json that is read. Real ones have 4 to 9 KB.
const MaxManifest = 1 << 20

var (
	errTooBig    = fmt.Errorf("larger than %d bytes", MaxManifest)
	errNotObject = errors.New("not an object")
)

// Fingerprint returns the fingerprint of an app at the level Strict.
func Fingerprint(a App) (string, error) { return FingerprintAt(Strict, a) }

// FingerprintAt returns the fingerprint at a level. Two apps have the same one at Runtime exactly when every change that Diff
// finds is safe.
func FingerprintAt(level Level, a App) (string, error) {
	v, err := read(a.Manifest)
	if err != nil {
		return "", fmt.Errorf("read manifest: %w", err)
	}
	if level == Runtime {
		loosen(v)
	}
	text := v.Append(nil)
	if files := a.compiled(); len(files.Members) > 0 {
		text = files.Append(text)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// read parses a manifest and takes the version fields out.
func read(manifest []byte) (*strictjson.Value, error) {
	if len(manifest) > MaxManifest {
		return nil, errTooBig
	}
	v, err := strictjson.Parse(manifest)
	if err != nil {
		return nil, err
	}
	if v.Kind != strictjson.Object {
		return nil, errNotObject
	}
	if version := v.Get("version"); version != nil && version.Kind == strictjson.Object {
		var kept []strictjson.Member
		for _, m := range version.Members {
			if m.Name != "name" && m.Name != "code" {
				kept = append(kept, m)
			}
		}
		version.Members = kept
	}
	return v, nil
}
