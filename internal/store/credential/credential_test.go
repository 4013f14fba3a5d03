package credential

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var source = Source{
	Variables: [][3]string{{"ID", "SECRET", "TOKEN"}, {"OLD_ID", "OLD_SECRET", "OLD_TOKEN"}},
	File:      ".tool/keys",
	Sections:  []string{"default", "Credentials"},
	Names:     [3]string{"access-key-id", "access-key-secret", "sts-token"},
}

func TestFind(t *testing.T) {
	for _, test := range []struct {
		name string
		env  string // "NAME=value …"
		file string
		want Key
		ok   bool
	}{
		{"variables", "ID=a SECRET=b", "", Key{"a", "b", ""}, true},
		{"temporary", "ID=a SECRET=b TOKEN=c", "", Key{"a", "b", "c"}, true},
		{"other variables", "OLD_ID=a OLD_SECRET=b", "", Key{"a", "b", ""}, true},
		{"first variables", "ID=a SECRET=b OLD_ID=x OLD_SECRET=y", "", Key{"a", "b", ""}, true},
		{"never halves of two", "ID=a OLD_SECRET=b", "", Key{}, false},
		{"file", "", "[default]\naccessKeyID=a\naccessKeySecret=b\n", Key{"a", "b", ""}, true},
		{"file of Windows", "", "\ufeff[Default]\r\nAccess_Key_Id = a\r\naccesskeysecret= b \r\nstsToken =\"c\"\r\n", Key{"a", "b", "c"}, true},
		{"other section", "", "[x]\naccessKeyID=x\naccessKeySecret=y\n[Credentials]\naccessKeyID=a\naccessKeySecret=b\n", Key{"a", "b", ""}, true},
		{"comments", "", "[default]\n#accessKeyID=x\naccessKeyID=a\n;accessKeySecret=y\naccessKeySecret=b=\n", Key{"a", "b=", ""}, true},
		{"variables before the file", "ID=a SECRET=b", "[default]\naccessKeyID=x\naccessKeySecret=y\n", Key{"a", "b", ""}, true},
		{"half a file", "", "[default]\naccessKeyID=x\n", Key{}, false},
		{"outside of sections", "", "accessKeyID=x\naccessKeySecret=y\n", Key{}, false},
		{"nothing", "", "", Key{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			home := t.TempDir()
			if test.file != "" {
				path := filepath.Join(home, source.File)
				if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(test.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			env := func(name string) string {
				for _, one := range strings.Fields(test.env) {
					if n, v, _ := strings.Cut(one, "="); n == name {
						return v
					}
				}
				return ""
			}
			got, err := source.Find(env, home)
			if got != test.want || (err == nil) != test.ok {
				t.Errorf("%+v, %v", got, err)
			}
			if err != nil && (!strings.Contains(err.Error(), "ID and SECRET") || !strings.Contains(err.Error(), "~/.tool/keys")) {
				t.Error(err)
			}
		})
	}
	if _, err := source.Find(func(string) string { return "" }, ""); err == nil {
		t.Error("a key from nowhere")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[default]\na=b\n", "default")
	f.Add("\ufeff[ x ]\r\nA_b-c = \"d\"\r\n[", "x")
	f.Fuzz(func(t *testing.T, text, section string) {
		for name, value := range Parse([]byte(text), section) {
			if name != plain(name) || strings.ContainsAny(value, "\n") {
				t.Errorf("%q = %q", name, value)
			}
		}
	})
}
