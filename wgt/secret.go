package wgt

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

var secretNames = []string{".env", ".env.*", "*.pem", "*.key", "*.p12", "*.pfx", "*.keystore", "*.jks", "*.p8", "*.mobileprovision", "id_rsa*", "id_ed25519*", "id_ecdsa*", ".npmrc", ".netrc"}

// secretName says whether a name is one that usually holds a secret.
func secretName(name string) bool {
	base := strings.ToLower(path.Base(name))
	for _, pattern := range secretNames {
		if ok, _ := path.Match(pattern, base); ok && !strings.HasSuffix(base, ".pub") {
			return true
		}
	}
	return false
}

var privateKey = regexp.MustCompile(`-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY( BLOCK)?-----`)

// accessKeys are the shapes of access key ids: Alibaba Cloud, Tencent Cloud, AWS.
var accessKeys = []struct {
	prefix      string
	least, most int // characters after the prefix
	lower       bool
}{{"LTAI", 12, 36, true}, {"AKID", 13, 60, true}, {"AKIA", 16, 16, false}}

// secretContents says what kind of secret a file seems to hold, or "".
func secretContents(name string, data []byte) string {
	if i := bytes.Index(data, []byte("-----BEGIN ")); i >= 0 && privateKey.Match(data[i:]) {
		return "private key"
	}
	switch path.Ext(name) {
	case ".js", ".mjs", ".cjs", ".json", ".html", ".wxs":
	default:
		return ""
	}
	for _, k := range accessKeys {
		for rest := data; ; {
			i := bytes.Index(rest, []byte(k.prefix))
			if i < 0 {
				break
			}
			length := 0
			for _, c := range rest[i+len(k.prefix):] {
				if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || k.lower && c >= 'a' && c <= 'z') {
					break
				}
				length++
			}
			// A longer run of letters around it is some encoded data, such as a font.
			if length >= k.least && length <= k.most && (i == 0 || !wordByte(rest[i-1])) {
				return "access key id"
			}
			rest = rest[i+len(k.prefix):]
			if length > k.most {
				rest = rest[length:]
			}
		}
	}
	return ""
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_' || c == '+' || c == '/'
}
