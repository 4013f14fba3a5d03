package dir

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"wgtup/internal/store/driver"
)

// TestKilled kills a process at different moments of its writing. What it has
// reported is there, and every object is whole.
func TestKilled(t *testing.T) {
	if path := os.Getenv("WGTUP_TEST_WRITER"); path != "" {
		write(t, path)
		return
	}
	d := fresh(t)
	for round := range 8 {
		c := exec.Command(os.Args[0], "-test.run=^TestKilled$")
		c.Env = append(os.Environ(), "WGTUP_TEST_WRITER="+d.path, fmt.Sprint("WGTUP_TEST_ROUND=", round))
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		last := ""
		for range 1 + 2*round {
			if !lines.Scan() {
				t.Fatal("the writer ended by itself")
			}
			last = lines.Text()
		}
		c.Process.Kill()
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "created ") {
				last = lines.Text()
			}
		}
		c.Wait()
		check(t, d, last)
	}
}

// write replaces one object and creates others until it is killed.
func write(t *testing.T, path string) {
	d, err := New(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; ; n++ {
		id := fmt.Sprintf("%s-%d", os.Getenv("WGTUP_TEST_ROUND"), n)
		put(t, d, "current", strings.Repeat(id+"\n", 1000), driver.PutOptions{Metadata: map[string]string{"id": id}})
		put(t, d, "journal/"+id, id, driver.PutOptions{CreateOnly: true, Metadata: map[string]string{"id": id}})
		if err := d.Copy(t.Context(), "current", "copy", driver.PutOptions{Metadata: map[string]string{"id": id}}); err != nil {
			t.Fatal(err)
		}
		fmt.Println("created " + id)
	}
}

func check(t *testing.T, d *Dir, last string) {
	t.Helper()
	id, ok := strings.CutPrefix(last, "created ")
	if !ok {
		t.Fatalf("the writer said %q", last)
	}
	if body := get(t, d, "journal/"+id); body != id {
		t.Errorf("%s holds %q", id, body)
	}
	found, err := d.List(t.Context(), "", "", 10000)
	if err != nil || len(found) < 3 {
		t.Fatalf("%d objects, %v", len(found), err)
	}
	for _, i := range found {
		head, err := d.Head(t.Context(), i.Key)
		if err != nil {
			t.Error(err)
		}
		want := head.Metadata["id"]
		if !strings.HasPrefix(i.Key, "journal/") {
			want = strings.Repeat(want+"\n", 1000)
		}
		if body := get(t, d, i.Key); body != want {
			t.Errorf("%s holds %.20q with the metadata %v", i.Key, body, head.Metadata)
		}
	}
}
