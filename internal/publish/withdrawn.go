package publish

import (
	"slices"

	"wgtup/release"
)

// reach makes what was withdrawn above a target reach down to it, for the apps
// that the target is for: their devices leave every version above it, also those
// that left the document before. It reports whether anything changed.
func reach(d *release.Document, target *release.Release) bool {
	var all []release.Withdrawn
	changed := false
	for _, w := range d.Withdrawn {
		both, rest := split(w, target)
		if both == nil || !release.Higher(w.Version.Name, target.Version.Name) || w.Above != "" && !release.Higher(w.Above, target.Version.Name) {
			all = append(all, w)
			continue
		}
		both.Above = target.Version.Name
		if slices.ContainsFunc(d.Withdrawn, func(o release.Withdrawn) bool {
			return o.ID == w.ID && o.Above == both.Above && slices.Equal(o.Platforms, both.Platforms) && sameNatives(o.Natives, both.Natives)
		}) {
			all = append(all, w)
			continue
		}
		changed = true
		all = append(all, *both)
		if rest != nil {
			all = append(all, *rest)
		}
	}
	d.Withdrawn = all
	return changed
}

// split parts what was withdrawn by the apps that a release is for: those of
// both, nil without any, and the others, nil when there are none.
func split(w release.Withdrawn, r *release.Release) (both, rest *release.Withdrawn) {
	in, out := w, w
	in.Platforms, out.Platforms = nil, nil
	for _, p := range w.Platforms {
		if slices.Contains(r.Platforms, p) {
			in.Platforms = append(in.Platforms, p)
		}
	}
	out.Platforms = w.Platforms
	switch {
	case len(in.Platforms) == 0:
		return nil, &w
	case w.Natives.Range == nil:
		in.Natives.List, out.Natives.List = nil, nil
		for _, n := range w.Natives.List {
			if slices.Contains(in.Platforms, n.Platform) && r.Natives.Include(n) {
				in.Natives.List = append(in.Natives.List, n)
			} else {
				out.Natives.List = append(out.Natives.List, n)
			}
		}
		switch {
		case in.Natives.List == nil:
			return nil, &w
		case out.Natives.List == nil:
			return &in, nil
		}
		return &in, &out
	case r.Natives.Range == nil:
		in.Natives = release.Natives{}
		for _, n := range r.Natives.List {
			if slices.Contains(in.Platforms, n.Platform) && w.Natives.Include(n) {
				in.Natives.List = append(in.Natives.List, n)
			}
		}
		if in.Natives.List == nil {
			return nil, &w
		}
		return &in, &w
	}
	a, b := w.Natives.Range, r.Natives.Range
	if !w.Natives.Overlap(r.Natives) {
		return nil, &w
	}
	common := release.CodeRange{Min: max(a.Min, b.Min), Max: a.Max}
	if common.Max == nil || b.Max != nil && *b.Max < *common.Max {
		common.Max = b.Max
	}
	in.Natives = release.Natives{Range: &common}
	if len(in.Platforms) == len(w.Platforms) && common.Min == a.Min && (common.Max == nil || a.Max != nil && *common.Max == *a.Max) {
		return &in, nil
	}
	return &in, &w // what overlaps is withdrawn either way
}

// takenSince reports whether a release of an earlier document is withdrawn now
// for an installed app: one that was live within the reach of what was withdrawn
// before had been brought back.
func takenSince(r *release.Release, n release.Native, then, d *release.Document) bool {
	if d.IsWithdrawn(r.ID) {
		return true
	}
	return slices.ContainsFunc(d.Withdrawn, func(w release.Withdrawn) bool {
		return w.Covers(n, r.Version.Name) && !slices.ContainsFunc(then.Withdrawn, func(old release.Withdrawn) bool {
			return old.Covers(n, r.Version.Name)
		})
	})
}

// singles is how many withdrawn releases keep an entry of their own.
const singles = 32

// fold bounds what a document says of withdrawn releases: the oldest ones become
// names in the entry of a later one for the same apps. Devices are told the same;
// a release that is only a name comes back for everybody, not with its old share.
func fold(d *release.Document) {
	for i := 0; i < len(d.Withdrawn) && len(d.Withdrawn) > singles; {
		old := d.Withdrawn[i]
		into := slices.IndexFunc(d.Withdrawn[i+1:], func(w release.Withdrawn) bool {
			return slices.Equal(w.Platforms, old.Platforms) && sameNatives(w.Natives, old.Natives) && (old.Above == "" || old.Above == w.Above && !release.Higher(old.Version.Name, w.Version.Name))
		})
		if into < 0 {
			i++
			continue
		}
		w := &d.Withdrawn[i+1+into]
		var names []string
		for _, name := range append(slices.Clone(old.Also), old.Version.Name) {
			reached := w.Above != "" && release.Higher(name, w.Above) && !release.Higher(name, w.Version.Name)
			if !reached && !slices.Contains(w.Also, name) {
				names = append(names, name)
			}
		}
		w.Also = append(names, w.Also...)
		d.Withdrawn = slices.Delete(d.Withdrawn, i, i+1)
	}
}

func sameNatives(a, b release.Natives) bool {
	if a.Range == nil || b.Range == nil {
		return a.Range == b.Range && slices.Equal(a.List, b.List)
	}
	return a.Range.Min == b.Range.Min && (a.Range.Max == nil) == (b.Range.Max == nil) && (a.Range.Max == nil || *a.Range.Max == *b.Range.Max)
}

// forget ends that a release is withdrawn. Names that its entry held for others
// stay, in an entry without a release.
func forget(d *release.Document, r *release.Release) (changed bool) {
	var all []release.Withdrawn
	for _, w := range d.Withdrawn {
		if slices.Contains(w.Also, r.Version.Name) && shares(r, w.Platforms, w.Natives) {
			w.Also = slices.DeleteFunc(slices.Clone(w.Also), func(name string) bool { return name == r.Version.Name })
			changed = true
		}
		if w.ID == r.ID {
			changed = true
			w.ID, w.Version, w.Above, w.Entry = "", release.Version{}, "", release.Position{}
		}
		if w.ID != "" || len(w.Also) > 0 {
			all = append(all, w)
		}
	}
	d.Withdrawn = all
	return changed
}
