package release

// Action is what a device does.
type Action string

const (
	None          Action = "none"
	InstallWgt    Action = "wgt"
	InstallNative Action = "native"
)

// Reason says why; a closed list.
type Reason string

const (
	// none: the document cannot be used
	WrongApp     Reason = "wrong-app"
	WrongChannel Reason = "wrong-channel"
	NotYetIssued Reason = "not-yet-issued" // more than 48 h ahead of network time
	Expired      Reason = "expired"        // by network time; the running app goes on

	// none: nothing to do
	UpToDate       Reason = "up-to-date"      // what runs is the target
	RunningNewer   Reason = "running-newer"   // what runs is newer than every target
	NothingFits    Reason = "nothing-fits"    // no release fits this device
	OutsideRollout Reason = "outside-rollout" // a newer one fits, for other devices so far
	MarkedBad      Reason = "marked-bad"      // a newer one fits, but did not start here
	Held           Reason = "held"            // an offer was stopped by a hold
	NoWayBack      Reason = "no-way-back"     // it must leave what runs, and nothing fits
	Adopted        Reason = "adopted"         // the target's content runs already: take its id and channel

	// wgt
	NewerRelease   Reason = "newer-release"
	LeaveWithdrawn Reason = "leave-withdrawn"
	LeaveNative    Reason = "leave-native"  // what runs does not fit the installed native
	LeaveChannel   Reason = "leave-channel" // what runs came from another channel

	// native
	NativeForced Reason = "native-forced"
	NativeUpdate Reason = "native-update"
)

// Reasons lists every reason.
var Reasons = []Reason{WrongApp, WrongChannel, NotYetIssued, Expired, UpToDate, RunningNewer, NothingFits,
	OutsideRollout, MarkedBad, Held, NoWayBack, Adopted, NewerRelease, LeaveWithdrawn, LeaveNative, LeaveChannel,
	NativeForced, NativeUpdate}

// Decision is the answer of Decide.
type Decision struct {
	Action  Action   `json:"action"`
	Reason  Reason   `json:"reason"`
	Release string   `json:"release,omitempty"` // id: the target, or what was adopted or is up to date
	Version *Version `json:"version,omitempty"`
	Mode    Mode     `json:"mode,omitempty"`
	// Force is the option of plus.runtime.install: the target is not higher by
	// the runtime's order, so the device has to skip that check.
	Force bool `json:"force,omitempty"`
	// Patch is the smallest patch this device can apply, if it saves bytes.
	Patch *Patch `json:"patch,omitempty"`
	Size  int64  `json:"size,omitempty"` // bytes to download
	Rules []Rule `json:"rules,omitempty"`
}

// Rule is one step of the decision: Outcome is "yes", "no" or a reason of its
// own; Detail is for people.
type Rule struct {
	Rule    string `json:"rule"`
	Release string `json:"release,omitempty"`
	Outcome string `json:"outcome"`
	Detail  string `json:"detail,omitempty"`
}
