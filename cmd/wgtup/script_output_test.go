package main

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// member FILE PATH [VALUE] looks into JSON: PATH is names and numbers joined by
// dots, "count" at the end for the length of a list; VALUE is compact JSON.
func member(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 && len(args) != 3 {
		ts.Fatalf("usage: member FILE PATH [VALUE]")
	}
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &v); err != nil {
		ts.Fatalf("%s is not one JSON value: %v", args[0], err)
	}
	ok := true
	for _, name := range strings.FieldsFunc(args[1], func(r rune) bool { return r == '.' }) {
		switch in := v.(type) {
		case map[string]any:
			v, ok = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			switch {
			case name == "count":
				v = float64(len(in))
			case err == nil && i < 0 && -i <= len(in):
				v = in[len(in)+i]
			case err == nil && i >= 0 && i < len(in):
				v = in[i]
			default:
				ok = false
			}
		default:
			ok = false
		}
		if !ok {
			break
		}
	}
	got, err := json.Marshal(v)
	ts.Check(err)
	if ok && len(args) == 3 {
		ok = string(got) == args[2]
	}
	if ok == neg {
		ts.Fatalf("%s is %s", args[1], got)
	}
}

// wide FILE COLUMNS checks that no line is wider.
func wide(ts *testscript.TestScript, _ bool, args []string) {
	most, err := strconv.Atoi(args[1])
	ts.Check(err)
	narrow(ts, args[0], ts.ReadFile(args[0]), most)
}

func narrow(ts *testscript.TestScript, name, text string, most int) {
	for _, line := range strings.Split(text, "\n") {
		if columns(line) > most {
			ts.Fatalf("%s: %d columns: %s", name, columns(line), line)
		}
	}
}
