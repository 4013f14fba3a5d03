package dir

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"wgtup/internal/store/driver"
)

// What a crash leaves is found once it is old, and nothing else ever is.
func TestLeftovers(t *testing.T) {
	folder := t.TempDir()
	d, err := New(folder)
	if err != nil {
		t.Fatal(err)
	}
	if left, err := d.ListUploads(t.Context(), "", 10); err != nil || left != nil {
		t.Fatalf("an empty store: %v, %v", left, err)
	}
	put := func(key, body string) {
		if err := d.Put(t.Context(), key, bytes.NewReader([]byte(body)), int64(len(body)), driver.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	put("a", "old")
	put("a", "new")
	put("b/c", "more")
	write := func(name string, age time.Duration) {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("left"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	write("blobs/dead", 2*time.Hour)
	write("tmp/dead", 2*time.Hour)
	write("blobs/young", time.Minute)
	write("tmp/young", time.Minute)
	d.now = func() time.Time { return time.Now().Add(30 * time.Minute) }
	left, err := d.ListUploads(t.Context(), "", 10)
	if err != nil || len(left) != 2 || left[0].ID != "blobs/dead" || left[1].ID != "tmp/dead" {
		t.Fatalf("left %+v, %v", left, err)
	}
	// Bodies in use are never leftovers, however old; nor can they be removed as such.
	d.now = func() time.Time { return time.Now().Add(48 * time.Hour) }
	if left, err = d.ListUploads(t.Context(), "", 10); err != nil || len(left) != 4 {
		t.Fatalf("left %+v, %v", left, err)
	}
	used, err := os.ReadDir(filepath.Join(folder, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range used {
		if err := d.AbortUpload(t.Context(), driver.Upload{ID: "blobs/" + b.Name()}); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range left {
		if err := d.AbortUpload(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	for key, want := range map[string]string{"a": "new", "b/c": "more"} {
		body, _, err := d.Get(t.Context(), key, driver.Range{})
		if err != nil {
			t.Fatal(err)
		}
		defer body.Close()
		var got bytes.Buffer
		if _, err := got.ReadFrom(body); err != nil || got.String() != want {
			t.Errorf("%s: %q, %v", key, got.String(), err)
		}
	}
	if left, err = d.ListUploads(t.Context(), "", 10); err != nil || len(left) != 0 {
		t.Errorf("left %+v, %v", left, err)
	}
	// A pointer that cannot be read: nobody knows what it needs.
	write("blobs/dead", 2*time.Hour)
	write("objects/x=.json", 2*time.Hour)
	if _, err = d.ListUploads(t.Context(), "", 10); err == nil {
		t.Error("a pointer that is damaged, and no error")
	}
}
