// Package credential finds access keys where the vendors' own tools keep them:
// in environment variables and in profile files.
package credential

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Key is an access key. Token is "" unless the key is a temporary one.
type Key struct{ ID, Secret, Token string }

// Source says where a vendor's tools keep a key.
type Source struct {
	// Variables are names of environment variables for id, secret and token. Of
	// several sets the first with an id and a secret counts.
	Variables [][3]string
	// File is a profile file in the home directory, such as ".ossutilconfig".
	File string
	// Sections are headings in it, the first that has a key counts.
	Sections []string
	// Names are those of id, secret and token in a section.
	Names [3]string
}

// Find returns the key. home is the home directory, "" for none. Error says
// what to set.
func (s Source) Find(env func(string) string, home string) (Key, error) {
	for _, names := range s.Variables {
		if k := (Key{env(names[0]), env(names[1]), env(names[2])}); k.ID != "" && k.Secret != "" {
			return k, nil
		}
	}
	if home != "" {
		if text, err := os.ReadFile(filepath.Join(home, s.File)); err == nil {
			for _, section := range s.Sections {
				found := Parse(text, section)
				k := Key{found[plain(s.Names[0])], found[plain(s.Names[1])], found[plain(s.Names[2])]}
				if k.ID != "" && k.Secret != "" {
					return k, nil
				}
			}
		}
	}
	return Key{}, fmt.Errorf("neither %s and %s nor a profile in ~/%s", s.Variables[0][0], s.Variables[0][1], s.File)
}

// Parse returns the settings of a section of a profile file: lines of
// "name = value" under "[section]". Names are as ossutil compares them: without
// case, "-" and "_". Of a name that is there twice the last counts.
func Parse(text []byte, section string) map[string]string {
	found := map[string]string{}
	inside := false
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		line = strings.TrimSpace(line)
		if heading, ok := strings.CutPrefix(line, "["); ok {
			heading, _, _ = strings.Cut(heading, "]")
			inside = strings.EqualFold(strings.TrimSpace(heading), section)
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !inside || !ok || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
			continue
		}
		found[plain(name)] = strings.Trim(strings.TrimSpace(value), `"`)
	}
	return found
}

func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(strings.TrimSpace(name)))
}
