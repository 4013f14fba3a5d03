package main

import (
	"errors"
	"fmt"
	"go/ast"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"unicode"

	"wgtup/internal/config"
	"wgtup/internal/publish"
	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/wgt"
)

func complete(t *testing.T, what string, s text) {
	t.Helper()
	if s.en == "" || s.zh == "" || !han(s.zh) {
		t.Errorf("%s has no words: %q, %q", what, s.en, s.zh)
	}
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func TestRefusals(t *testing.T) {
	codes := constants(t, "../../internal/publish", "refusal.go", "")
	for _, code := range codes {
		if refusals[code] == nil {
			t.Errorf("no sentence for %s", code)
			continue
		}
		f := explain(&publish.Refusal{Code: code, Facts: map[string]string{"channel": "production"}})
		complete(t, code, f.what)
		if f.exit != exitRefused || f.code != code || len(f.hints) == 0 {
			t.Errorf("%s: exit %d, code %s, hints %v", code, f.exit, f.code, f.hints)
		}
		for _, h := range append(f.hints, text{f.Error(), fmt.Sprintf(f.what.zh, f.args...)}) {
			if strings.Contains(h.en+h.zh, "%!") {
				t.Errorf("%s: %q, %q", code, h.en, h.zh)
			}
		}
	}
	for code := range refusals {
		if !slices.Contains(codes, code) {
			t.Errorf("a sentence for %s, which is no code any more", code)
		}
	}
	if f := explain(&publish.Refusal{Code: "of-the-future"}); f.exit != exitRefused || f.code != "of-the-future" {
		t.Errorf("unknown code: %+v", f)
	}
}

func TestFindings(t *testing.T) {
	for _, code := range constants(t, "../../wgt", "code.go", "Code") {
		complete(t, code, findingWords[wgt.Code(code)])
	}
	f := explain(&wgt.FormatError{Finding: wgt.Finding{Code: wgt.BadName, File: "100%d", Detail: "%s"}})
	if want := "100%d: a file name that not every phone can unpack (%s)"; f.Error() != want {
		t.Errorf("%q, want %q", f.Error(), want)
	}
}

func TestClosedLists(t *testing.T) {
	for _, r := range release.Reasons {
		complete(t, string(r), reasonWords[r])
	}
	for _, name := range arguments(t, "../../release", "rule", 0) {
		complete(t, "rule "+name, ruleWords[name])
	}
	for _, outcome := range []string{"yes", "no", "unknown", "platform", "native", "withdrawn", "floor", "installed",
		string(release.OutsideRollout), string(release.MarkedBad), string(release.LeaveChannel), string(release.LeaveNative), string(release.LeaveWithdrawn)} {
		complete(t, "outcome "+outcome, outcomeWords[outcome])
	}
	for _, step := range arguments(t, "../../internal/publish", "progress", 0) {
		complete(t, "step "+step, stepWords[step])
	}
	for _, code := range arguments(t, "../../internal/publish", "flaw", 0) {
		complete(t, "flaw "+code, flawWords[code])
		if f := flawHints([]publish.Flaw{{Code: code}}, "production", usage(text{})); len(f.hints) != 1 {
			t.Errorf("flaw %s has %d hints", code, len(f.hints))
		}
	}
	for _, code := range config.Codes {
		complete(t, "config "+string(code), configSentences[code][0])
		complete(t, "hint of config "+string(code), configSentences[code][1])
	}
}

// The kinds of differences stand in the comment of the type, and in its code.
func TestDifferences(t *testing.T) {
	kinds := arguments(t, "../../internal/publish", "add", 0)
	for _, f := range parsed(t, "../../internal/publish") {
		ast.Inspect(f, func(n ast.Node) bool {
			kv, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			name, _ := kv.Key.(*ast.Ident)
			if kind, ok := literal(kv.Value); ok && name != nil && name.Name == "Kind" {
				kinds = append(kinds, kind)
			}
			return true
		})
	}
	if len(kinds) < 15 {
		t.Fatalf("only %q", kinds)
	}
	for _, kind := range kinds {
		s := changeText(publish.Difference{Kind: kind, Version: "1.0.0", Release: "r1", Native: "android 1.0.0", From: "1", To: "2"})
		complete(t, kind, s)
		if s.en == kind {
			t.Errorf("no words for %q", kind)
		}
	}
}

func TestDiskFull(t *testing.T) {
	full := fmt.Errorf("write package: %w", &fs.PathError{Op: "write", Path: "x.wgt", Err: diskFull})
	for _, c := range []struct {
		err  error
		exit int
	}{{full, exitUnexpected}, {&store.Error{Op: "put", Key: "x", Err: full}, exitStore}} {
		if f := explain(c.err); f.exit != c.exit || f.code != "disk-full" || len(f.hints) != 1 {
			t.Errorf("%v: %+v", c.err, f)
		}
	}
}

func TestRampInWords(t *testing.T) {
	s := changeText(publish.Difference{Kind: "rollout", Version: "1.0.0", Release: "r2", From: "1%", To: "10%, then 50% at 2026-11-23T01:53:05Z, then 100% at 2026-11-24T01:53:05Z"})
	if want := "1.0.0 (r2) 的灰度从 1% 改为 10%，2026-11-23T01:53:05Z 起 50%，2026-11-24T01:53:05Z 起 100%"; s.zh != want {
		t.Errorf("%q, want %q", s.zh, want)
	}
}

func TestStoppedErrors(t *testing.T) {
	unsettled := &publish.UnsettledError{Position: release.Position{Sequence: 3}, Err: errors.New("gone")}
	if stopped(unsettled) || stopped(usage(text{"x", "x"})) || !stopped(errors.New("context canceled")) {
		t.Error("what counts as interrupted")
	}
	if f := explain(unsettled); f.exit != exitStore || !strings.Contains(f.Error(), "entry 3 is published") {
		t.Error(f)
	}
}
