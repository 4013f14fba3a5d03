package publish

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"wgtup/release"
)

// rule is one command in one situation. Exactly one of want, done and refuse is
// given; check looks further.
type rule struct {
	name   string
	before []change
	do     change
	want   string // ids of the document
	done   bool
	refuse string
	facts  string // of the refusal, as far as they matter: "natives=android 1.0.0"
	check  func(t *testing.T, d *release.Document)
}

// try runs rules, each on a channel of its own.
func try(t *testing.T, rules []rule) {
	t.Helper()
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			b := newBed(t)
			b.do(t, r.before...)
			entries := len(b.journal(t))
			b.wait(nil, 1<<40)
			result, err := r.do.run(b.publisher(t, "x", nil))
			switch {
			case r.refuse != "":
				refusal := refusedAs(t, err, r.refuse)
				if !strings.Contains(refusal.Error(), r.facts) {
					t.Errorf("got %v, want it to say %s", refusal, r.facts)
				}
				if n := len(b.journal(t)); n != entries {
					t.Errorf("refused, and yet there are %d entries, not %d", n, entries)
				}
				return
			case err != nil:
				t.Fatal(err)
			case result.Done != r.done:
				t.Fatalf("done: %v, now %s", result.Done, ids(result.Entry.Document))
			}
			if _, err := settled(b.objects(t), b); err != nil {
				t.Error(err)
			}
			if got := ids(result.Entry.Document); r.want != "" && got != r.want {
				t.Errorf("got %s\nwant %s", got, r.want)
			}
			if r.check != nil {
				r.check(t, result.Entry.Document)
			}
		})
	}
}

// with changes an addition.
func with(b build, permyriad int64, f func(*Addition)) change {
	a := addition(b, permyriad)
	f(&a)
	return change{func(*Publisher) Edit { return Add(a) }, []Upload{b.upload}}
}

// after is a past that goes on.
func after(past []change, more ...change) []change { return slices.Concat(past, more) }

func full(version string) change                   { return addChange(buildOf(version, ""), release.Whole) }
func share(version string, permyriad int64) change { return addChange(buildOf(version, ""), permyriad) }

// Every code of a refusal occurs in a test of this package, but for those that
// the commands make themselves.
func TestEveryRefusalIsTested(t *testing.T) {
	byCommands := map[string]bool{"NothingToDo": true}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), "_test.go") || f.Name() == "rules_test.go" {
			continue
		}
		ast.Inspect(parsed(t, f.Name()), func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				used[id.Name] = true
			}
			return true
		})
	}
	codes := 0
	for _, decl := range parsed(t, "refusal.go").Decls {
		constants, ok := decl.(*ast.GenDecl)
		if !ok || constants.Tok != token.CONST {
			continue
		}
		for _, spec := range constants.Specs {
			name := spec.(*ast.ValueSpec).Names[0].Name
			codes++
			if !used[name] && !byCommands[name] {
				t.Errorf("no test meets the refusal %s", name)
			}
		}
	}
	if codes < 15 {
		t.Errorf("found only %d codes", codes)
	}
}

func parsed(t *testing.T, name string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A refusal prints its facts in one order.
func TestRefusalText(t *testing.T) {
	err := refuse(VersionUsed, "version", "1.0.0", "release", "r2")
	if want := "refused: version-used (release=r2, version=1.0.0)"; err.Error() != want {
		t.Errorf("got %s, want %s", err, want)
	}
	var r *Refusal
	if !errors.As(err, &r) || r.Facts["release"] != "r2" {
		t.Errorf("facts %v", r)
	}
}
