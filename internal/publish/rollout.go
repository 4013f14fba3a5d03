package publish

import (
	"slices"
	"time"

	"wgtup/release"
)

// rolling picks the release that a rollout command means: the named one, or the
// newest release that is not yet for everybody. From then on the name is that
// one's: a command that loses a race to a new release must not change that one.
func rolling(d *release.Document, name *string, now time.Time) (*release.Release, error) {
	if d.Sequence == 0 {
		return nil, refuse(NoChannel, "channel", d.Channel)
	}
	if *name != "" {
		r := named(d, *name)
		if r == nil || r.Landing {
			return nil, refuse(UnknownRelease, "release", *name)
		}
		*name = r.ID
		return r, nil
	}
	for i := len(d.Releases) - 1; i >= 0; i-- {
		if r := &d.Releases[i]; !r.Landing && !r.Rollout.Full(now) {
			*name = r.ID
			return r, nil
		}
	}
	newest := newestHot(d)
	if newest == nil {
		return nil, refuse(NoRollout)
	}
	return nil, refuse(NoRollout, "release", newest.ID, "version", newest.Version.Name)
}

// named finds a live release by id, or by version name: the newest of them.
func named(d *release.Document, name string) *release.Release {
	for i := len(d.Releases) - 1; i >= 0; i-- {
		if r := &d.Releases[i]; (r.ID == name || r.Version.Name == name) && !d.IsWithdrawn(r.ID) {
			return r
		}
	}
	return nil
}

// SetShare changes the share of a rollout, or its whole ramp. Devices that have
// the release keep it when the share shrinks. A paused rollout stays paused.
func SetShare(name string, permyriad int64, ramp []release.Step) Edit {
	return func(d *release.Document, _ release.Position, now time.Time) (bool, error) {
		r, err := rolling(d, &name, now)
		if err != nil {
			return false, err
		}
		if r.Rollout.Permyriad == permyriad && slices.EqualFunc(r.Rollout.Ramp, ramp, sameStep) {
			return true, nil
		}
		r.Rollout.Permyriad, r.Rollout.Ramp = permyriad, ramp
		keep(d, now)
		return false, nil
	}
}

// Pause stops a rollout: nobody new is let in, holders stay.
func Pause(name string) Edit {
	return func(d *release.Document, _ release.Position, now time.Time) (bool, error) {
		r, err := rolling(d, &name, now)
		if err != nil {
			return false, err
		}
		if !r.Rollout.Paused.IsZero() {
			return true, nil
		}
		r.Rollout.Paused = release.Since{Time: release.At(now)}
		return false, nil
	}
}

// Resume goes on: what was left of the ramp is shifted by the length of the pause.
func Resume(name string) Edit {
	return func(d *release.Document, _ release.Position, now time.Time) (bool, error) {
		r, err := rolling(d, &name, now)
		if err != nil {
			return false, err
		}
		since := r.Rollout.Paused
		if since.IsZero() {
			return true, nil
		}
		for i, s := range r.Rollout.Ramp {
			if s.At.After(since.Time.Time) {
				r.Rollout.Ramp[i].At = release.At(s.At.Add(now.Sub(since.Time.Time)))
			}
		}
		r.Rollout.Paused = release.Since{}
		return false, nil
	}
}

// Complete lets every device in.
func Complete(name string) Edit {
	return func(d *release.Document, _ release.Position, now time.Time) (bool, error) {
		r, err := rolling(d, &name, now)
		if no, isRefusal := err.(*Refusal); isRefusal && no.Code == NoRollout && len(d.Releases) > 0 {
			return true, nil // everything is for everybody already
		}
		if err != nil {
			return false, err
		}
		whole := release.Rollout{Permyriad: release.Whole, Testers: r.Rollout.Testers}
		if r.Rollout.Permyriad == release.Whole && r.Rollout.Ramp == nil && r.Rollout.Paused.IsZero() {
			return true, nil
		}
		r.Rollout = whole
		keep(d, now)
		return false, nil
	}
}

func sameStep(a, b release.Step) bool { return a.Permyriad == b.Permyriad && a.At.Equal(b.At.Time) }
