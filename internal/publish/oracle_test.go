package publish

import (
	"errors"
	"testing"

	"wgtup/release"
	"wgtup/sign"
)

// A writer is no signing oracle: with a newest entry that our keys do not vouch for,
// every command that could sign stops, and signs nothing.
func TestNoCommandSignsForAStranger(t *testing.T) {
	commands := map[string]func(*Publisher) error{
		"publish":  running(full("1.1.0")),
		"base":     running(baseChange("1.1.0")),
		"rollout":  running(simple(func() Edit { return SetShare("1.0.2", 5000, nil) })),
		"hold":     running(simple(func() Edit { return Hold(release.Hold{Platform: release.IOS}) })),
		"unhold":   running(simple(func() Edit { return Unhold(release.Hold{Platform: release.IOS}) })),
		"retire":   running(simple(func() Edit { return Retire(release.Android, "1.0.0") })),
		"renew":    running(simple(Renew)),
		"rollback": running(rollbackChange("")),
		"restore":  running(rollbackChange("1.0.1")),
		"promote":  running(promote("", nil)),
		"repair":   func(p *Publisher) error { _, _, err := p.Repair(t.Context()); return err },
		"plan": func(p *Publisher) error {
			c := full("1.1.0")
			_, text, err := p.Draft(t.Context(), c.edit(p), c.uploads)
			if text != nil {
				t.Error("a draft was made")
			}
			return err
		},
	}
	shopWithBeta := func() *bed {
		b := shop(t)
		b.do(t, inBeta(baseChange("1.0.0")), inBeta(full("1.1.0")))
		return b
	}
	b := shopWithBeta()
	adopting := replaced(t, shopWithBeta(), 1)
	for name, text := range strangers(t, b, 4) {
		for command, run := range commands {
			refusesToSign(t, b.clone(t), name, command, text, run)
		}
		refusesToSign(t, adopting.clone(t), name, "adopt", text, running(adoptingNewest))
	}
}

var adoptingNewest = change{edit: func(p *Publisher) Edit {
	p.Adopt = &Adoption{}
	return p.Adopt.Edit
}}

func refusesToSign(t *testing.T, b *bed, name, command string, text []byte, run func(*Publisher) error) {
	t.Helper()
	b.put(t, release.JournalKey(testChannel, release.Position{Sequence: 4}), text, nil)
	before := b.objects(t)
	p, signatures := b.publisher(t, "x", nil), 0
	signs := p.Sign
	p.Sign = func(payload []byte, statements []sign.Envelope) (sign.Envelope, error) {
		signatures++
		return signs(payload, statements)
	}
	err := run(p)
	var bad *EntryError
	if !errors.As(err, &bad) || signatures > 0 || !same(before, b.objects(t)) {
		t.Errorf("%s, %s: %d signatures, %v", name, command, signatures, err)
	}
}

// So it is with the channel that a release is promoted from, and with the entry that
// a rollback would bring a release back from.
func TestNoCommandCopiesAStrangers(t *testing.T) {
	b := shop(t)
	b.do(t, inBeta(baseChange("1.0.0")), inBeta(full("1.1.0")))
	for name, text := range strangers(t, b, 2) {
		if name == "of another channel" {
			continue // of beta, where it is ours
		}
		c := b.clone(t)
		c.put(t, release.JournalKey(beta, release.Position{Sequence: 2}), text, nil)
		before := c.objects(t)
		var bad *EntryError
		if err := running(promote("", nil))(c.publisher(t, "x", nil)); !errors.As(err, &bad) || !same(before, c.objects(t)) {
			t.Errorf("%s, promote: %v", name, err)
		}
		c = b.clone(t)
		c.put(t, release.JournalKey(testChannel, release.Position{Sequence: 2}), text, nil)
		before = c.objects(t)
		if err := running(rollbackChange("r2"))(c.publisher(t, "x", nil)); err == nil || !same(before, c.objects(t)) {
			t.Errorf("%s, rollback: %v", name, err)
		}
	}
}
