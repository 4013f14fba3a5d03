// Package release is the protocol of wgtup: the channel document, the order of
// its entries, the runtime's version order, rollout cohorts, and Decide, the
// one function that says what a device does. It is specified in
// docs/spec/protocol.md; the client repeats it in TypeScript and both pass the
// vectors in testdata/vectors/.
//
// Everything here is pure: no clock, network, disk or environment.
package release

import (
	"fmt"
	"time"
)

// PayloadType is the DSSE payload type of a channel document.
const PayloadType = "application/vnd.wgtup.release+json"

// Format is the document format this code reads and writes.
const Format = 1

// Whole is 100% in permyriad, the unit of every rollout.
const Whole = 10000

// Platforms a release can be for.
const (
	Android = "android"
	IOS     = "ios"
	Harmony = "harmony"
)

// Time is an instant to the second, always UTC: 2026-11-22T15:00:00Z.
type Time struct{ time.Time }

const timeLayout = "2006-01-02T15:04:05Z"

// At rounds down to the second.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Second)} }

// MarshalText writes the one spelling.
func (t Time) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// MarshalJSON writes the one spelling as a JSON string.
func (t Time) MarshalJSON() ([]byte, error) { return []byte(`"` + t.String() + `"`), nil }

func (t Time) String() string { return t.UTC().Format(timeLayout) }

// UnmarshalJSON reads the one spelling from a JSON string.
func (t *Time) UnmarshalJSON(text []byte) error {
	if len(text) < 2 || text[0] != '"' {
		return fmt.Errorf("a time must be a string like %s", timeLayout)
	}
	return t.UnmarshalText(text[1 : len(text)-1])
}

// UnmarshalText reads the one spelling.
func (t *Time) UnmarshalText(text []byte) error {
	v, err := time.Parse(timeLayout, string(text))
	if err != nil || v.Format(timeLayout) != string(text) {
		return fmt.Errorf("%q is not a time like %s", text, timeLayout)
	}
	t.Time = v
	return nil
}
