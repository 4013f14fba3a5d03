package publish

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"wgtup/native"
	"wgtup/release"
)

// For any two manifests diff, publish and the device say the same: what diff finds nothing against is published and
// installed, everything else is refused and offered to nobody. The vectors are the settings of package native; the client
// decides as release.Decide does, which its own vectors and generated cases hold it to.
func TestNativeVerdictsAgree(t *testing.T) {
	data, err := os.ReadFile("../../testdata/vectors/native/settings.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Settings []struct {
			Manifest        json.RawMessage
			Strict, Runtime string
		}
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 9))
	now := time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)
	hot, full := 0, 0
	for n := range 2000 {
		a, b := v.Settings[random.IntN(len(v.Settings))], v.Settings[random.IntN(len(v.Settings))]
		if n%4 == 0 {
			a = v.Settings[0] // one setting apart
		}
		level := []native.Level{native.Strict, native.Runtime}[n%2]
		changes, err := native.Diff(native.App{Manifest: a.Manifest}, native.App{Manifest: b.Manifest})
		if err != nil {
			t.Fatal(err)
		}
		fits := len(native.Needs(level, changes)) == 0

		base, next := buildOf("1.0.0", "base"), buildOf("1.1.0", "")
		app := androidApp("1.0.0")
		d := &release.Document{App: testApp, Channel: testChannel, Format: release.Format}
		if _, err := AddBase(BaseAddition{Natives: []release.Native{app}, Fingerprint: a.Strict, Runtime: a.Runtime, Source: base.pack.Content, Version: base.version, Package: base.pack})(d, release.Position{Sequence: 1}, now); err != nil {
			t.Fatal(err)
		}
		addition := addition(next, release.Whole)
		addition.Fingerprint = b.Strict
		if level == native.Runtime {
			addition.Runtime = b.Runtime
		}
		_, err = Add(addition)(d, release.Position{Sequence: 2}, now)
		var r *Refusal
		if refused := errors.As(err, &r) && r.Code == NeedsFullPackage; refused == fits || !refused && err != nil {
			t.Fatalf("%s: diff says %v, publish %v", level, changes, err)
		}
		device := release.Device{App: testApp, Channel: testChannel, Platform: app.Platform, Native: versionOf("1.0.0"), Running: release.Running{Name: "1.0.0", Code: 100}, Install: "x"}
		decision := release.Decide(device, d, release.Clock{Now: now})
		if (decision.Action == release.InstallWgt) != fits {
			t.Fatalf("%s: diff says %v, the device %s", level, changes, decision.Reason)
		}
		if fits {
			hot++
		} else {
			full++
		}
	}
	if hot < 50 || full < 50 {
		t.Errorf("%d hot, %d full", hot, full)
	}
}

// Several apps in the field: each gets the newest release that fits it, and one version may have a package for each.
func TestEachNativeItsNewest(t *testing.T) {
	b := newBed(t)
	other := func(version string) change {
		p := buildOf(version, "for 2.0.0")
		a := addition(p, release.Whole)
		a.Fingerprint = "fingerprint of its own"
		return change{func(*Publisher) Edit { return Add(a) }, []Upload{p.upload}}
	}
	entry := b.do(t, baseChange("1.0.0", androidApp("1.0.0")), full("1.0.1"), otherBase("2.0.0", androidApp("2.0.0")), full("2.0.1"), other("2.0.1"), other("2.0.2"))
	for name, want := range map[string]string{"1.0.0": "2.0.1", "2.0.0": "2.0.2"} {
		d := release.Decide(release.Device{App: testApp, Channel: testChannel, Platform: release.Android, Native: versionOf(name), Running: release.Running{Name: name, Code: versionOf(name).Code}, Install: "x"},
			entry.Document, release.Clock{Now: b.clock()})
		if d.Action != release.InstallWgt || d.Version.Name != want {
			t.Errorf("%s: %s %+v", name, d.Reason, d.Version)
		}
	}
}
