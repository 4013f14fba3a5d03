package e2e

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestHandwrittenClient: a client that knows only HEAD, version-code and the
// body gets every generally available release, and never a staged, held, paused
// or withdrawn one.
func TestHandwrittenClient(t *testing.T) {
	for _, place := range places(t) {
		t.Run(place.name, func(t *testing.T) {
			p := newProject(t, place)
			see := func(when, running, want string) {
				t.Helper()
				if got := p.handwritten(running); len(got) < len(want) || got[:len(want)] != want {
					t.Errorf("%s: a client with %s gets %q, want %q", when, running, got, want)
				}
			}
			p.ok("publish", "--base", build(t, "1.0.0"))
			see("after the base", "100", "none")
			see("after the base", "99", "update 1.0.0 100")

			p.ok("publish", build(t, "1.0.1"))
			file := filepath.Join(t.TempDir(), "got.wgt")
			if got := p.handwritten("100", file); got[:len("update 1.0.1 101")] != "update 1.0.1 101" {
				t.Errorf("after 1.0.1: %q", got)
			}
			wantFile := filepath.Join(t.TempDir(), "want.wgt")
			p.ok("pack", "--best", build(t, "1.0.1"), "-o", wantFile)
			if sum(t, file) != sum(t, wantFile) {
				t.Error("the body is not the package of 1.0.1")
			}

			p.ok("publish", build(t, "1.1.0"), "-r", "10%")
			see("while 1.1.0 is at 10%", "101", "none")
			p.ok("rollout", "production", "50%")
			see("while 1.1.0 is at 50%", "101", "none")
			p.ok("rollout", "production", "pause")
			see("while 1.1.0 is paused", "101", "none")
			p.ok("rollout", "production", "resume")
			p.ok("rollout", "production", "complete")
			see("when 1.1.0 is for everybody", "101", "update 1.1.0 110")

			p.ok("hold", "ios", "--reason", "in review")
			see("while ios is held", "101", "none")
			p.ok("unhold", "ios")
			see("after the hold", "101", "update 1.1.0 110")

			p.ok("rollback", "-m", "cart crashes")
			see("after 1.1.0 was withdrawn", "101", "none")
			see("after 1.1.0 was withdrawn", "110", "none")
			see("after 1.1.0 was withdrawn", "100", "update 1.0.1 101")
		})
	}
}

func sum(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(data))
}
