package main

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"wgtup/internal/public"
	"wgtup/internal/publish"
	"wgtup/release"
	"wgtup/sign"
)

func checkCommand(ui *ui) *cobra.Command {
	var f deviceFlags
	c := &cobra.Command{
		Use:     "check",
		Short:   ui.t(text{"through the public URL, as a device: what it would do now", "像手机一样通过公网地址检查：它现在会怎么做"}),
		Example: "  wgtup check --version 1.0.0 --version-code 100 --platform android",
		Args:    takes(0, 0),
		RunE:    func(c *cobra.Command, _ []string) error { return ui.check(c.Context(), f) },
	}
	ui.deviceFlags(c, &f)
	return c
}

func (u *ui) check(ctx context.Context, f deviceFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	c, err := u.settings()
	if err != nil {
		return err
	}
	p, err := u.reader(ctx, c, f.channel)
	if err != nil {
		return err
	}
	if len(p.Sites) == 0 {
		return usage(text{"no public URL", "没有公网地址"}).hint(text{"public-url in wgtup.yaml, or --public-url URL", "wgtup.yaml 里的 public-url，或 --public-url 地址"})
	}
	var last error
	for _, site := range p.Sites {
		entry, clock, err := visibleEntry(ctx, p, site, f.query())
		if err != nil {
			last = err
			continue
		}
		dev, err := f.device(entry.Document)
		if err != nil {
			return err
		}
		return u.showDecision(dev, entry.Document, clock, false)
	}
	return seenWords(last)
}

// query is what a client's HEAD tells the access log; a code that was not given
// is left out, for it would be counted.
func (f *deviceFlags) query() url.Values {
	q := url.Values{"p": {f.platform}}
	if f.code != 0 {
		q.Set("r", strconv.FormatInt(f.code, 10))
	}
	if f.nativeCode != 0 {
		q.Set("n", strconv.FormatInt(f.nativeCode, 10))
	}
	return q
}

// visibleEntry does what a client does on a check: one HEAD, then the journal
// entry that it names, else release.json itself.
func visibleEntry(ctx context.Context, p *publish.Publisher, site *public.Site, query url.Values) (*publish.Entry, release.Clock, error) {
	document := release.DocumentKey(p.Channel)
	answer, err := site.Head(ctx, document, query)
	if at, ok := publish.PositionOf(answer); err == nil && ok {
		key := release.JournalKey(p.Channel, at)
		text, a, err := site.Get(ctx, key, sign.MaxEnvelope)
		if err == nil {
			if e, err := publish.OpenEntry(key, text, p.App, p.Channel, p.Trusted); err == nil && e.Position() == at {
				return e, clockOf(e, answer, a), nil
			}
		}
	}
	text, a, err := site.Get(ctx, document, sign.MaxEnvelope)
	if err != nil {
		return nil, release.Clock{}, err
	}
	e, err := publish.OpenEntry(document, text, p.App, p.Channel, p.Trusted)
	if err != nil {
		return nil, release.Clock{}, err
	}
	return e, clockOf(e, answer, a), nil
}

// clockOf is the time that the answers of a check say; when none does, this
// machine's clock, but not before the entry was issued.
func clockOf(e *publish.Entry, answers ...public.Answer) release.Clock {
	for _, a := range answers {
		if t := a.Now(); !t.IsZero() {
			return release.Clock{Now: t, Network: true}
		}
	}
	now := time.Now()
	if issued := e.Document.Issued.Time; now.Before(issued) {
		now = issued
	}
	return release.Clock{Now: now}
}

// seenWords words what went wrong on the way through the public URL.
func seenWords(err error) error {
	var e *public.Error
	if !errors.As(err, &e) {
		return err
	}
	return siteHint(fault(exitStore, "public-url", text{"the public URL does not answer as it should: %v", "公网地址应答不正常：%v"}, e), e)
}
