package s3test

import (
	"net/http"
	"testing"
)

// Published by Amazon on the page "Signature Calculations for the Authorization
// Header" of the S3 API reference (sig-v4-header-based-auth).
func TestVectors(t *testing.T) {
	const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	for _, test := range []struct {
		name, method, path string
		query              [][2]string
		headers            map[string]string
		body, want         string
	}{
		{"get object", "GET", "/test.txt", nil, map[string]string{"Range": "bytes=0-9"}, empty,
			"f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
		{"put object", "PUT", "/test$file.text", nil, map[string]string{"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
			"44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
			"98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
		{"get bucket lifecycle", "GET", "/", [][2]string{{"lifecycle", ""}}, nil, empty,
			"fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
		{"list objects", "GET", "/", [][2]string{{"prefix", "J"}, {"max-keys", "2"}}, nil, empty,
			"34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
	} {
		r := signed{method: test.method, path: test.path, query: test.query, header: http.Header{}, body: test.body, names: []string{"host", "x-amz-content-sha256", "x-amz-date"}}
		r.header.Set("Host", "examplebucket.s3.amazonaws.com")
		r.header.Set("x-amz-content-sha256", test.body)
		r.header.Set("x-amz-date", "20130524T000000Z")
		for name, value := range test.headers {
			r.header.Set(name, value)
			r.names = append(r.names, lower(name))
		}
		if got := r.sign("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524T000000Z", []string{"20130524", "us-east-1", "s3", "aws4_request"}); got != test.want {
			t.Errorf("%s: %s of\n%s", test.name, got, r.canonical())
		}
	}
}
