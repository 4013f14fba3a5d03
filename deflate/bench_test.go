package deflate

import (
	"bytes"
	"compress/flate"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

var (
	tree   = flag.String("tree", "", "folder whose files BenchmarkTree packs, each by itself")
	passes = flag.Int("passes", 0, "passes of BenchmarkTree")
)

func BenchmarkEncode(b *testing.B) {
	for _, in := range []input{{"style", style(100_000)}, {"script", script(300_000)}, {"noise", noise(100_000)}, {"zeros", make([]byte, 100_000)},
		{"two symbols", twoSymbols(100_000)}, {"skew", skew(100_000)}} {
		for _, passes := range []int{1, 3, Best} {
			b.Run(fmt.Sprintf("%s/%d", in.name, passes), func(b *testing.B) {
				b.SetBytes(int64(len(in.data)))
				n := 0
				for b.Loop() {
					n = len(Encode(nil, in.data, Options{Passes: passes}))
				}
				b.ReportMetric(float64(n), "bytes")
			})
		}
	}
}

// BenchmarkTree prints what the files of a folder come to, here and with the tools that are installed:
//
//	go test ./deflate -run '^$' -bench Tree -tree dist/build/app
//
// The tools are started once a file, which their times include.
func BenchmarkTree(b *testing.B) {
	if *tree == "" {
		b.Skip("no -tree")
	}
	var paths []string
	var contents [][]byte
	raw := 0
	err := filepath.WalkDir(*tree, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		paths, contents, raw = append(paths, path), append(contents, data), raw+len(data)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	report := func(name string, pack func(i int) int) {
		start, total := time.Now(), 0
		for i := range paths {
			total += pack(i)
		}
		used := time.Since(start)
		fmt.Printf("%-24s %10d bytes %8.2f s %8.2f MB/s\n", name, total, used.Seconds(), float64(raw)/1e6/used.Seconds())
	}
	fmt.Printf("\n%-24s %10d bytes in %d files\n", "as they are", raw, len(paths))
	report("compress/flate 9", func(i int) int {
		var out bytes.Buffer
		w, _ := flate.NewWriter(&out, 9)
		w.Write(contents[i])
		w.Close()
		return out.Len()
	})
	for _, tool := range [][]string{{"gzip", "-9nc"}, {"libdeflate-gzip", "-12", "-c"}, {"zopfli", "--i15", "--gzip", "-c"}} {
		if _, err := exec.LookPath(tool[0]); err != nil {
			continue
		}
		report(tool[0]+" "+tool[1], func(i int) int {
			out, err := exec.Command(tool[0], append(tool[1:], paths[i])...).Output()
			if err != nil {
				b.Fatal(err)
			}
			return len(out) - 18 // header and trailer of gzip
		})
	}
	report(fmt.Sprintf("deflate, passes %d", *passes), func(i int) int {
		packed := Encode(nil, contents[i], Options{Passes: *passes})
		if !bytes.Equal(inflate(b, packed), contents[i]) {
			b.Fatalf("%s does not come back", paths[i])
		}
		return len(packed)
	})
}
