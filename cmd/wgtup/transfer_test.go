package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"wgtup/internal/publish"
)

// An upload is told about now and then, from where it went on, and in one line.
func TestTransfer(t *testing.T) {
	const mib = 1 << 20
	key := "packages/" + strings.Repeat("0123456789abcdef", 4) + ".wgt"
	start := time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)
	steps := []struct {
		at   time.Duration
		sent int64
	}{{0, 96 * mib}, {3 * time.Second, 99 * mib}, {10 * time.Second, 116 * mib}, {11 * time.Second, 117 * mib}, {21 * time.Second, 138 * mib}, {300 * time.Second, 399 * mib}}
	for lang, want := range map[string]string{
		"en": "uploading packages/01234567….wgt\n" +
			"uploading packages/01234567….wgt 29% of 400.0 MiB, 2.0 MiB/s, 2 min left\n" +
			"uploading packages/01234567….wgt 34% of 400.0 MiB, 2.0 MiB/s, 2 min left\n" +
			"uploading packages/01234567….wgt 99% of 400.0 MiB, 1.0 MiB/s, 1 s left\n" +
			"reading back packages/01234567….wgt\n",
		"zh": "上传 packages/01234567….wgt\n" +
			"上传 packages/01234567….wgt 29%，共 400.0 MiB，2.0 MiB/秒，剩余 2 分钟\n" +
			"上传 packages/01234567….wgt 34%，共 400.0 MiB，2.0 MiB/秒，剩余 2 分钟\n" +
			"上传 packages/01234567….wgt 99%，共 400.0 MiB，1.0 MiB/秒，剩余 1 秒\n" +
			"回读校验 packages/01234567….wgt\n",
	} {
		var out bytes.Buffer
		u := &ui{err: &out, lang: lang, env: func(string) string { return "" }}
		now := start
		tell := u.progress(func() time.Time { return now })
		tell(publish.Step{Name: "upload", Key: key})
		for _, s := range steps {
			now = start.Add(s.at)
			tell(publish.Step{Name: "upload", Key: key, Sent: s.sent, Size: 400 * mib})
		}
		tell(publish.Step{Name: "verify", Key: key})
		if out.String() != want {
			t.Errorf("%s: got\n%swant\n%s", lang, out.String(), want)
		}
		for line := range strings.Lines(out.String()) {
			if columns(strings.TrimSpace(line)) >= screen {
				t.Errorf("%d columns: %s", columns(line), line)
			}
		}
	}
	var last transfer
	last.rate(publish.Step{Key: key, Size: 100}, start, shown)
	if r, due := last.rate(publish.Step{Key: key, Sent: 1, Size: 100}, start.Add(10*time.Second), shown); !due || r.left != 990*time.Second {
		t.Errorf("%+v, %v", r, due)
	}
	u := &ui{lang: "en"}
	if got := u.rateText(100, rate{percent: 1, left: 990 * time.Second}); !strings.HasSuffix(got, ", 16 min left") {
		t.Error(got)
	}
}
