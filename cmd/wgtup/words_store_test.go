package main

import (
	"strings"
	"testing"

	"wgtup/internal/store"
)

// TestStoreCodes: whatever a service says, there is one sentence and one hint,
// and variables of the vendor that refused.
func TestStoreCodes(t *testing.T) {
	for scheme, variable := range map[string]string{"s3": "AWS_ACCESS_KEY_ID", "oss": "OSS_ACCESS_KEY_ID", "cos": "TENCENTCLOUD_SECRET_ID", "bos": "BCE_ACCESS_KEY_ID"} {
		for code, hint := range storeCodes {
			complete(t, code, hint)
			f := explain(&store.Error{Op: "put", Key: "key", Status: 403, Code: code, Scheme: scheme, Err: store.ErrDenied})
			if f.exit != exitStore || len(f.hints) != 1 || strings.Contains(f.hints[0].en+f.hints[0].zh, "%!") {
				t.Errorf("%s: %+v", code, f)
			}
			if named := strings.Contains(hint.en, "%s"); strings.Contains(f.hints[0].en, variable) != named {
				t.Errorf("%s, %s: %q", scheme, code, f.hints[0].en)
			}
		}
		f := explain(&store.Error{Op: "put", Key: "key", Status: 403, Code: "AccessDenied", Scheme: scheme, Err: store.ErrDenied})
		if len(f.hints) != 1 || !strings.Contains(f.hints[0].en, variable) {
			t.Errorf("%s: %q", scheme, f.hints)
		}
	}
}
