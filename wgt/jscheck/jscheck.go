// Package jscheck parses the scripts of a package before phones have to.
//
// A script that does not parse takes the whole app with it: the code that would notice and go back is in the same file. So
// Parse reads every script with esbuild's parser and says where the first mistake is, or which level of the language the
// script needs.
//
// # Classic scripts
//
// The runtime evaluates app-service.js and its like as classic scripts. import and export declarations, import.meta and
// await outside of functions are therefore mistakes, except in the folders static and hybrid, whose scripts are loaded by
// pages that may load modules. (A return outside of functions is let through: the parser accepts it.)
//
// # Level
//
// The level is the lowest edition of ECMAScript in which the script can be written as it stands, from es2015 to es2022, or
// esnext. esbuild is asked to print the script for esnext and for an edition; when the two texts are equal, nothing had to
// be rewritten. Which edition to try first is guessed, so that a script is usually printed three times, 0.3 to 0.5 s for 1 MB.
//
// Three forms are rewritten for every edition, so that the texts do not tell: separators in numbers (1_000, es2021), a comma
// at the end of arguments (es2017) and U+2028 or U+2029 in strings (es2019). Where their bytes occur they are made
// ungrammatical (1__000, two commas, a line feed); when the script then no longer parses, they were code and not text.
// Not seen: illegal escapes in tagged templates (es2018).
//
// The level is about grammar. Functions and objects that an engine lacks, such as Array.prototype.at, are not looked at.
package jscheck

import (
	"bytes"
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

var levels = []struct {
	name   string
	target api.Target
}{
	{"es2015", api.ES2015}, {"es2016", api.ES2016}, {"es2017", api.ES2017}, {"es2018", api.ES2018},
	{"es2019", api.ES2019}, {"es2020", api.ES2020}, {"es2021", api.ES2021}, {"es2022", api.ES2022},
	{"esnext", api.ESNext},
}

// Places in levels.
const (
	es2017 = iota + 2
	es2018
	es2019
	es2020
	es2021
)

// Parse returns the language level of a script, or an error that begins with "line:column: ", both from 1, the column in
// bytes. It may be called from several goroutines.
func Parse(name string, src []byte) (level string, err error) {
	module := mayBeModule(name)
	newest := transform(name, src, api.ESNext, module)
	if err := firstError(newest, 0); err != nil {
		return "", err
	}
	if !module && (hasWord(src, "import") || hasWord(src, "export")) {
		if err := classic(name, src); err != nil {
			return "", err
		}
	}
	n := bisect(len(levels)-1, guess(src), func(i int) bool {
		older := transform(name, src, levels[i].target, true)
		return len(older.Errors) == 0 && bytes.Equal(older.Code, newest.Code)
	})
	for _, f := range silent {
		if n < f.level && f.used(name, src) {
			n = f.level
		}
	}
	return levels[n].name, nil
}

// bisect returns the smallest n for which enough is true, last when there is no smaller one. It tries first and its
// neighbour before it halves.
func bisect(last, first int, enough func(int) bool) int {
	low, high := 0, last
	if first < high {
		if !enough(first) {
			low = first + 1
		} else if high = first; first > 0 {
			if !enough(first - 1) {
				return first
			}
			high = first - 1
		}
	}
	return low + sort.Search(high-low, func(i int) bool { return enough(low + i) })
}

// guess makes bisect quick and cannot make it wrong.
func guess(src []byte) int {
	for _, hint := range []struct {
		text  string
		level int
	}{{"||=", es2021}, {"??=", es2021}, {"??", es2020}, {"catch{", es2019}, {"{...", es2018}, {"async ", es2017}, {"async(", es2017}} {
		if hint.level < es2020 && hasChain(src) {
			return es2020
		}
		if bytes.Contains(src, []byte(hint.text)) {
			return hint.level
		}
	}
	return 0
}

// hasChain says whether something like a?.b occurs, which a?.5:1 is not.
func hasChain(src []byte) bool {
	for {
		at := bytes.Index(src, []byte("?."))
		if at < 0 || at+2 == len(src) {
			return false
		}
		if src = src[at+2:]; !isDigit(src[0]) {
			return true
		}
	}
}

// transform prints a script for one edition. Without module, import.meta is a warning and await outside of functions an
// error.
func transform(name string, src []byte, target api.Target, module bool) api.TransformResult {
	supported := map[string]bool{}
	if !module {
		supported["top-level-await"] = false
		supported["import-meta"] = false
	}
	r := api.Transform(string(src), api.TransformOptions{
		Target:           target,
		Supported:        supported,
		Loader:           api.LoaderJS,
		Sourcefile:       name,
		LogLevel:         api.LogLevelSilent,
		Charset:          api.CharsetUTF8,
		MinifyWhitespace: true,
		LegalComments:    api.LegalCommentsNone,
	})
	for i := range r.Errors {
		if strings.HasPrefix(r.Errors[i].Text, "Top-level await") {
			r.Errors[i].Text = "await outside of a function"
		}
	}
	for _, w := range r.Warnings {
		if w.ID == "empty-import-meta" && !module {
			w.Text = "import.meta outside of a module"
			r.Errors = append(r.Errors, w)
		}
	}
	return r
}

// firstError makes an error of the first mistake. skip is what was put in front of the first line.
func firstError(r api.TransformResult, skip int) error {
	if len(r.Errors) == 0 {
		return nil
	}
	first := r.Errors[0]
	line, column := 1, 1
	if at := first.Location; at != nil {
		if line, column = at.Line, at.Column+1; line == 1 {
			column = max(1, column-skip)
		}
	}
	return fmt.Errorf("%d:%d: %s", line, column, first.Text)
}

func mayBeModule(name string) bool {
	dir := "/" + path.Dir(name) + "/"
	return path.Ext(name) == ".mjs" || strings.Contains(dir, "/static/") || strings.Contains(dir, "/hybrid/")
}

// classic refuses declarations that only a module may have: inside a function they are mistakes.
func classic(name string, src []byte) error {
	const open = "(function(){"
	wrapped := make([]byte, 0, len(src)+len(open)+3)
	wrapped = append(wrapped, open...)
	wrapped = append(wrapped, src...)
	wrapped = append(wrapped, "\n})"...)
	return firstError(transform(name, wrapped, api.ESNext, true), len(open))
}

// hasWord says whether a word occurs that is not part of a longer one and not a property.
func hasWord(src []byte, word string) bool {
	for from := 0; ; {
		at := bytes.Index(src[from:], []byte(word))
		if at < 0 {
			return false
		}
		at += from
		from = at + len(word)
		if (at == 0 || !isWord(src[at-1]) && src[at-1] != '.') && (from == len(src) || !isWord(src[from])) {
			return true
		}
	}
}
