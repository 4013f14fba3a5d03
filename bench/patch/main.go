// Command patch measures patches between builds of examples/shop beside general tools, each at its best of a sorted
// tar, a stored zip and a concatenation, and applies them in the engines of phones.
//
//	go run ./bench/patch [-runs 5] [-agree 0] [BUILDS]
//
// It needs bsdiff, xdelta3, zstd, tar, zip, node, jsc, and the client's packages (npm ci). hdiffz and a brotli with -D are
// not in Debian 12. With -agree N it applies the patches of N generated pairs in node and in jsc without JIT instead, and compares with Go.
package main

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"wgtup/patch"
	"wgtup/patch/patchtest"
)

// The first half of the pairs was looked at when the format was made, the other was not.
var pairs = [][2]string{
	{"1.0.1", "1.1.0"}, {"1.1.1", "1.2.0"}, {"1.3.0", "1.4.0"}, {"1.5.0", "1.6.0"}, {"1.0.0", "1.1.1"}, {"1.6.0", "2.0.0"},
	{"1.0.0", "1.0.1"}, {"1.1.0", "1.1.1"}, {"1.2.0", "1.3.0"}, {"1.4.0", "1.5.0"}, {"1.5.0", "1.4.0"}, {"1.3.0", "1.5.0"}, {"1.1.0", "1.0.1"},
}

var tools = []struct{ name, command string }{
	{"bsdiff", `bsdiff "$1" "$2" "$3"`},
	{"xdelta3", `xdelta3 -f -e -9 -S lzma -B 67108864 -s "$1" "$2" "$3"`},
	{"zstd", `zstd -q -f --patch-from="$1" -22 --ultra --long=27 "$2" -o "$3" 2>/dev/null`},
}

const forms = `set -e; export LC_ALL=C; cd "$1"; find . -type f | sed 's|^./||' | sort >"$2.list"
tar --no-recursion --mtime=@0 --owner=0 --group=0 --numeric-owner --format=ustar -cf "$2.tar" -T "$2.list"
xargs -d '\n' cat <"$2.list" >"$2.cat"; rm -f "$2.zip"; zip -0 -X -D -q "$2.zip" -@ <"$2.list"`

var engines = [][]string{{"node"}, {"jsc"}, {"jsc", "--useJIT=false"}}

func main() {
	log.SetFlags(0)
	runs := flag.Int("runs", 5, "runs, of which the median counts")
	agree := flag.Int("agree", 0, "generated pairs to apply in node and jsc")
	flag.Parse()
	builds := ".cache/shop/out"
	if flag.NArg() > 0 {
		builds = flag.Arg(0)
	}
	work, err := os.MkdirTemp("", "patch-")
	check(err)
	defer os.RemoveAll(work)
	script := bundle(work)
	if *agree > 0 {
		compare(work, script, *agree)
		return
	}
	fmt.Println("| pair | best tool | bytes | ours | ratio | make ms | node | jsc | jsc, no JIT |\n|---|---|---|---|---|---|---|---|---|")
	var sum float64
	var counted int
	for _, pair := range pairs {
		for _, v := range pair {
			if _, err := os.Stat(filepath.Join(work, v+".cat")); err != nil {
				shell(forms, filepath.Join(absolute(builds), v), filepath.Join(work, v))
			}
		}
		name, best := bestTool(work, pair)
		base, next := read(filepath.Join(builds, pair[0])), read(filepath.Join(builds, pair[1]))
		times := make([][]float64, 1+len(engines))
		var p []byte
		for range *runs {
			start := time.Now()
			p, err = patch.Make(base, next)
			check(err)
			times[0] = append(times[0], time.Since(start).Seconds()*1000)
			file := filepath.Join(work, "case")
			check(os.WriteFile(file, example(base, p), 0o600))
			for i, e := range engines {
				times[1+i] = append(times[1+i], run(e, script, file)...)
			}
		}
		ratio := float64(len(p)) / float64(best)
		if best > 1024 {
			sum, counted = sum+math.Log(ratio), counted+1
		}
		fmt.Printf("| %s → %s | %s | %d | %d | %.2f |", pair[0], pair[1], name, best, len(p), ratio)
		for _, t := range times {
			slices.Sort(t)
			fmt.Printf(" %.0f |", t[len(t)/2])
		}
		fmt.Println()
	}
	fmt.Printf("\ngeometric mean over 1 KiB: %.3f\n", math.Exp(sum/float64(counted)))
}

func bestTool(work string, pair [2]string) (name string, best int64) {
	for _, t := range tools {
		for _, form := range []string{".tar", ".zip", ".cat"} {
			out := filepath.Join(work, "out")
			shell(t.command, filepath.Join(work, pair[0]+form), filepath.Join(work, pair[1]+form), out)
			info, err := os.Stat(out)
			check(err)
			if best == 0 || info.Size() < best {
				name, best = t.name+" "+form[1:], info.Size()
			}
		}
	}
	return
}

// batch is how many patches one process applies.
const batch = 200

// compare applies patches of generated pairs in node and in jsc without JIT: each has to make what Go makes.
func compare(work, script string, n int) {
	for at := 0; at < n; {
		var files []string
		for ; at < n && len(files) < batch; at++ {
			base, next := patchtest.Pair(uint64(at))
			p, err := patch.Make(base, next)
			check(err)
			files = append(files, filepath.Join(work, strconv.Itoa(at)))
			check(os.WriteFile(files[len(files)-1], example(base, p), 0o600))
		}
		for _, e := range [][]string{engines[0], engines[2]} {
			if made := run(e, script, files...); len(made) != len(files) {
				log.Fatalf("%v: %d of %d packages before pair %d", e, len(made), len(files), at)
			}
		}
		for _, file := range files {
			check(os.Remove(file))
		}
		fmt.Printf("%d pairs: node and jsc without JIT make what Go makes\n", at)
	}
}

// bundle returns the path of the script that applies a patch.
func bundle(work string) string {
	const command = `cd client && npx --no-install tsc -p . --outDir "$1/js" && npx --no-install esbuild "$1/js/patch/index.js" --bundle --minify --format=iife --global-name=patch --target=es2015 --log-level=error >"$1/patch.js"
		printf 'decoder: %d bytes, %d with gzip\n\n' $(wc -c <"$1/patch.js") $(gzip -9c "$1/patch.js" | wc -c) >&2; cat "$1/patch.js" ../bench/patch/apply.js >"$1/apply.js"`
	shell(command, work)
	return filepath.Join(work, "apply.js")
}

// example is what apply.js reads: the base, the patch, and what it makes, each with its length in front.
func example(base []patch.File, p []byte) (b []byte) {
	put := func(part []byte) { b = append(binary.LittleEndian.AppendUint32(b, uint32(len(part))), part...) }
	b = binary.LittleEndian.AppendUint32(b, uint32(len(base)))
	for _, f := range base {
		put([]byte(f.Name))
		put(f.Data)
	}
	var made bytes.Buffer
	check(patch.Apply(base, p, &made))
	put(p)
	put(made.Bytes())
	return
}

// run returns the milliseconds that each took.
func run(engine []string, script string, files ...string) (took []float64) {
	args := append(slices.Clone(engine[1:]), script)
	if engine[0] == "jsc" {
		args = append(args, "--")
	}
	out, err := exec.Command(engine[0], append(args, files...)...).CombinedOutput()
	if err != nil {
		log.Fatalf("%v: %v\n%s", engine, err, out)
	}
	for _, line := range strings.Fields(strings.TrimSpace(string(out))) {
		ms, err := strconv.ParseFloat(line, 64)
		if err != nil {
			log.Fatalf("%v: %s", engine, out)
		}
		took = append(took, ms)
	}
	return took
}

func read(dir string) (files []patch.File) {
	check(filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files = append(files, patch.File{Name: filepath.ToSlash(name), Data: data})
		return err
	}))
	return
}

func shell(script string, args ...string) {
	cmd := exec.Command("bash", append([]string{"-c", script, "bash"}, args...)...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		log.Fatalf("%s: %v", strings.Fields(script)[0], err)
	}
}

func absolute(path string) string {
	a, err := filepath.Abs(path)
	check(err)
	return a
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
