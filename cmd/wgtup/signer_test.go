package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"wgtup/sign"
)

// signProgram, in scripts signer KEYFILE [raw|base64|short|fail] is a program that signs, as a key management
// service does.
func signProgram() {
	form := "base64"
	if len(os.Args) > 2 {
		form = os.Args[2]
	}
	text, err := io.ReadAll(os.Stdin)
	if err == nil && form == "fail" {
		err = fmt.Errorf("the service denies it")
	}
	var key sign.Secret
	var file []byte
	if err == nil {
		file, err = os.ReadFile(os.Args[1])
	}
	if err == nil {
		key, err = sign.ParseSecret(string(file))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "signer:", err)
		os.Exit(1)
	}
	signature := key.Sign(text)
	switch form {
	case "raw":
		os.Stdout.Write(signature)
	case "short":
		os.Stdout.Write(signature[:63])
	default:
		fmt.Println(base64.StdEncoding.EncodeToString(signature))
	}
}

// pin FILE [CHANNELS] sets $PIN to the public side of a key file.
func pin(ts *testscript.TestScript, _ bool, args []string) {
	key, err := sign.ParseSecret(ts.ReadFile(args[0]))
	ts.Check(err)
	p := key.Pin()
	if len(args) > 1 {
		p.Channels = strings.Split(args[1], ",")
	}
	ts.Setenv("PIN", p.String())
}

// tamper FILE changes one letter of the signature of a plan.
func tamper(ts *testscript.TestScript, _ bool, args []string) {
	text := []byte(ts.ReadFile(args[0]))
	at := bytes.Index(text, []byte(`"sig":"`)) + 20
	if text[at]++; text[at] == 'z'+1 || text[at] == 'Z'+1 || text[at] == '9'+1 {
		text[at] = 'A'
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o644))
}
