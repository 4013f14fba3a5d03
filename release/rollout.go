package release

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// Rollout says which share of the devices a release is offered to.
type Rollout struct {
	Permyriad int64    `json:"permyriad"`
	Ramp      []Step   `json:"ramp,omitempty"`    // ascending times; the last one reached counts
	Paused    Since    `json:"paused"`            // "" or since when
	Testers   []string `json:"testers,omitempty"` // TesterHash of named devices, always in
}

// Since is a time, or "" for never.
type Since struct{ Time }

// MarshalJSON writes "" for the zero time.
func (s Since) MarshalJSON() ([]byte, error) {
	if s.IsZero() {
		return []byte(`""`), nil
	}
	return s.Time.MarshalJSON()
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Since) UnmarshalJSON(text []byte) error {
	if string(text) == `""` {
		*s = Since{}
		return nil
	}
	if len(text) < 2 || text[0] != '"' {
		return fmt.Errorf("a time must be a string like %s", timeLayout)
	}
	return s.UnmarshalText(text[1 : len(text)-1])
}

// UnmarshalText reads what MarshalJSON writes, without the quotes.
func (s *Since) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = Since{}
		return nil
	}
	if err := s.Time.UnmarshalText(text); err != nil {
		return err
	}
	if s.IsZero() { // would be written as ""
		return fmt.Errorf("%q means never", text)
	}
	return nil
}

// Step of a ramp.
type Step struct {
	At        Time  `json:"at"`
	Permyriad int64 `json:"permyriad"`
}

// Share is the permyriad of devices that are in at a time; none while paused.
func (r Rollout) Share(now time.Time) int64 {
	if !r.Paused.IsZero() {
		return 0
	}
	share := r.Permyriad
	for _, s := range r.Ramp {
		if s.At.After(now) {
			break
		}
		share = s.Permyriad
	}
	return share
}

// Full reports whether the release is for every device now and nothing in its
// ramp takes that back later.
func (r Rollout) Full(now time.Time) bool {
	if r.Share(now) < Whole {
		return false
	}
	for _, s := range r.Ramp {
		if s.At.After(now) && s.Permyriad < Whole {
			return false
		}
	}
	return true
}

// Cohort is the place of a device in the rollout of one release, 0 to 9999.
// SHA-256 makes the places of one device in two releases independent; string
// hashes do not (peers, finding 2).
func Cohort(install, salt string) int64 {
	sum := sha256.Sum256([]byte(install + ":" + salt))
	return int64(binary.BigEndian.Uint32(sum[:4]) % Whole)
}

// TesterHash is how a named device stands in a public document.
func TesterHash(app, install string) string {
	sum := sha256.Sum256([]byte(app + ":" + install))
	return hex.EncodeToString(sum[:])
}

// Salt separates the cohorts of releases: the content id, or the release id of
// a full package, which has none. Promoting keeps the content and so the place.
func (r *Release) Salt() string {
	if r.Package != nil && r.Package.Content != "" {
		return r.Package.Content
	}
	return r.ID
}

// offeredTo reports whether a device is in the rollout. Without an install id a
// device is in only at 100%.
func (r *Release) offeredTo(app, install string, now time.Time) bool {
	share := r.Rollout.Share(now)
	if share >= Whole {
		return true
	}
	if install == "" {
		return false
	}
	return slices.Contains(r.Rollout.Testers, TesterHash(app, install)) || Cohort(install, r.Salt()) < share
}
