package publish

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"strconv"

	"wgtup/release"
)

// Difference is one thing that an entry changed. Kind is from a closed list:
// base, release, rollout, testers, paused, resumed, natives, mode, notes, left (replaced),
// back, withdrawn, hold, unhold, retired, floor, minimum, home, keys (of another epoch), renewed.
type Difference struct {
	Kind    string `json:"kind"`
	Release string `json:"release,omitempty"`
	Version string `json:"version,omitempty"`
	Native  string `json:"native,omitempty"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
}

// Differences says what a document changed over the one before it, nil for none.
func Differences(before, after *release.Document) []Difference {
	if before == nil {
		before = &release.Document{}
	}
	var all []Difference
	add := func(d Difference) { all = append(all, d) }
	for _, b := range after.Bases {
		i := slices.IndexFunc(before.Bases, func(o release.Base) bool { return o.Native() == b.Native() })
		switch {
		case i < 0 || before.Bases[i].Retired && !b.Retired:
			add(Difference{Kind: "base", Native: nativeName(b.Native())})
		case b.Retired && !before.Bases[i].Retired:
			add(Difference{Kind: "retired", Native: nativeName(b.Native())})
		}
	}
	for i := range after.Releases {
		r := &after.Releases[i]
		old := before.Find(r.ID)
		switch {
		case old != nil:
			all = append(all, releaseDifferences(old, r)...)
		case r.Landing:
		case older(r.ID, after.Position().ID(0)):
			add(Difference{Kind: "back", Release: r.ID, Version: r.Version.Name, To: Percent(r.Rollout.Share(after.Issued.Time))})
		default:
			add(Difference{Kind: "release", Release: r.ID, Version: r.Version.Name, To: Percent(r.Rollout.Permyriad)})
		}
	}
	for _, w := range after.Withdrawn {
		one := Difference{Kind: "withdrawn", Release: w.ID, Version: w.Version.Name, From: w.Above}
		known := w.ID == "" || slices.Contains(all, one) || slices.ContainsFunc(before.Withdrawn, func(o release.Withdrawn) bool {
			return o.ID == w.ID && (o.Above == w.Above || w.Above == "")
		})
		if !known && (w.Above != "" || !slices.ContainsFunc(all, func(d Difference) bool { return d.Kind == one.Kind && d.Release == one.Release })) {
			add(one)
		}
	}
	for _, r := range before.Releases {
		if after.Find(r.ID) == nil && !after.IsWithdrawn(r.ID) {
			add(Difference{Kind: "left", Release: r.ID, Version: r.Version.Name})
		}
	}
	all = append(all, holdDifferences(before, after)...)
	if !reflect.DeepEqual(before.Floor, after.Floor) {
		add(Difference{Kind: "floor", From: codeText(before.Floor), To: codeText(after.Floor)})
	}
	if !reflect.DeepEqual(before.Minimum, after.Minimum) {
		add(Difference{Kind: "minimum", From: codeText(before.Minimum), To: codeText(after.Minimum)})
	}
	if before.Sequence > 0 && before.Epoch != after.Epoch {
		add(Difference{Kind: "keys", From: itoa(before.Epoch), To: itoa(after.Epoch)})
	}
	if before.Home != after.Home && before.Home != "" {
		add(Difference{Kind: "home", From: before.Home, To: after.Home})
	}
	if len(all) == 0 {
		add(Difference{Kind: "renewed", To: after.Expires.String()})
	}
	return all
}

// codeText is a threshold as people read it, "" for none.
func codeText(t *release.Threshold) string {
	if t == nil {
		return ""
	}
	return itoa(t.Code)
}

func releaseDifferences(old, r *release.Release) []Difference {
	d := Difference{Release: r.ID, Version: r.Version.Name}
	var all []Difference
	add := func(kind, from, to string) {
		d.Kind, d.From, d.To = kind, from, to
		all = append(all, d)
	}
	if old.Rollout.Permyriad != r.Rollout.Permyriad || !slices.EqualFunc(old.Rollout.Ramp, r.Rollout.Ramp, sameStep) && r.Rollout.Paused == old.Rollout.Paused {
		add("rollout", Percent(old.Rollout.Permyriad), plan(r.Rollout))
	}
	if !slices.Equal(old.Rollout.Testers, r.Rollout.Testers) {
		add("testers", strconv.Itoa(len(old.Rollout.Testers)), strconv.Itoa(len(r.Rollout.Testers)))
	}
	switch {
	case old.Rollout.Paused.IsZero() && !r.Rollout.Paused.IsZero():
		add("paused", "", "")
	case !old.Rollout.Paused.IsZero() && r.Rollout.Paused.IsZero():
		add("resumed", "", "")
	}
	if old.Mode != r.Mode {
		add("mode", string(old.Mode), string(r.Mode))
	}
	if !reflect.DeepEqual(old.Notes, r.Notes) {
		add("notes", "", "")
	}
	if len(old.Natives.List) != len(r.Natives.List) {
		add("natives", "", "")
	}
	return all
}

// plan is a rollout as people read it: 10%, then 50% at 2026-11-22T18:00:00Z.
func plan(r release.Rollout) string {
	s := Percent(r.Permyriad)
	for _, step := range r.Ramp {
		s += ", then " + Percent(step.Permyriad) + " at " + step.At.String()
	}
	return s
}

func holdDifferences(before, after *release.Document) []Difference {
	var all []Difference
	name := func(h release.Hold) string {
		if h.Native == nil {
			return h.Platform
		}
		return h.Platform + " " + h.Native.Name
	}
	missing := func(h release.Hold, in []release.Hold) bool {
		return !slices.ContainsFunc(in, func(o release.Hold) bool { return sameHold(h, o) })
	}
	for _, h := range after.Holds {
		reworded := slices.ContainsFunc(before.Holds, func(o release.Hold) bool { return sameHold(h, o) && o.Reason != h.Reason })
		if reworded || missing(h, before.Holds) {
			all = append(all, Difference{Kind: "hold", Native: name(h), To: h.Reason})
		}
	}
	for _, h := range before.Holds {
		if missing(h, after.Holds) {
			all = append(all, Difference{Kind: "unhold", Native: name(h)})
		}
	}
	return all
}

// Record is an entry with what it changed.
type Record struct {
	Entry   *Entry
	Changes []Difference
}

// History reads the newest entries, at most limit, oldest first. It follows
// `previous`: an entry that does not continue the one before it is an error.
func (p *Publisher) History(ctx context.Context, limit int) ([]Record, error) {
	head, err := p.Head(ctx)
	if err != nil || head == nil {
		return nil, err
	}
	var records []Record
	for e := head; e != nil && len(records) < cmp.Or(max(limit, 0), 1<<30); {
		before, err := p.Before(ctx, e)
		if err != nil {
			return nil, err
		}
		var d *release.Document
		if before != nil {
			d = before.Document
		}
		records = append(records, Record{e, Differences(d, e.Document)})
		e = before
	}
	slices.Reverse(records)
	return records, nil
}
