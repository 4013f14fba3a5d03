// Package storetest is what every driver must pass, and a real S3 service to
// run it against.
package storetest

import (
	"context"
	"testing"
	"time"

	"wgtup/internal/store"
)

// Harness is one empty place to store objects.
type Harness struct {
	Driver store.Driver
	// Second is another way into the same place, as another process would have
	// it. nil: Driver itself.
	Second store.Driver
	// Prefix keeps this test apart from others in the same place.
	Prefix string
	// Keys is how many objects the listing test makes, 0 for 1100.
	Keys int
	// NoNesting says that a key cannot be a folder of other keys as well.
	NoNesting bool
}

// Run tests a driver. open returns a new empty place each time.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *place)
	}{
		{"RoundTrip", roundTrip},
		{"EmptyBody", emptyBody},
		{"Ranges", ranges},
		{"LargeBody", largeBody},
		{"WrongSize", wrongSize},
		{"Overwrite", overwrite},
		{"NeverMixed", neverMixed},
		{"Verify", verify},
		{"CreateOnly", createOnly},
		{"CreateOnlyOneWinner", createOnlyOneWinner},
		{"IfMatch", ifMatch},
		{"IfMatchOneWinner", ifMatchOneWinner},
		{"Copy", copyObject},
		{"CopyOntoItself", copyOntoItself},
		{"Missing", missing},
		{"Delete", deleteObject},
		{"List", list},
		{"ListPages", listPages},
		{"OddKeys", oddKeys},
		{"Refused", refused},
		{"Cancelled", cancelled},
		{"CancelledHalfway", cancelledHalfway},
		{"Parts", parts},
		{"PartsGoOn", partsGoOn},
		{"PartsOfOthers", partsOfOthers},
		{"PartsAborted", partsAborted},
		{"PartsAtOnce", partsAtOnce},
		{"Identity", identity},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := open(t)
			if h.Second == nil {
				h.Second = h.Driver
			}
			if h.Keys == 0 {
				h.Keys = 1100
			}
			p := &place{Harness: h, ctx: t.Context()}
			p.Store, p.second = Quick(t, h.Driver, h.Prefix), Quick(t, h.Second, h.Prefix)
			test.run(t, p)
		})
	}
}

// place is a Harness with its stores.
type place struct {
	Harness
	*store.Store
	second *store.Store
	ctx    context.Context
}

// Quick returns a store that does not wait before it tries again.
func Quick(t *testing.T, d store.Driver, prefix string) *store.Store {
	t.Helper()
	s, err := store.New(d, prefix)
	if err != nil {
		t.Fatal(err)
	}
	return s.WithRetry(Patience)
}

// Patience tries five times without a pause.
var Patience = store.Retry{
	Attempts: 5,
	Sleep:    func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	Float:    func() float64 { return 0 },
}
