package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
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
