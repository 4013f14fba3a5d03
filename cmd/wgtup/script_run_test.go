package main

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

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

// hang [N] sets $HANG to the URL of a server that answers N requests with 404, and
// the others never.
func hang(ts *testscript.TestScript, neg bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv("HANG", "http://"+l.Addr().String())
	asked = make(chan struct{}, 100)
	var left atomic.Int64
	if len(args) > 0 {
		n, err := strconv.Atoi(args[0])
		ts.Check(err)
		left.Store(int64(n))
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if n, _ := conn.Read(make([]byte, 4096)); n == 0 {
					return
				}
				if left.Add(-1) >= 0 {
					io.WriteString(conn, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
					return
				}
				asked <- struct{}{}
				io.Copy(io.Discard, conn)
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

// helps LANGUAGE asks every command for help: what it prints fits 80 columns and
// names the command.
func helps(ts *testscript.TestScript, _ bool, args []string) {
	root := rootCommand(newUI(nil, nil, nil, func(string) string { return "" }, nil))
	for _, c := range root.Commands() {
		if c.Hidden {
			continue
		}
		ts.Check(ts.Exec("wgtup", c.Name(), "--help", "--lang", args[0]))
		out := ts.ReadFile("stdout")
		if !strings.Contains(out, "wgtup "+c.Name()) || strings.Contains(out, "%!") {
			ts.Fatalf("help of %s: %s", c.Name(), out)
		}
		narrow(ts, c.Name(), out, screen)
	}
}
