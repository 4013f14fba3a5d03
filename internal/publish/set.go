package publish

import (
	"maps"
	"slices"
	"time"

	"wgtup/release"
)

// meant is the release that a command names, the newest hot one without a name.
// From then on the name is that one's, whoever publishes in between.
func meant(d *release.Document, name *string) (*release.Release, error) {
	if d.Sequence == 0 {
		return nil, refuse(NoChannel, "channel", d.Channel)
	}
	r := newestHot(d)
	if *name != "" {
		r = named(d, *name)
	}
	switch {
	case r == nil && *name == "":
		return nil, refuse(NoHotRelease, "channel", d.Channel)
	case r == nil || r.Landing:
		return nil, refuse(UnknownRelease, "release", *name)
	}
	*name = r.ID
	return r, nil
}

// SetMode says how clients bring a release to their users.
func SetMode(name string, mode release.Mode) Edit {
	return func(d *release.Document, _ release.Position, _ time.Time) (bool, error) {
		r, err := meant(d, &name)
		if err != nil {
			return false, err
		}
		done := r.Mode == mode
		r.Mode = mode
		return done, nil
	}
}

// SetNotes replaces what users read of a release.
func SetNotes(name string, notes map[string]string) Edit {
	return func(d *release.Document, _ release.Position, _ time.Time) (bool, error) {
		r, err := meant(d, &name)
		if err != nil {
			return false, err
		}
		done := maps.Equal(r.Notes, notes)
		r.Notes = notes
		return done, nil
	}
}

// SetTesters replaces the named devices that get a release whatever its share:
// install ids, of which only hashes become public.
func SetTesters(name string, installs []string) Edit {
	return func(d *release.Document, _ release.Position, _ time.Time) (bool, error) {
		r, err := meant(d, &name)
		if err != nil {
			return false, err
		}
		hashes := TesterHashes(d.App, installs)
		done := slices.Equal(r.Rollout.Testers, hashes)
		r.Rollout.Testers = hashes
		return done, nil
	}
}

// TesterHashes are install ids as they stand in a document, sorted, each once.
func TesterHashes(app string, installs []string) []string {
	var hashes []string
	for _, id := range installs {
		hashes = append(hashes, release.TesterHash(app, id))
	}
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// SetFloor says below which version code nothing is ever installed; 0 takes it
// back. Devices of every live app must still have something to install.
func SetFloor(code int64) Edit {
	return threshold(code, func(d *release.Document) **release.Threshold { return &d.Floor })
}

// SetMinimum says below which version code every offer is forced; 0 takes it
// back. Devices of every live app must be able to reach it.
func SetMinimum(code int64) Edit {
	return threshold(code, func(d *release.Document) **release.Threshold { return &d.Minimum })
}

func threshold(code int64, of func(*release.Document) **release.Threshold) Edit {
	return func(d *release.Document, _ release.Position, now time.Time) (bool, error) {
		if d.Sequence == 0 {
			return false, refuse(NoChannel, "channel", d.Channel)
		}
		at := of(d)
		var next *release.Threshold
		if code > 0 {
			next = &release.Threshold{Code: code}
		}
		if *at == next || *at != nil && next != nil && **at == *next {
			return true, nil
		}
		if next != nil {
			for _, b := range d.Bases {
				if best := highestCode(d, b.Native(), now); !b.Retired && best < code {
					return false, refuse(AboveReach, "code", itoa(code), "native", nativeName(b.Native()), "highest", itoa(best))
				}
			}
		}
		*at = next
		return false, nil
	}
}

// highestCode is the highest version code that everybody on an app is offered,
// what it ships included.
func highestCode(d *release.Document, n release.Native, now time.Time) int64 {
	var best int64
	for i := range d.Releases {
		if r := &d.Releases[i]; r.Kind == release.Wgt && fits(r, n) && r.Rollout.Full(now) && !d.IsWithdrawn(r.ID) {
			best = max(best, r.Version.Code)
		}
	}
	return best
}
