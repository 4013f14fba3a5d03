package sign

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretRoundTrip(t *testing.T) {
	for _, role := range []Role{Signing, Recovery} {
		for _, epoch := range []int64{0, 1, 2147483647} {
			s, err := NewSecret(role, epoch)
			if err != nil {
				t.Fatal(err)
			}
			again, err := ParseSecret(s.Text())
			if err != nil || again.Text() != s.Text() || again.Pin().String() != s.Pin().String() {
				t.Errorf("%s of epoch %d reads as %v, %v", s, epoch, again, err)
			}
			if p := s.Pin(); p.Role != role || p.Epoch != epoch {
				t.Errorf("%s has the pin %s", s, p)
			}
		}
	}
	a, _ := NewSecret(Signing, 0)
	b, _ := NewSecret(Signing, 0)
	if a.Text() == b.Text() {
		t.Error("two new keys are the same")
	}
}

func TestKeyFile(t *testing.T) {
	key := testSecret("signing 0", Signing, 0).Text()
	for name, text := range map[string]string{
		"alone":                    key,
		"a line":                   key + "\n",
		"a line of Windows":        key + "\r\n",
		"comments before":          "# made by wgtup\n#\n# keep this offline\n" + key + "\n",
		"a comment after":          key + "\n# end",
		"empty lines":              "\n\n" + key + "\n\n",
		"white space around":       "  \t" + key + " \t\n",
		"a comment with white":     "   # comment\n" + key,
		"another key in a comment": "# " + testSecret("signing 1", Signing, 1).Text() + "\n" + key,
	} {
		if s, err := ParseSecret(text); err != nil || s.Text() != key {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseSecretRefuses(t *testing.T) {
	s := testSecret("signing 0", Signing, 0)
	key := s.Text()
	seed := base64.StdEncoding.EncodeToString(s.key().Seed())
	raw := s.key().Seed()
	for name, text := range map[string]string{
		"nothing":                    "",
		"only comments":              "# a\n#b\n",
		"only a comment with a key":  "#" + key,
		"a comment behind the key":   key + " # mine",
		"two keys":                   key + "\n" + key,
		"two keys, one line":         key + " " + key,
		"a key and rubbish":          key + "\nx",
		"rubbish and a key":          "x\n" + key,
		"quotes":                     `"` + key + `"`,
		"a name before":              "KEY=" + key,
		"a byte order mark":          "\ufeff" + key,
		"a NUL after":                key + "\x00",
		"a pin":                      s.Pin().String(),
		"the seed only":              seed,
		"another beginning":          strings.Replace(key, "wgtup-secret", "wgtup-public", 1),
		"the beginning in capitals":  strings.Replace(key, "wgtup-secret", "WGTUP-SECRET", 1),
		"no beginning":               strings.TrimPrefix(key, "wgtup-secret:"),
		"a fifth part":               key + ":",
		"channels":                   key + ":beta",
		"no role":                    "wgtup-secret::0:" + seed,
		"an unknown role":            "wgtup-secret:witness:0:" + seed,
		"a role in capitals":         "wgtup-secret:Signing:0:" + seed,
		"a role with white space":    "wgtup-secret: signing:0:" + seed,
		"no epoch":                   "wgtup-secret:signing::" + seed,
		"a negative epoch":           "wgtup-secret:signing:-1:" + seed,
		"an epoch with a sign":       "wgtup-secret:signing:+1:" + seed,
		"an epoch with a zero":       "wgtup-secret:signing:01:" + seed,
		"an epoch with a fraction":   "wgtup-secret:signing:1.0:" + seed,
		"an epoch with white space":  "wgtup-secret:signing: 1:" + seed,
		"an epoch of 2^31":           "wgtup-secret:signing:2147483648:" + seed,
		"an epoch of 2^64":           "wgtup-secret:signing:18446744073709551616:" + seed,
		"no seed":                    "wgtup-secret:signing:0:",
		"a seed without padding":     strings.TrimSuffix(key, "="),
		"a seed with more padding":   key + "=",
		"a seed in hex":              "wgtup-secret:signing:0:" + hex.EncodeToString(raw),
		"a seed in the url alphabet": "wgtup-secret:signing:0:" + base64.URLEncoding.EncodeToString([]byte(strings.Repeat("\xff", 32))),
		"a seed of 31 bytes":         "wgtup-secret:signing:0:" + base64.StdEncoding.EncodeToString(raw[:31]),
		"a seed of 33 bytes":         "wgtup-secret:signing:0:" + base64.StdEncoding.EncodeToString(append(raw[:32:32], 0)),
		"the 64 bytes of the key":    "wgtup-secret:signing:0:" + base64.StdEncoding.EncodeToString(s.key()),
		"a seed with a line break":   strings.Replace(key, seed, seed[:20]+"\n"+seed[20:], 1),
		"a seed with trailing bits":  strings.Replace(key, seed, strings.Repeat("A", 42)+"B=", 1),
	} {
		got, err := ParseSecret(text)
		if err == nil {
			t.Errorf("%s: read as %s", name, got)
			continue
		}
		if leaks(err.Error(), s) || !strings.HasPrefix(err.Error(), "read secret key: ") {
			t.Errorf("%s: the error is %v", name, err)
		}
		if _, err := ParsePin(text); err == nil != (name == "a pin" || name == "no beginning") || err != nil && leaks(err.Error(), s) {
			t.Errorf("%s: as a pin: %v", name, err)
		}
	}
}

// leaks reports whether a text shows the key, in any way fmt could write it.
func leaks(text string, s Secret) bool {
	seed := s.key().Seed()
	for _, form := range []string{
		base64.StdEncoding.EncodeToString(seed), base64.RawURLEncoding.EncodeToString(seed), string(seed),
		hex.EncodeToString(seed), fmt.Sprintf("%X", seed), fmt.Sprintf("% x", seed), strings.Trim(fmt.Sprint(seed), "[]"), fmt.Sprintf("%#v", seed),
	} {
		for at := range len(form) - 8 { // any part of eight letters
			if strings.Contains(text, form[at:at+8]) {
				return true
			}
		}
	}
	return false
}

func TestNothingPrintsASecret(t *testing.T) {
	s := testSecret("signing 0", Signing, 0)
	if !leaks(s.Text(), s) || !leaks(fmt.Sprint(s.key()), s) || !leaks(fmt.Sprintf("%x", s.key()), s) {
		t.Fatal("leaks sees nothing")
	}
	type hidden struct{ key Secret }
	values := map[string]any{
		"secret": s, "pointer": &s, "list": []Secret{s}, "map": map[string]Secret{"a": s}, "any": []any{s},
		"field": struct{ Key Secret }{s}, "hidden field": hidden{s}, "pointer to hidden": &hidden{s}, "list of hidden": []hidden{{s}}, "hidden pointer": struct{ key *Secret }{&s},
	}
	for name, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%o", "%b", "%c", "%U", "%t", "%e", "%p", "%T"} {
			if text := fmt.Sprintf(verb, v); leaks(text, s) {
				t.Errorf("%s as %s: %s", name, verb, text)
			}
		}
		if text, _ := json.Marshal(v); leaks(string(text), s) {
			t.Errorf("%s as JSON: %s", name, text)
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		if leaks(log.String(), s) {
			t.Errorf("%s in a log: %s", name, log.String())
		}
	}
	want := "signing key " + s.Pin().ID()
	for verb, want := range map[string]string{"%v": want, "%+v": want, "%#v": want, "%s": want} {
		if got := fmt.Sprintf(verb, s); got != want {
			t.Errorf("%s writes %s, want %s", verb, got, want)
		}
	}
	_, _, next := testEpoch(t, 2)
	for _, err := range []error{second(NewStatement(testApp, next, s)), second(NewStatement(testApp, next, testSecret("signing 0", Recovery, 0))), second(Seal(testType, nil, nil, s, s))} {
		if err == nil || errors.Is(err, ErrRefused) || leaks(err.Error(), s) {
			t.Errorf("the error is %v", err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
