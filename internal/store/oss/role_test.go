package oss

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// TestRole takes a key from what an ECS machine says about its RAM role. The SDK knows
// one address only, so the stand-in is a proxy for it.
func TestRole(t *testing.T) {
	asked := ""
	machine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.String()
		w.Write([]byte(`{"AccessKeyId":"STS.id","AccessKeySecret":"hush","SecurityToken":"token","Expiration":"2099-01-01T00:00:00Z","LastUpdated":"2026-01-01T00:00:00Z","Code":"Success"}`))
	}))
	defer machine.Close()
	proxy, err := url.Parse(machine.URL)
	if err != nil {
		t.Fatal(err)
	}
	was := http.DefaultTransport
	http.DefaultTransport = &http.Transport{Proxy: http.ProxyURL(proxy)}
	defer func() { http.DefaultTransport = was }()

	k, err := keys(Config{Role: "ci", Env: func(string) string { return "" }}).GetCredentials(t.Context())
	if err != nil || k.AccessKeyID != "STS.id" || k.AccessKeySecret != "hush" || k.SecurityToken != "token" || k.Expires == nil {
		t.Errorf("%+v, %v", k, err)
	}
	if asked != "http://100.100.100.200/latest/meta-data/ram/security-credentials/ci" {
		t.Errorf("asked %s", asked)
	}
}
