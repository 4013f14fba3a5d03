package main

import (
	"fmt"
	"time"

	"wgtup/internal/publish"
)

// How often the rate of an upload is told: on a terminal, in a log.
const (
	shown  = 200 * time.Millisecond
	logged = 10 * time.Second
)

// transfer watches one upload after the other.
type transfer struct {
	key   string
	begun time.Time
	from  int64 // what was there already when we went on
	told  time.Time
}

// rate is how far an upload is and how fast.
type rate struct {
	percent int
	speed   float64       // bytes a second
	left    time.Duration // at this speed
}

// rate takes note of a step, and says whether it is time to tell about it.
func (t *transfer) rate(s publish.Step, now time.Time, every time.Duration) (rate, bool) {
	if s.Key != t.key || s.Sent < t.from {
		*t = transfer{key: s.Key, begun: now, from: s.Sent, told: now}
	}
	passed := now.Sub(t.begun)
	if now.Sub(t.told) < every || s.Sent == t.from {
		return rate{}, false
	}
	t.told = now
	r := rate{percent: int(100 * s.Sent / s.Size), speed: float64(s.Sent-t.from) / passed.Seconds()}
	r.left = time.Duration(float64(s.Size-s.Sent) / r.speed * float64(time.Second)).Round(time.Second)
	return r, true
}

// rateText fits behind a short key on 80 columns.
func (u *ui) rateText(size int64, r rate) string {
	left := fmt.Sprintf(u.t(text{"%d s left", "剩余 %d 秒"}), int(r.left.Seconds()))
	if r.left >= 2*time.Minute {
		left = fmt.Sprintf(u.t(text{"%d min left", "剩余 %d 分钟"}), int(r.left.Minutes()))
	}
	return fmt.Sprintf(u.t(text{" %d%% of %s, %s/s, %s", " %d%%，共 %s，%s/秒，%s"}), r.percent, bytesText(size), bytesText(int64(r.speed)), left)
}
