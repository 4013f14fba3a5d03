package release

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Position orders documents: first by epoch, then by sequence.
type Position struct {
	Epoch    int64 `json:"epoch"`
	Sequence int64 `json:"sequence"`
}

// Position of the document.
func (d *Document) Position() Position { return Position{d.Epoch, d.Sequence} }

// Compare is negative, 0 or positive.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Epoch, q.Epoch), cmp.Compare(p.Sequence, q.Sequence))
}

func (p Position) String() string { return fmt.Sprintf("%d/%d", p.Epoch, p.Sequence) }

// ID is the id of the n-th release (from 0) that an entry adds: r42, r42b, and
// r1-42 in epoch 1, so that no id is dealt twice.
func (p Position) ID(n int) string {
	id := fmt.Sprintf("r%d", p.Sequence)
	if p.Epoch > 0 {
		id = fmt.Sprintf("r%d-%d", p.Epoch, p.Sequence)
	}
	if n > 0 {
		id += string(rune('a' + n))
	}
	return id
}

// Digest names a payload in the next entry's "previous".
func Digest(payload []byte) string {
	sum := sha256.Sum256(payload)
	return hex.EncodeToString(sum[:])
}

// Keys of objects under the app's prefix.
func JournalKey(channel string, p Position) string {
	return fmt.Sprintf("channels/%s/journal/%d/%010d.json", channel, p.Epoch, p.Sequence)
}

// DocumentKey is the copy of the newest entry; LatestKey the newest generally
// available package.
func DocumentKey(channel string) string { return "channels/" + channel + "/release.json" }
func LatestKey(channel string) string   { return "channels/" + channel + "/latest.wgt" }

// PackageKey is where a package lies; extension is wgt, apk or ipa.
func PackageKey(sha256, extension string) string { return "packages/" + sha256 + "." + extension }

// PackageKey is where the package of a release lies, "" without one.
func (r *Release) PackageKey() string {
	switch {
	case r.Package == nil:
		return ""
	case r.Kind != NativeApp:
		return PackageKey(r.Package.SHA256, "wgt")
	case slices.Contains(r.Platforms, IOS):
		return PackageKey(r.Package.SHA256, "ipa")
	}
	return PackageKey(r.Package.SHA256, "apk")
}

// PlistKey is where the manifest for itms-services of a release lies, "" without one of ours.
func (r *Release) PlistKey() string {
	if r.Native == nil {
		return ""
	}
	if i := strings.LastIndex(r.Native.Plist, "/packages/"); i >= 0 {
		return r.Native.Plist[i+1:]
	}
	return ""
}

// PatchKey is where a patch lies.
func PatchKey(sha256 string) string { return "patches/" + sha256 + ".patch" }
