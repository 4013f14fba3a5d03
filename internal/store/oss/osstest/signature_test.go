package osstest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"testing"
)

// Published by Alibaba in the tests of its Go SDK, oss/signer/signer_test.go of
// v1.6.1. The key is one for examples.
const (
	vectorQuery = "param1=value1&%2Bparam1=value3&%7Cparam1=value4&%2Bparam2&%7Cparam2&param2"
	vectorKey   = "1234+-/123/1.txt"
)

func vector(t *testing.T, extra ...string) signed {
	t.Helper()
	r := signed{method: "PUT", bucket: "bucket", key: vectorKey, header: http.Header{}}
	for _, pair := range [][2]string{{"x-oss-head1", "value"}, {"abc", "value"}, {"ZAbc", "value"}, {"XYZ", "value"}, {"content-type", "text/plain"}} {
		r.header.Set(pair[0], pair[1])
	}
	query, err := readQuery(vectorQuery)
	if err != nil {
		t.Fatal(err)
	}
	r.query = query
	for i := 0; i < len(extra); i += 2 {
		r.header.Set(extra[i], extra[i+1])
	}
	return r
}

func TestVectorsV4(t *testing.T) {
	for _, test := range []struct {
		name, time      string
		token           string
		additional      []string
		region, product string
		want            string
	}{
		{"header", "20231216T162057Z", "", nil, "cn-hangzhou", "oss", "e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe"},
		{"temporary key", "20231217T034736Z", "token", nil, "cn-hangzhou", "oss", "b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea"},
		{"additional headers", "20231216T172512Z", "", []string{"ZAbc", "abc"}, "cn-hangzhou", "oss", "4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f"},
		{"additional, some of no use", "20231216T172512Z", "", []string{"x-oss-no-exist", "ZAbc", "x-oss-head1", "abc"}, "cn-hangzhou", "oss", "4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f"},
		{"cloud box", "20231216T162057Z", "", nil, "cb-123", "oss-cloudbox", "94ce1f12c17d148ea681030275a94449d3357f5b5b21133996eec80af3e08a43"},
	} {
		r := vector(t, "x-oss-content-sha256", "UNSIGNED-PAYLOAD", "x-oss-date", test.time)
		if test.token != "" {
			r.header.Set("x-oss-security-token", test.token)
		}
		in := scope{test.time[:8], test.region, test.product}
		if got := signV4(r, "sk", test.time, in, test.additional); got != test.want {
			t.Errorf("%s: %s\n%s", test.name, got, canonicalV4(r, test.additional))
		}
	}
	r := vector(t, "x-oss-content-sha256", "UNSIGNED-PAYLOAD", "x-oss-date", "20231216T162057Z")
	if sum := sha256.Sum256([]byte(canonicalV4(r, nil))); hex.EncodeToString(sum[:]) != "f4613657f1b108998e8dbd10a1aa5da621dc2c6e02c9ddec0f163664848704c4" {
		t.Errorf("canonical request\n%s", canonicalV4(r, nil))
	}
}

// TestVectorsV4URL: the signature in a URL covers what the other query
// parameters say about it.
func TestVectorsV4URL(t *testing.T) {
	for _, test := range []struct {
		name, time, token string
		additional        string
		region, product   string
		want              string
	}{
		{"presign", "20231217T025437Z", "", "", "cn-hangzhou", "oss", "a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe"},
		{"temporary key", "20231217T035628Z", "token", "", "cn-hangzhou", "oss", "3817ac9d206cd6dfc90f1c09c00be45005602e55898f26f5ddb06d7892e1f8b5"},
		{"additional", "20231217T033009Z", "", "abc;zabc", "cn-hangzhou", "oss", "6bd984bfe531afb6db1f7550983a741b103a8c58e5e14f83ea474c2322dfa2b7"},
		{"cloud box", "20231217T025437Z", "", "abc;zabc", "cb-123", "oss-cloudbox", "07284191b9b4978ac3520cd39ee2dea2747eda454089359371ff463a6c7ba20f"},
		{"cloud box 2", "20231217T033009Z", "", "abc;zabc", "cb-123", "oss-cloudbox", "16782cc8a7a554523db055eb804b508522e7e370073108ad88ee2f47496701dd"},
	} {
		r := vector(t, "content-type", "application/octet-stream")
		in := scope{test.time[:8], test.region, test.product}
		for _, pair := range [][2]string{
			{"x-oss-signature-version", "OSS4-HMAC-SHA256"}, {"x-oss-date", test.time}, {"x-oss-expires", "599"},
			{"x-oss-credential", "ak/" + in.String()}, {"x-oss-security-token", test.token}, {"x-oss-additional-headers", test.additional},
		} {
			if pair[1] != "" {
				r.query = append(r.query, pair)
			}
		}
		var additional []string
		if test.additional != "" {
			additional = []string{"ZAbc", "abc"}
		}
		if got := signV4(r, "sk", test.time, in, additional); got != test.want {
			t.Errorf("%s: %s\n%s", test.name, got, canonicalV4(r, additional))
		}
	}
}

func TestVectorsV1(t *testing.T) {
	const date = "Wed, 28 Dec 2022 10:27:41 GMT"
	nelson, bare := http.Header{}, http.Header{"X-Oss-Date": {date}}
	for _, pair := range [][2]string{
		{"Content-MD5", "eB5eJF1ptWaXm4bijSPyxw=="}, {"Content-Type", "text/html"}, {"x-oss-meta-author", "alice"}, {"x-oss-meta-magic", "abracadabra"}, {"x-oss-date", date},
	} {
		nelson.Set(pair[0], pair[1])
	}
	for _, test := range []struct {
		name string
		r    signed
		date string
		want string
	}{
		{"put", signed{method: "PUT", bucket: "examplebucket", key: "nelson", header: nelson}, date, "kSHKmLxlyEAKtZPkJhG9bZb5k7M="},
		{"put ?acl", signed{method: "PUT", bucket: "examplebucket", key: "nelson", header: nelson, query: [][2]string{{"acl", ""}}}, date, "/afkugFbmWDQ967j1vr6zygBLQk="},
		{"get ?resourceGroup", signed{method: "GET", bucket: "examplebucket", header: bare, query: [][2]string{{"resourceGroup", ""}, {"non-resousce", "null"}}}, date, "vkQmfuUDyi1uDi3bKt67oemssIs="},
		{"get ?acl&resourceGroup", signed{method: "GET", bucket: "examplebucket", header: bare, query: [][2]string{{"resourceGroup", ""}, {"acl", ""}}}, date, "x3E5TgOvl/i7PN618s5mEvpJDYk="},
		{"URL", signed{method: "GET", bucket: "bucket", key: "key", query: [][2]string{{"versionId", "versionId"}}}, "1699807420", "dcLTea+Yh9ApirQ8o8dOPqtvJXQ="},
		{"URL, temporary key", signed{method: "GET", bucket: "bucket", key: "key+123", query: [][2]string{{"versionId", "versionId"}, {"security-token", "token"}}}, "1699808204", "jzKYRrM5y6Br0dRFPaTGOsbrDhY="},
	} {
		if got := signV1(test.r, "sk", test.date); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// TestCaptured: what the SDK sent once, with keys for examples.
func TestCaptured(t *testing.T) {
	const when = "20261122T111555Z"
	in := scope{"20261122", "cn-hangzhou", "oss"}
	for _, test := range []struct {
		method string
		header []string
		want   string
	}{
		{"PUT", []string{"content-type", "application/octet-stream", "x-oss-forbid-overwrite", "false", "x-oss-meta-version-code", "100", "x-oss-object-acl", "public-read"},
			"e912cf9f9e7200b0dba22ca54a5418e0a3cd02f3131b7eeea618dfb114810622"},
		{"HEAD", []string{"content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="}, "595e30e9327ee3a46062978c7d0e315db8363d8643296eaeab2954a28abca84a"},
		{"PUT", []string{"content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==", "x-oss-copy-source", "/bkt1/a.wgt", "x-oss-meta-version-code", "101", "x-oss-metadata-directive", "REPLACE"},
			"1d5a67d764659616c2727d863def037389c7bafcb727d580245c4cb1713a356d"},
	} {
		r := signed{method: test.method, bucket: "bkt1", key: "a.wgt", header: http.Header{}}
		all := append([]string{"x-oss-content-sha256", "UNSIGNED-PAYLOAD", "x-oss-date", when, "x-oss-security-token", "sts"}, test.header...)
		for i := 0; i < len(all); i += 2 {
			r.header.Set(all[i], all[i+1])
		}
		if got := signV4(r, "sk", when, in, nil); got != test.want {
			t.Errorf("%s: %s\n%s", test.method, got, canonicalV4(r, nil))
		}
	}
}
