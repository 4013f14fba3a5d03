package main

import (
	"go/ast"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

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
