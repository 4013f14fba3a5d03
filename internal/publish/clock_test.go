package publish

import (
	"strings"
	"testing"
	"time"

	"wgtup/release"
)

// P25, P26: a clock that the network contradicts by more than a day publishes
// nothing, since phones would refuse what is issued then, and all that follows.
func TestP25P26ClockWrong(t *testing.T) {
	begin := recentShop(t)
	begin.now = time.Now().UTC().Truncate(time.Second)
	grounds(t, func(t *testing.T, g *ground) {
		for name, c := range map[string]struct {
			off   time.Duration
			wrong bool
		}{
			"right": {}, "1 h ahead": {time.Hour, false}, "1 h behind": {-time.Hour, false},
			"2 years ahead": {2 * 365 * day, true}, "2 years behind": {-2 * 365 * day, true}, "25 h ahead": {25 * time.Hour, true},
		} {
			g.become(t, begin)
			p := g.publisher(t, begin, "x")
			p.Now = func() time.Time { return begin.clock().Add(c.off) }
			r, err := full("1.1.0").run(p)
			if c.wrong {
				refusal := refusedAs(t, err, ClockWrong)
				if !strings.HasPrefix(refusal.Facts["there"], begin.clock().Format("2006")) {
					t.Errorf("%s: %v", name, refusal)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			d := r.Entry.Document
			if d.Issued.Before(begin.head(t).Document.Issued.Time) {
				t.Errorf("%s: issued %s", name, d.Issued)
			}
			phone := release.Device{App: testApp, Channel: testChannel, Platform: release.Android, Native: versionOf("1.0.0"), Running: release.Running{Name: "1.0.0", Code: 100}}
			if got := release.Decide(phone, d, release.Clock{Now: time.Now(), Network: true}); got.Action != release.InstallWgt {
				t.Errorf("%s: a phone does nothing: %s", name, got.Reason)
			}
		}
	})
}
