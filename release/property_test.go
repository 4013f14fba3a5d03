package release

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// world draws documents and devices that have much to do with each other.
type world struct{ *rand.Rand }

func pick[T any](w world, of ...T) T { return of[w.IntN(len(of))] }

func (w world) chance(percent int) bool { return w.IntN(100) < percent }

func (w world) version() Version {
	return pick(w, Version{"1.0.0", 100}, Version{"1.0.5", 105}, Version{"1.1.0", 110}, Version{"1.2.0", 120},
		Version{"1.10.0", 200}, Version{"2.0.0", 200}, Version{"1.1", 110}, Version{"1.2.0-beta", 119}, Version{"", 0})
}

func (w world) native() Version {
	return pick(w, Version{"2.0.0", 200}, Version{"2.0.0", 200}, Version{"2.0.0", 200}, Version{"2.1.0", 210}, Version{"2.0.0", 201})
}

func (w world) platform() string { return pick(w, Android, Android, Android, IOS, Harmony) }

func (w world) content() string { return Digest([]byte{byte(w.IntN(4))}) }

func (w world) install() string {
	if w.chance(10) {
		return ""
	}
	return fmt.Sprint("device-", w.IntN(200))
}

func (w world) time() Time { return At(testNow.Add(time.Duration(w.IntN(9)-4) * time.Hour)) }

func (w world) natives() Natives {
	if w.chance(40) {
		top := pick[int64](w, 200, 205, 300)
		return pick(w, Natives{Range: &CodeRange{Min: pick[int64](w, 0, 200, 210)}}, Natives{Range: &CodeRange{200, &top}})
	}
	var n Natives
	for range 1 + w.IntN(3) {
		v := w.native()
		n.List = append(n.List, Native{w.platform(), v.Name, v.Code})
	}
	return n
}

func (w world) rollout() Rollout {
	r := Rollout{Permyriad: pick[int64](w, Whole, Whole, Whole, 0, 1000, 5000, 9999)}
	if w.chance(10) {
		r.Paused = Since{w.time()}
	}
	if w.chance(20) {
		for range 1 + w.IntN(3) {
			r.Ramp = append(r.Ramp, Step{w.time(), pick[int64](w, 0, 2000, Whole)})
		}
		slices.SortStableFunc(r.Ramp, func(a, b Step) int { return a.At.Compare(b.At.Time) })
	}
	if w.chance(10) {
		r.Testers = []string{TesterHash("__UNI__A1B2C3D", w.install())}
	}
	return r
}

func (w world) release(id string) Release {
	digest := Digest([]byte(id))
	r := Release{ID: id, Kind: pick(w, Wgt, Wgt, Wgt, NativeApp, "plugin"), Version: w.version(), Platforms: []string{w.platform(), w.platform()},
		Natives: w.natives(), Rollout: w.rollout(), Mode: pick(w, Prompt, Silent, Force),
		Package: &Package{Content: w.content(), Size: 100, SHA256: digest, SHA1: digest[:40]}}
	if r.Kind == NativeApp && w.chance(70) {
		r.Natives, r.Package, r.Version = Natives{}, nil, pick(w, Version{"2.0.0", 200}, Version{"2.1.0", 210}, Version{"3.0.0", 300})
	}
	if r.Kind == Wgt {
		r.Landing = w.chance(20)
		for range w.IntN(3) {
			r.Patches = append(r.Patches, Patch{pick(w, "", w.content(), w.content()), pick[int64](w, 50, 99, 100, 150), digest})
		}
	}
	if w.chance(4) {
		r.Critical = []string{"unknown"}
	}
	return r
}

func (w world) document() *Document {
	d := &Document{Format: Format, App: "__UNI__A1B2C3D", Channel: "production", Sequence: 5, Issued: At(testNow), Expires: At(testNow.Add(48 * time.Hour))}
	ids := []string{"r1", "r2", "r3", "r4", "r5"}
	for _, id := range ids[:w.IntN(6)] {
		d.Releases = append(d.Releases, w.release(id))
	}
	for range w.IntN(3) {
		v := w.native()
		d.Bases = append(d.Bases, Base{Platform: w.platform(), Name: v.Name, Code: v.Code, Retired: w.chance(30)})
		gone := Withdrawn{ID: pick(w, ids...), Version: w.version(), Platforms: []string{w.platform()}, Natives: w.natives()}
		if w.chance(30) {
			gone.Above = w.version().Name
		}
		if w.chance(30) {
			gone.Also = []string{w.version().Name, w.version().Name}
		}
		d.Withdrawn = append(d.Withdrawn, gone)
	}
	if w.chance(20) {
		v := w.native()
		d.Holds = []Hold{{w.platform(), pick(w, nil, &v), ""}}
	}
	if w.chance(20) {
		d.Floor = &Threshold{pick[int64](w, 100, 110)}
	}
	if w.chance(20) {
		d.Minimum = &Threshold{pick[int64](w, 100, 110, 120)}
	}
	return d
}

func (w world) device(d *Document) Device {
	v := w.version()
	device := Device{App: d.App, Channel: d.Channel, Platform: w.platform(), Native: w.native(), Running: Running{Name: v.Name, Code: v.Code}, Install: w.install()}
	if w.chance(50) {
		r := w.release(pick(w, "r1", "r2", "r9"))
		if len(d.Releases) > 0 && w.chance(60) {
			r = pick(w, d.Releases...)
		}
		device.Running = Running{r.Version.Name, r.Version.Code, pick(w, d.Channel, d.Channel, d.Channel, "beta"), &r}
	}
	for range w.IntN(3) {
		device.Held = append(device.Held, w.content())
	}
	if w.chance(20) {
		device.Bad = []Bad{pick(w, Bad{Content: w.content(), Native: w.native()}, Bad{Release: "r1", Native: w.native()})}
	}
	return device
}

func (w world) clock() Clock {
	return Clock{testNow.Add(time.Duration(w.IntN(120)-60) * time.Hour), w.chance(50)}
}

// checkDecision holds for every device and every document.
func checkDecision(t *testing.T, device Device, d *Document, clock Clock) {
	t.Helper()
	got := Decide(device, d, clock)
	if again := Decide(device, d, clock); !reflect.DeepEqual(got, again) {
		t.Fatalf("two answers: %+v and %+v", got, again)
	}
	if !slices.Contains(Reasons, got.Reason) {
		t.Fatalf("reason %q is not in the list", got.Reason)
	}
	if got.Action == None {
		if got.Mode != "" || got.Patch != nil || got.Size != 0 || got.Force {
			t.Fatalf("nothing to do, but %+v", got)
		}
		return
	}
	r := d.Find(got.Release)
	if r == nil || d.IsWithdrawn(r.ID) || !slices.Contains(r.Platforms, device.Platform) || len(r.Critical) > 0 || *got.Version != r.Version {
		t.Fatalf("offers %+v, which is %+v", got, r)
	}
	if d.Floor != nil && r.Version.Code < d.Floor.Code {
		t.Fatalf("offers %s below the floor", r.ID)
	}
	if device.marked(r) {
		t.Fatalf("offers %s, which is marked bad here", r.ID)
	}
	tester := device.Install != "" && slices.Contains(r.Rollout.Testers, TesterHash(d.App, device.Install))
	if r.Rollout.Share(clock.Now) == 0 && !tester {
		t.Fatalf("offers %s, paused or at 0%%, to somebody who is no tester", r.ID)
	}
	if device.Install == "" && r.Rollout.Share(clock.Now) < Whole {
		t.Fatalf("offers %s to a device without an install id", r.ID)
	}
	leaving := slices.Contains([]Reason{LeaveWithdrawn, LeaveNative, LeaveChannel}, got.Reason)
	if got.Action == InstallNative {
		if r.Kind != NativeApp || leaving || got.Force || got.Patch != nil {
			t.Fatalf("a full package: %+v of %+v", got, r)
		}
		return
	}
	if r.Kind != Wgt || !r.Natives.Include(device.native()) {
		t.Fatalf("offers %+v to native %v", r, device.native())
	}
	if !leaving && (got.Force || !Higher(r.Version.Name, device.Running.Name)) {
		t.Fatalf("offers %s (%s) over %s without a reason to leave", r.ID, r.Version.Name, device.Running.Name)
	}
	if leaving && got.Mode == Prompt {
		t.Fatalf("asks the user whether to leave %s", device.Running.Name)
	}
	if got.Force == Higher(r.Version.Name, device.Running.Name) {
		t.Fatalf("force %v from %s to %s", got.Force, device.Running.Name, r.Version.Name)
	}
	if p := got.Patch; p != nil && (p.From != "" && !slices.Contains(device.Held, p.From) || p.Size != got.Size || p.Size >= r.Package.Size) {
		t.Fatalf("chose patch %+v for %v", p, device.Held)
	}
}

func FuzzDecide(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) {
		w := world{rand.New(rand.NewPCG(a, b))}
		d := w.document()
		checkDecision(t, w.device(d), d, w.clock())
		if r := d.Latest(testNow); r != nil && !r.Landing && (r.Kind != Wgt || d.IsWithdrawn(r.ID) || !r.Rollout.Full(testNow)) {
			t.Fatalf("latest is %+v", r)
		}
	})
}

func TestDecideProperties(t *testing.T) {
	w := world{rand.New(rand.NewPCG(20261122, 2))}
	actions := map[Action]int{}
	reasons := map[Reason]int{}
	for range 12000 {
		d := w.document()
		if err := d.check(); err != nil {
			t.Fatalf("the test draws a bad document: %v", err)
		}
		device, clock := w.device(d), w.clock()
		checkDecision(t, device, d, clock)
		got := Decide(device, d, clock)
		actions[got.Action]++
		reasons[got.Reason]++
	}
	for _, a := range []Action{None, InstallWgt, InstallNative} {
		if actions[a] < 300 {
			t.Errorf("the test draws only %d times %s: %v", actions[a], a, actions)
		}
	}
	for _, r := range Reasons {
		if reasons[r] == 0 && r != WrongApp && r != WrongChannel {
			t.Errorf("the test never draws the reason %s", r)
		}
	}
}

// What a device does not know cannot move it: the document after a trip through
// its payload decides the same, and so does the order of marks and held content.
func TestDecideSeesOnlyThePayload(t *testing.T) {
	w := world{rand.New(rand.NewPCG(20261122, 3))}
	for range 1000 {
		d := w.document()
		payload, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		read, err := Parse(payload)
		if err != nil {
			t.Fatal(err)
		}
		device, clock := w.device(d), w.clock()
		before := Decide(device, d, clock)
		slices.Reverse(device.Held)
		slices.Reverse(device.Bad)
		after := Decide(device, read, clock)
		before.Rules, after.Rules = nil, nil
		if !sameJSON(t, before, after) {
			t.Fatalf("%+v became %+v\n%s", before, after, payload)
		}
	}
}

// Growing the rollout of the release a device is sent to, or replacing its ramp
// by a larger share, leaves the offer as it is.
func TestGrowingARolloutKeepsOffers(t *testing.T) {
	w := world{rand.New(rand.NewPCG(20261122, 4))}
	kept := 0
	for range 20000 {
		d := w.document()
		device, clock := w.device(d), Clock{testNow, true}
		if len(d.Releases) == 0 {
			continue
		}
		before := Decide(device, d, clock)
		if before.Action != InstallWgt {
			continue
		}
		r := d.Find(before.Release)
		r.Rollout = Rollout{Permyriad: min(Whole, max(r.Rollout.Share(testNow), 1)+int64(w.IntN(3000))), Testers: r.Rollout.Testers}
		after := Decide(device, d, clock)
		before.Rules, after.Rules = nil, nil
		if !reflect.DeepEqual(before, after) {
			t.Fatalf("%+v became %+v", before, after)
		}
		kept++
	}
	if kept < 1000 {
		t.Errorf("only %d offers were tried", kept)
	}
}
