package bostest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"wgtup/internal/store/standin"
)

// signed is what a signature covers: the decoded path, all parameters, and those
// headers that it names.
type signed struct {
	method, path    string
	params, headers [][2]string
}

func mac(key, text string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

func query(params [][2]string) string {
	var lines []string
	for _, p := range params {
		if strings.ToLower(p[0]) != "authorization" {
			lines = append(lines, standin.Percent(p[0], "")+"="+standin.Percent(p[1], ""))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "&")
}

func headers(all [][2]string) string {
	var lines []string
	for _, h := range all {
		if value := strings.TrimSpace(h[1]); value != "" {
			lines = append(lines, standin.Percent(strings.ToLower(h[0]), "")+":"+standin.Percent(value, ""))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// text is what a request looks like to the signature.
func (s signed) text() string {
	return s.method + "\n" + standin.Percent(s.path, "/") + "\n" + query(s.params) + "\n" + headers(s.headers)
}

// sign computes the signature; scope is "bce-auth-v1/ID/TIME/SECONDS".
func (s signed) sign(secret, scope string) string { return mac(mac(secret, scope), s.text()) }
