package main

import (
	"context"
	"slices"
	"strings"

	"wgtup/internal/publish"
)

// noChannel is that nothing was published on a channel. It names those that
// there are, where the store lets us list: most often the name is misspelt.
func noChannel(ctx context.Context, p *publish.Publisher) error {
	r := &publish.Refusal{Code: publish.NoChannel, Facts: map[string]string{"channel": p.Channel}}
	if known, err := p.Channels(ctx); err == nil {
		r.Facts["known"] = strings.Join(known, ", ")
	}
	return r
}

// channels are those of the app, the publisher's own among them. A store that
// does not let us list has only that one, as far as anybody knows.
func channels(ctx context.Context, p *publish.Publisher) []string {
	known, err := p.Channels(ctx)
	if err != nil || !slices.Contains(known, p.Channel) {
		known = append(known, p.Channel)
	}
	slices.Sort(known)
	return known
}
