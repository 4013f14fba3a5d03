package dir

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wgtup/internal/store/driver"
)

func fresh(t *testing.T) *Dir {
	t.Helper()
	d, err := New(filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func put(t *testing.T, d *Dir, key, body string, o driver.PutOptions) {
	t.Helper()
	if err := d.Put(t.Context(), key, strings.NewReader(body), int64(len(body)), o); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, d *Dir, key string) string {
	t.Helper()
	body, _, err := d.Get(t.Context(), key, driver.Range{})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// files returns how many files are in a folder of the store.
func files(t *testing.T, d *Dir, folder string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(filepath.Join(d.path, folder), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNames(t *testing.T) {
	for segment, want := range map[string]string{
		"release.json": "release.json", "Release": "=release", "RE": "=r=e", "con": "==con", "Con": "===con", "con.txt": "==con.txt",
		"CON.": "===c=o=n.==", "console": "console", "com1": "==com1", "com10": "com10", "lpt0": "==lpt0", "a.": "a.==", "...": "...==", "__UNI__A1": "__=u=n=i__=a1",
	} {
		got := encode(segment)
		if got != want {
			t.Errorf("%s becomes %s, want %s", segment, got, want)
		}
		if back, ok := decode(got); back != segment || !ok {
			t.Errorf("%s becomes %s and then %s, %v", segment, got, back, ok)
		}
	}
	for _, name := range []string{"Release", "con", "a.", "a=", "a==", "==a", "=", "a=.json", "=1", "a==b", "====con"} {
		if back, ok := decode(name); ok {
			t.Errorf("%s was taken for %s", name, back)
		}
	}
	if _, err := pointerName(strings.Repeat("a", 201)); !errors.Is(err, driver.ErrUnsupported) {
		t.Error(err)
	}
}

func TestNothingLeftBehind(t *testing.T) {
	d := fresh(t)
	for n := range 5 {
		put(t, d, "key", fmt.Sprint("version ", n), driver.PutOptions{})
		if err := d.Copy(t.Context(), "key", "copy", driver.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	err := d.Put(t.Context(), "key", strings.NewReader("x"), 1, driver.PutOptions{CreateOnly: true})
	if !errors.Is(err, driver.ErrExists) {
		t.Error(err)
	}
	if err := d.Copy(t.Context(), "missing", "copy", driver.PutOptions{}); !errors.Is(err, driver.ErrNotFound) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Put(ctx, "other", strings.NewReader("x"), 1, driver.PutOptions{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if b, o, x := files(t, d, blobs), files(t, d, objects), files(t, d, tmp); b != 2 || o != 2 || x != 0 {
		t.Errorf("%d blobs, %d pointers, %d drafts", b, o, x)
	}
	for _, key := range []string{"key", "copy"} {
		if err := d.Delete(t.Context(), key); err != nil {
			t.Error(err)
		}
	}
	if b, o := files(t, d, blobs), files(t, d, objects); b != 0 || o != 0 {
		t.Errorf("%d blobs, %d pointers after deleting", b, o)
	}
}

// TestOpenBody: what was opened stays readable when the object is replaced and
// removed.
func TestOpenBody(t *testing.T) {
	d := fresh(t)
	put(t, d, "key", "first", driver.PutOptions{})
	body, info, err := d.GetSeeker(t.Context(), "key")
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	put(t, d, "key", "second", driver.PutOptions{})
	if err := d.Delete(t.Context(), "key"); err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(body); string(data) != "first" || info.Size != 5 || err != nil {
		t.Errorf("%q, %v", data, err)
	}
}

// TestReadingMakesNothing: a store that nobody has written to is empty, and
// stays unmade.
func TestReadingMakesNothing(t *testing.T) {
	d := fresh(t)
	if _, err := d.Head(t.Context(), "key"); !errors.Is(err, driver.ErrNotFound) {
		t.Error(err)
	}
	if found, err := d.List(t.Context(), "", "", 10); len(found) != 0 || err != nil {
		t.Error(found, err)
	}
	if err := d.Delete(t.Context(), "key"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(d.path); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestCopiedFolder(t *testing.T) {
	d := fresh(t)
	put(t, d, "channels/P/release.json", "body", driver.PutOptions{Metadata: map[string]string{"release": "42"}})
	if err := d.Copy(t.Context(), "channels/P/release.json", "copy", driver.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	moved := fresh(t)
	if err := os.CopyFS(moved.path, os.DirFS(d.path)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(d.path); err != nil {
		t.Fatal(err)
	}
	if a, b := get(t, moved, "channels/P/release.json"), get(t, moved, "copy"); a != "body" || b != "body" {
		t.Errorf("%q, %q", a, b)
	}
	put(t, moved, "copy", "new", driver.PutOptions{})
}

// TestCrash puts the store in every state that a crash can leave.
func TestCrash(t *testing.T) {
	d := fresh(t)
	put(t, d, "key", "body", driver.PutOptions{})
	for name, content := range map[string]string{
		"blobs/half": "bo", "tmp/draft": `{"format":1,"blob":"half"`, "objects/other=.json.part": "", "objects/Upper=.json": "{}", "objects/notes.txt": "",
	} {
		if err := os.WriteFile(filepath.Join(d.path, filepath.FromSlash(name)), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	found, err := d.List(t.Context(), "", "", 10)
	if err != nil || len(found) != 1 || found[0].Key != "key" || get(t, d, "key") != "body" {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestDamage(t *testing.T) {
	d := fresh(t)
	for name, pointer := range map[string]string{
		"half": `{"format":1,"bl`, "no-blob": `{"format":1,"size":1,"sha256":"` + strings.Repeat("0", 64) + `"}`,
		"outside":   `{"format":1,"blob":"../objects/half=.json","size":1,"sha256":"` + strings.Repeat("0", 64) + `"}`,
		"no-digest": `{"format":1,"blob":"b","size":1}`, "negative": `{"format":1,"blob":"b","size":-1,"sha256":"` + strings.Repeat("0", 64) + `"}`,
		"gone": `{"format":1,"blob":"gone","size":1,"sha256":"` + strings.Repeat("0", 64) + `"}`,
	} {
		put(t, d, name, "x", driver.PutOptions{})
		path := filepath.Join(d.path, objects, name+suffix)
		if err := os.WriteFile(path, []byte(pointer), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.Get(t.Context(), name, driver.Range{}); !errors.Is(err, driver.ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
		if err := d.Copy(t.Context(), name, "copy", driver.PutOptions{}); !errors.Is(err, driver.ErrCorrupt) {
			t.Errorf("copy %s: %v", name, err)
		}
		// It can be written again, or removed.
		put(t, d, name, "y", driver.PutOptions{})
		if err := d.Delete(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
	put(t, d, "short", "body", driver.PutOptions{})
	blob, err := filepath.Glob(filepath.Join(d.path, blobs, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range blob {
		if err := os.Truncate(path, 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := d.Get(t.Context(), "short", driver.Range{}); !errors.Is(err, driver.ErrCorrupt) {
		t.Error(err)
	}
	put(t, d, "new", "x", driver.PutOptions{})
	path := filepath.Join(d.path, objects, "new"+suffix)
	if err := os.WriteFile(path, []byte(`{"format":2}`), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Head(t.Context(), "new"); !errors.Is(err, driver.ErrUnsupported) {
		t.Error(err)
	}
}

// TestRenameOverOpenFile: Windows refuses to replace a file that somebody has
// open. A virus scanner lets go of it soon; who never does costs the write, not
// the object.
func TestRenameOverOpenFile(t *testing.T) {
	violation := errors.New("the process cannot access the file because it is being used by another process")
	sharing, sleep = func(err error) bool { return errors.Is(err, violation) }, func(time.Duration) {}
	t.Cleanup(func() { sharing, sleep = isSharing, time.Sleep })
	d := fresh(t)
	put(t, d, "key", "first", driver.PutOptions{})
	open, tries := 5, 0
	d.rename = func(r *os.Root, from, to string) error {
		if tries++; tries <= open {
			return violation
		}
		return r.Rename(from, to)
	}
	put(t, d, "key", "second", driver.PutOptions{})
	if got := get(t, d, "key"); got != "second" || tries != open+1 {
		t.Errorf("%q after %d tries", got, tries)
	}
	open, tries = math.MaxInt, 0
	err := d.Put(t.Context(), "key", strings.NewReader("third"), 5, driver.PutOptions{})
	if !errors.Is(err, violation) || tries != 10 {
		t.Errorf("%d tries: %v", tries, err)
	}
	if got := get(t, d, "key"); got != "second" {
		t.Errorf("%q, want what was there", got)
	}
	if b, o, drafts := files(t, d, blobs), files(t, d, objects), files(t, d, tmp); b != 1 || o != 1 || drafts != 0 {
		t.Errorf("%d blobs, %d pointers, %d drafts", b, o, drafts)
	}
}

// TestWithoutLinks: a file system that has no hard links.
func TestWithoutLinks(t *testing.T) {
	d := fresh(t)
	d.link = func(*os.Root, string, string) error { return errors.ErrUnsupported }
	var all sync.WaitGroup
	wins := make(chan string, 32)
	for n := range 32 {
		other := &Dir{path: d.path, now: d.now, rename: d.rename, link: d.link}
		all.Go(func() {
			body := fmt.Sprint("body ", n)
			err := other.Put(t.Context(), "key", strings.NewReader(body), int64(len(body)), driver.PutOptions{CreateOnly: true})
			switch {
			case err == nil:
				wins <- body
			case !errors.Is(err, driver.ErrExists) && !errors.Is(err, driver.ErrUnavailable):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(wins) != 1 {
		t.Fatalf("%d winners", len(wins))
	}
	if want := <-wins; get(t, d, "key") != want {
		t.Errorf("%q, want %q", get(t, d, "key"), want)
	}
	if err := d.Copy(t.Context(), "key", "copy", driver.PutOptions{}); err != nil || get(t, d, "copy") != get(t, d, "key") {
		t.Errorf("copy: %v", err)
	}
	if b, o := files(t, d, blobs), files(t, d, objects); b != 2 || o != 2 {
		t.Errorf("%d blobs, %d pointers", b, o)
	}

	// What a process leaves that dies between claiming a key and writing it.
	if err := os.WriteFile(filepath.Join(d.path, objects, "dead"+suffix), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Head(t.Context(), "dead"); !errors.Is(err, driver.ErrNotFound) {
		t.Error(err)
	}
	create := func() error {
		return d.Put(t.Context(), "dead", strings.NewReader(""), 0, driver.PutOptions{CreateOnly: true})
	}
	if err := create(); !errors.Is(err, driver.ErrUnavailable) || !strings.Contains(err.Error(), "dead=.json") {
		t.Error(err)
	}
	if err := d.Delete(t.Context(), "dead"); err != nil {
		t.Error(err)
	}
	if err := create(); err != nil {
		t.Error(err)
	}
}

// TestProcesses lets several processes create the same keys.
func TestProcesses(t *testing.T) {
	const keys, processes = 20, 6
	if path := os.Getenv("WGTUP_TEST_CONTENDER"); path != "" {
		d, err := New(path)
		if err != nil {
			t.Fatal(err)
		}
		for n := range keys {
			body := fmt.Sprintf("%d of process %d", n, os.Getpid())
			err := d.Put(t.Context(), fmt.Sprint("k/", n), strings.NewReader(body), int64(len(body)), driver.PutOptions{CreateOnly: true})
			switch {
			case err == nil:
				fmt.Printf("won %s\n", body)
			case !errors.Is(err, driver.ErrExists):
				t.Error(err)
			}
		}
		return
	}
	d := fresh(t)
	var output [processes]bytes.Buffer
	var all sync.WaitGroup
	for n := range processes {
		all.Go(func() {
			c := exec.Command(os.Args[0], "-test.run=^TestProcesses$")
			c.Env = append(os.Environ(), "WGTUP_TEST_CONTENDER="+d.path)
			c.Stdout, c.Stderr = &output[n], &output[n]
			if err := c.Run(); err != nil {
				t.Errorf("%v: %s", err, output[n].Bytes())
			}
		})
	}
	all.Wait()
	var won string
	for n := range output {
		won += output[n].String()
	}
	if n := strings.Count(won, "won "); n != keys {
		t.Errorf("%d keys were won, want %d", n, keys)
	}
	for n := range keys {
		if body := get(t, d, fmt.Sprint("k/", n)); !strings.Contains(won, "won "+body+"\n") {
			t.Errorf("%q was not the winner's", body)
		}
	}
}
