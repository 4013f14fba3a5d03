package sign

import "testing"

func TestPAE(t *testing.T) {
	cases := []struct{ payloadType, payload, want string }{
		// the example of the DSSE specification, protocol.md
		{"http://example.com/HelloWorld", "hello world", "DSSEv1 29 http://example.com/HelloWorld 11 hello world"},
		{"", "", "DSSEv1 0  0 "},
		{"a", "", "DSSEv1 1 a 0 "},
		{"", "b", "DSSEv1 0  1 b"},
		{"a b", "c d", "DSSEv1 3 a b 3 c d"},
		{"类型", "é\x00\xff", "DSSEv1 6 类型 4 é\x00\xff"}, // bytes, not characters
		{StatementType, "0123456789", "DSSEv1 31 application/vnd.wgtup.keys+json 10 0123456789"},
	}
	for _, c := range cases {
		if got := string(PAE(c.payloadType, []byte(c.payload))); got != c.want {
			t.Errorf("PAE(%q, %q) = %q, want %q", c.payloadType, c.payload, got, c.want)
		}
	}
}

// The lengths keep type and payload apart.
func TestPAEIsInjective(t *testing.T) {
	parts := []string{"", " ", "a", "1", "1 a", "a 1", "a 1 b", "  ", "0", " 0 ", "DSSEv1 1 a 1 b"}
	seen := map[string][2]string{}
	for _, a := range parts {
		for _, b := range parts {
			text := string(PAE(a, []byte(b)))
			if other, ok := seen[text]; ok {
				t.Errorf("(%q, %q) and %q are both %q", a, b, other, text)
			}
			seen[text] = [2]string{a, b}
		}
	}
}
