package keyfile

import (
	"errors"
	"strings"
	"testing"

	"wgtup/sign"
)

func TestMain(m *testing.M) {
	workFactor = 10
	m.Run()
}

func secret(t testing.TB) sign.Secret {
	t.Helper()
	s, err := sign.NewSecret(sign.Signing, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func say(word string) func() (string, error) { return func() (string, error) { return word, nil } }

func TestRoundTrip(t *testing.T) {
	s := secret(t)
	for _, word := range []string{"", "correct horse", "口令 with spaces "} {
		text, err := Text(s, "a comment", word)
		if err != nil {
			t.Fatal(err)
		}
		if Encrypted(text) != (word != "") || strings.Contains(text, s.Text()) != (word == "") || !strings.HasPrefix(text, "# a comment\n") {
			t.Errorf("%q: %s", word, text)
		}
		for _, spelling := range []string{text, "\n" + strings.ReplaceAll(text, "\n", "\r\n"), strings.TrimSpace(text)} {
			asked := 0
			got, err := Parse(spelling, func() (string, error) { asked++; return word, nil })
			if err != nil || got.Text() != s.Text() || (asked == 1) != (word != "") {
				t.Errorf("%q: %v, asked %d times", word, err, asked)
			}
		}
	}
}

// What is wrong with a key is said without a byte of it.
func TestParseRefuses(t *testing.T) {
	s := secret(t)
	text, err := Text(s, "", "right")
	if err != nil {
		t.Fatal(err)
	}
	nobody := errors.New("nobody to ask")
	if _, err := Parse(text, func() (string, error) { return "", nobody }); !errors.Is(err, nobody) {
		t.Errorf("got %v", err)
	}
	for _, word := range []string{"wrong", "", "Right", "right "} {
		if _, err := Parse(text, say(word)); !errors.Is(err, ErrPassphrase) {
			t.Errorf("%q: %v", word, err)
		}
	}
	lines := strings.Split(text, "\n")
	for name, bad := range map[string]string{
		"cut":       strings.Join(lines[:len(lines)-4], "\n"),
		"changed":   strings.Replace(text, lines[5][:8], "AAAAAAAA", 1),
		"no armor":  "-----BEGIN AGE ENCRYPTED FILE-----\n",
		"too large": strings.Repeat("#\n", maxSize),
		"empty":     "",
		"recipient": "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kudsn3ggs5dqy5a",
	} {
		if _, err := Parse(bad, say("right")); err == nil || strings.Contains(err.Error(), lines[4]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzParse: whatever a key file holds, reading it ends, and no error shows it. Nothing
// is decrypted, since each try would take a second.
func FuzzParse(f *testing.F) {
	f.Add("# comment\nwgtup-secret:signing:0:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
	f.Add("-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n")
	stop := errors.New("stop")
	f.Fuzz(func(t *testing.T, content string) {
		s, err := Parse(content, func() (string, error) { return "", stop })
		if Encrypted(content) && len(content) <= maxSize && !errors.Is(err, stop) {
			t.Errorf("an encrypted key was read without its passphrase: %v", err)
		}
		if err == nil {
			if again, err := sign.ParseSecret(s.Text()); err != nil || again.Text() != s.Text() {
				t.Errorf("read %s, which is no key", s)
			}
		}
	})
}
