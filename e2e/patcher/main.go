// Command patcher makes a patch for the tests of phones, whose publisher signs what the command never would:
//
//	patcher BASE NEXT OUT
//
// BASE ("" for none) and NEXT are packages. It prints what a document says of the patch, and of what it makes.
package main

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"wgtup/patch"
	"wgtup/wgt"
)

type digests struct {
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
	SHA1   string `json:"sha1"`
}

func main() {
	base, next := files(os.Args[1]), files(os.Args[2])
	p, err := patch.Make(base, next)
	check(err)
	var made bytes.Buffer
	check(patch.Apply(base, p, &made))
	check(os.WriteFile(os.Args[3], p, 0o600))
	check(json.NewEncoder(os.Stdout).Encode(map[string]digests{"patch": of(p), "stored": of(made.Bytes())}))
}

func of(b []byte) digests {
	return digests{len(b), fmt.Sprintf("%x", sha256.Sum256(b)), fmt.Sprintf("%x", sha1.Sum(b))}
}

func files(name string) (files []patch.File) {
	if name == "" {
		return nil
	}
	data, err := os.ReadFile(name)
	check(err)
	tree, err := wgt.ReadArchive(bytes.NewReader(data), int64(len(data)))
	check(err)
	for _, f := range tree.Files {
		contents, err := f.Read()
		check(err)
		files = append(files, patch.File{Name: f.Name, Data: contents})
	}
	return
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
