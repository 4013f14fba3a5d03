package publish

import (
	"context"
	"errors"
	"fmt"

	"wgtup/release"
	"wgtup/sign"
)

// Draft works out the next entry for somebody else to sign: packages are uploaded,
// which changes nothing yet, and the text of the entry comes back without a
// signature. It needs no key.
func (p *Publisher) Draft(ctx context.Context, edit Edit, uploads []Upload) (*Plan, []byte, error) {
	plan, err := p.Plan(ctx, edit, uploads)
	if err != nil || plan.Done {
		return plan, nil, err
	}
	statements, err := p.statements(plan.Before)
	if err != nil {
		return nil, nil, err
	}
	draft, err := sign.Draft(release.PayloadType, plan.Payload, statements)
	if err != nil {
		return nil, nil, err
	}
	text, err := draft.Encode()
	if err != nil {
		return nil, nil, err
	}
	return plan, text, p.stock(ctx, plan)
}

// Proceed makes a signed draft the next entry, if the channel still stands where
// it was drafted.
func (p *Publisher) Proceed(ctx context.Context, text []byte) (*Result, error) {
	entry, err := OpenEntry("plan", text, p.App, p.Channel, p.Trusted)
	if err != nil {
		return nil, err
	}
	if err := entry.writable(); err != nil {
		return nil, &EntryError{"plan", err}
	}
	first := entry.Position() == release.Position{Epoch: p.Trusted.Epoch, Sequence: 1}
	if first && entry.Document.Previous != "" {
		p.Adopt = &Adoption{}
	}
	head, next, _, err := p.continued(ctx)
	if err != nil {
		return nil, err
	}
	plan := &Plan{Before: head, Document: entry.Document, Payload: entry.Payload}
	switch {
	case head != nil && string(head.Text) == string(entry.Text):
		plan.Done = true
		return p.heal(ctx, plan, 0)
	case first && p.Adopt != nil && next == entry.Position():
		if plan.Before, err = p.vouchedBy(ctx, entry); err != nil {
			return nil, err
		}
	case next != entry.Position() || previousOf(head) != entry.Document.Previous:
		return nil, refuse(PlanVoid, "planned", entry.Position().String(), "position", head.Position().String())
	}
	result, err := p.Apply(ctx, plan, entry)
	if errors.Is(err, errLost) {
		return nil, refuse(PlanVoid, "planned", entry.Position().String(), "position", entry.Position().String())
	}
	return result, err
}

// vouchedBy is the entry of an older epoch that the first one of a new epoch
// continues.
func (p *Publisher) vouchedBy(ctx context.Context, first *Entry) (*Entry, error) {
	e, err := p.Before(ctx, first)
	if err != nil {
		return nil, fmt.Errorf("read what the plan continues: %w", err)
	}
	return e, nil
}

func previousOf(head *Entry) string {
	if head == nil {
		return ""
	}
	return release.Digest(head.Payload)
}
