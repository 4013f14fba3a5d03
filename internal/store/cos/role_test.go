package cos

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"wgtup/internal/store/credential"
)

// TestRole takes a key from what a CVM machine says about its CAM role. The SDK knows
// one address only, so the stand-in is a proxy for it.
func TestRole(t *testing.T) {
	asked, answer := "", ""
	machine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.String()
		fmt.Fprint(w, answer)
	}))
	defer machine.Close()
	proxy, err := url.Parse(machine.URL)
	if err != nil {
		t.Fatal(err)
	}
	was := http.DefaultTransport
	http.DefaultTransport = &http.Transport{Proxy: http.ProxyURL(proxy)}
	defer func() { http.DefaultTransport = was }()

	find := keys(Config{Role: "ci", Env: func(string) string { return "" }})
	answer = `{"Code":"Failed"}`
	if k, err := find(); err == nil {
		t.Errorf("a key from a role that there is not: %+v", k)
	}
	answer = fmt.Sprintf(`{"TmpSecretId":"AKIDrole","TmpSecretKey":"hush","ExpiredTime":%d,"Expiration":"2099-01-01T00:00:00Z","Token":"token","Code":"Success"}`, time.Now().Add(time.Hour).Unix())
	for range 2 { // the second time it is known
		if k, err := find(); err != nil || k != (credential.Key{ID: "AKIDrole", Secret: "hush", Token: "token"}) {
			t.Errorf("%+v, %v", k, err)
		}
		answer = "gone"
	}
	if asked != "http://metadata.tencentyun.com/latest/meta-data/cam/security-credentials/ci" {
		t.Errorf("asked %s", asked)
	}
}
