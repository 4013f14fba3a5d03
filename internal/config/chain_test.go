package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wgtup/sign"
)

const chainApp = "__UNI__A1B2C3D"

// chainOf are keys and their successors, and the statements between them.
func chainOf(t *testing.T, epochs int64) sign.Chain {
	t.Helper()
	fresh := func(role sign.Role, epoch int64) sign.Secret {
		s, err := sign.NewSecret(role, epoch)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	recovery := fresh(sign.Recovery, 0)
	first, err := sign.NewSet([]sign.Pin{fresh(sign.Signing, 0).Pin(), recovery.Pin()})
	if err != nil {
		t.Fatal(err)
	}
	c := sign.Chain{Sets: []sign.Set{first}}
	for epoch := int64(1); epoch <= epochs; epoch++ {
		heir := fresh(sign.Recovery, epoch)
		set, err := sign.NewSet([]sign.Pin{fresh(sign.Signing, epoch).Pin(), heir.Pin()})
		if err != nil {
			t.Fatal(err)
		}
		s, err := sign.NewStatement(chainApp, set, recovery)
		if err == nil {
			c, err = c.With(chainApp, s)
		}
		if err != nil {
			t.Fatal(err)
		}
		recovery = heir
	}
	return c
}

func project(t *testing.T, yaml, chain string) *Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), File)
	if err := os.WriteFile(path, []byte(yaml), 0o644); err != nil {
		t.Fatal(err)
	}
	if chain != "" {
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), ChainFile), []byte(chain), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Load(path, "", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func yamlOf(set sign.Set) string {
	text := "# ours\napp: " + chainApp + "\nsigning-key: .wgtup/signing.key  # here\nkeys:  # public\n"
	for _, p := range set.Pins {
		text += "  - " + p.String() + "\n"
	}
	return text + "channel: beta\n"
}

func TestChain(t *testing.T) {
	chain, other := chainOf(t, 2), chainOf(t, 2)
	text, err := chain.Text()
	if err != nil {
		t.Fatal(err)
	}
	otherText, _ := other.Text()
	for _, tt := range []struct {
		name  string
		pins  sign.Set
		file  string
		known int // sets
		bad   bool
	}{
		{"no file, first keys", chain.Sets[0], "", 1, false},
		{"no file, later keys", chain.Sets[1], "", 0, false},
		{"newest", chain.Sets[2], text, 3, false},
		{"a rotation that was broken off", chain.Sets[1], text, 2, false},
		{"of another project", chain.Sets[1], otherText, 0, true},
		{"first keys, of another project", chain.Sets[0], otherText, 0, true},
		{"behind", chain.Sets[2], strings.Join(strings.SplitAfter(text, "\n")[:4], ""), 0, true},
		{"changed", chain.Sets[2], strings.Replace(text, "payload\":\"e", "payload\":\"f", 1), 0, true},
		{"without the first keys", chain.Sets[2], strings.Join(strings.SplitAfter(text, "\n")[3:], ""), 0, true},
		{"nonsense", chain.Sets[0], "hello\n", 0, true},
	} {
		got, err := project(t, yamlOf(tt.pins), tt.file).Chain()
		var e *Error
		if tt.bad != (errors.As(err, &e) && e.Code == BadChain) || len(got.Sets) != tt.known {
			t.Errorf("%s: %d sets, %v", tt.name, len(got.Sets), err)
		}
	}
}

// Only keys and signing-key change.
func TestRekey(t *testing.T) {
	chain := chainOf(t, 1)
	c := project(t, yamlOf(chain.Sets[0]), "")
	if err := c.Rekey(chain.Sets[1], ".wgtup/next.key"); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(c.Path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(yamlOf(chain.Sets[1]), ".wgtup/signing.key  # here", ".wgtup/next.key  # secret, not in git; in CI use WGTUP_SIGNING_KEY", 1)
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(c.Path), ".wgtup-*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
	for _, bad := range []string{
		"app: " + chainApp + "\nkeys: [\"" + chain.Sets[0].Pins[0].String() + "\", \"" + chain.Sets[0].Pins[1].String() + "\"]\n",
		"app: " + chainApp + "\n",
	} {
		c := project(t, bad, "")
		var e *Error
		if err := c.Rekey(chain.Sets[1], ""); !errors.As(err, &e) {
			t.Errorf("%s: %v", bad, err)
		}
		if got, _ := os.ReadFile(c.Path); string(got) != bad {
			t.Errorf("it was changed: %s", got)
		}
	}
}
