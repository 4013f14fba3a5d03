package publish

import (
	"context"
	"testing"
	"time"
)

// From the command to what a phone sees through the public URL, on loopback: a
// rollback, and taking it back.
func BenchmarkRollback(b *testing.B) {
	for _, kind := range []string{"dir", "s3", "oss", "cos", "bos"} {
		b.Run(kind, func(b *testing.B) {
			g := newGround(b, kind)
			base := shop(b)
			base.now = time.Now().UTC().Truncate(time.Second)
			g.become(b, base)
			ctx, visible := context.Background(), time.Duration(0)
			for b.Loop() {
				for _, to := range []string{"1.0.1", "1.0.2"} {
					p := g.publisher(b, base, "x")
					p.Now = time.Now
					start := time.Now()
					r, err := p.Change(ctx, p.Rollback(ctx, to), nil)
					if err != nil || r.Done || !r.Views[0].Visible {
						b.Fatalf("%v, %+v", err, r)
					}
					visible = max(visible, time.Since(start))
				}
			}
			b.ReportMetric(float64(visible.Milliseconds()), "ms-slowest")
		})
	}
}
