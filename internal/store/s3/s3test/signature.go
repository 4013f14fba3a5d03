package s3test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"wgtup/internal/store/standin"
)

// signed is what Signature Version 4 covers.
type signed struct {
	method string
	path   string      // as it is on the wire, decoded
	query  [][2]string // decoded
	header http.Header // of the names below, Host too
	names  []string    // in lower case
	body   string      // x-amz-content-sha256
}

// canonical is the request as it is signed.
func (s signed) canonical() string {
	var query, headers []string
	for _, pair := range s.query {
		query = append(query, standin.Percent(pair[0], "")+"="+standin.Percent(pair[1], ""))
	}
	slices.Sort(query)
	names := slices.Sorted(slices.Values(s.names))
	for _, name := range names {
		headers = append(headers, name+":"+strings.Join(strings.Fields(strings.Join(s.header.Values(name), ",")), " ")+"\n")
	}
	return strings.Join([]string{s.method, standin.Percent(s.path, "/"), strings.Join(query, "&"), strings.Join(headers, ""), strings.Join(names, ";"), s.body}, "\n")
}

// sign is the signature at a time, in a scope: date, region, service and
// "aws4_request".
func (s signed) sign(secret, at string, scope []string) string {
	sum := sha256.Sum256([]byte(s.canonical()))
	key := []byte("AWS4" + secret)
	for _, part := range scope {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, strings.Join([]string{"AWS4-HMAC-SHA256", at, strings.Join(scope, "/"), hex.EncodeToString(sum[:])}, "\n")))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
