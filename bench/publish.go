package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"wgtup/internal/store/storetest"
)

// publishing compares the publication of a ready package with the copy of the
// same file alone, to a real S3 service on the loopback interface.
func publishing(folder, wgtup string) (string, error) {
	gateway, err := storetest.NewGateway(filepath.Join(folder, "gateway"))
	if err != nil {
		return "", err
	}
	defer gateway.Stop()
	project := filepath.Join(folder, "project")
	if err := os.MkdirAll(project, 0o777); err != nil {
		return "", err
	}
	id, secret := gateway.Env("AWS_ACCESS_KEY_ID"), gateway.Env("AWS_SECRET_ACCESS_KEY")
	env := []string{
		"AWS_ACCESS_KEY_ID=" + id, "AWS_SECRET_ACCESS_KEY=" + secret, "LANG=C",
		"MC_CONFIG_DIR=" + filepath.Join(folder, "mc"), "MC_HOST_bench=" + strings.Replace(gateway.Endpoint, "://", "://"+id+":"+secret+"@", 1),
	}
	once := func(words ...string) error {
		c := &command{folder: project, env: env, words: append([]string{wgtup}, words...)}
		return c.run()
	}
	url, _ := gateway.Place()
	if err := once("init", "--store", url, "--app", "__UNI__A1B2C3D", "-y"); err != nil {
		return "", err
	}
	key, err := os.ReadFile(filepath.Join(project, ".wgtup", "signing.key"))
	if err != nil {
		return "", err
	}
	env = append(env, "WGTUP_SIGNING_KEY="+string(key))

	base := filepath.Join(folder, "base")
	if err := app(base, "1.0.0", 100); err != nil {
		return "", err
	}
	if err := once("pack", base, "-o", "base.wgt"); err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("| package | size | `mc cp` | `wgtup publish --no-delta` | ratio | peak memory |\n|---|---|---|---|---|---|\n")
	for _, p := range []struct {
		name    string
		photos  int
		scripts string // folder whose scripts it has
	}{
		{"pictures", 5 << 20, ""}, {"pictures and the scripts of examples/shop", 4600 << 10, filepath.Join(*shop, "2.0.0")}, {"pictures, sent in parts", 100 << 20, ""},
	} {
		tree := filepath.Join(folder, "tree", p.name)
		file := filepath.Join(project, "next.wgt")
		err := app(tree, "1.1.0", 110)
		if err == nil && p.scripts != "" {
			err = scripts(p.scripts, tree)
		}
		if err == nil {
			err = photos(tree, p.photos)
		}
		if err == nil {
			err = once("pack", "--best", tree, "-o", file)
		}
		if err != nil {
			return "", err
		}
		n := 0
		copied := &command{name: "mc cp", env: env}
		copied.before = func() error {
			n++
			copied.words = []string{*mc, "cp", "-q", file, fmt.Sprintf("bench/wgtup-test/mc/%d-%d.wgt", p.photos, n)}
			return nil
		}
		published := &command{name: "wgtup publish", folder: project, env: env}
		published.before = func() error {
			store, public := gateway.Place()
			published.words = []string{wgtup, "publish", file, "--no-delta", "-q", "--store", store, "--public-url", public}
			return once("publish", "--base", "base.wgt", "-q", "--store", store, "--public-url", public)
		}
		all := []*command{published}
		if _, err := exec.LookPath(*mc); err == nil {
			all = []*command{copied, published}
		}
		if err := measure(all, *runs); err != nil {
			return "", err
		}
		info, err := os.Stat(file)
		if err != nil {
			return "", err
		}
		if len(all) == 1 {
			fmt.Fprintf(&b, "| %s | %d B | - | %d ms | - | %d MB |\n", p.name, info.Size(), published.median().Milliseconds(), published.memory/1e6)
			continue
		}
		fmt.Fprintf(&b, "| %s | %d B | %d ms | %d ms | %.2f | %d MB |\n", p.name, info.Size(), copied.median().Milliseconds(), published.median().Milliseconds(),
			float64(published.median())/float64(copied.median()), published.memory/1e6)
	}
	return b.String(), nil
}

// scripts copies the scripts of a build beside those of a small one.
func scripts(from, to string) error {
	names, _, err := list(from)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !strings.HasSuffix(name, ".js") || name == "app-service.js" || name == "app-config-service.js" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(from, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		if err := write(to, "code/"+name, data); err != nil {
			return err
		}
	}
	return nil
}
