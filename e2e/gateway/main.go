// Gateway runs the S3 server of the tests for those that are not written in Go:
// every line on its standard input is answered with an empty place, as one line
// of JSON. It ends with its input.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"wgtup/internal/store/storetest"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "wgtup-gateway-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	gateway, err := storetest.NewGateway(dir)
	if err != nil {
		return err
	}
	defer gateway.Stop()
	env := map[string]string{}
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		env[name] = gateway.Env(name)
	}
	out := json.NewEncoder(os.Stdout)
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		store, public := gateway.Place()
		if err := out.Encode(map[string]any{"store": store, "public": public, "env": env}); err != nil {
			return err
		}
	}
	return in.Err()
}
