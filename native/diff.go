package native

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"wgtup/wgt/strictjson"
)

// Kind tells what happened to a value.
type Kind string

// The kinds of changes.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
)

// A Change is one difference between two apps. At the level Strict each needs a new native package.
type Change struct {
	// Path leads to the value: names joined by dots, [n] for an item of an array, as in
	// plus.distribute.google.permissions[3]. A name with other characters than letters, digits, "_", "$" and "-" is
	// written as a JSON string in brackets: permissions["a.b"]. The index of a removed item is its place in the base, of
	// every other item its place in the next manifest. Of a compiled file (Reason is Code) it is the name.
	Path string `json:"path"`
	Kind Kind   `json:"kind"`
	// Old and New are canonical JSON, cut after MaxShown characters ("…" follows). One of them is empty when the value
	// was added or removed. Of a file they are its SHA-256.
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`
	// Reason says what the member is about, Safe whether a wgt may change it at the level Runtime.
	Reason Reason `json:"reason"`
	Safe   bool   `json:"safe"`
}

// Needs are the changes that need a full package at a level.
func Needs(level Level, changes []Change) []Change {
	if level == Strict {
		return changes
	}
	var needs []Change
	for _, c := range changes {
		if !c.Safe {
			needs = append(needs, c)
		}
	}
	return needs
}

// MaxShown is the number of characters of a value that a Change shows.
const MaxShown = 120

// Diff lists what differs between an installed app and a package: in the compiled manifests, without the version fields, and
// in the compiled files. An empty list means that the package may be installed over the app. The list is in the order of the
// paths (names by their bytes, items by their place), the files after the manifest.
func Diff(base, next App) ([]Change, error) {
	before, err := read(base.Manifest)
	if err != nil {
		return nil, fmt.Errorf("read base manifest: %w", err)
	}
	after, err := read(next.Manifest)
	if err != nil {
		return nil, fmt.Errorf("read next manifest: %w", err)
	}
	d := &differ{}
	d.value("", before, after)
	members(base.compiled(), next.compiled(), d.file)
	return d.changes, nil
}

type differ struct{ changes []Change }

func (d *differ) add(path string, kind Kind, old, new *strictjson.Value) {
	reason, safe := judge(path, old, new)
	d.changes = append(d.changes, Change{Path: path, Kind: kind, Old: shown(old), New: shown(new), Reason: reason, Safe: safe})
}

func (d *differ) value(path string, old, new *strictjson.Value) {
	switch {
	case old.Kind == strictjson.Object && new.Kind == strictjson.Object:
		d.object(path, old, new)
	case old.Kind == strictjson.Array && new.Kind == strictjson.Array:
		d.array(path, old.Items, new.Items)
	case text(old) != text(new):
		d.add(path, Changed, old, new)
	}
}

func (d *differ) object(path string, old, new *strictjson.Value) {
	members(old, new, func(name string, old, new *strictjson.Value) {
		switch path := join(path, name); {
		case new == nil:
			d.add(path, Removed, old, nil)
		case old == nil:
			d.add(path, Added, nil, new)
		default:
			d.value(path, old, new)
		}
	})
}

func (d *differ) file(name string, old, new *strictjson.Value) {
	kind := Changed
	switch {
	case old == nil:
		kind = Added
	case new == nil:
		kind = Removed
	case old.Text == new.Text:
		return
	}
	d.changes = append(d.changes, Change{Path: name, Kind: kind, Old: shown(old), New: shown(new), Reason: Code})
}

// members calls each with every name of two objects, in order, and with nil where one has none.
func members(old, new *strictjson.Value, each func(name string, old, new *strictjson.Value)) {
	before, after := old.Sorted(), new.Sorted()
	for len(before) > 0 || len(after) > 0 {
		switch {
		case len(after) == 0 || len(before) > 0 && before[0].Name < after[0].Name:
			each(before[0].Name, before[0].Value, nil)
			before = before[1:]
		case len(before) == 0 || after[0].Name < before[0].Name:
			each(after[0].Name, nil, after[0].Value)
			after = after[1:]
		default:
			each(before[0].Name, before[0].Value, after[0].Value)
			before, after = before[1:], after[1:]
		}
	}
}

// join appends a name to a path.
func join(path, name string) string {
	plain := name != ""
	for _, c := range []byte(name) {
		plain = plain && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c == '-')
	}
	switch {
	case !plain:
		return path + "[" + string(strictjson.AppendString(nil, name)) + "]"
	case path == "":
		return name
	default:
		return path + "." + name
	}
}

func item(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func text(v *strictjson.Value) string { return string(v.Append(nil)) }

func shown(v *strictjson.Value) string {
	if v == nil {
		return ""
	}
	s := text(v)
	if utf8.RuneCountInString(s) <= MaxShown {
		return s
	}
	return string([]rune(s)[:MaxShown]) + "…"
}
