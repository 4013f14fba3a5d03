package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

// Retry says how often and after what pauses a verb is tried again. The pause
// before attempt n is a random part of Base doubled n times, at most Max; longer
// where the service asks for it (Retry-After), at most Patience.
type Retry struct {
	Attempts  int // in all, 1 means never again
	Base, Max time.Duration
	Patience  time.Duration
	Sleep     func(context.Context, time.Duration) error
	Float     func() float64 // uniform in [0, 1)
}

var defaultRetry = Retry{Attempts: 5, Base: 200 * time.Millisecond, Max: 5 * time.Second, Patience: 30 * time.Second, Sleep: sleep, Float: rand.Float64}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pause waits before the attempt after one that failed with err. What others were
// told as well is not waited for to the second: a random part of Base comes on top.
func (r Retry) pause(ctx context.Context, attempt int, err error) error {
	d := r.Base
	for range attempt {
		d = min(2*d, r.Max)
	}
	d = time.Duration(r.Float() * float64(d))
	if e := (*Error)(nil); errors.As(err, &e) && e.RetryAfter > 0 {
		d = min(e.RetryAfter+time.Duration(r.Float()*float64(r.Base)), r.Patience)
	}
	return r.Sleep(ctx, d)
}

// repeat calls f until it succeeds, fails for good, or the attempts are used up.
// It is for verbs that change nothing.
func (s *Store) repeat(ctx context.Context, f func() error) error {
	for attempt := 0; ; attempt++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := f()
		if err == nil || !errors.Is(err, ErrUnavailable) || attempt+1 >= s.retry.Attempts || ctx.Err() != nil {
			return err
		}
		if pauseErr := s.retry.pause(ctx, attempt, err); pauseErr != nil {
			return fmt.Errorf("%w; then: %w", err, pauseErr)
		}
	}
}

// repeatWrite is repeat for verbs that write. Without a condition the same bytes
// may be written again after any doubt. With one, an attempt that may have
// succeeded ends it: a second would trip over the first. Whatever comes last,
// the answer stays ErrUnknown while an earlier attempt may have been applied.
func (s *Store) repeatWrite(ctx context.Context, o PutOptions, f func() error) error {
	conditional := o.CreateOnly || o.IfMatch != ""
	var doubt error
	for attempt := 0; ; attempt++ {
		if err := ctx.Err(); err != nil {
			return errors.Join(doubt, err)
		}
		err := f()
		unknown := errors.Is(err, ErrUnknown)
		if unknown {
			doubt = err
		}
		again := errors.Is(err, ErrUnavailable) || unknown && !conditional
		if again && attempt+1 < s.retry.Attempts && ctx.Err() == nil {
			pauseErr := s.retry.pause(ctx, attempt, err)
			if pauseErr == nil {
				continue
			}
			err = fmt.Errorf("%w; then: %w", err, pauseErr)
		}
		switch {
		case err == nil || unknown:
			return err
		case doubt != nil:
			return fmt.Errorf("%w; then: %v", doubt, err)
		case conditional && isConflict(err):
			return &Error{Status: http.StatusConflict, Code: err.(*Error).Code, Err: fmt.Errorf("%w: %v", ErrUnknown, err)}
		}
		return err
	}
}

// isConflict reports whether the service refused a conditional write because
// another one was under way. Who wins is not known yet.
func isConflict(err error) bool {
	e, ok := err.(*Error)
	return ok && e.Status == http.StatusConflict && errors.Is(err, ErrUnavailable)
}
