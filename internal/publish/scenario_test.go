package publish

import (
	"context"
	"fmt"
	"testing"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
)

// The life of a channel on real stores, read back anonymously over HTTP after
// each command.
func TestScenario(t *testing.T) { grounds(t, scenario) }

func scenario(t *testing.T, g *ground) {
	b := newBed(t)
	b.now = time.Now().UTC().Truncate(time.Second)
	site, s := g.site, g.store
	publisher := func(by string) *Publisher { return g.publisher(t, b, by) }
	phone := release.Device{App: testApp, Channel: testChannel, Platform: release.Android, Native: versionOf("1.0.0"),
		Running: release.Running{Name: "1.0.0", Code: 100}, Install: insider(t, buildOf("1.1.0", ""), 1000)}
	outsider := phone
	outsider.Install = insider(t, buildOf("1.1.0", ""), -1000)

	steps := []struct {
		name  string
		do    change
		entry int64
		insider, outsider,
		latest string // what is installed: by a phone within the first 10%, one that is not, and by hand
	}{
		{"base", baseChange("1.0.0"), 1, "up-to-date", "up-to-date", "1.0.0"},
		{"release at 10%", share("1.1.0", 1000), 2, "installs 1.1.0", "outside-rollout", "1.0.0"},
		{"release again", share("1.1.0", 1000), 2, "installs 1.1.0", "outside-rollout", "1.0.0"},
		{"rollout to all", setShare("", release.Whole), 3, "installs 1.1.0", "installs 1.1.0", "1.1.0"},
		{"hold", holdOf("android", "review", nil), 4, "held", "held", "1.0.0"},
		{"unhold", unholdOf("android", nil), 5, "installs 1.1.0", "installs 1.1.0", "1.1.0"},
		{"release 1.1.1", full("1.1.1"), 6, "installs 1.1.1", "installs 1.1.1", "1.1.1"},
		{"rollback", rollbackChange(""), 7, "installs 1.1.0", "installs 1.1.0", "1.1.0"},
		{"rollback taken back", rollbackChange("1.1.1"), 8, "installs 1.1.1", "installs 1.1.1", "1.1.1"},
		{"rollback to the base", rollbackChange("1.0.0"), 9, "up-to-date", "up-to-date", "1.0.0"},
		{"base of the next app", baseChange("2.0.0"), 10, "up-to-date", "up-to-date", "1.0.0"},
		{"renew", simple(Renew), 11, "up-to-date", "up-to-date", "1.0.0"},
	}
	for _, step := range steps {
		b.wait(nil, time.Hour)
		r, err := step.do.run(publisher("x"))
		if err != nil || r.Entry.Position().Sequence != step.entry || !r.Views[0].Visible {
			t.Fatalf("%s: %v, %+v", step.name, err, r)
		}
		in, err := b.device(site, phone)
		out, outErr := b.device(site, outsider)
		hand, handErr := b.handWritten(site)
		if err != nil || outErr != nil || handErr != nil {
			t.Fatalf("%s: %v, %v, %v", step.name, err, outErr, handErr)
		}
		want := fmt.Sprintf("0/%d: %s, %s, by hand %s", step.entry, step.insider, step.outsider, step.latest)
		if got := fmt.Sprintf("%s, %s, by hand %s", in, out[len(fmt.Sprintf("0/%d: ", step.entry)):], hand); got != want {
			t.Fatalf("%s: got %s\nwant %s", step.name, got, want)
		}
	}

	p := publisher("audit")
	if a, err := p.Audit(t.Context()); err != nil || len(a.Flaws) != 0 || a.Entries != 11 {
		t.Fatalf("audit: %+v, %v", a, err)
	}
	if err := s.Delete(t.Context(), release.DocumentKey(testChannel)); err != nil {
		t.Fatal(err)
	}
	if err := s.Copy(t.Context(), release.PackageKey(buildOf("1.1.1", "").pack.SHA256, "wgt"), release.LatestKey(testChannel), store.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	if a, err := p.Audit(t.Context()); err != nil || len(a.Flaws) != 3 {
		t.Fatalf("audit of spoiled copies: %+v, %v", a, err)
	}
	if _, changed, err := p.Repair(t.Context()); err != nil || !changed {
		t.Fatalf("repair: %v, %v", changed, err)
	}
	if a, err := p.Audit(t.Context()); err != nil || len(a.Flaws) != 0 {
		t.Fatalf("audit after repair: %+v, %v", a, err)
	}
	if records, err := p.History(t.Context(), 0); err != nil || len(records) != 11 {
		t.Fatalf("history: %d, %v", len(records), err)
	}

	// Six publishers at once, as many runners of one pipeline.
	results := make(chan error)
	for i := range 6 {
		go func() {
			p := publisher(fmt.Sprint("runner ", i))
			p.Wait = func(context.Context, time.Duration) error { return nil }
			_, err := addChange(buildOf("2.0.1", "A"), release.Whole).run(p)
			results <- err
		}()
	}
	for range 6 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if a, err := p.Audit(t.Context()); err != nil || len(a.Flaws) != 0 || a.Entries != 12 {
		t.Fatalf("audit after six at once: %+v, %v", a, err)
	}
}

// insider is an install id within the first permyriad of a build's cohorts, or
// outside for a negative one.
func insider(t *testing.T, b build, permyriad int64) string {
	for i := range 10000 {
		id := fmt.Sprint("device-", i)
		if cohort := release.Cohort(id, b.pack.Content); permyriad > 0 && cohort < permyriad || permyriad < 0 && cohort >= -permyriad {
			return id
		}
	}
	t.Fatal("no such device")
	return ""
}
