package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wgtup/sign"
)

func none(string) string { return "" }

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// pins are two fresh public keys.
func pins(t testing.TB) (signing, recovery string) {
	t.Helper()
	a, err := sign.NewSecret(sign.Signing, 0)
	if err != nil {
		t.Fatal(err)
	}
	b, err := sign.NewSecret(sign.Recovery, 0)
	if err != nil {
		t.Fatal(err)
	}
	return a.Pin().String(), b.Pin().String()
}

func file(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoad(t *testing.T) {
	a, b := pins(t)
	dir := t.TempDir()
	file(t, dir, File, "# comment\napp: __UNI__A1B2C3D\nstore: \"dir:./bucket\"\npublic-url:\n  - https://one.example.com/app\n  - https://two.example.com/app\n"+
		"channel: beta\nsigning-key: .wgtup/signing.key  # secret\nkeys:\n  - "+a+"\n  - "+b+"\n")
	deep := filepath.Join(dir, "src", "pages")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := Load("", deep, none)
	if err != nil {
		t.Fatal(err)
	}
	if c.App != "__UNI__A1B2C3D" || c.Channel != "beta" || len(c.PublicURL) != 2 || c.PublicURL[1] != "https://two.example.com/app" {
		t.Errorf("%+v", c)
	}
	if c.Store != "dir:"+filepath.Join(dir, "bucket") || c.SigningKey != filepath.Join(dir, ".wgtup", "signing.key") || c.Path != filepath.Join(dir, File) {
		t.Errorf("paths are not those of the file: %+v", c)
	}
	set, err := c.Pins()
	if err != nil || len(set.Pins) != 2 {
		t.Errorf("%v, %v", set, err)
	}

	// Variables win, and their paths are those of the working directory.
	c, err = Load("", deep, env("WGTUP_APP", "__UNI__FFFFFFF", "WGTUP_STORE", "dir:x", "WGTUP_CHANNEL", "gamma", "WGTUP_SIGNING_KEY_FILE", "k",
		"WGTUP_PUBLIC_URL", "https://a.example.com, https://b.example.com", "WGTUP_PUBLIC_KEYS", b+" "+a))
	if err != nil {
		t.Fatal(err)
	}
	if c.App != "__UNI__FFFFFFF" || c.Store != "dir:x" || c.Channel != "gamma" || c.SigningKey != "k" ||
		!slices.Equal(c.PublicURL, URLs{"https://a.example.com", "https://b.example.com"}) || !slices.Equal(c.Keys, []string{b, a}) {
		t.Errorf("%+v", c)
	}
}

func TestLoadWithoutFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, File), 0o755); err != nil { // a folder is no file
		t.Fatal(err)
	}
	c, err := Load("", dir, none)
	if err != nil || c.Channel != "production" || c.App != "" || c.Path != "" {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := c.Pins(); err == nil {
		t.Error("a set without keys")
	}
	c, err = Load("", dir, env("WGTUP_PUBLIC_KEYS", "signing:0:x"))
	if err != nil {
		t.Fatal(err)
	}
	var e *Error
	if _, err := c.Pins(); !errors.As(err, &e) || e.Place() != "WGTUP_PUBLIC_KEYS" || e.Code != BadKey {
		t.Error(err)
	}
}

func TestSmallFiles(t *testing.T) {
	for text, want := range map[string]Config{
		"":                                  {},
		"# nothing":                         {},
		"---\napp: A\n":                     {App: "A"},
		"public-url: https://a.example.com": {PublicURL: URLs{"https://a.example.com"}},
		"public-url: []":                    {},
		"store: s3://b/p?endpoint=http://x": {Store: "s3://b/p?endpoint=http://x"},
		"app: A\r\nchannel: c\r\n":          {App: "A", Channel: "c"},
		"\ufeffapp: A":                      {App: "A"},
	} {
		c, err := Load(file(t, t.TempDir(), "my.yaml", text), "", none)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if want.Channel == "" {
			want.Channel = "production"
		}
		if c.App != want.App || c.Channel != want.Channel || c.Store != want.Store || !slices.Equal(c.PublicURL, want.PublicURL) {
			t.Errorf("%q: %+v", text, c)
		}
	}
}

func TestMistakes(t *testing.T) {
	a, _ := pins(t)
	secret, err := sign.NewSecret(sign.Signing, 0)
	if err != nil {
		t.Fatal(err)
	}
	hidden := secret.Text()
	for _, c := range []struct {
		text   string
		line   int
		code   Code
		detail string
	}{
		{"app: __UNI__A\nstoer: b", 2, Unknown, "stoer"},
		{"App: __UNI__A", 1, Unknown, "App"},
		{"keys:\n\t- a", 2, Tab, ""},
		{"app: A\n\tstore: a", 2, Tab, ""},
		{"app: bad id", 1, BadApp, "bad id"},
		{"\n\nchannel: Prod", 3, BadChannel, "Prod"},
		{"channel: a/b", 1, BadChannel, "a/b"},
		{"public-url: cdn.example.com", 1, BadURL, "cdn.example.com"},
		{"app: A\npublic-url:\n  - https://a.example.com\n  - ftp://b.example.com", 4, BadURL, "ftp://b.example.com"},
		{"keys:\n  - " + a + "\n  - signing:0:short", 3, BadKey, "*"},
		{"keys: one", 1, Kind, ""},
		{"store: {a: b}", 1, Kind, ""},
		{"store: [a]", 1, Kind, ""},
		{"- a", 1, Kind, ""},
		{"app: A\nkeys: !!seq [a]", 2, Kind, ""},
		{"app: &a A\nchannel: *a", 1, Kind, ""},
		{"app: A\n<<: {app: B}", 2, Kind, ""},
		{"app: A\napp: B", 2, Twice, ""},
		{"store: [a", 1, Syntax, "*"},
		{"store: \"a", 1, Syntax, "*"},
		{"app: A\nkeys:\n  - x: [", 3, Syntax, "*"},
		{"app: A\n# " + hidden, 2, SecretHere, ""},
		{"keys:\n  - " + hidden, 2, SecretHere, ""},
		{"signing-key: " + hidden, 1, SecretHere, ""},
		{"\n" + hidden, 2, SecretHere, ""},
	} {
		path := file(t, t.TempDir(), "my.yaml", c.text)
		_, err := Load(path, "", none)
		var e *Error
		if !errors.As(err, &e) || e.Line != c.line || e.Code != c.code || c.detail != "*" && e.Detail != c.detail || c.detail == "*" && e.Detail == "" {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if strings.Contains(err.Error(), hidden[len(hidden)-20:]) {
			t.Errorf("the secret is in %v", err)
		}
		if !strings.HasPrefix(err.Error(), path+":") {
			t.Error(err)
		}
	}
	var e *Error
	if _, err := Load("nowhere.yaml", "", none); !errors.As(err, &e) || e.Code != NoFile || e.Place() != "nowhere.yaml" {
		t.Error(err)
	}
	if _, err := Load(t.TempDir(), "", none); err == nil || errors.As(err, &e) {
		t.Error("a folder as a file:", err)
	}
}

// FuzzConfig: whatever the file says, it is read into values that are valid, or
// refused with the file's name; and a secret in it is never repeated.
func FuzzConfig(f *testing.F) {
	a, b := pins(f)
	for _, s := range []string{"app: A\nstore: dir:b\nkeys:\n  - " + a + "\n  - " + b, "&a [*a]", "a: &a [*a]", "? - a\n: b", "public-url: [https://a, {b: c}]",
		"app: !!binary x", "keys: [~]", "app: {<<: *x}", "<<: {app: b}", "%YAML 9.9", "\x00", "- - -", "app: |\n  a\n", "store: dir:../x", "wgtup-secret:signing:0:AAAA"} {
		f.Add(s)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(dir, "fuzz.yaml")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := Load(path, "", none)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || !slices.Contains(Codes, e.Code) || e.Line < 0 || e.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+2 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if strings.Contains(text, "wgtup-secret:") {
			t.Fatalf("a secret was accepted in %q", text)
		}
		if err := c.check(path, func(string) int { return 0 }); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
