package publish

import (
	"testing"

	"wgtup/release"
)

func TestAddBase(t *testing.T) {
	base := []change{baseChange("1.0.0")}
	otherContent := change{edit: func(*Publisher) Edit {
		return AddBase(BaseAddition{Natives: []release.Native{androidApp("1.0.0")}, Fingerprint: testPrint, Source: buildOf("1.0.0", "A").pack.Content,
			Version: versionOf("1.0.0"), Package: buildOf("1.0.0", "A").pack})
	}}
	retire := simple(func() Edit { return Retire("android", "1.0.0") })

	try(t, []rule{
		{name: "first", do: baseChange("1.0.0"), want: "(1.0.0)", check: both(natives("android 1.0.0, ios 1.0.0"), platforms("android", "ios"), func(t *testing.T, d *release.Document) {
			r := d.Releases[0]
			if !r.Landing || r.Mode != release.Silent || r.Rollout.Permyriad != release.Whole || r.ID != "r1" || len(d.Bases) != 2 {
				t.Errorf("landing %+v, bases %v", r, d.Bases)
			}
		})},
		{name: "again", before: base, do: baseChange("1.0.0"), done: true},
		{name: "with other content", before: base, do: otherContent, refuse: BaseDiffers, facts: "native=android 1.0.0"},
		{name: "one native more", before: []change{baseChange("1.0.0", iosApp("1.0.0"))}, do: baseChange("1.0.0"), want: "(1.0.0) (1.0.0)", check: natives("android 1.0.0")},
		{name: "releases of its kind fit it", before: after(base, full("1.0.1"), share("1.0.2", 1000)), do: baseChange("1.1.0"), want: "(1.0.0) 1.0.1 1.0.2@10% (1.1.0)",
			check: func(t *testing.T, d *release.Document) {
				for _, id := range []string{"r2", "r3"} {
					if got := nativeNames(*d.Find(id)); got != "android 1.0.0, ios 1.0.0, android 1.1.0, ios 1.1.0" {
						t.Errorf("%s fits %s", id, got)
					}
				}
			}},
		{name: "releases of another kind do not", before: after(base, full("1.0.1")), do: otherBase("1.1.0", androidApp("1.1.0")), want: "(1.0.0) 1.0.1 (1.1.0)",
			check: func(t *testing.T, d *release.Document) {
				if got := nativeNames(*d.Find("r2")); got != "android 1.0.0, ios 1.0.0" {
					t.Errorf("it fits %s", got)
				}
			}},
		{name: "releases of another platform do not", before: after(base, with(buildOf("1.0.1", ""), release.Whole, func(a *Addition) { a.Platforms = []string{"ios"} })),
			do: baseChange("1.1.0", androidApp("1.1.0")), check: func(t *testing.T, d *release.Document) {
				if got := nativeNames(*d.Find("r2")); got != "ios 1.0.0" {
					t.Errorf("it fits %s", got)
				}
			}},
		{name: "back from retirement, live releases fit it", before: after(base, baseChange("1.1.0"), retire, full("1.2.0")), do: baseChange("1.0.0"),
			check: fitsNow("r4", "android 1.1.0, ios 1.0.0, ios 1.1.0, android 1.0.0")},
		{name: "back from retirement", before: after(base, retire), do: baseChange("1.0.0"), want: "(1.0.0)", check: func(t *testing.T, d *release.Document) {
			if d.Bases[0].Retired {
				t.Error("still retired")
			}
		}},
	})
}
