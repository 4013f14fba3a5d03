package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

// carry brings every mirror up to an entry, as far as each can be reached. None
// of them stops the others, nor what has been published.
func (p *Publisher) carry(ctx context.Context, e *Entry, uploads []Upload) []Mirrored {
	var all []Mirrored
	for _, m := range p.Mirrors {
		all = append(all, p.carrier(m, uploads).carry(ctx, e))
	}
	return all
}

// RepairMirrors is carry for what may be damaged: it looks for every package that
// the newest entry names.
func (p *Publisher) RepairMirrors(ctx context.Context, e *Entry) ([]Mirrored, error) {
	if len(p.Mirrors) == 0 {
		return nil, nil
	}
	if err := p.checkHome(e.Document); err != nil {
		return nil, err
	}
	var all []Mirrored
	for _, m := range p.Mirrors {
		c := p.carrier(m, nil)
		c.trusting, c.page = false, true
		all = append(all, c.carry(ctx, e))
	}
	return all, nil
}

// mirrorsReady makes sure, before the entry is created, that every mirror can take
// it: with AllMirrors, nothing is published otherwise.
func (p *Publisher) mirrorsReady(ctx context.Context, plan *Plan) error {
	if !p.AllMirrors {
		return nil
	}
	for _, m := range p.Mirrors {
		c := p.carrier(m, plan.Uploads)
		done := Mirrored{Name: m.Name}
		err := c.bring(ctx, plan.Before, &done)
		if err == nil {
			err = c.stock(ctx, plan.Document, true)
		}
		if err != nil {
			return &MirrorError{m.Name, p.Channel, done.Standing, err}
		}
	}
	return nil
}

// carrier takes entries and what they name from the home to one mirror.
type carrier struct {
	name         string
	home, mirror *Publisher
	uploads      []Upload        // files that this command has at hand
	there        map[string]bool // keys that the mirror has
	trusting     bool            // what its newest entry names is there
	page         bool            // the install page comes, too
}

func (p *Publisher) carrier(m Mirror, uploads []Upload) *carrier {
	side := p.at(m)
	side.receives = true
	return &carrier{name: m.Name, home: p, mirror: side, uploads: uploads, there: map[string]bool{}, trusting: true}
}

func (c *carrier) carry(ctx context.Context, e *Entry) Mirrored {
	done := Mirrored{Name: c.name}
	if done.Err = c.bring(ctx, e, &done); done.Err == nil {
		e = c.follow(ctx, e, &done)
	}
	if done.Err == nil && c.page {
		done.Err = c.carryPage(ctx)
	}
	if done.Err == nil {
		done.Standing, done.Position = Follows, e.Position()
		done.Views = c.mirror.look(ctx, e, c.mirror.latest(e.Document))
	}
	return done
}

// follow makes the copies follow.
func (c *carrier) follow(ctx context.Context, e *Entry, done *Mirrored) *Entry {
	same, err := c.mirror.CopiesFollow(ctx, e)
	if err == nil && same && !c.trusting {
		same, err = c.mirror.latestIntact(ctx, e)
	}
	if err == nil && !same {
		e, _, err = c.mirror.settle(ctx, e)
	}
	done.Err = err
	return e
}

// bring gives the mirror the entries up to e, nil for none, each after the
// packages that it names. Whoever is killed leaves a beginning of the journal with
// all that it needs.
func (c *carrier) bring(ctx context.Context, e *Entry, done *Mirrored) error {
	c.mirror.progress("mirror", c.name)
	done.Standing = Behind
	head, err := c.home.headOf(ctx, c.mirror)
	if foreign(err) {
		done.Standing = Differs
	}
	if err != nil {
		return err
	}
	done.Position = head.Position()
	if e == nil && head == nil {
		return nil
	}
	if head.Position().Compare(e.Position()) > 0 { // somebody published meanwhile, or the home is a backup
		newest, err := c.home.Head(ctx)
		if err != nil {
			return err
		}
		if newest.Position().Compare(head.Position()) < 0 {
			done.Standing = Ahead
			return errAhead
		}
		e = newest
	}
	if done.Standing, err = c.home.standing(ctx, e, head); err != nil {
		return err
	}
	if head != nil && c.trusting {
		for _, o := range blobs(head.Document) {
			c.there[o.key] = true
		}
	}
	lacks, err := c.lacks(ctx, e)
	if err != nil {
		if errors.Is(err, errDiffers) {
			done.Standing = Differs
		}
		return err
	}
	for i := len(lacks) - 1; i >= 0; i-- {
		if err := c.stock(ctx, lacks[i].Document, i == 0); err != nil {
			return err
		}
		if err := c.create(ctx, lacks[i]); err != nil {
			return err
		}
		done.Carried++
		done.Position = lacks[i].Position()
	}
	if len(lacks) > 0 || c.trusting {
		return nil
	}
	if err := c.find(ctx, e.Document); err != nil {
		return err
	}
	return c.stock(ctx, e.Document, true)
}

// find notes what of a document is there in its size.
func (c *carrier) find(ctx context.Context, d *release.Document) error {
	for _, o := range blobs(d) {
		info, err := c.mirror.Store.Head(ctx, o.key)
		if err != nil && !missing(err) {
			return err
		}
		c.there[o.key] = err == nil && (o.size < 0 || info.Size == o.size)
	}
	return nil
}

// lacks are the entries, the newest first, from e back to the first that the mirror
// has.
func (c *carrier) lacks(ctx context.Context, e *Entry) ([]*Entry, error) {
	var all []*Entry
	for e != nil {
		key := releaseKey(c.home, e)
		text, _, err := c.mirror.Store.GetBytes(ctx, key, sign.MaxEnvelope)
		switch {
		case err == nil && bytes.Equal(text, e.Text):
			return all, nil
		case err == nil || errors.Is(err, store.ErrCorrupt):
			return nil, fmt.Errorf("%s: %w", key, errDiffers)
		case !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrDenied):
			return nil, err
		}
		all = append(all, e)
		before, err := c.home.Before(ctx, e)
		if foreign(err) && e.Position().Sequence == 1 {
			return all, nil // newer pins read no older epoch, and need none
		}
		if err != nil {
			return nil, err
		}
		e = before
	}
	return all, nil
}

func (c *carrier) create(ctx context.Context, e *Entry) error {
	key := releaseKey(c.home, e)
	c.mirror.progress("create", key)
	err := c.mirror.create(ctx, key, e.Text)
	if !errors.Is(err, store.ErrExists) {
		return err
	}
	text, _, err := c.mirror.Store.GetBytes(ctx, key, sign.MaxEnvelope) // another publisher carries, too
	if err == nil && !bytes.Equal(text, e.Text) {
		return fmt.Errorf("%s: %w", key, errDiffers)
	}
	return err
}

// stock puts there what a document names and the mirror lacks. What the home has
// not any more is missed only if devices may be sent to it.
func (c *carrier) stock(ctx context.Context, d *release.Document, must bool) error {
	for _, o := range blobs(d) {
		if c.there[o.key] {
			continue
		}
		err := c.supply(ctx, o)
		if errors.Is(err, errGone) && !must {
			err = nil
		}
		if err != nil {
			return err
		}
		c.there[o.key] = true
	}
	return nil
}

// errGone: the home has not got it.
var errGone = errors.New("the home has not got it")

func (c *carrier) supply(ctx context.Context, o blob) error {
	for _, u := range c.uploads {
		if u.Key == o.key {
			return c.mirror.upload(ctx, u)
		}
	}
	c.mirror.progress("verify", o.key)
	if _, err := c.mirror.Store.Head(ctx, o.key); err == nil {
		if err = c.mirror.refresh(ctx, o.key, o.options()); err == nil {
			err = c.mirror.readBack(ctx, o)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
	} else if !missing(err) {
		return err
	}
	info, err := c.home.Store.Head(ctx, o.key)
	if missing(err) {
		return fmt.Errorf("%s: %w", o.key, errGone)
	}
	if err != nil {
		return err
	}
	return c.mirror.upload(ctx, Upload{Key: o.key, Size: info.Size, SHA256: o.sha256, Type: o.options().ContentType,
		Open: func() (io.ReadSeekCloser, error) { return c.home.fetch(ctx, o) }})
}
