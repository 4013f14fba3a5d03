package s3

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

// TestRoles takes keys from what a machine (EC2, by a session) and a container say
// about their roles.
func TestRoles(t *testing.T) {
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("of a pod"), 0o600); err != nil {
		t.Fatal(err)
	}
	const roles = "/latest/meta-data/iam/security-credentials/"
	machine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := `{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":%q,"SecretAccessKey":"hush","Token":"token","Expiration":"2099-01-01T00:00:00Z"}`
		session := r.Header.Get("X-Aws-Ec2-Metadata-Token") == "session"
		switch call := r.Method + " " + r.URL.Path; {
		case call == "PUT /latest/api/token" && r.Header.Get("X-Aws-Ec2-Metadata-Token-Ttl-Seconds") != "":
			w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "21600")
			fmt.Fprint(w, "session")
		case call == "GET "+roles && session:
			fmt.Fprint(w, "ci\n")
		case call == "GET "+roles+"ci" && session:
			fmt.Fprintf(w, key, "machine")
		case call == "GET /pod" && r.Header.Get("Authorization") == "of a pod", call == "GET /task" && r.Header.Get("Authorization") == "of a task":
			fmt.Fprintf(w, key, r.URL.Path)
		default:
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer machine.Close()
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", machine.URL) // the SDK looks itself
	t.Setenv("AWS_EC2_METADATA_DISABLED", "false")
	for name, test := range map[string]struct {
		env  map[string]string
		want string // id of the key
	}{
		"machine":               {nil, "machine"},
		"container":             {map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": machine.URL + "/task", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "of a task"}, "/task"},
		"pod":                   {map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": machine.URL + "/pod", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": token}, "/pod"},
		"container, no token":   {map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": machine.URL + "/task"}, ""},
		"variables before that": {map[string]string{"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_CONTAINER_CREDENTIALS_FULL_URI": machine.URL + "/task"}, "id"},
	} {
		k, err := keys(Config{Env: func(name string) string { return test.env[name] }}).Retrieve(t.Context())
		if k.AccessKeyID != test.want || (err == nil) != (test.want != "") || test.want != "id" && err == nil && (k.SecretAccessKey != "hush" || k.SessionToken != "token" || !k.CanExpire) {
			t.Errorf("%s: %+v, %v", name, k, err)
		}
	}
	place, _ := containerKeys(func(name string) string {
		return map[string]string{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/x"}[name]
	})
	if place != "http://169.254.170.2/v2/credentials/x" { // as ECS documents it
		t.Error(place)
	}
}
