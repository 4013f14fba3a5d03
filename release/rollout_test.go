package release

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestRolloutVectors(t *testing.T) {
	var file struct {
		Description string
		Cases       []struct {
			Name    string
			Rollout Rollout
			Now     Time
			Share   int64
			Full    bool
		}
	}
	readVectors(t, "rollout.json", &file)
	var names []string
	for _, c := range file.Cases {
		names = append(names, c.Name)
		if got := c.Rollout.Share(c.Now.Time); got != c.Share {
			t.Errorf("%s: share %d, want %d", c.Name, got, c.Share)
		}
		if got := c.Rollout.Full(c.Now.Time); got != c.Full {
			t.Errorf("%s: full %v, want %v", c.Name, got, c.Full)
		}
	}
	countVectors(t, "rollout.json", 40, names)
}

func TestCohortVectors(t *testing.T) {
	var file struct {
		Description string
		Cases       []struct {
			Name, Install, Salt string
			Cohort              int64
		}
		Testers []struct{ Name, App, Install, Hash string }
	}
	readVectors(t, "cohort.json", &file)
	var names []string
	for _, c := range file.Cases {
		names = append(names, c.Name)
		if got := Cohort(c.Install, c.Salt); got != c.Cohort {
			t.Errorf("%s: cohort %d, want %d", c.Name, got, c.Cohort)
		}
	}
	for _, c := range file.Testers {
		names = append(names, c.Name)
		if got := TesterHash(c.App, c.Install); got != c.Hash {
			t.Errorf("%s: %s, want %s", c.Name, got, c.Hash)
		}
	}
	countVectors(t, "cohort.json", 51+8, names)
}

// population is the same in every run: install ids and the content ids of 41
// releases.
func population() (ids, salts []string) {
	r := rand.New(rand.NewPCG(20261122, 1))
	for range 20000 {
		ids = append(ids, fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", r.Uint32(), r.Uint32N(1<<16), r.Uint32N(1<<12), r.Uint32N(1<<12), r.Uint64N(1<<48)))
	}
	for range 41 {
		salts = append(salts, fmt.Sprintf("%016x%016x%016x%016x", r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()))
	}
	return ids, salts
}

// A share must be right at small and at middle sizes (peers, case 22), and the
// cohorts of two releases independent: string hashes pass the first and fail
// the second test (peers, finding 2).
func TestCohortsAreFairAndIndependent(t *testing.T) {
	ids, salts := population()
	var before []bool
	for n, salt := range salts {
		inTen := make([]bool, len(ids))
		one, ten, both, previous := 0, 0, 0, 0
		for i, id := range ids {
			cohort := Cohort(id, salt)
			if cohort < 0 || cohort >= Whole {
				t.Fatalf("cohort %d", cohort)
			}
			if cohort < 100 {
				one++
			}
			if inTen[i] = cohort < 1000; inTen[i] {
				ten++
			}
			if before != nil && before[i] {
				previous++
				if inTen[i] {
					both++
				}
			}
		}
		if share := float64(one) / float64(len(ids)); share < 0.006 || share > 0.014 {
			t.Errorf("release %d: share %.4f at 1%%", n, share)
		}
		if share := float64(ten) / float64(len(ids)); share < 0.09 || share > 0.11 {
			t.Errorf("release %d: share %.4f at 10%%", n, share)
		}
		if before != nil {
			if p := float64(both) / float64(previous); p < 0.08 || p > 0.12 {
				t.Errorf("releases %d and %d: P(in 10%% of one | in 10%% of the other) = %.4f", n-1, n, p)
			}
		}
		before = inTen
	}
}

// Growing a rollout never takes a device out of it.
func TestGrowingNeverRemovesADevice(t *testing.T) {
	ids, salts := population()
	r := Release{ID: "r1", Package: &Package{Content: salts[0]}}
	now := At(testNow)
	in := 0
	for _, id := range ids {
		was := false
		for share := int64(0); share <= Whole; share += 250 {
			r.Rollout.Permyriad = share
			is := r.offeredTo("__UNI__A1B2C3D", id, now.Time)
			if was && !is {
				t.Fatalf("%s left at %d", id, share)
			}
			was = is
		}
		if was {
			in++
		}
	}
	if in != len(ids) {
		t.Errorf("%d of %d are in at 100%%", in, len(ids))
	}
}
