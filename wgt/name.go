package wgt

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// CheckName says what is wrong with the name of a file: BadName with one of the words utf8, empty, absolute, drive,
// backslash, segment (empty, "." or ".."), control, direction or length, or NotNFC. It returns "" when nothing is.
func CheckName(name string) (code Code, detail string) {
	switch {
	case !utf8.ValidString(name):
		return BadName, "utf8"
	case name == "":
		return BadName, "empty"
	case name[0] == '/':
		return BadName, "absolute"
	case len(name) >= 2 && name[1] == ':' && (name[0]|0x20 >= 'a' && name[0]|0x20 <= 'z'):
		return BadName, "drive"
	case strings.Contains(name, `\`):
		return BadName, "backslash"
	case len(name) > MaxName:
		return BadName, "length"
	}
	for _, segment := range strings.Split(name, "/") {
		switch {
		case segment == "" || segment == "." || segment == "..":
			return BadName, "segment"
		case len(segment) > MaxSegment:
			return BadName, "length"
		}
	}
	for _, r := range name {
		switch {
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return BadName, "control"
		case unicode.Is(unicode.Bidi_Control, r):
			return BadName, "direction"
		}
	}
	if !norm.NFC.IsNormalString(name) {
		return NotNFC, ""
	}
	return "", ""
}

// collisions finds, among names that are sorted and pass CheckName, those that a file system which ignores case could not
// keep apart, and files that are also directories. Directories that differ only in case come back as dirs: a device keeps
// them apart, some computers do not.
func collisions(names []string) (files, dirs []Finding) {
	owner := map[string]string{} // folded name of a file -> its name
	for _, name := range names {
		key := fold(name)
		if other, ok := owner[key]; ok {
			files = append(files, Finding{Collision, name, other}, Finding{Collision, other, name})
			continue
		}
		owner[key] = name
	}
	parent := map[string]string{} // folded directory -> its name
	for _, name := range names {
		for i := strings.IndexByte(name, '/'); i >= 0; {
			dir := name[:i]
			key := fold(dir)
			if other, ok := owner[key]; ok {
				files = append(files, Finding{Collision, name, other}, Finding{Collision, other, name})
			}
			if other, ok := parent[key]; !ok {
				parent[key] = dir
			} else if other != dir {
				dirs = append(dirs, Finding{CaseDirs, dir, other})
			}
			next := strings.IndexByte(name[i+1:], '/')
			if next < 0 {
				break
			}
			i += 1 + next
		}
	}
	return onePerFile(files), onePerFile(dirs)
}

// fold maps names that differ only in case to one text.
func fold(name string) string {
	lower := strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, name)
	return norm.NFC.String(lower)
}

// onePerFile sorts findings by file and keeps the first of each.
func onePerFile(all []Finding) []Finding {
	sort.SliceStable(all, func(i, j int) bool { return all[i].File < all[j].File })
	kept := all[:0]
	for _, f := range all {
		if len(kept) == 0 || kept[len(kept)-1].File != f.File {
			kept = append(kept, f)
		}
	}
	return kept
}
