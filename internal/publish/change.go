package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

// Edit turns the newest document into the next one. It is pure: the document
// is a copy it may change (an empty one with app and channel for the first
// entry), at is where the next entry will stand. It returns done when the
// document already says what is wanted. One that was asked for "the newest"
// release means the same one in every attempt of a Change.
type Edit func(d *release.Document, at release.Position, now time.Time) (done bool, err error)

// Upload is a file the next document will name.
type Upload struct {
	Key    string
	Size   int64
	SHA256 string
	Open   func() (io.ReadSeekCloser, error)
	Type   string // content type
}

// Plan is what a change would write: shown by --dry-run, signed, then applied.
type Plan struct {
	Before   *Entry // nil for the first entry
	Document *release.Document
	Payload  []byte
	Uploads  []Upload
	Done     bool // nothing to write: the channel says it already

	shut bool // a public URL does not let strangers read release.json
}

// Plan reads the channel and works out the next document. It writes nothing.
func (p *Publisher) Plan(ctx context.Context, edit Edit, uploads []Upload) (*Plan, error) {
	head, next, shut, err := p.continued(ctx)
	if err != nil {
		return nil, err
	}
	d := &release.Document{App: p.App, Channel: p.Channel, Format: release.Format}
	if head != nil {
		if err := head.writable(); err != nil {
			return nil, &EntryError{release.JournalKey(p.Channel, head.Position()), err}
		}
		if d, err = release.ParseStrict(head.Payload); err != nil { // a copy that the edit may change
			return nil, err
		}
		if err := p.checkHome(d); err != nil {
			return nil, err
		}
	}
	now := p.Now().UTC()
	if head != nil && now.Before(head.Document.Issued.Time) {
		now = head.Document.Issued.Time // a clock behind the last writer's must not go back
	}
	done, err := edit(d, next, now)
	if err != nil {
		return nil, err
	}
	if head == nil && len(d.Releases) == 0 {
		return nil, refuse(NoChannel, "channel", p.Channel) // a misspelt channel, most likely
	}
	plan := &Plan{Before: head, Document: d, Uploads: uploads, Done: done, shut: shut}
	if done {
		return plan, nil
	}
	d.Epoch, d.Sequence, d.Previous = next.Epoch, next.Sequence, ""
	if head != nil {
		d.Previous = release.Digest(head.Payload)
	}
	d.Home = p.home()
	d.Issued, d.Expires = release.At(now), release.At(now.Add(Lifetime))
	d.By, d.Commit, d.Job, d.Tool, d.Message = p.By, p.Commit, p.Job, p.Tool, p.Message
	if p.Patching != nil {
		patches, err := p.patch(ctx, head, d, uploads)
		if err != nil {
			return nil, err
		}
		plan.Uploads = slices.Concat(uploads, patches)
	}
	if plan.Payload, err = d.Encode(); err != nil {
		return nil, err
	}
	for i := 0; len(plan.Payload) > sign.MaxPayload && i < len(d.Releases); i++ { // rather no patches than no release
		if d.Releases[i].Patches == nil {
			continue
		}
		d.Releases[i].Patches = nil
		if plan.Payload, err = d.Encode(); err != nil {
			return nil, err
		}
	}
	if len(plan.Payload) > sign.MaxPayload {
		return nil, refuse(EntryTooLarge, "size", itoa(int64(len(plan.Payload))), "limit", itoa(sign.MaxPayload))
	}
	return plan, nil
}

// attempts is how often a writer that loses the race for a number reads the
// winner's entry and checks its change again.
const attempts = 8

// Result says what a change did.
type Result struct {
	Entry   *Entry
	Plan    *Plan
	Done    bool // there was nothing to do
	Healed  bool // but the copies were behind the journal
	Retries int  // races lost before
	Latest  *release.Release
	Views   []View // what the public URLs show
	Mirrors []Mirrored
}

// Change makes an edit happen. An error before the next entry is created
// leaves the channel as it was; from then on ctx no longer stops it.
func (p *Publisher) Change(ctx context.Context, edit Edit, uploads []Upload) (*Result, error) {
	for lost := 0; lost < attempts; lost++ {
		plan, err := p.Plan(ctx, edit, uploads)
		if err != nil {
			return nil, err
		}
		if plan.Done {
			return p.heal(ctx, plan, lost)
		}
		entry, err := p.seal(plan)
		if err != nil {
			return nil, err
		}
		result, err := p.Apply(ctx, plan, entry)
		if !errors.Is(err, errLost) {
			if result != nil {
				result.Retries = lost
			}
			return result, err
		}
	}
	return nil, refuse(LostRace, "attempts", itoa(attempts))
}

// heal is what is left to do when the channel says it already: a publisher that
// was killed may have left the copies behind.
func (p *Publisher) heal(ctx context.Context, plan *Plan, lost int) (*Result, error) {
	result := &Result{Entry: plan.Before, Plan: plan, Done: true, Retries: lost}
	if plan.Before == nil {
		return result, nil
	}
	same, err := p.CopiesFollow(ctx, plan.Before)
	if err != nil {
		return result, err
	}
	result.Latest = p.latest(result.Entry.Document)
	if !same {
		if result.Entry, result.Latest, err = p.settle(context.WithoutCancel(ctx), plan.Before); err != nil {
			return result, &UnsettledError{plan.Before.Position(), err}
		}
		result.Healed = true
	}
	result.Views = p.look(ctx, result.Entry, result.Latest)
	result.Mirrors = p.carry(ctx, result.Entry, plan.Uploads)
	return result, nil
}

// seal signs the plan and verifies the result as a device would, before
// anything is written.
func (p *Publisher) seal(plan *Plan) (*Entry, error) {
	statements, err := p.statements(plan.Before)
	if err != nil {
		return nil, err
	}
	envelope, err := p.Sign(plan.Payload, statements)
	if err != nil {
		return nil, fmt.Errorf("sign entry: %w", err)
	}
	text, err := envelope.Encode()
	if err != nil {
		return nil, fmt.Errorf("sign entry: %w", err)
	}
	entry, err := OpenEntry(release.JournalKey(p.Channel, plan.Document.Position()), text, p.App, p.Channel, p.Trusted)
	if err == nil && len(p.Chain.Sets) > 0 { // the oldest app must accept it, too
		_, err = OpenEntry("", text, p.App, p.Channel, p.Chain.Sets[0])
	}
	var bad *EntryError
	if errors.As(err, &bad) { // not one of the journal
		err = bad.Err
	}
	if err != nil {
		return nil, fmt.Errorf("check own signature: %w", err)
	}
	return entry, nil
}

var errLost = errors.New("another publisher was faster")

// ErrOverwrites says that a store accepted a second write of a key that must be
// written once.
var ErrOverwrites = errors.New("the store overwrites objects that must be written once")

// stock uploads what the next document names, and looks after what it relies on.
func (p *Publisher) stock(ctx context.Context, plan *Plan) error {
	for _, u := range plan.Uploads {
		if err := p.upload(ctx, u); err != nil {
			return err
		}
	}
	for _, r := range plan.relied() {
		if err := p.inStock(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// Apply uploads, creates the entry and settles the copies.
func (p *Publisher) Apply(ctx context.Context, plan *Plan, entry *Entry) (*Result, error) {
	if err := p.stock(ctx, plan); err != nil {
		return nil, err
	}
	if err := p.proveCreateOnly(ctx, plan.Before); err != nil {
		return nil, err
	}
	if err := p.checkOpen(ctx, plan); err != nil {
		return nil, err
	}
	if err := p.mirrorsReady(ctx, plan); err != nil {
		return nil, err
	}
	key := release.JournalKey(p.Channel, entry.Position())
	p.progress("create", key)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("create journal entry: %w", err)
	}
	// From here on nothing is stopped half-way: once the entry exists, the
	// copies must follow. Mirrors may.
	stoppable := ctx
	ctx = context.WithoutCancel(ctx)
	if err := p.create(ctx, key, entry.Text); err != nil {
		if errors.Is(err, store.ErrExists) {
			return nil, errLost
		}
		return nil, fmt.Errorf("create journal entry: %w", err)
	}
	result := &Result{Entry: entry, Plan: plan}
	settled, latest, err := p.settle(ctx, entry)
	if errors.Is(err, errSplit) {
		return nil, err
	}
	if err != nil {
		return result, &UnsettledError{entry.Position(), err}
	}
	result.Latest, result.Views = latest, p.look(ctx, settled, latest)
	result.Mirrors = p.carry(stoppable, settled, plan.Uploads)
	return result, nil
}

// UnsettledError: the entry exists, its copies do not follow it yet.
type UnsettledError struct {
	Position release.Position
	Err      error
}

func (e *UnsettledError) Error() string {
	return fmt.Sprintf("entry %s exists, but its copies: %v", e.Position, e.Err)
}
func (e *UnsettledError) Unwrap() error { return e.Err }

func (p *Publisher) create(ctx context.Context, key string, text []byte) error {
	if p.SingleWriter && !p.Store.Properties().CreateOnly {
		switch _, err := p.Store.Head(ctx, key); {
		case err == nil:
			return store.ErrExists
		case !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrDenied):
			return err
		}
		return p.Store.PutBytes(ctx, key, text, entryOptions())
	}
	return p.Store.Create(ctx, key, text, entryOptions())
}
