package costest

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"slices"
	"strings"

	"wgtup/internal/store/standin"
)

// signed is what a signature covers: the decoded path, and those parameters and
// headers that it names.
type signed struct {
	method, path    string
	params, headers [][2]string
}

func mac(key, text string) string {
	h := hmac.New(sha1.New, []byte(key))
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

func digest(text string) string {
	sum := sha1.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// pairs spells parameters or headers: names in lower case, encoded, in order.
func pairs(all [][2]string) string {
	var lines []string
	for _, p := range all {
		lines = append(lines, strings.ToLower(standin.Percent(p[0], ""))+"="+standin.Percent(p[1], ""))
	}
	slices.Sort(lines)
	return strings.Join(lines, "&")
}

// text is what a request looks like to the signature.
func (s signed) text() string {
	return strings.ToLower(s.method) + "\n" + s.path + "\n" + pairs(s.params) + "\n" + pairs(s.headers) + "\n"
}

// sign computes the signature for the time "START;END".
func (s signed) sign(secret, time string) string {
	return mac(mac(secret, time), "sha1\n"+time+"\n"+digest(s.text())+"\n")
}
