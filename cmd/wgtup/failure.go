package main

import (
	"encoding/json"
	"errors"
	"fmt"
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
}

func (f *failure) Error() string { return fmt.Sprintf(f.what.en, f.args...) }

// hint adds a line with what to type or where to click.
func (f *failure) hint(s text, args ...any) *failure {
	f.hints = append(f.hints, text{fmt.Sprintf(s.en, args...), fmt.Sprintf(s.zh, args...)})
	return f
}

func fault(exit int, code string, what text, args ...any) *failure {
	return &failure{exit: exit, code: code, what: what, args: args}
}

func usage(what text, args ...any) *failure { return fault(exitUsage, "usage", what, args...) }

var interrupted = fault(exitInterrupted, "interrupted", text{"interrupted", "已中断"}).
	hint(text{"nothing is half done; the same command again goes on where this one stopped", "不会留下做了一半的结果；再次执行同一命令，会从停下的地方继续"})

// errorJSON is what stderr holds with --json, if there is anything to say.
type errorJSON struct {
	Error    *failureJSON `json:"error,omitempty"`
	Warnings []string     `json:"warnings,omitempty"`
}

type failureJSON struct {
	Code    string         `json:"code"`
	Exit    int            `json:"exit"`
	Message string         `json:"message"`
	Hints   []string       `json:"hints"`
	Facts   map[string]any `json:"facts"`
}

// fail prints an error and returns the exit code.
func (u *ui) fail(err error) int {
	var f *failure
	code := exitDone
	if err != nil {
		f = explain(err)
		code = f.exit
	}
	switch {
	case u.json:
		u.failJSON(f)
	case f != nil:
		u.lead(red, "wgtup: ", fmt.Sprintf(u.t(f.what), f.args...))
		for _, h := range f.hints {
			u.lead(cyan, u.t(text{"hint: ", "提示："}), u.t(h))
		}
	}
	u.clearProgress()
	return code
}

func (u *ui) failJSON(f *failure) {
	out := errorJSON{Warnings: u.warnings}
	if f != nil {
		out.Error = &failureJSON{f.code, f.exit, fmt.Sprintf(u.t(f.what), f.args...), []string{}, f.facts}
		if f.facts == nil {
			out.Error.Facts = map[string]any{}
		}
		for _, h := range f.hints {
			out.Error.Hints = append(out.Error.Hints, u.t(h))
		}
	}
	if out.Error == nil && out.Warnings == nil {
		return
	}
	e := json.NewEncoder(u.err)
	e.SetEscapeHTML(false)
	e.Encode(out)
}

// explain finds the words for an error: one switch over what packages return.
func explain(err error) *failure {
	for _, words := range []func(error) *failure{asFailure, refusalWords, entryWords, diskWords, storeWords, configWords, wgtWords, commandWords} {
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
