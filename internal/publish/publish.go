// Package publish changes what a channel says. It is the only code that writes
// a store.
//
// Every change, from a new release to a renewal, is one function from the
// newest document to the next one (an Edit, pure) and one way to make it happen
// (Publisher.Change), step by step as docs/spec/protocol.md says:
//
//	head    read the newest journal entry and verify it as a device would
//	edit    the rules that may refuse; plan the next document
//	patch   from what devices hold to what is new
//	sign    the payload, with the key statements of the entry before
//	upload  packages and patches, create-only, read back
//	create  the next journal entry, create-only: the moment it happens
//	settle  the copies release.json and latest.wgt, until they follow the journal
//	look    through the public URL
//
// A kill anywhere leaves the old release or the new one fully working. A writer
// never extends an entry that it would not accept as a device, so that whoever
// holds the bucket cannot have us sign their text.
package publish

import (
	"context"
	"time"

	"wgtup/internal/public"
	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

// Lifetime of a document: every writing command renews it.
const Lifetime = 400 * 24 * time.Hour

// Publisher holds what the steps need of the world.
type Publisher struct {
	Store    *store.Store
	Sites    []*public.Site // what devices read, the home's first; may be empty
	App      string
	Channel  string
	Trusted  sign.Set                                                                // the pins of wgtup.yaml
	Chain    sign.Chain                                                              // how they came about; may be unknown in epoch 0
	Sign     func(payload []byte, statements []sign.Envelope) (sign.Envelope, error) // nil for reading commands
	Now      func() time.Time
	Wait     func(context.Context, time.Duration) error // between two looks through the public URL
	Progress func(Step)
	Patching *Patching // nil: none are made

	By, Commit, Job, Tool, Message string
	SingleWriter                   bool // go on although the store overwrites what must be create-only
	TakeHome                       bool // from the next entry on this store is the home

	Mirrors    []Mirror
	AllMirrors bool       // publish nothing while one of them cannot take it
	receives   bool       // this is a mirror that is written
	origin     *Publisher // of a mirror: the home

	ahead func() (*Entry, bool, error) // see ReadAhead

	Adopt *Adoption // set while a channel is taken into a new epoch
}

// Step is what Progress is told.
type Step struct {
	Name string // head, patch (Key is the version it leads from), upload, verify, create, settle, look, remove, mirror
	Key  string

	Sent, Size int64 // of an upload that is under way: bytes
}

func (p *Publisher) progress(name, key string) {
	if p.Progress != nil {
		p.Progress(Step{Name: name, Key: key})
	}
}

// Cache rules: what is never changed may be kept for a year, copies must be
// asked for every time.
const (
	immutable = "public, max-age=31536000, immutable"
	noCache   = "no-cache"
)

func entryOptions() store.PutOptions {
	return store.PutOptions{ContentType: "application/json", CacheControl: immutable}
}

// copyMetadata is what a HEAD of release.json or latest.wgt carries.
func copyMetadata(d *release.Document) map[string]string {
	return map[string]string{"release": itoa(d.Sequence), "epoch": itoa(d.Epoch)}
}
