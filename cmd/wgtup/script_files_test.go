package main

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"

	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/wgt"
)

// build DIR VERSION CODE [OLD=NEW...] writes a build output, like a compiler.
func build(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: build DIR VERSION CODE [OLD=NEW...]")
	}
	archive, err := txtar.ParseFile(filepath.Join(testData, "app.txtar"))
	ts.Check(err)
	replace := []string{"VERSION", args[1], "CODE", args[2]}
	for _, a := range args[3:] {
		before, after, _ := strings.Cut(a, "=")
		replace = append(replace, before, after)
	}
	for _, f := range archive.Files {
		path := filepath.Join(ts.MkAbs(args[0]), filepath.FromSlash(f.Name))
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
		ts.Check(os.WriteFile(path, []byte(strings.NewReplacer(replace...).Replace(string(f.Data))), 0o644))
	}
}

var testData, _ = filepath.Abs("testdata")

// copy FROM TO copies a folder.
func copyTree(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), os.DirFS(ts.MkAbs(args[0]))))
}

// unpack FILE DIR writes the files of a package into a folder.
func unpack(ts *testscript.TestScript, _ bool, args []string) {
	data := ts.ReadFile(args[0])
	tree, err := wgt.ReadArchive(strings.NewReader(data), int64(len(data)))
	ts.Check(err)
	for _, f := range tree.Files {
		contents, err := f.Read()
		ts.Check(err)
		path := filepath.Join(ts.MkAbs(args[1]), filepath.FromSlash(f.Name))
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
		ts.Check(os.WriteFile(path, contents, 0o644))
	}
}

// sparse FILE BYTES makes a file of zeros that takes no space.
func sparse(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(f.Truncate(size))
	ts.Check(f.Close())
}

// noise FILE SIZE makes a file that no compression makes smaller, the same one every time.
func noise(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	data := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{}).Read(data)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o644))
}

// touch TIME FILE... sets when files were changed.
func touch(ts *testscript.TestScript, _ bool, args []string) {
	when, err := time.Parse(time.RFC3339, args[0])
	ts.Check(err)
	for _, name := range args[1:] {
		ts.Check(os.Chtimes(ts.MkAbs(name), when, when))
	}
}

// object DIR VERB KEY [FILE] looks at an object of a dir: store, or does to it what
// whoever holds a bucket can do. Verbs: exists, absent, delete, replace (by a file,
// with the same metadata), tamper (one bit of it).
func object(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	s, err := store.Open(ctx, "dir:"+ts.MkAbs(args[0]), func(string) string { return "" })
	ts.Check(err)
	verb, key := args[1], args[2]
	data, info, err := s.GetBytes(ctx, key, 1<<30)
	if verb == "absent" {
		if !errors.Is(err, store.ErrNotFound) {
			ts.Fatalf("%s is there: %v", key, err)
		}
		return
	}
	ts.Check(err)
	switch verb {
	case "delete":
		ts.Check(s.Delete(ctx, key))
		return
	case "replace":
		data = []byte(ts.ReadFile(args[3]))
	case "tamper":
		data[len(data)/2] ^= 1
	}
	if verb != "exists" {
		ts.Check(s.PutBytes(ctx, key, data, store.PutOptions{ContentType: info.ContentType, Metadata: info.Metadata}))
	}
}

// place DIR PLAN FILE puts a file where the newest package of a plan belongs.
func place(ts *testscript.TestScript, _ bool, args []string) {
	var plan struct{ Document release.Document }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &plan))
	all := plan.Document.Releases
	ctx := context.Background()
	s, err := store.Open(ctx, "dir:"+ts.MkAbs(args[0]), func(string) string { return "" })
	ts.Check(err)
	ts.Check(s.PutBytes(ctx, all[len(all)-1].PackageKey(), []byte(ts.ReadFile(args[2])), store.PutOptions{}))
}

// packages DIR sets $PACKAGE1 and so on to the keys of the packages in a store.
func packages(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	s, err := store.Open(ctx, "dir:"+ts.MkAbs(args[0]), func(string) string { return "" })
	ts.Check(err)
	all, err := s.List(ctx, "packages/", "", 100)
	ts.Check(err)
	for i, info := range all {
		ts.Setenv("PACKAGE"+strconv.Itoa(i+1), info.Key)
	}
}

// secret NAME FILE puts a file into a variable, as a CI does; the log does not
// show it.
func secret(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], ts.ReadFile(args[1]))
}
