package publish

import (
	"context"
	"errors"
	"net/http"

	"wgtup/internal/public"
)

// ShutError: strangers may not read what is certainly there, through any public URL.
type ShutError struct{ Err *public.Error }

func (e *ShutError) Error() string { return "not public: " + e.Err.Error() }
func (e *ShutError) Unwrap() error { return e.Err }

func refused(status int) bool {
	return status == http.StatusForbidden || status == http.StatusUnauthorized
}

// checkOpen stops a release that nobody could download: no phone can read the
// bucket. What uploads nothing, such as a rollback in a hurry, is never stopped; nor
// is anything while one URL answers.
func (p *Publisher) checkOpen(ctx context.Context, plan *Plan) error {
	key := probeKey // proveCreateOnly wrote it
	if plan.Before != nil {
		key = releaseKey(p, plan.Before)
	}
	if len(plan.Uploads) == 0 || len(p.Sites) == 0 || plan.Before != nil && !plan.shut || plan.Before == nil && p.SingleWriter {
		return nil
	}
	var last *public.Error
	for _, site := range p.Sites {
		_, err := site.Head(ctx, key, nil)
		if !errors.As(err, &last) || !refused(last.Status) {
			return nil
		}
	}
	return &ShutError{last}
}
