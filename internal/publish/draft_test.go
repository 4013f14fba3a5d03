package publish

import (
	"errors"
	"testing"

	"wgtup/release"
	"wgtup/sign"
)

// signedDraft is what a person makes of a draft.
func signedDraft(t testing.TB, b *bed, text []byte) []byte {
	t.Helper()
	draft, err := sign.ParseDraft(text)
	if err != nil {
		t.Fatal(err)
	}
	signed, _, err := draft.Signed(b.key.Sign(draft.SignedText()), b.trusted.SigningKeys(testChannel))
	if err != nil {
		t.Fatal(err)
	}
	if text, err = signed.Encode(); err != nil {
		t.Fatal(err)
	}
	return text
}

// drafter has no key.
func drafter(t testing.TB, b *bed) *Publisher {
	p := b.publisher(t, "ci", nil)
	p.Sign = nil
	return p
}

func TestDraft(t *testing.T) {
	for name, tt := range map[string]struct {
		bed    func() *bed
		change change
		want   release.Position
	}{
		"first entry": {func() *bed { return newBed(t) }, baseChange("1.0.0"), release.Position{Sequence: 1}},
		"release":     {func() *bed { return shop(t) }, full("1.1.0"), release.Position{Sequence: 4}},
		"rollback":    {func() *bed { return shop(t) }, rollbackChange(""), release.Position{Sequence: 4}},
		"new epoch":   {func() *bed { return replaced(t, shop(t), 1) }, adopting(release.Position{}), release.Position{Epoch: 1, Sequence: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			b := tt.bed()
			p := drafter(t, b)
			plan, text, err := p.Draft(t.Context(), tt.change.edit(p), tt.change.uploads)
			if err != nil || plan.Document.Position() != tt.want {
				t.Fatalf("%+v, %v", plan, err)
			}
			drafted := b.objects(t)
			if _, err := drafter(t, b).Proceed(t.Context(), text); !errors.Is(err, sign.ErrRefused) || !same(drafted, b.objects(t)) {
				t.Errorf("unsigned: %v", err)
			}
			signed := signedDraft(t, b, text)
			r, err := drafter(t, b).Proceed(t.Context(), signed)
			if err != nil || r.Entry.Position() != tt.want || string(r.Entry.Text) != string(signed) || !r.Views[0].Visible {
				t.Fatalf("%+v, %v", r, err)
			}
			done := b.objects(t)
			if r, err := drafter(t, b).Proceed(t.Context(), signed); err != nil || !r.Done || !same(done, b.objects(t)) {
				t.Errorf("again: %+v, %v", r, err)
			}
		})
	}
}

// A channel that moved since makes a draft void; nothing is written then.
func TestDraftIsVoid(t *testing.T) {
	for name, moved := range map[string]func(*bed){
		"another release": func(b *bed) { b.do(t, full("1.0.3")) },
		"same number, other content": func(b *bed) {
			b.do(t, full("1.0.3"))
			b.remove(t, release.JournalKey(testChannel, release.Position{Sequence: 3}))
		},
		"two more": func(b *bed) { b.do(t, full("1.0.3"), full("1.0.4")) },
	} {
		b := shop(t)
		c, p := full("1.1.0"), drafter(t, b)
		_, text, err := p.Draft(t.Context(), c.edit(p), c.uploads)
		if err != nil {
			t.Fatal(err)
		}
		moved(b)
		before := b.objects(t)
		if _, err := drafter(t, b).Proceed(t.Context(), signedDraft(t, b, text)); !isRefusal(err, PlanVoid) {
			t.Errorf("%s: %v", name, err)
		}
		if !same(before, b.objects(t)) {
			t.Errorf("%s: something was written", name)
		}
	}
	b := shop(t) // its package was pruned
	c, p := full("1.1.0"), drafter(t, b)
	_, text, err := p.Draft(t.Context(), c.edit(p), c.uploads)
	if err != nil {
		t.Fatal(err)
	}
	b.remove(t, c.uploads[0].Key)
	if _, err := drafter(t, b).Proceed(t.Context(), signedDraft(t, b, text)); !isRefusal(err, PackageGone) {
		t.Errorf("without its package: %v", err)
	}
}

// A draft that another key signed, for another channel, or of another app.
func TestDraftOfAStranger(t *testing.T) {
	b := shop(t)
	newest := b.journal(t)[2]
	d := *newest.Document
	d.Sequence, d.Previous = 4, release.Digest(newest.Payload)
	other := d
	other.Channel = "beta"
	before := b.objects(t)
	for name, text := range map[string][]byte{
		"another key":      seal(t, d, testKey(t, sign.Signing, 7)),
		"the recovery key": seal(t, d, testKey(t, sign.Recovery, 0)),
		"another channel":  seal(t, other, b.key),
		"no envelope":      []byte("{}"),
	} {
		var bad *EntryError
		if _, err := drafter(t, b).Proceed(t.Context(), text); !errors.As(err, &bad) || !same(before, b.objects(t)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
