package release

import (
	"fmt"
	"regexp"
	"slices"
)

// MaxSequence is the largest number with a journal key of ten digits.
const MaxSequence = 9999999999

var (
	appName     = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
	channelName = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)
	releaseID   = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	hex64       = regexp.MustCompile(`^[0-9a-f]{64}$`)
	hex40       = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

// ValidApp and ValidChannel are the names the protocol allows.
func ValidApp(name string) bool     { return appName.MatchString(name) }
func ValidChannel(name string) bool { return channelName.MatchString(name) }

// check refuses a document that says something impossible. A release of a kind
// or with a critical entry that this code does not know is left to Decide,
// which skips it.
func (d *Document) check() error {
	switch {
	case d.Format != Format:
		return fmt.Errorf("format %d, this is a reader of format %d", d.Format, Format)
	case len(d.Critical) > 0:
		return fmt.Errorf("needs %q, which this version does not know", d.Critical)
	case !ValidApp(d.App):
		return fmt.Errorf("bad app id %q", d.App)
	case !ValidChannel(d.Channel):
		return fmt.Errorf("bad channel name %q", d.Channel)
	case d.Epoch < 0 || d.Sequence < 1 || d.Sequence > MaxSequence:
		return fmt.Errorf("bad position %d/%d", d.Epoch, d.Sequence)
	case d.Previous != "" && !hex64.MatchString(d.Previous):
		return fmt.Errorf("bad previous digest")
	case !d.Expires.After(d.Issued.Time):
		return fmt.Errorf("expires before it is issued")
	}
	ids := map[string]bool{}
	for i := range d.Releases {
		r := &d.Releases[i]
		if ids[r.ID] {
			return fmt.Errorf("release %s is listed twice", r.ID)
		}
		ids[r.ID] = true
		if err := r.check(); err != nil {
			return fmt.Errorf("release %q: %w", r.ID, err)
		}
	}
	return nil
}

func (r *Release) check() error {
	if !releaseID.MatchString(r.ID) {
		return fmt.Errorf("bad id")
	}
	if !r.known() {
		return nil
	}
	switch {
	case len(r.Platforms) == 0:
		return fmt.Errorf("no platform")
	case r.Mode != Prompt && r.Mode != Silent && r.Mode != Force:
		return fmt.Errorf("unknown mode %q", r.Mode)
	case r.Kind == Wgt && (r.Package == nil || !hex64.MatchString(r.Package.Content)):
		return fmt.Errorf("no package")
	case r.Kind == Wgt && r.Natives.IsZero():
		return fmt.Errorf("no natives")
	case r.Package != nil && (r.Package.Size < 1 || !hex64.MatchString(r.Package.SHA256) || !hex40.MatchString(r.Package.SHA1)):
		return fmt.Errorf("bad package digests")
	case r.Package != nil && r.Package.Stored != nil && (r.Package.Stored.Size < 1 || !hex64.MatchString(r.Package.Stored.SHA256) || !hex40.MatchString(r.Package.Stored.SHA1)):
		return fmt.Errorf("bad digests of the stored form")
	}
	for _, p := range r.Patches {
		if p.Size < 1 || !hex64.MatchString(p.SHA256) || p.From != "" && !hex64.MatchString(p.From) {
			return fmt.Errorf("bad patch")
		}
	}
	return r.Rollout.check()
}

// known reports whether this code can offer the release at all.
func (r *Release) known() bool {
	return len(r.Critical) == 0 && (r.Kind == Wgt || r.Kind == NativeApp)
}

func (r Rollout) check() error {
	if r.Permyriad > Whole {
		return fmt.Errorf("rollout above 100%%")
	}
	for _, s := range r.Ramp {
		if s.Permyriad > Whole {
			return fmt.Errorf("ramp above 100%%")
		}
	}
	if !slices.IsSortedFunc(r.Ramp, func(a, b Step) int { return a.At.Compare(b.At.Time) }) {
		return fmt.Errorf("ramp out of order")
	}
	return nil
}
