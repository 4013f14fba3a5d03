package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"wgtup/internal/doctor"
	"wgtup/internal/store/oss/osstest"
)

func TestDoctorWords(t *testing.T) {
	codes := constants(t, "../../internal/doctor", "finding.go", "Code")
	if len(codes) < 25 {
		t.Errorf("%d findings", len(codes))
	}
	for _, code := range codes {
		w := doctorWords[doctor.Code(code)]
		for what, s := range map[string]text{"what": w.what, "suffer": w.suffer, "fix": w.fix} {
			complete(t, code+" "+what, s)
		}
		for scheme, s := range w.by {
			complete(t, code+" on "+scheme, s)
		}
	}
	for code := range doctorWords {
		if !strings.Contains(" "+strings.Join(codes, " ")+" ", " "+string(code)+" ") {
			t.Errorf("words for %s, which is no finding any more", code)
		}
	}
}

// runDoctor runs the command on a stand-in.
func runDoctor(t *testing.T, s *osstest.Server, args ...string) (exit int, out, errs string) {
	t.Helper()
	t.Chdir(t.TempDir())
	var stdout, stderr bytes.Buffer
	args = append([]string{"doctor", "--lang", "en", "--store", s.StoreURL(s.URL, "app") + "&acl=object", "--public-url", s.PublicURL(s.URL, "app")}, args...)
	u := newUI(strings.NewReader(""), &stdout, &stderr, s.Env, args)
	u.wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	return run(u, args), stdout.String(), stderr.String()
}

func TestDoctorHealthy(t *testing.T) {
	exit, out, errs := runDoctor(t, osstest.Start(t))
	if exit != exitDone || out != "nothing found: the bucket does what wgtup needs\n" || errs != "" {
		t.Errorf("%d %q %q", exit, out, errs)
	}
	if exit, out, _ := runDoctor(t, osstest.Start(t), "--json"); exit != exitDone || out != "[]\n" {
		t.Errorf("%d %q", exit, out)
	}
}

func TestDoctorBroken(t *testing.T) {
	s := osstest.Start(t)
	s.Versioning = true
	exit, out, errs := runDoctor(t, s)
	if exit != exitStore || !strings.HasPrefix(out, "✗ overwrites: the bucket overwrites") || !strings.Contains(out, "\n    fix: OSS console: ") || !strings.HasPrefix(errs, "wgtup: 1 of the findings must be fixed\nhint: ") {
		t.Errorf("%d %q %q", exit, out, errs)
	}
	exit, out, errs = runDoctor(t, s, "--json")
	var found []map[string]string
	if err := json.Unmarshal([]byte(out), &found); err != nil || exit != exitStore || len(found) != 1 || found[0]["code"] != "overwrites" || found[0]["severity"] != "error" || found[0]["fix"] == "" {
		t.Errorf("%d %v %s", exit, found, errs)
	}

	s = osstest.Start(t)
	s.ID = "other"
	right := s.Env
	env := func(name string) string { return strings.ReplaceAll(right(name), "other", "LTAIexample") }
	var stdout, stderr bytes.Buffer
	args := []string{"doctor", "--lang", "zh", "--store", s.StoreURL(s.URL, "app")}
	t.Chdir(t.TempDir())
	if exit := run(newUI(strings.NewReader(""), &stdout, &stderr, env, args), args); exit != exitStore || !strings.Contains(stdout.String(), "wrong-key") || !strings.Contains(stdout.String(), "OSS_ACCESS_KEY_ID") {
		t.Errorf("%d %s", exit, stdout.String())
	}
}
