package main

import (
	"context"
	"net/http"
	"time"
)

// silence is how long a public URL may take to begin an answer.
const silence = 15 * time.Second

// patient is a client for public URLs: it waits that long and no longer, and it
// ends with ctx even where a request must outlive it (what was published is
// looked at although Ctrl-C came meanwhile).
func patient(ctx context.Context) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = silence
	return &http.Client{Transport: bounded{ctx, t}}
}

type bounded struct {
	ctx  context.Context
	next http.RoundTripper
}

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	context.AfterFunc(b.ctx, cancel)
	return b.next.RoundTrip(r.WithContext(ctx))
}
