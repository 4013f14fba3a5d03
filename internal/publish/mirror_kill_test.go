package publish

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"wgtup/release"
)

// kill -9 while the mirror is written, between an S3 server and a folder: phones of
// the home have the new release, those of the mirror a whole one, and the same
// command, or repair, finishes it.
func TestKilledWhileMirroring(t *testing.T) {
	start := recentShop(t)
	whole := start.clone(t)
	old := mustLook(t, start)
	if _, err := victims["publish"].change.run(whole.publisher(t, "victim", nil)); err != nil {
		t.Fatal(err)
	}
	after := mustLook(t, whole)
	for _, pair := range [][2]string{{"s3", "dir"}, {"dir", "s3"}} {
		home, mirror := newGround(t, pair[0]), newGround(t, pair[1])
		if pair[0] == "dir" {
			home.env = mirror.env // the victim's environment has the key of both
		}
		for at := range points {
			if !strings.HasPrefix(at, "mirror: ") {
				continue
			}
			for _, way := range []string{"again", "repair"} {
				t.Run(fmt.Sprint(pair, at, ", ", way), func(t *testing.T) {
					home.become(t, start)
					mirror.become(t, start)
					home.kill(t, orders{Command: "publish", Point: at, Mirror: mirror.url, Now: start.clock()})
					if now, err := start.lookAt(home.site); err != nil || now != after {
						t.Fatalf("at home devices see %v, %v", now, err)
					}
					if now, err := start.lookAt(mirror.site); err != nil || now.Client != old.Client && now.Client != after.Client || now.Hand != old.Hand && now.Hand != after.Hand {
						t.Fatalf("at the mirror devices see %v, %v", now, err)
					}
					if err := start.never(mirror.objects(t)); err != nil {
						t.Fatal(err)
					}
					p := home.publisher(t, start, "victim")
					p.Mirrors = []Mirror{{Name: mirror.url, Store: mirror.store}}
					var all []Mirrored
					if way == "again" {
						r, err := victims["publish"].change.run(p)
						if err != nil || !r.Done {
							t.Fatalf("%+v, %v", r, err)
						}
						all = r.Mirrors
					} else {
						e, _, err := p.Repair(t.Context())
						if err != nil {
							t.Fatal(err)
						}
						if all, err = p.RepairMirrors(t.Context(), e); err != nil {
							t.Fatal(err)
						}
					}
					if all[0].Err != nil || all[0].Standing != Follows || all[0].Position != (release.Position{Sequence: 4}) {
						t.Fatalf("%+v", all)
					}
					if now, err := start.lookAt(mirror.site); err != nil || now != after {
						t.Fatalf("then at the mirror devices see %v, %v", now, err)
					}
					ours, theirs := home.objects(t), mirror.objects(t)
					for key, o := range ours {
						if !bytes.Equal(o.body, theirs[key].body) {
							t.Errorf("%s differs", key)
						}
					}
				})
			}
		}
	}
}
