package costest

import "testing"

// Published by Tencent: in the tests of its Go SDK v0.7.70 (auth_test.go,
// object_test.go) and in the documentation of the signature. The last two were
// captured from the SDK with keys for examples. The stars in a secret are the
// publisher's.
func TestVectors(t *testing.T) {
	h := func(all ...string) (pairs [][2]string) {
		for i := 0; i < len(all); i += 2 {
			pairs = append(pairs, [2]string{all[i], all[i+1]})
		}
		return pairs
	}
	const beijing = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com"
	for _, test := range []struct {
		name                string
		secret, time        string
		r                   signed
		signKey, text, want string // the first two "" when not published
	}{
		{"authorization", "AKIDZfbOA78asKUYBcXFrJD0a1ICvR98JM", "1480932292;1481012292",
			signed{"PUT", "/testfile2", nil, h("host", "testbucket-125000000.cos.ap-guangzhou.myqcloud.com",
				"x-cos-content-sha1", "db8ac1c259eb89d4a131b253bacfca5f319d54f2", "x-cos-stroage-class", "nearline")},
			"95d110a8ead64cac52083100db75b7e3f369e72f", "113b22e92b74237531fafbfc8bb9e67be55645c7", "ce4ac0ecbcdb30538b3fee0a97cc6389694ce53a"},
		{"presigned", "ZfbOA78asKUYBcXFrJD0a1I*******", "1622702557;1622706157", signed{"PUT", "/test.jpg", nil, nil},
			"9127879125ac514f301995a1f5f4fc6f7ca4e04b", "", "820975b5a8eccce9455b94d4ebed14d66654bf3c"},
		{"presigned with a parameter", "ZfbOA78asKUYBcXFrJD0a1I*******", "1622702557;1622706157", signed{"PUT", "/test.jpg", h("test", "params"), nil},
			"", "", "7757e84ed5f8953eafc30afcd2a5d1ad68e00d67"},
		{"upload", "BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz", "1557989151;1557996351",
			signed{"PUT", "/exampleobject(腾讯云)", nil, h("content-length", "13", "content-md5", "mQ/fVh815F3k6TAUm8m0eg==", "content-type", "text/plain",
				"date", "Thu, 16 May 2019 06:45:51 GMT", "host", beijing, "x-cos-acl", "private", "x-cos-grant-read", `uin="100000000011"`)},
			"eb2519b498b02ac213cb1f3d1a3d27a3b3c9bc5f", "8b2751e77f43a0995d6e9eb9477f4b685cca4172", "3b8851a11a569213c17ba8fa7dcf2abec6935172"},
		{"download", "BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz", "1557989753;1557996953",
			signed{"GET", "/exampleobject(腾讯云)", h("response-content-type", "application/octet-stream", "response-cache-control", "max-age=600"),
				h("date", "Thu, 16 May 2019 06:55:53 GMT", "host", beijing)},
			"", "54ecfe22f59d3514fdc764b87a32d8133ea611e6", "01681b8c9d798a678e43b685a9f1bba0f6c0e012"},
		{"captured put", "sktest", "1795346155;1795349755",
			signed{"PUT", "/a.wgt", nil, h("content-length", "5", "host", "127.0.0.1:18099", "x-cos-acl", "public-read", "x-cos-forbid-overwrite", "true",
				"x-cos-meta-version-code", "100", "x-cos-security-token", "ststoken")},
			"", "", "820cfa93dcf2d074da460a2e4f996de1512c9f53"},
		{"captured head", "sktest", "1795346155;1795349755",
			signed{"HEAD", "/a.wgt", nil, h("host", "127.0.0.1:18099", "x-cos-security-token", "ststoken")},
			"", "", "a833fb46939e1f1c9b7c578d31cc323d30fa4045"},
	} {
		if got := mac(test.secret, test.time); test.signKey != "" && got != test.signKey {
			t.Errorf("%s: sign key %s", test.name, got)
		}
		if got := digest(test.r.text()); test.text != "" && got != test.text {
			t.Errorf("%s: digest %s of\n%s", test.name, got, test.r.text())
		}
		if got := test.r.sign(test.secret, test.time); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
