package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"wgtup/internal/public"
	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

// Mirror is a store that receives the bytes of the home, signed ones and all, and
// never an entry of its own. Phones that read only the mirror see whole releases.
type Mirror struct {
	Name  string // as wgtup.yaml names its store
	Store *store.Store
	Sites []*public.Site // what phones read there, may be empty
}

// Standing is where a mirror stands towards the home.
type Standing string

const (
	Follows Standing = "follows" // the same newest entry, the same copies
	Behind  Standing = "behind"  // an older entry of the home's journal, none, or nobody knows
	Ahead   Standing = "ahead"   // newer than the home: one of the two is a restored backup
	Differs Standing = "differs" // its journal is not the home's
)

// Mirrored is a mirror after it was looked at or written.
type Mirrored struct {
	Name     string
	Standing Standing
	Position release.Position // its newest entry, zero for none
	Carried  int              // entries it received
	Views    []View           // what its public URLs show
	Err      error            // why it does not follow, nil when it does
}

// MirrorError stops a publisher that was told to wait for every mirror.
type MirrorError struct {
	Name, Channel string
	Standing      Standing
	Err           error
}

func (e *MirrorError) Error() string { return fmt.Sprintf("mirror %s: %v", e.Name, e.Err) }
func (e *MirrorError) Unwrap() error { return e.Err }

var (
	errAhead   = errors.New("it has newer entries than the home")
	errDiffers = errors.New("its journal is not the home's")
)

// at is this channel as a mirror has it.
func (p *Publisher) at(m Mirror) *Publisher {
	one := *p
	one.Store, one.Sites, one.Mirrors, one.origin, one.ahead = m.Store, m.Sites, nil, p, nil
	one.SingleWriter = true // its numbers are dealt by the home
	return &one
}

// everywhere are all public URLs, of the home first.
func (p *Publisher) everywhere() []*public.Site {
	all := p.Sites
	for _, m := range p.Mirrors {
		all = append(all[:len(all):len(all)], m.Sites...)
	}
	return all
}

// Standings looks at every mirror. It writes nothing.
func (p *Publisher) Standings(ctx context.Context, head *Entry) []Mirrored {
	all := []Mirrored{}
	for _, m := range p.Mirrors {
		side := p.at(m)
		side.Sign = nil
		found := Mirrored{Name: m.Name, Standing: Behind}
		there, err := p.headOf(ctx, side)
		found.Position = there.Position()
		if err == nil {
			found.Standing, err = p.standing(ctx, head, there)
		} else if foreign(err) {
			found.Standing = Differs
		}
		switch {
		case err != nil || found.Standing != Behind:
		case there == nil:
			err = errors.New("it has no entry yet")
		default:
			err = fmt.Errorf("it stands at entry %s", found.Position)
		}
		if err == nil {
			var same bool
			if same, err = side.CopiesFollow(ctx, head); err == nil && !same {
				found.Standing, err = Behind, errors.New("release.json or latest.wgt does not follow")
			}
		}
		if found.Err = err; err == nil {
			found.Views = side.LookOnce(ctx, head)
		}
		all = append(all, found)
	}
	return all
}

// headOf is the newest entry of a mirror, nil for none that counts: a lost one whose
// copy is there comes again, and what newer pins cannot read is no stranger's while
// the home has the same.
func (p *Publisher) headOf(ctx context.Context, side *Publisher) (*Entry, error) {
	head, err := side.Head(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	var old *Refusal
	if errors.As(err, &old) && old.Code == KeysBehind {
		return nil, nil // it has not heard of the newer keys yet
	}
	var bad *EntryError
	if errors.As(err, &bad) {
		ours, _, oursErr := p.Store.GetBytes(ctx, bad.Key, sign.MaxEnvelope)
		theirs, _, theirsErr := side.Store.GetBytes(ctx, bad.Key, sign.MaxEnvelope)
		if oursErr == nil && theirsErr == nil && bytes.Equal(ours, theirs) {
			return nil, nil
		}
	}
	return head, err
}

// foreign reports an entry in a mirror that our keys do not vouch for.
func foreign(err error) bool {
	var bad *EntryError
	return errors.As(err, &bad)
}

// standing compares a mirror's newest entry with the home's. An entry that the
// home does not have is no matter once the home is in a newer epoch: newer keys
// went on from an older one.
func (p *Publisher) standing(ctx context.Context, head, there *Entry) (Standing, error) {
	switch order := there.Position().Compare(head.Position()); {
	case there == nil:
		return Behind, nil
	case order > 0:
		return Ahead, errAhead
	case order == 0 && bytes.Equal(there.Text, head.Text):
		return Follows, nil
	case order == 0:
		return Differs, errDiffers
	case there.Document.Epoch < head.Document.Epoch:
		return Behind, nil
	}
	ours, err := p.Entry(ctx, there.Position())
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && !bytes.Equal(ours.Text, there.Text):
		return Differs, errDiffers
	case err != nil:
		return Behind, err
	}
	return Behind, nil
}
