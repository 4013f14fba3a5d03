package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Exit codes, as `wgtup help` lists them.
const (
	exitDone        = 0
	exitUnexpected  = 1
	exitUsage       = 2
	exitRefused     = 3
	exitNotVisible  = 4
	exitStore       = 5
	exitInterrupted = 130
)

// failure is an error in words for people.
type failure struct {
	exit  int
	code  string // stable, for --json
	what  text
	args  []any
	hints []text
	facts map[string]any // more for --json
	err   error          // what it was made from
}

func (f *failure) Error() string { return fmt.Sprintf(f.what.en, f.args...) }
func (f *failure) Unwrap() error { return f.err }

// hint adds a line with what to type or where to click.
func (f *failure) hint(s text, args ...any) *failure {
	f.hints = append(f.hints, text{fmt.Sprintf(s.en, args...), fmt.Sprintf(s.zh, args...)})
	return f
}

func fault(exit int, code string, what text, args ...any) *failure {
	return &failure{exit: exit, code: code, what: what, args: args}
}

func usage(what text, args ...any) *failure { return fault(exitUsage, "usage", what, args...) }

var interrupted = fault(exitInterrupted, "interrupted", text{"interrupted", "已中断"})

// fail prints an error and returns the exit code.
func (u *ui) fail(err error) int {
	if err == nil {
		return exitDone
	}
	f := explain(err)
	if u.json {
		u.failJSON(f)
		return f.exit
	}
	fmt.Fprintf(u.err, "wgtup: "+u.t(f.what)+"\n", f.args...)
	for _, h := range f.hints {
		fmt.Fprintf(u.err, "%s%s\n", u.t(text{"hint: ", "提示："}), u.t(h))
	}
	return f.exit
}

func (u *ui) failJSON(f *failure) {
	var hints []string
	for _, h := range f.hints {
		hints = append(hints, u.t(h))
	}
	out := map[string]any{"error": map[string]any{
		"code": f.code, "exit": f.exit, "message": fmt.Sprintf(u.t(f.what), f.args...), "hints": hints, "facts": f.facts,
	}}
	e := json.NewEncoder(u.err)
	e.SetEscapeHTML(false)
	e.Encode(out)
}

// explain finds the words for an error: one switch over what packages return.
func explain(err error) *failure {
	for _, words := range []func(error) *failure{asFailure, refusalWords, entryWords, storeWords, configWords, wgtWords, cobraWords} {
		if f := words(err); f != nil {
			return f
		}
	}
	return fault(exitUnexpected, "unexpected", text{"%v", "%v"}, err)
}

func asFailure(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// cobraWords are the mistakes that the command parser finds by itself.
func cobraWords(err error) *failure {
	m := err.Error()
	switch {
	case strings.HasPrefix(m, "unknown command"), strings.HasPrefix(m, "unknown flag"), strings.HasPrefix(m, "unknown shorthand"),
		strings.Contains(m, "arg(s)"), strings.HasPrefix(m, "required flag"), strings.HasPrefix(m, "invalid argument"), strings.HasPrefix(m, "flag needs"):
		f := usage(text{"%s", "%s"}, strings.SplitN(m, "\n", 2)[0])
		return f.hint(text{"wgtup help", "wgtup help"})
	}
	return nil
}
