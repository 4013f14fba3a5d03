package release

import "testing"

func TestPositionID(t *testing.T) {
	for _, c := range []struct {
		at   Position
		n    int
		want string
	}{
		{Position{0, 42}, 0, "r42"}, {Position{0, 42}, 1, "r42b"}, {Position{0, 42}, 2, "r42c"}, {Position{0, 42}, 25, "r42z"},
		{Position{0, 1}, 0, "r1"}, {Position{1, 42}, 0, "r1-42"}, {Position{1, 42}, 1, "r1-42b"}, {Position{11, 42}, 0, "r11-42"},
		{Position{0, MaxSequence}, 0, "r9999999999"}, {Position{9007199254740991, MaxSequence}, 25, "r9007199254740991-9999999999z"},
	} {
		got := c.at.ID(c.n)
		if got != c.want {
			t.Errorf("%v.ID(%d) = %s, want %s", c.at, c.n, got, c.want)
		}
		if !releaseID.MatchString(got) {
			t.Errorf("%s is no release id", got)
		}
	}
}

// No id is dealt twice, whatever the entry that deals it.
func TestPositionIDsDiffer(t *testing.T) {
	seen := map[string]Position{}
	for epoch := int64(0); epoch < 12; epoch++ {
		for sequence := int64(1); sequence < 120; sequence++ {
			for n := range 26 {
				p := Position{epoch, sequence}
				if q, twice := seen[p.ID(n)]; twice {
					t.Fatalf("%s in %v and %v", p.ID(n), p, q)
				}
				seen[p.ID(n)] = p
			}
		}
	}
}

func TestPositionCompare(t *testing.T) {
	ascending := []Position{{}, {0, 1}, {0, 2}, {0, 10}, {0, MaxSequence}, {1, 0}, {1, 1}, {2, 1}, {10, 1}}
	for i, p := range ascending {
		for j, q := range ascending {
			got := p.Compare(q)
			if (i < j) != (got < 0) || (i > j) != (got > 0) {
				t.Errorf("%v.Compare(%v) = %d", p, q, got)
			}
		}
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{JournalKey("production", Position{0, 42}), "channels/production/journal/0/0000000042.json"},
		{JournalKey("beta-2", Position{3, MaxSequence}), "channels/beta-2/journal/3/9999999999.json"},
		{DocumentKey("production"), "channels/production/release.json"},
		{LatestKey("production"), "channels/production/latest.wgt"},
		{PackageKey("ab12", "wgt"), "packages/ab12.wgt"},
		{PackageKey("ab12", "ipa"), "packages/ab12.ipa"},
		{PatchKey("cd34"), "patches/cd34.patch"},
		{(&Document{Epoch: 1, Sequence: 7}).Position().String(), "1/7"},
		{Digest(nil), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}
