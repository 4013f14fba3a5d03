package publish

import (
	"slices"
	"time"

	"wgtup/release"
)

// Hold stops offers to a platform, or to one native version of it.
func Hold(h release.Hold) Edit {
	return func(d *release.Document, _ release.Position, _ time.Time) (bool, error) {
		for i, have := range d.Holds {
			if sameHold(have, h) {
				d.Holds[i] = h
				return have.Reason == h.Reason, nil
			}
		}
		d.Holds = append(d.Holds, h)
		return false, nil
	}
}

// Unhold takes a hold back.
func Unhold(h release.Hold) Edit {
	return func(d *release.Document, _ release.Position, _ time.Time) (bool, error) {
		n := len(d.Holds)
		d.Holds = slices.DeleteFunc(d.Holds, func(have release.Hold) bool { return sameHold(have, h) })
		return len(d.Holds) == n, nil
	}
}

func sameHold(a, b release.Hold) bool {
	if a.Platform != b.Platform || (a.Native == nil) != (b.Native == nil) {
		return false
	}
	return a.Native == nil || *a.Native == *b.Native
}

// Retire says that a native version no longer counts: latest.wgt need not fit
// it, and new releases are not for it. Its devices keep what they have.
func Retire(platform, name string) Edit {
	return func(d *release.Document, _ release.Position, _ time.Time) (bool, error) {
		found, done := false, true
		for i := range d.Bases {
			if b := &d.Bases[i]; b.Platform == platform && b.Name == name {
				found = true
				done = done && b.Retired
				b.Retired = true
			}
		}
		if !found {
			return false, refuse(UnknownNative, "native", platform+" "+name)
		}
		return done, nil
	}
}

// Renew says the same again with a new expiry.
func Renew() Edit {
	return func(*release.Document, release.Position, time.Time) (bool, error) { return false, nil }
}
