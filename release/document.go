package release

import (
	"fmt"
	"slices"

	"wgtup/jcs"
)

// Document is what a channel says: the payload of one signed journal entry.
type Document struct {
	Format   int64    `json:"format"`
	Critical []string `json:"critical"` // members a reader must know to go on
	App      string   `json:"app"`
	Channel  string   `json:"channel"`
	Epoch    int64    `json:"epoch"`
	Sequence int64    `json:"sequence"` // from 1 in each epoch
	Previous string   `json:"previous"` // hex SHA-256 of the payload it continues; "" for the first
	Home     string   `json:"home"`     // id of the store that creates entries
	Issued   Time     `json:"issued"`
	Expires  Time     `json:"expires"`

	Bases     []Base      `json:"bases"`
	Releases  []Release   `json:"releases"`
	Withdrawn []Withdrawn `json:"withdrawn"`
	Holds     []Hold      `json:"holds"`
	Floor     *Threshold  `json:"floor,omitempty"`   // nothing below is ever installed
	Minimum   *Threshold  `json:"minimum,omitempty"` // below it every offer is forced

	By      string `json:"by,omitempty"`
	Commit  string `json:"commit,omitempty"` // 12 hex digits
	Job     string `json:"job,omitempty"`    // of CI, as "gitlab 4711"
	Tool    string `json:"tool,omitempty"`
	Message string `json:"message,omitempty"`
}

// Native names an installed app: what a wgt never changes
// (plus.runtime.version and versionCode; a build number that is no decimal
// integer counts as 0).
type Native struct {
	Platform string `json:"platform"`
	Name     string `json:"name"`
	Code     int64  `json:"code"`
}

// Base is a registered native version: for the publisher, not for devices.
type Base struct {
	Platform    string `json:"platform"`
	Name        string `json:"name"`
	Code        int64  `json:"code"`
	Fingerprint string `json:"fingerprint"`
	Content     string `json:"content"` // content id of what the app ships
	Retired     bool   `json:"retired"`
	Runtime     string `json:"runtime,omitempty"`     // fingerprint at the level runtime
	Identifier  string `json:"identifier,omitempty"`  // package name, bundle identifier
	Certificate string `json:"certificate,omitempty"` // hex SHA-256 of what signed the apk, of the oldest scheme
}

// Native is the installed app the base describes.
func (b Base) Native() Native { return Native{b.Platform, b.Name, b.Code} }

// Kind of a release.
type Kind string

const (
	Wgt       Kind = "wgt"    // a resource package for plus.runtime.install
	NativeApp Kind = "native" // a full package: store, apk, ipa
)

// Mode says how a client brings a release to its user.
type Mode string

const (
	Prompt Mode = "prompt"
	Silent Mode = "silent"
	Force  Mode = "force"
)

// Release is something some device may be sent to.
type Release struct {
	ID          string            `json:"id"`
	Critical    []string          `json:"critical,omitempty"` // an unknown entry: the release is skipped
	Kind        Kind              `json:"kind"`
	Version     Version           `json:"version"`
	Platforms   []string          `json:"platforms"`
	Fingerprint string            `json:"fingerprint,omitempty"` // for the publisher
	Runtime     string            `json:"runtime,omitempty"`     // fingerprint at the level runtime, if that was enough; for the publisher
	Syntax      string            `json:"syntax,omitempty"`      // highest language level of its scripts; for the publisher
	Natives     Natives           `json:"natives,omitzero"`
	Rollout     Rollout           `json:"rollout"`
	Mode        Mode              `json:"mode"`
	Notes       map[string]string `json:"notes,omitempty"` // language tag -> text
	Landing     bool              `json:"landing,omitempty"`
	Package     *Package          `json:"package,omitempty"`
	Patches     []Patch           `json:"patches,omitempty"`
	Native      *Offer            `json:"native,omitempty"` // kind native only
}

// Digests of one file. SHA-256 wherever a platform can compute it; size and
// SHA-1 are what every platform can (uniapp-runtime 6.1).
type Digests struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	SHA1   string `json:"sha1"`
}

// Package is the file to install. Stored is the same content with every entry
// uncompressed: the form a patch produces.
type Package struct {
	Content string   `json:"content,omitempty"`
	Size    int64    `json:"size"`
	SHA256  string   `json:"sha256"`
	SHA1    string   `json:"sha1"`
	Stored  *Digests `json:"stored,omitempty"`
}

// Patch makes the stored form of a release from another content.
type Patch struct {
	From   string `json:"from"` // content id, or "" for the form without a base
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Offer is where a full package comes from.
type Offer struct {
	Store       []string `json:"store,omitempty"`
	URL         string   `json:"url,omitempty"`
	Plist       string   `json:"plist,omitempty"`
	Certificate string   `json:"certificate,omitempty"`
}

// Withdrawn is a release that was taken back; the version is for devices that
// no longer know the id of what they run.
type Withdrawn struct {
	ID        string   `json:"id"`
	Version   Version  `json:"version"`
	Platforms []string `json:"platforms"`
	Natives   Natives  `json:"natives,omitzero"`
	Above     string   `json:"above,omitempty"` // every version above this one, up to Version, was taken back with it
	Also      []string `json:"also,omitempty"`  // names of versions that were taken back earlier
	Entry     Position `json:"entry,omitzero"`  // that withdrew it; for the publisher
}

// Covers reports whether a version of an installed app was taken back with the
// release: releases that left the document have no entry of their own.
func (w *Withdrawn) Covers(n Native, version string) bool {
	return slices.Contains(w.Platforms, n.Platform) && w.Natives.Include(n) && w.Reaches(version)
}

// Reaches is Covers for any of the apps that the release was for.
func (w *Withdrawn) Reaches(version string) bool {
	return slices.Contains(w.Also, version) || w.Above != "" && Higher(version, w.Above) && !Higher(version, w.Version.Name)
}

// Hold stops offers to installed apps; without Native, to the whole platform.
type Hold struct {
	Platform string   `json:"platform"`
	Native   *Version `json:"native,omitempty"`
	Reason   string   `json:"reason,omitempty"`
}

// Threshold is a version code.
type Threshold struct {
	Code int64 `json:"code"`
}

// Parse reads a payload as a device does: unknown members are ignored.
func Parse(payload []byte) (*Document, error) { return parse(payload, false) }

// ParseStrict reads a payload as a writer does: a member it does not know is
// an error, since it would be lost in the next entry.
func ParseStrict(payload []byte) (*Document, error) { return parse(payload, true) }

func parse(payload []byte, strict bool) (*Document, error) {
	tree, err := jcs.Parse(payload)
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	var d Document
	if err := jcs.Decode(tree, &d, strict); err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	if strict {
		if err := d.extensible(); err != nil {
			return nil, fmt.Errorf("read document: %w", err)
		}
	}
	return &d, nil
}

// extensible refuses releases that a device skips: a writer that does not know
// what they mean must not carry them on.
func (d *Document) extensible() error {
	for i := range d.Releases {
		if r := &d.Releases[i]; !r.known() {
			return &jcs.UnknownMemberError{Path: fmt.Sprintf("releases[%d]: kind %q, critical %q", i, r.Kind, r.Critical)}
		}
	}
	return nil
}

// UnmarshalJCS reads no more than the name of a release with critical entries,
// or of an unknown kind: it is skipped, whatever a newer writer made of the rest.
func (r *Release) UnmarshalJCS(v any, decode func(v, into any) error) error {
	o, _ := v.(jcs.Object)
	critical, _ := o["critical"].(jcs.Array)
	kind, named := o["kind"].(string)
	if r.Kind = Kind(kind); len(critical) == 0 && (!named || r.Kind == Wgt || r.Kind == NativeApp) {
		type plain Release
		return decode(v, (*plain)(r))
	}
	if err := decode(o["id"], &r.ID); err != nil {
		return err
	}
	if entries, present := o["critical"]; present {
		return decode(entries, &r.Critical)
	}
	return nil
}

// Encode writes the payload.
func (d *Document) Encode() ([]byte, error) {
	d.fill()
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("write document: %w", err)
	}
	return jcs.Marshal(d)
}

// fill writes an absent list as [], never as null.
func (d *Document) fill() {
	if d.Critical == nil {
		d.Critical = []string{}
	}
	if d.Bases == nil {
		d.Bases = []Base{}
	}
	if d.Releases == nil {
		d.Releases = []Release{}
	}
	if d.Withdrawn == nil {
		d.Withdrawn = []Withdrawn{}
	}
	if d.Holds == nil {
		d.Holds = []Hold{}
	}
}

// Find returns the release with an id.
func (d *Document) Find(id string) *Release {
	for i := range d.Releases {
		if d.Releases[i].ID == id {
			return &d.Releases[i]
		}
	}
	return nil
}

// lists reports whether a version of an installed app is among the releases: one
// that was brought back may lie in the reach of what was withdrawn above it.
func (d *Document) lists(n Native, version string) bool {
	return slices.ContainsFunc(d.Releases, func(r Release) bool {
		return r.Kind == Wgt && r.Version.Name == version && slices.Contains(r.Platforms, n.Platform) && r.Natives.Include(n)
	})
}

// IsWithdrawn reports whether a release was taken back.
func (d *Document) IsWithdrawn(id string) bool {
	for _, w := range d.Withdrawn {
		if w.ID == id {
			return true
		}
	}
	return false
}
