package publish

import (
	"fmt"
	"sort"
	"strings"

	"wgtup/native"
)

// Refusal is a rule that says no. Code is stable; Facts fill the sentence that
// the commands have for it.
type Refusal struct {
	Code    string
	Facts   map[string]string
	Changes []native.Change // needs-full-package: the manifest keys
}

func (r *Refusal) Error() string {
	var facts []string
	for k, v := range r.Facts {
		facts = append(facts, k+"="+v)
	}
	sort.Strings(facts)
	return fmt.Sprintf("refused: %s (%s)", r.Code, strings.Join(facts, ", "))
}

// Codes of refusals.
const (
	VersionNotHigher = "version-not-higher" // version, live, release
	CodeNotHigher    = "code-not-higher"    // version, code, live, release
	VersionSegments  = "version-segments"   // version, live
	VersionUsed      = "version-used"       // version, release: other content has it
	VersionWithdrawn = "version-withdrawn"  // version, release, highest: it was taken back with that release
	NeedsFullPackage = "needs-full-package" // natives; Changes
	NoBase           = "no-base"            // platforms
	BaseDiffers      = "base-differs"       // native: registered with other content
	OtherSigner      = "other-signer"       // natives: apps that another certificate signed, or of another name
	NativeNotHigher  = "native-not-higher"  // version, code, live: what the full package would have to be above
	FlagsDiffer      = "flags-differ"       // flag, release, have, want
	NothingToDo      = "nothing-to-do"      // with --require-change only
	NoChannel        = "no-channel"         // channel: nothing published yet
	UnknownRelease   = "unknown-release"    // release
	UnknownNative    = "unknown-native"     // native
	NoRollout        = "no-rollout"         // release, version: the newest, which is for everybody; or none
	NoHotRelease     = "no-hot-release"     // channel: nothing to roll back
	NoTarget         = "no-target"          // natives: devices would have nowhere to go
	BelowFloor       = "below-floor"        // release, version, floor: nothing may be installed there
	AboveReach       = "above-reach"        // code, native, highest: what its devices can get
	ManyTargets      = "many-targets"       // release, version, other: apps would go back to different contents
	StoreBehind      = "store-behind"       // site, shown, position
	OtherHome        = "other-home"         // home, store: the ids of both
	PackageGone      = "package-gone"       // release, version, key: pruned, or removed by hand
	ClockWrong       = "clock-wrong"        // here, there, site
	LostRace         = "lost-race"          // attempts
	EntryTooLarge    = "document-too-large" // size, limit
	KeysBehind       = "keys-behind"        // channel, entry, epoch: the newest entry is of an older key set
	NoKeyChain       = "no-key-chain"       // epoch: the project lost how its keys came about
	UnknownEntry     = "unknown-entry"      // entry: vouched for, but not there
	PlanVoid         = "plan-void"          // planned, position: the channel moved since
)

func refuse(code string, facts ...string) error {
	r := &Refusal{Code: code, Facts: map[string]string{}}
	for i := 0; i+1 < len(facts); i += 2 {
		r.Facts[facts[i]] = facts[i+1]
	}
	return r
}
