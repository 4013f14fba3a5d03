package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// The test binary is also the command: scripts run it as a user does.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"signer": signProgram, "wgtup": func() {
		args := os.Args[1:]
		ui := newUI(os.Stdin, os.Stdout, os.Stderr, os.Getenv, args)
		ui.wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
		os.Exit(run(ui, args))
	}})
}

func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			for _, one := range []string{"HOME=" + e.WorkDir + "/home", "USER=tester", "LANG=C", "TZ=UTC", "CI=", "GIT_CEILING_DIRECTORIES=" + filepath.Dir(e.WorkDir),
				"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=not-a-secret-of-anybody", "AWS_EC2_METADATA_DISABLED=true"} {
				name, value, _ := strings.Cut(one, "=")
				e.Setenv(name, value)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"build": build, "copy": copyTree, "unpack": unpack, "touch": touch, "sparse": sparse, "noise": noise, "place": place, "object": object, "packages": packages, "secret": secret, "pin": pin, "tamper": tamper, "apk": apkScript, "ipa": ipaScript, // files
			"exits": exits, "serve": serveScript, "hang": hang, "interrupt": interrupt, "helps": helps, // commands
			"member": member, "wide": wide, "guide": guide, // output
		},
	})
}
