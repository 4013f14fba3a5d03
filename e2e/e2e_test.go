// Package e2e runs the built command on real input: real builds of
// examples/shop, a real S3 server, plain clients in JavaScript.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wgtup/internal/serve"
	"wgtup/internal/store"
	"wgtup/internal/store/storetest"
)

// wgtup is the command, built once.
var wgtup string

// gateway is the S3 server, started once.
var gateway *storetest.Gateway

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	dir, err := os.MkdirTemp("", "wgtup-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	wgtup = filepath.Join(dir, "wgtup.exe")
	if out, err := exec.Command("go", "build", "-o", wgtup, "wgtup/cmd/wgtup").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		return 1
	}
	data := filepath.Join(dir, "s3")
	if err := os.Mkdir(data, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if gateway, err = storetest.NewGateway(data); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer gateway.Stop()
	return m.Run()
}

// place is a store with its public URL.
type place struct {
	name, store, public string
	env                 []string
}

// places are the two stores of every scenario: the embedded directory behind
// `wgtup serve`'s handler, and the S3 server.
func places(t *testing.T) []place {
	t.Helper()
	dir := filepath.ToSlash(filepath.Join(t.TempDir(), "bucket"))
	s, err := store.Open(context.Background(), "dir:"+dir, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	server, err := serve.Listen(ctx, serve.Config{Store: s})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	storeURL, publicURL := gateway.Place()
	var env []string
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"} {
		env = append(env, name+"="+gateway.Env(name))
	}
	return []place{{name: "dir", store: "dir:" + dir, public: server.URL()}, {name: "s3", store: storeURL, public: publicURL, env: env}}
}

// project is a folder with wgtup.yaml and keys.
type project struct {
	t   *testing.T
	dir string
	env []string
	place
}

const app = "__UNI__5A0B1C2"

func newProject(t *testing.T, p place) *project {
	t.Helper()
	pr := &project{t: t, dir: t.TempDir(), place: p}
	pr.env = append(append(os.Environ(), p.env...), "CI=", "LANG=C", "LC_ALL=C", "WGTUP_BY=tester", "WGTUP_COMMIT=0123456789ab")
	pr.ok("init", "--store", p.store, "--public-url", p.public, "--app", app, "-y")
	return pr
}

// run runs the command and returns its exit code and what it printed.
func (p *project) run(args ...string) (code int, stdout, stderr string) {
	p.t.Helper()
	c := exec.Command(wgtup, args...)
	c.Dir, c.Env = p.dir, p.env
	var out, err bytes.Buffer
	c.Stdout, c.Stderr = &out, &err
	if e := c.Run(); e != nil {
		if _, exited := e.(*exec.ExitError); !exited {
			p.t.Fatalf("wgtup %s: %v", strings.Join(args, " "), e)
		}
	}
	return c.ProcessState.ExitCode(), out.String(), err.String()
}

// ok runs the command, which must succeed.
func (p *project) ok(args ...string) string {
	p.t.Helper()
	code, out, err := p.run(args...)
	if code != 0 {
		p.t.Fatalf("wgtup %s: exit %d\n%s%s", strings.Join(args, " "), code, out, err)
	}
	return out
}

// exit runs the command, which must end with a code, and returns its messages.
func (p *project) exit(want int, args ...string) string {
	p.t.Helper()
	code, out, err := p.run(args...)
	if code != want {
		p.t.Fatalf("wgtup %s: exit %d, want %d\n%s%s", strings.Join(args, " "), code, want, out, err)
	}
	return err
}

// decision is `check --json` or `explain --json`.
type decision struct {
	Action, Release, Reason, Mode string
	Size                          int64
	Version                       struct {
		Name string
		Code int64
	}
}

func (p *project) check(args ...string) (d decision) {
	p.t.Helper()
	out := p.ok(append([]string{"check", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		p.t.Fatalf("check --json: %v\n%s", err, out)
	}
	return d
}

// handwritten runs the ten-line client.
func (p *project) handwritten(runningCode string, file ...string) string {
	p.t.Helper()
	args := append([]string{filepath.Join("..", "examples", "handwritten", "client.mjs"), strings.TrimSuffix(p.public, "/") + "/channels/production/latest.wgt", runningCode}, file...)
	out, err := exec.Command("node", args...).CombinedOutput()
	if err != nil {
		p.t.Fatalf("ten-line client: %v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// build is the real build of a version of examples/shop.
func build(t *testing.T, version string) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".cache", "shop", "out", version))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err != nil {
		t.Fatalf("no build of the shop's version %s: node examples/shop/build.mjs", version)
	}
	return dir
}
