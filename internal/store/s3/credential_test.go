package s3

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKeys: variables come before the profile, a named profile before the role of
// the machine.
func TestKeys(t *testing.T) {
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true") // the SDK looks itself
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, ".aws"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"credentials": "[default]\naws_access_key_id=a\naws_secret_access_key=b\n[ci]\naws_access_key_id = c\naws_secret_access_key = d\naws_session_token = e\n",
		"config":      "[default]\nregion = eu-west-1\n[profile ci]\nregion = eu-west-2\n",
	} {
		if err := os.WriteFile(filepath.Join(home, ".aws", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := filepath.Join(home, "elsewhere")
	if err := os.WriteFile(elsewhere, []byte("[default]\naws_access_key_id=x\naws_secret_access_key=y\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		env          string
		home         string
		want, region string // key as id/secret/token
	}{
		{"AWS_ACCESS_KEY_ID=i AWS_SECRET_ACCESS_KEY=j", home, "i/j/", "eu-west-1"},
		{"", home, "a/b/", "eu-west-1"},
		{"AWS_PROFILE=ci", home, "c/d/e", "eu-west-2"},
		{"AWS_PROFILE=ci AWS_REGION=us-west-1", home, "c/d/e", "us-west-1"},
		{"AWS_SHARED_CREDENTIALS_FILE=" + elsewhere, home, "x/y/", "eu-west-1"},
		{"AWS_PROFILE=missing", home, "", "us-east-1"},
		{"", "", "", "us-east-1"},
	} {
		env := func(name string) string {
			for _, one := range strings.Fields(test.env) {
				if n, v, _ := strings.Cut(one, "="); n == name {
					return v
				}
			}
			return ""
		}
		c := Config{Env: env, Home: test.home}
		k, err := keys(c).Retrieve(t.Context())
		got := ""
		if err == nil {
			got = k.AccessKeyID + "/" + k.SecretAccessKey + "/" + k.SessionToken
		}
		if got != test.want || regionOf(c) != test.region {
			t.Errorf("%q: key %q, %v, region %s", test.env, got, err, regionOf(c))
		}
	}
}
