package publish

import (
	"slices"
	"time"

	"wgtup/release"
)

// Hold stops offers to a platform, or to one native version of it.
func Hold(h release.Hold) Edit {
	return eachCode(h, func(d *release.Document, h release.Hold) bool {
		for i, have := range d.Holds {
			if sameHold(have, h) {
				d.Holds[i] = h
				return have.Reason == h.Reason
			}
		}
		d.Holds = append(d.Holds, h)
		return false
	})
}

// Unhold takes a hold back.
func Unhold(h release.Hold) Edit {
	return eachCode(h, func(d *release.Document, h release.Hold) bool {
		n := len(d.Holds)
		d.Holds = slices.DeleteFunc(d.Holds, func(have release.Hold) bool { return sameHold(have, h) })
		return len(d.Holds) == n
	})
}

// eachCode makes an edit of a hold. A native without a code means every
// registered one of that name: with a code of 0 the hold would fit no device.
func eachCode(h release.Hold, edit func(*release.Document, release.Hold) (done bool)) Edit {
	return func(d *release.Document, _ release.Position, _ time.Time) (bool, error) {
		if h.Native == nil || h.Native.Code != 0 {
			return edit(d, h), nil
		}
		done, known := true, false
		for _, b := range d.Bases {
			if b.Platform == h.Platform && b.Name == h.Native.Name {
				one := h
				one.Native = &release.Version{Name: b.Name, Code: b.Code}
				done = edit(d, one) && done
				known = true
			}
		}
		if !known {
			return false, refuse(UnknownNative, "native", h.Platform+" "+h.Native.Name)
		}
		return done, nil
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
