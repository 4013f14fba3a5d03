package bostest

import "testing"

func list(all ...string) (pairs [][2]string) {
	for i := 0; i < len(all); i += 2 {
		pairs = append(pairs, [2]string{all[i], all[i+1]})
	}
	return pairs
}

// Published by Baidu in the tests of its JavaScript SDK (test/sdk/auth.spec.js);
// the last two were captured from the Go SDK with keys for examples.
func TestVectors(t *testing.T) {
	const sdk, captured = "bce-auth-v1/my_ak/2014-06-13T05:57:36Z/1800", "bce-auth-v1/akbce/2026-11-22T11:15:55Z/1800"
	if got := mac("my_sk", sdk); got != "b358d27f22640783b887965f17e6cf57ce5b44e3e44ed171a934df6daff52a7c" {
		t.Errorf("signing key %s", got)
	}
	for _, test := range []struct {
		name, secret, scope string
		r                   signed
		want                string
	}{
		{"put", "my_sk", sdk, signed{"PUT", "/v1/bucket/object1", list("A", "", "b", "", "C", "d"), list("host", "bce.baidu.com", "x-bce-meta-key1", "ABC")},
			"80c9672aca2ea9af4bb40b9a8ff458d72df94e97d550840727f3a929af271d25"},
		{"delete", "my_sk", sdk, signed{"DELETE", "/v1/test-bucket1361199862", nil, list("Content-Type", "application/json; charset=utf-8", "Content-Length", "0")},
			"c9386b15d585960ae5e6972f73ed92a9a682dc81025480ba5b41206d3e489822"},
		{"captured put", "skbce", captured, signed{"PUT", "/bkt1/a.wgt", nil, list("content-length", "5", "content-type", "application/octet-stream", "host", "127.0.0.1:18099",
			"x-bce-acl", "public-read", "x-bce-date", "2026-11-22T11:15:55Z", "x-bce-meta-version-code", "100")},
			"f74befbf0a680b4ca4f4d0d339de42e0d982b189561707f7a5f82ff0238c3ee8"},
		{"captured head", "skbce", captured, signed{"HEAD", "/bkt1/a.wgt", nil, list("content-type", "application/json;charset=utf-8", "host", "127.0.0.1:18099", "x-bce-date", "2026-11-22T11:15:55Z")},
			"a4c7bb7eda000bafdc4c3a64f6bada3644e4be835c13522b1599677e90b2330c"},
	} {
		if got := test.r.sign(test.secret, test.scope); got != test.want {
			t.Errorf("%s: %s of\n%s", test.name, got, test.r.text())
		}
	}
}

// TestSpelling: the same file's examples of how parts are spelled.
func TestSpelling(t *testing.T) {
	if got := query(list("A", "A", "B", "", "C", "")); got != "A=A&B=&C=" {
		t.Error(got)
	}
	if got := query(list("a", "!'()*this is an example for 测试")); got != "a=%21%27%28%29%2Athis%20is%20an%20example%20for%20%E6%B5%8B%E8%AF%95" {
		t.Error(got)
	}
	if got := headers(list("Host", "localhost", "x-bce-a", "a/b:c", "C", "", "Content-MD5", "MD5")); got != "content-md5:MD5\nhost:localhost\nx-bce-a:a%2Fb%3Ac" {
		t.Error(got)
	}
}
