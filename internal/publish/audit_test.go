package publish

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"wgtup/internal/public"
	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

// An audit finds what a stranger would, says where, and writes nothing.
func TestAudit(t *testing.T) {
	journal := func(n int64) string { return release.JournalKey(testChannel, release.Position{Sequence: n}) }
	document, latest := release.DocumentKey(testChannel), release.LatestKey(testChannel)
	// resigned is entry n with another message, signed by us but continued by nobody.
	resigned := func(b *bed, n int) []byte {
		d := *b.journal(t)[n-1].Document
		d.Message = "history written anew"
		return seal(t, d, b.key)
	}
	bytesOf := func(b *bed, key string, f func([]byte) []byte) {
		o := b.object(t, key)
		b.put(t, key, f(o.body), o.info.Metadata)
	}
	packageKey := release.PackageKey(buildOf("1.0.2", "").pack.SHA256, "wgt")

	tests := []struct {
		name  string
		spoil func(*bed)
		want  string // codes and what follows the last slash of the key
	}{
		{"nothing wrong", func(*bed) {}, ""},
		{"first entry missing", func(b *bed) { b.remove(t, journal(1)) }, "chain 0000000002.json"},
		{"middle entry missing", func(b *bed) { b.remove(t, journal(2)) }, "chain 0000000003.json"},
		{"newest entry missing", func(b *bed) { b.remove(t, journal(3)) }, "entry 0000000003.json"},
		{"middle entry damaged", func(b *bed) { b.put(t, journal(2), []byte("x"), nil) }, "chain 0000000002.json"},
		{"middle entry written anew", func(b *bed) { b.put(t, journal(2), resigned(b, 2), nil) }, "chain 0000000002.json"},
		{"first entry written anew", func(b *bed) { b.put(t, journal(1), resigned(b, 1), nil) }, "chain 0000000001.json"},
		{"newest entry written anew", func(b *bed) { b.put(t, journal(3), resigned(b, 3), nil) }, "document release.json"},
		{"newest entry damaged", func(b *bed) { b.put(t, journal(3), []byte("x"), nil) }, "entry 0000000003.json"},
		{"entry of a stranger ahead", func(b *bed) { b.put(t, journal(4), []byte("x"), nil) }, "entry 0000000004.json"},
		{"an entry that is too large", func(b *bed) { b.put(t, journal(4), bytes.Repeat([]byte(" "), sign.MaxEnvelope+1), nil) }, "entry 0000000004.json"},
		{"package missing", func(b *bed) { b.remove(t, packageKey) }, "package " + packageKey[9:]},
		{"package damaged", func(b *bed) { bytesOf(b, packageKey, bytes.ToUpper) }, "package " + packageKey[9:]},
		{"release.json missing", func(b *bed) { b.remove(t, document) }, "document release.json public "},
		{"release.json older", func(b *bed) {
			b.put(t, document, b.object(t, journal(2)).body, map[string]string{"release": "2", "epoch": "0"})
		}, "document release.json public "},
		{"release.json without metadata", func(b *bed) { b.put(t, document, b.object(t, journal(3)).body, nil) }, "document-metadata release.json public "},
		{"latest.wgt missing", func(b *bed) { b.remove(t, latest) }, "latest latest.wgt public "},
		{"latest.wgt damaged", func(b *bed) { bytesOf(b, latest, bytes.ToUpper) }, "latest latest.wgt"},
		{"latest.wgt of another size", func(b *bed) { bytesOf(b, latest, func([]byte) []byte { return []byte("x") }) }, "latest latest.wgt public "},
		{"latest.wgt without metadata", func(b *bed) { b.put(t, latest, b.object(t, latest).body, nil) }, "latest latest.wgt public "},
		{"soon to expire", func(b *bed) { b.wait(nil, Lifetime-renewal+2*time.Second) }, "expires 0000000003.json"},
		{"not yet soon", func(b *bed) { b.wait(nil, Lifetime-renewal-time.Second) }, ""},
		{"expired", func(b *bed) { b.wait(nil, 2*Lifetime) }, "expires 0000000003.json"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := shop(t)
			tt.spoil(b)
			before, through := b.objects(t), &tap{}
			a, err := b.publisher(t, "x", through).Audit(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range a.Flaws {
				got = append(got, f.Code+" "+f.Key[strings.LastIndex(f.Key, "/")+1:])
				if f.Detail == "" {
					t.Errorf("%s without a detail", f.Code)
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
			if tt.want == "" && (a.Entries != 3 || a.Packages != 2 || a.Bytes == 0) {
				t.Errorf("looked at %+v", a)
			}
			if !same(before, b.objects(t)) {
				t.Error("it wrote something")
			}
			if len(through.Calls) > 30 {
				t.Errorf("%d calls", len(through.Calls))
			}
		})
	}
}

// A bucket that lets strangers write or delete is a flaw, whether it looks at checksums
// or not; one that only reads, denies or cannot be reached is none.
func TestAuditOfAnOpenBucket(t *testing.T) {
	for name, tt := range map[string]struct {
		put, delete int
		body        string
		want        int
	}{
		"denied":                    {403, 403, "<Code>AccessDenied</Code>", 0},
		"read only":                 {405, 405, "", 0},
		"bad request":               {400, 400, "<Code>InvalidRequest</Code>", 0},
		"writable":                  {400, 403, "<Code>BadDigest</Code>", 1},
		"writable, without looking": {200, 403, "", 1},
		"deletable":                 {403, 204, "", 1},
		"both":                      {400, 204, "<Code>InvalidDigest</Code>", 2},
	} {
		b, through := shop(t), &tap{}
		p := b.publisher(t, "x", through)
		site, err := public.Open("http://bucket.test/", &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			status := map[string]int{"PUT": tt.put, "DELETE": tt.delete}[r.Method]
			if status == 0 {
				return through.RoundTrip(r)
			}
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(tt.body)), Request: r}, nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		p.Sites = []*public.Site{site}
		before := b.objects(t)
		a, err := p.Audit(t.Context())
		if err != nil || len(a.Flaws) != tt.want || !same(before, b.objects(t)) {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
		for _, f := range a.Flaws {
			if f.Code != "writable" {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAuditOfNothing(t *testing.T) {
	a, err := newBed(t).publisher(t, "x", nil).Audit(t.Context())
	if err != nil || a.Entries != 0 || len(a.Flaws) != 0 {
		t.Errorf("%+v, %v", a, err)
	}
}

// A store that cannot be read is an error, not a flaw.
func TestAuditWithoutAStore(t *testing.T) {
	b, clean := shop(t), &tap{}
	if _, err := b.publisher(t, "x", clean).Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	for at, call := range clean.Calls {
		if strings.HasPrefix(call, "look") {
			continue
		}
		n := -1
		through := &tap{Before: func(op, key string) error {
			if n++; n >= at {
				return store.ErrUnavailable
			}
			return nil
		}}
		if _, err := b.publisher(t, "x", through).Audit(t.Context()); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("call %d, %s: got %v", at+1, call, err)
		}
	}
}
