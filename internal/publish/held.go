package publish

import (
	"context"
	"errors"

	"wgtup/release"
)

// heldBefore are releases whose packages devices may hold that a release is for,
// each content once: the newest, withdrawn ones too, and the landings.
func (p *Publisher) heldBefore(ctx context.Context, head *Entry, next *release.Release) ([]*release.Release, error) {
	var hot, landings []*release.Release
	seen := map[string]bool{next.Package.Content: true}
	add := func(d *release.Document) {
		for i := len(d.Releases) - 1; i >= 0; i-- {
			r := &d.Releases[i]
			if r.Kind != release.Wgt || seen[r.Package.Content] || !shares(r, next.Platforms, next.Natives) {
				continue
			}
			seen[r.Package.Content] = true
			if r.Landing {
				landings = append(landings, r)
			} else {
				hot = append(hot, r)
			}
		}
	}
	if head == nil {
		return nil, nil
	}
	then, id := head.Document, newestID(head.Document)
	add(then)
	read := func(at release.Position) (*release.Document, error) {
		e, err := p.Entry(ctx, at)
		var bad *EntryError
		if missing(err) || errors.As(err, &bad) {
			return nil, nil // the history is no reason to stop
		}
		if err != nil {
			return nil, err
		}
		return e.Document, nil
	}
	// Back from each release to the document before it.
	for range p.Patching.Bases {
		at, ok := position(id)
		if !ok || len(hot) >= p.Patching.Bases {
			break
		}
		if then.Find(id) == nil { // withdrawn: it came with a package
			came, err := read(at)
			if err != nil {
				return nil, err
			}
			if came != nil {
				add(came)
			}
		}
		if at.Sequence--; at.Sequence < 1 {
			break
		}
		before, err := read(at)
		if err != nil {
			return nil, err
		}
		if before == nil {
			break
		}
		add(before)
		then = before
		last := id
		if id = newestID(then); !older(id, last) {
			break
		}
	}
	return append(hot[:min(len(hot), p.Patching.Bases)], landings...), nil
}
