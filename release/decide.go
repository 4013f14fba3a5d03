package release

import (
	"fmt"
	"slices"
	"time"
)

// MaxAhead is how far ahead of network time a document may be issued.
const MaxAhead = 48 * time.Hour

// Decide says what a device does with the document it keeps. It runs on every
// check, whether the document is new or not: ramps, failed downloads, cover
// installs and native updates need no new entry. The rules are those of
// docs/spec/protocol.md, "Decide", in their order.
func Decide(device Device, document *Document, clock Clock) Decision {
	d := &decider{device: device, document: document, now: clock.Now}
	if reason, ok := d.usable(clock); !ok {
		return d.none(reason)
	}
	leave, must := d.mustLeave()
	wgt, missed := d.best(Wgt)
	app, _ := d.best(NativeApp)
	held := d.held()

	if must && wgt != nil && d.device.content() != "" && wgt.Package.Content == d.device.content() {
		return d.adopt(wgt)
	}
	newer := wgt != nil && Higher(wgt.Version.Name, device.Running.Name)
	switch {
	case app != nil && app.Mode == Force && !held:
		return d.offer(InstallNative, app, NativeForced)
	case wgt != nil && must:
		return d.offer(InstallWgt, wgt, leave)
	case newer && !held:
		return d.offer(InstallWgt, wgt, NewerRelease)
	case app != nil && (!held || must):
		return d.offer(InstallNative, app, NativeUpdate)
	case must:
		return d.none(NoWayBack)
	case newer || app != nil:
		return d.none(Held)
	case missed != "":
		return d.none(missed)
	case wgt == nil:
		return d.none(NothingFits)
	case Higher(device.Running.Name, wgt.Version.Name):
		return d.none(RunningNewer)
	}
	decision := d.none(UpToDate)
	decision.Release, decision.Version = wgt.ID, &wgt.Version
	return decision
}

type decider struct {
	device   Device
	document *Document
	now      time.Time
	rules    []Rule
}

func (d *decider) rule(name, release, outcome, detail string) {
	d.rules = append(d.rules, Rule{name, release, outcome, detail})
}

// usable is rule 0: the document is this device's and of this time. Only
// network time may refuse; a phone's clock may be off by years.
func (d *decider) usable(clock Clock) (Reason, bool) {
	doc := d.document
	switch {
	case doc.App != d.device.App:
		d.rule("document", "", string(WrongApp), doc.App)
		return WrongApp, false
	case doc.Channel != d.device.Channel:
		d.rule("document", "", string(WrongChannel), doc.Channel)
		return WrongChannel, false
	case clock.Network && doc.Issued.After(clock.Now.Add(MaxAhead)):
		d.rule("document", "", string(NotYetIssued), doc.Issued.String())
		return NotYetIssued, false
	case clock.Network && !doc.Expires.After(clock.Now):
		d.rule("document", "", string(Expired), doc.Expires.String())
		return Expired, false
	}
	d.rule("document", "", "yes", fmt.Sprintf("entry %d/%d", doc.Epoch, doc.Sequence))
	return "", true
}

// misfit is rule 1: why a release is not for this device, or "".
func (d *decider) misfit(r *Release) string {
	switch {
	case !r.known():
		return "unknown"
	case !slices.Contains(r.Platforms, d.device.Platform):
		return "platform"
	case !r.Natives.IsZero() && !r.Natives.Include(d.device.native()):
		return "native"
	case d.document.IsWithdrawn(r.ID):
		return "withdrawn"
	case d.document.Floor != nil && r.Version.Code < d.document.Floor.Code:
		return "floor"
	case d.device.marked(r):
		return string(MarkedBad)
	case !r.offeredTo(d.document.App, d.device.Install, d.now):
		return string(OutsideRollout)
	}
	return ""
}

// best is rule 2: the highest fitting release of a kind; of equal ones the
// newest, which stands last. A full package counts only above the installed
// one. missed says why a release that would be newer than all this does not fit,
// if only the rollout or a mark of this device is in the way.
func (d *decider) best(kind Kind) (best *Release, missed Reason) {
	for i := range d.document.Releases {
		r := &d.document.Releases[i]
		if r.Kind != kind {
			continue
		}
		if kind == NativeApp && !Above(r.Version, d.device.Native) {
			d.rule("fits", r.ID, "installed", r.Version.Name)
			continue
		}
		why := d.misfit(r)
		if why != "" {
			d.rule("fits", r.ID, why, d.detail(r, why))
			if reason := Reason(why); (reason == OutsideRollout || reason == MarkedBad) && Higher(r.Version.Name, d.device.Running.Name) {
				missed = reason
			}
			continue
		}
		d.rule("fits", r.ID, "yes", r.Version.Name)
		if best == nil || !higher(kind, best.Version, r.Version) {
			best = r
		}
	}
	return best, missed
}

// higher orders releases of a kind.
func higher(kind Kind, a, b Version) bool {
	if kind == NativeApp {
		return Above(a, b)
	}
	return Higher(a.Name, b.Name)
}

// Above orders full packages: stores compare the code when the names are equal.
func Above(v, installed Version) bool {
	return Higher(v.Name, installed.Name) || v.Name == installed.Name && v.Code > installed.Code
}

func (d *decider) detail(r *Release, why string) string {
	switch why {
	case string(OutsideRollout):
		return fmt.Sprintf("cohort %d, share %d", Cohort(d.device.Install, r.Salt()), r.Rollout.Share(d.now))
	case "floor":
		return fmt.Sprintf("code %d, floor %d", r.Version.Code, d.document.Floor.Code)
	}
	return r.Version.Name
}

// mustLeave is rule 3.
func (d *decider) mustLeave() (Reason, bool) {
	reason := d.leaving()
	if reason == "" {
		d.rule("must-leave", "", "no", d.device.Running.Name)
		return "", false
	}
	d.rule("must-leave", "", string(reason), d.device.Running.Name)
	return reason, true
}

func (d *decider) leaving() Reason {
	run := d.device.Running
	if run.Channel != "" && run.Channel != d.document.Channel {
		return LeaveChannel
	}
	native := d.device.native()
	if r := run.Release; r != nil {
		if d.document.IsWithdrawn(r.ID) {
			return LeaveWithdrawn
		}
		if !slices.Contains(r.Platforms, d.device.Platform) || !r.Natives.Include(native) {
			return LeaveNative
		}
	}
	for i := range d.document.Withdrawn {
		w := &d.document.Withdrawn[i]
		itself := run.Release == nil && w.Version == (Version{run.Name, run.Code}) && slices.Contains(w.Platforms, d.device.Platform) && w.Natives.Include(native)
		if itself || w.Covers(native, run.Name) && !d.document.lists(native, run.Name) {
			return LeaveWithdrawn
		}
	}
	return ""
}

// held is rule 4.
func (d *decider) held() bool {
	for _, h := range d.document.Holds {
		if h.Platform == d.device.Platform && (h.Native == nil || *h.Native == d.device.Native) {
			d.rule("hold", "", "yes", h.Reason)
			return true
		}
	}
	d.rule("hold", "", "no", "")
	return false
}

func (d *decider) none(reason Reason) Decision {
	return Decision{Action: None, Reason: reason, Rules: d.rules}
}

func (d *decider) adopt(r *Release) Decision {
	decision := d.none(Adopted)
	decision.Release, decision.Version = r.ID, &r.Version
	return decision
}

// offer is rule 5, with the mode and the smallest download.
func (d *decider) offer(action Action, r *Release, reason Reason) Decision {
	decision := Decision{Action: action, Reason: reason, Release: r.ID, Version: &r.Version, Mode: r.Mode, Rules: d.rules}
	required := action == InstallWgt && reason != NewerRelease
	if required && decision.Mode == Prompt {
		decision.Mode = Silent
	}
	if m := d.document.Minimum; m != nil && d.device.Running.Code < m.Code {
		decision.Mode = Force
	}
	if r.Package != nil {
		decision.Size = r.Package.Size
	}
	if action != InstallWgt {
		return decision
	}
	decision.Force = !Higher(r.Version.Name, d.device.Running.Name)
	for i := range r.Patches {
		p := &r.Patches[i]
		if p.Size < decision.Size && (p.From == "" || slices.Contains(d.device.Held, p.From)) {
			decision.Patch, decision.Size = p, p.Size
		}
	}
	return decision
}
