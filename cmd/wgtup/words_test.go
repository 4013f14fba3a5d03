package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"wgtup/internal/config"
	"wgtup/internal/publish"
	"wgtup/release"
	"wgtup/wgt"
)

// parsed reads the Go files of a folder, without the tests.
func parsed(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || names == nil {
		t.Fatal("no files in", dir)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// literal is the value of a string literal, or of several that are added up.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		a, okA := literal(e.X)
		b, okB := literal(e.Y)
		return a + b, okA && okB
	}
	return "", false
}

// constants are the string constants of a type in a folder; "" means untyped.
func constants(t *testing.T, dir, file, kind string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, file), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	ast.Inspect(f, func(n ast.Node) bool {
		d, ok := n.(*ast.GenDecl)
		if !ok || d.Tok != token.CONST {
			return true
		}
		for _, s := range d.Specs {
			v := s.(*ast.ValueSpec)
			name, _ := v.Type.(*ast.Ident)
			if len(v.Values) != 1 || (kind == "") != (v.Type == nil) || name != nil && name.Name != kind {
				continue
			}
			if value, ok := literal(v.Values[0]); ok {
				all = append(all, value)
			}
		}
		return false
	})
	if all == nil {
		t.Fatalf("no constants in %s/%s", dir, file)
	}
	return all
}

// arguments are the first string arguments of all calls of functions that are
// called name in a folder.
func arguments(t *testing.T, dir, name string, n int) []string {
	t.Helper()
	var all []string
	for _, f := range parsed(t, dir) {
		ast.Inspect(f, func(node ast.Node) bool {
			c, ok := node.(*ast.CallExpr)
			if !ok || len(c.Args) <= n {
				return true
			}
			called := ""
			switch fun := c.Fun.(type) {
			case *ast.Ident:
				called = fun.Name
			case *ast.SelectorExpr:
				called = fun.Sel.Name
			}
			if s, ok := literal(c.Args[n]); ok && called == name && !slices.Contains(all, s) {
				all = append(all, s)
			}
			return true
		})
	}
	if all == nil {
		t.Fatalf("nobody in %s calls %s", dir, name)
	}
	return all
}

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

func TestStoppedErrors(t *testing.T) {
	unsettled := &publish.UnsettledError{Position: release.Position{Sequence: 3}, Err: errors.New("gone")}
	if stopped(unsettled) || stopped(usage(text{"x", "x"})) || !stopped(errors.New("context canceled")) {
		t.Error("what counts as interrupted")
	}
	if f := explain(unsettled); f.exit != exitStore || !strings.Contains(f.Error(), "entry 3 is published") {
		t.Error(f)
	}
}

var verb = regexp.MustCompile(`%(\[\d+\])?-?(\*|\d+)?(\.\d+)?[a-zA-Z%]`)

// verbs are the fmt verbs of a sentence by the argument they take.
func verbs(s string) map[int]string {
	found, next := map[int]string{}, 1
	for _, v := range verb.FindAllString(s, -1) {
		if v == "%%" {
			continue
		}
		if i := strings.Index(v, "]"); i > 0 {
			next, _ = strconv.Atoi(v[2:i])
			v = "%" + v[i+1:]
		}
		next += strings.Count(v, "*")
		found[next] = v
		next++
	}
	return found
}

var (
	goodVerb = regexp.MustCompile(`^%(\[\d+\])?-?(\*|\d+)?(\.\d+)?[sdvq]$|^%%$`)
	typed    = regexp.MustCompile(`wgtup|--|curl|dist/build`)
	word     = regexp.MustCompile(`[A-Za-z]{3,}`)
	marks    = strings.NewReplacer("：", ": ", "（", " (", "）", ")", "、", ", ", "，", ", ")
)

// same reports whether a text reads the same in both languages: a command, or
// a format with a name or two.
func same(en, zh string) bool {
	return marks.Replace(zh) == en && (typed.MatchString(en) || len(word.FindAllString(en, -1)) < 3)
}

// Every sentence in this package: both languages take the same arguments, and
// the Chinese one is Chinese.
func TestSentences(t *testing.T) {
	checked := 0
	for _, f := range parsed(t, ".") {
		formatted := map[ast.Node]bool{} // what is not shown as it stands
		ast.Inspect(f, func(n ast.Node) bool {
			if c, ok := n.(*ast.CallExpr); ok {
				if s, ok := c.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"say", "note", "warn", "hint"}, s.Sel.Name) {
					formatted[c.Args[0]] = true
				}
				if s, ok := c.Fun.(*ast.Ident); ok && slices.Contains([]string{"usage", "refused"}, s.Name) {
					formatted[c.Args[0]] = true
				}
				if s, ok := c.Fun.(*ast.Ident); ok && s.Name == "fault" {
					formatted[c.Args[2]] = true
				}
			}
			l, ok := n.(*ast.CompositeLit)
			if !ok || len(l.Elts) != 2 {
				return true
			}
			en, okEn := literal(l.Elts[0])
			zh, okZh := literal(l.Elts[1])
			if !okEn || !okZh {
				return true
			}
			if name, ok := l.Type.(*ast.Ident); l.Type != nil && (!ok || name.Name != "text") {
				return true
			}
			checked++
			if a, b := verbs(en), verbs(zh); formatted[l] && !mapsEqual(a, b) {
				t.Errorf("arguments differ:\n%q takes %v\n%q takes %v", en, a, zh, b)
			}
			if formatted[l] {
				for _, s := range []string{en, zh} {
					if strings.Count(s, "%") != strings.Count(strings.Join(verb.FindAllString(s, -1), ""), "%") || slices.ContainsFunc(verb.FindAllString(s, -1), func(v string) bool { return !goodVerb.MatchString(v) }) {
						t.Errorf("a %% that is no verb: %q", s)
					}
				}
			}
			if !han(zh) && !same(en, zh) && zh != "" {
				t.Errorf("not Chinese: %q (%q)", zh, en)
			}
			if han(en) {
				t.Errorf("not English: %q", en)
			}
			return true
		})
	}
	if checked < 300 {
		t.Errorf("only %d sentences found", checked)
	}
}

func mapsEqual(a, b map[int]string) bool {
	if len(a) != len(b) {
		return false
	}
	for i, v := range a {
		if b[i] != v {
			return false
		}
	}
	return true
}
