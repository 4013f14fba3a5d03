package publish

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"wgtup/internal/store"
	"wgtup/internal/store/driver"
	"wgtup/internal/store/storetest"
	"wgtup/release"
)

// P28: there is no room, at any write. What is said is true, devices see
// something whole, and with room again the same command finishes.
func TestP28DiskFull(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "blob", Err: syscall.ENOSPC}
	begin, clean := shop(t), &tap{}
	if _, err := bigger().run(begin.clone(t).publisher(t, "victim", clean)); err != nil {
		t.Fatal(err)
	}
	old := mustLook(t, begin)
	for at, call := range clean.Calls {
		if !strings.HasPrefix(call, "put") && !strings.HasPrefix(call, "copy") {
			continue
		}
		b := begin.clone(t)
		_, err := bigger().run(b.publisher(t, "victim", failing(at, call, full, "for ever")))
		var unsettled *UnsettledError
		created := count(b.journal(t), func(e *Entry) bool { return e.Document.By == "victim" }) == 1
		if !errors.Is(err, syscall.ENOSPC) || errors.As(err, &unsettled) != created {
			t.Errorf("%s: got %v", call, err)
		}
		if now := mustLook(t, b); !created && now != old {
			t.Errorf("%s: devices see %v", call, now)
		}
		if _, err := bigger().run(b.publisher(t, "victim", nil)); err != nil {
			t.Errorf("%s: again: %v", call, err)
		}
		if _, err := settled(b.objects(t), b); err != nil {
			t.Errorf("%s: %v", call, err)
		}
	}
}

// The same on a folder with 1 MiB of room, where this machine lets us have one.
func TestP28SmallDisk(t *testing.T) {
	path := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path).CombinedOutput(); err != nil {
		t.Logf("only injected, in TestP28DiskFull: %v, %s", err, out)
		return
	}
	t.Cleanup(func() { exec.Command("umount", path).Run() })
	s, err := store.Open(t.Context(), "dir:"+path+"/store", nil)
	if err != nil {
		t.Fatal(err)
	}
	g := &ground{store: s.WithRetry(storetest.Patience)}
	b := shop(t)
	g.become(t, b)
	g.site = b.publisher(t, "site", nil).Sites[0]
	p := g.publisher(t, b, "x")
	p.Sites = nil
	filler := path + "/filler"
	if err := os.WriteFile(filler, make([]byte, 500<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	c := addChange(buildOf("1.1.0", "big"), release.Whole)
	if len(buildOf("1.1.0", "big").body) < 200<<10 {
		t.Fatal("the package is too small for this test")
	}
	before := len(g.objects(t))
	if err := os.WriteFile(path+"/more", make([]byte, 250<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.run(p); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("got %v", err)
	}
	if now := len(g.objects(t)); now != before {
		t.Errorf("%d objects, before there were %d", now, before)
	}
	os.Remove(filler)
	if _, err := c.run(p); err != nil {
		t.Fatal(err)
	}
	if _, err := settled(g.objects(t), b); err != nil {
		t.Error(err)
	}
}

// P27: a big upload was left unfinished and may not be aborted. The channel is as
// it was, and prune lists it; once it may be aborted, it goes.
func TestP27UnfinishedUpload(t *testing.T) {
	b := aged(t)
	b.do(t, baseChange("1.0.0"))
	began := b.clock()
	b.wait(nil, 25*60*60*1e9)
	orphans := &unfinished{Driver: b.mem, uploads: []driver.Upload{{Key: "packages/half.wgt", ID: "1", Began: began}, {Key: "packages/young.wgt", ID: "2", Began: b.clock()}}, denied: true}
	s, err := store.New(orphans, "")
	if err != nil {
		t.Fatal(err)
	}
	p := b.publisher(t, "x", nil)
	p.Store = s
	look, err := p.Prune(t.Context(), DefaultRetention, false)
	if err != nil || len(look.Removed) != 1 || look.Removed[0].Key != "packages/half.wgt" || look.Removed[0].Why != GoesUpload {
		t.Fatalf("%v, %+v", err, look)
	}
	if _, err := p.Prune(t.Context(), DefaultRetention, true); !errors.Is(err, store.ErrDenied) {
		t.Fatalf("got %v", err)
	}
	if _, err := settled(b.objects(t), b); err != nil {
		t.Error(err)
	}
	orphans.denied = false
	if _, err := p.Prune(t.Context(), DefaultRetention, true); err != nil || len(orphans.uploads) != 1 || orphans.uploads[0].ID != "2" {
		t.Fatalf("%v, left %+v", err, orphans.uploads)
	}
}

// unfinished is a store with uploads that nobody finished.
type unfinished struct {
	store.Driver
	uploads []driver.Upload
	denied  bool
}

func (u *unfinished) ListUploads(context.Context, string, int) ([]driver.Upload, error) {
	return u.uploads, nil
}

func (u *unfinished) AbortUpload(_ context.Context, one driver.Upload) error {
	if u.denied {
		return store.ErrDenied
	}
	for i, have := range u.uploads {
		if have == one {
			u.uploads = append(u.uploads[:i:i], u.uploads[i+1:]...)
		}
	}
	return nil
}
