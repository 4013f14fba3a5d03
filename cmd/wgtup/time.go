package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"wgtup/release"
)

// entryName is how people call an entry: 42, and 1/42 after the keys changed.
func entryName(at release.Position) string {
	if at.Epoch == 0 {
		return strconv.FormatInt(at.Sequence, 10)
	}
	return at.String()
}

// when is a time in the zone of this machine, as --at reads it.
func when(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05 -0700") }

// ago is how long something is past.
func (u *ui) ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case d < time.Minute:
		return u.t(text{"just now", "刚刚"})
	case d < time.Hour:
		return fmt.Sprintf(u.t(text{"%d min ago", "%d 分钟前"}), int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf(u.t(text{"%d h ago", "%d 小时前"}), int(d.Hours()))
	}
	return fmt.Sprintf(u.t(text{"%d days ago", "%d 天前"}), int(d.Hours()/24))
}

// parseTime reads 2026-11-22T18:00:00Z, "2026-11-22 18:00" (local), now, +6h, +2d.
func parseTime(s string, now time.Time) (time.Time, error) {
	if s == "now" {
		return now, nil
	}
	if rest, ok := strings.CutPrefix(s, "+"); ok {
		if days, err := strconv.ParseUint(strings.TrimSuffix(rest, "d"), 10, 12); err == nil && strings.HasSuffix(rest, "d") {
			return now.AddDate(0, 0, int(days)), nil
		}
		if d, err := time.ParseDuration(rest); err == nil && d >= 0 && !strings.HasPrefix(rest, "+") {
			return now.Add(d), nil
		}
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage(text{"bad time %q", "时间 %q 有误"}, s).
		hint(text{"+6h, +2d, \"2026-11-22 18:00\" or 2026-11-22T18:00:00Z", "+6h、+2d、\"2026-11-22 18:00\" 或 2026-11-22T18:00:00Z"})
}

func bytesText(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

func durationText(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
