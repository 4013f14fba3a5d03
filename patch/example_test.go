package patch_test

import (
	"bytes"
	"fmt"

	"wgtup/patch"
)

// The example of docs/spec/patch.md.
func Example() {
	base := []patch.File{{Name: "a.js", Data: []byte("let e=1")}}
	next := []patch.File{{Name: "a.js", Data: []byte("let e=2")}}
	p, err := patch.Make(base, next)
	if err != nil {
		fmt.Println(err)
		return
	}
	var made bytes.Buffer
	if err := patch.Apply(base, p, &made); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%x makes %d bytes\n%x\n", p, made.Len(), made.Bytes())
	// Output:
	// 011f0577ff563a makes 113 bytes
	// 504b030414000008000000002100c29e00c9070000000700000004000000612e6a736c657420653d32504b0102140014000008000000002100c29e00c90700000007000000040000000000000000000000000000000000612e6a73504b0506000000000100010032000000290000000000
}
