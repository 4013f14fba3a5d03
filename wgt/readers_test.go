package wgt

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// readers are others that read packages: Android's is java.util.zip, by either class.
var readers = []struct {
	names   []string
	command []string
}{
	{[]string{"ZipFile", "ZipInputStream"}, []string{"java", "testdata/readers/Readers.java"}},
	{[]string{"zipfile"}, []string{"python3", "testdata/readers/readers.py"}},
}

// readAlike fails unless Go's reader, both of Java's and Python's find the same names
// with the same contents in each package, in the same order.
func readAlike(t *testing.T, packages map[string][]byte) {
	t.Helper()
	dir := t.TempDir()
	want := map[string][]string{} // by path
	called := map[string]string{}
	for i, name := range slices.Sorted(maps.Keys(packages)) {
		path := filepath.Join(dir, fmt.Sprintf("%03d.wgt", i))
		if err := os.WriteFile(path, packages[name], 0o600); err != nil {
			t.Fatal(err)
		}
		called[path], want[path] = name, goReads(t, packages[name])
	}
	paths := slices.Sorted(maps.Keys(want))
	for _, r := range readers {
		out, err := exec.Command(r.command[0], append(r.command[1:], paths...)...).Output()
		if err != nil {
			t.Fatalf("%s (make deps installs it): %v %s", r.command[0], err, stderrOf(err))
		}
		got := map[string]map[string][]string{}
		for line := range strings.Lines(string(out)) {
			part := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
			if len(part) != 4 {
				t.Fatalf("%s says %q", r.command[0], line)
			}
			if got[part[0]] == nil {
				got[part[0]] = map[string][]string{}
			}
			got[part[0]][part[1]] = append(got[part[0]][part[1]], part[2]+" "+part[3])
		}
		for _, name := range r.names {
			for _, path := range paths {
				if !slices.Equal(got[name][path], want[path]) {
					t.Errorf("%s of %s reads\n%s\nGo\n%s", name, called[path], strings.Join(got[name][path], "\n"), strings.Join(want[path], "\n"))
				}
			}
		}
	}
}

func goReads(t *testing.T, data []byte) []string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, r); err != nil {
			t.Fatal(err)
		}
		all = append(all, hex.EncodeToString(sum.Sum(nil))+" "+f.Name)
	}
	return all
}

func stderrOf(err error) []byte {
	if e, ok := err.(*exec.ExitError); ok {
		return e.Stderr
	}
	return nil
}

// What we upload reads identically everywhere: every encoding, and the real builds
// inside the command.
func TestReadersAgree(t *testing.T) {
	packages := map[string][]byte{}
	tree := sampleTree(t)
	for _, e := range []Encoding{Fast, Best, Stored} {
		packages[string(e)], _ = write(t, tree, e)
	}
	real, err := filepath.Glob("../cmd/wgtup/demo/*.wgt")
	if err != nil || len(real) < 2 {
		t.Fatal("no demo packages", err)
	}
	for _, path := range real {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		packages[filepath.Base(path)] = data
	}
	readAlike(t, packages)
}
