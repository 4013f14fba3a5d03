//go:build script

package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"
)

// The test binary is also the command: scripts run it as a user does.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"wgtup": func() {
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
			"build": build, "exits": exits, "serve": serveScript, "interrupt": interrupt, "hang": hang, "member": member,
		},
	})
}

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

// exits CODE PROGRAM ARGS... runs a program that must end with that code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGS...]")
	}
	code := exitCode(ts.Exec(args[1], args[2:]...))
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

func exitCode(err error) int {
	var e *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return e.ExitCode()
	}
	return -1
}

// command is wgtup in the directory and environment of a script.
func command(ts *testscript.TestScript, args []string) *exec.Cmd {
	path := ""
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if file := filepath.Join(dir, "wgtup"+ts.Getenv("exe")); path == "" && exists(file) {
			path = file
		}
	}
	c := exec.Command(path, args...)
	c.Dir = ts.MkAbs(".")
	for _, name := range []string{"HOME", "PATH", "LANG", "TZ", "TMPDIR", "USER", "WGTUP_SIGNING_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		c.Env = append(c.Env, name+"="+ts.Getenv(name))
	}
	return c
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// serve [ARGS...] starts `wgtup serve` on a free port, sets $URL to what it
// prints, and at the end of the script ends it as Ctrl-C does: with exit code 0.
func serveScript(ts *testscript.TestScript, neg bool, args []string) {
	c := command(ts, append([]string{"serve", "--addr", "127.0.0.1:0", "--json"}, args...))
	out, err := c.StdoutPipe()
	ts.Check(err)
	ts.Check(c.Start())
	var printed struct{ URL string }
	if err := json.NewDecoder(out).Decode(&printed); err != nil {
		ts.Fatalf("serve prints no URL: %v", err)
	}
	ts.Setenv("URL", printed.URL)
	ts.Defer(func() {
		c.Process.Signal(os.Interrupt)
		if code := exitCode(c.Wait()); code != 0 {
			ts.Logf("serve ended with exit code %d", code)
			panic("serve did not end gracefully")
		}
	})
}

// hang sets $HANG to the URL of a server that takes requests and never answers.
func hang(ts *testscript.TestScript, neg bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv("HANG", "http://"+l.Addr().String())
	asked = make(chan struct{}, 100)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				if n, _ := conn.Read(make([]byte, 1)); n == 1 {
					asked <- struct{}{}
				}
				io.Copy(io.Discard, conn)
				conn.Close()
			}()
		}
	}()
}

var asked chan struct{}

// interrupt CODE ARGS... runs wgtup until it has asked the server of hang,
// presses Ctrl-C, and checks how it ends.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	c := command(ts, args[1:])
	var stderr strings.Builder
	c.Stderr = &stderr
	ts.Check(c.Start())
	select {
	case <-asked:
	case <-time.After(20 * time.Second):
		c.Process.Kill()
		ts.Fatalf("it never asked: %s", stderr.String())
	}
	start := time.Now()
	ts.Check(c.Process.Signal(os.Interrupt))
	code := exitCode(c.Wait())
	ts.Logf("[stderr]\n%s", stderr.String())
	if strconv.Itoa(code) != args[0] || time.Since(start) > 5*time.Second {
		ts.Fatalf("exit code %d after %v, want %s at once", code, time.Since(start), args[0])
	}
}

// member FILE PATH [VALUE] looks into JSON: PATH is names and numbers joined by
// dots, "." for all of it, "#" at the end for the length; VALUE is compact JSON.
func member(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 && len(args) != 3 {
		ts.Fatalf("usage: member FILE PATH [VALUE]")
	}
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &v); err != nil {
		ts.Fatalf("%s is not one JSON value: %v", args[0], err)
	}
	ok := true
	for _, name := range strings.FieldsFunc(args[1], func(r rune) bool { return r == '.' }) {
		switch in := v.(type) {
		case map[string]any:
			v, ok = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			switch {
			case name == "#":
				v = float64(len(in))
			case err == nil && i < 0 && -i <= len(in):
				v = in[len(in)+i]
			case err == nil && i >= 0 && i < len(in):
				v = in[i]
			default:
				ok = false
			}
		default:
			ok = false
		}
		if !ok {
			break
		}
	}
	got, err := json.Marshal(v)
	ts.Check(err)
	if ok && len(args) == 3 {
		ok = string(got) == args[2]
	}
	if ok == neg {
		ts.Fatalf("%s is %s", args[1], got)
	}
}
