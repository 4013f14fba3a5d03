package config

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"wgtup/sign"
)

var (
	keysLine    = regexp.MustCompile(`^keys\s*:\s*(#.*)?$`)
	keyItem     = regexp.MustCompile(`^\s*(-\s.*|#.*)?$`)
	signingLine = regexp.MustCompile(`^signing-key\s*:`)
)

// Rekey writes wgtup.yaml with other keys, and another signing-key unless it is "",
// and leaves the rest as it is. It refuses a file in which keys is not a list with
// a line for each.
func (c *Config) Rekey(set sign.Set, signingKey string) error {
	text, err := os.ReadFile(c.Path)
	if err != nil {
		return fmt.Errorf("write config: %w", err)
	}
	changed, err := rekeyed(string(text), set, signingKey)
	if err != nil {
		return &Error{Where: c.Path, Code: BadKey, Detail: err.Error()}
	}
	next, err := os.CreateTemp(filepath.Dir(c.Path), ".wgtup-*.yaml")
	if err != nil {
		return fmt.Errorf("write config: %w", err)
	}
	defer os.Remove(next.Name())
	_, err = next.WriteString(changed)
	if err == nil {
		err = next.Sync()
	}
	if closeErr := next.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(next.Name(), 0o644)
	}
	if err != nil {
		return fmt.Errorf("write config: %w", err)
	}
	check, err := Load(next.Name(), ".", func(string) string { return "" })
	if err != nil {
		return err
	}
	if got, err := check.Pins(); err != nil || got.Digest() != set.Digest() || got.Epoch != set.Epoch {
		return &Error{Where: c.Path, Code: BadKey, Detail: "keys must be a list with a line for each"}
	}
	if err := os.Rename(next.Name(), c.Path); err != nil {
		return fmt.Errorf("write config: %w", err)
	}
	return nil
}

func rekeyed(text string, set sign.Set, signingKey string) (string, error) {
	var b strings.Builder
	found, inKeys, signing := false, false, signingKey == ""
	for line := range strings.Lines(text) {
		plain := strings.TrimRight(line, "\r\n")
		switch {
		case keysLine.MatchString(plain):
			found, inKeys = true, true
			b.WriteString(strings.TrimRight(line, "\r\n") + "\n")
			for _, p := range set.Pins {
				fmt.Fprintf(&b, "  - %s\n", p)
			}
			continue
		case inKeys && keyItem.MatchString(plain) && strings.TrimSpace(plain) != "":
			if strings.HasPrefix(strings.TrimSpace(plain), "#") {
				b.WriteString(line)
			}
			continue
		case !signing && signingLine.MatchString(plain):
			signing = true
			fmt.Fprintf(&b, "signing-key: %s  # secret, not in git; in CI use WGTUP_SIGNING_KEY\n", signingKey)
			continue
		}
		inKeys = false
		b.WriteString(line)
	}
	if !found {
		return "", fmt.Errorf("keys must be a list with a line for each")
	}
	if !signing {
		fmt.Fprintf(&b, "signing-key: %s  # secret, not in git; in CI use WGTUP_SIGNING_KEY\n", signingKey)
	}
	return b.String(), nil
}
