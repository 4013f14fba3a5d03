package publish

import (
	"context"
	"errors"
	"net"
	"time"

	"wgtup/internal/public"
	"wgtup/release"
	"wgtup/sign"
)

// View is what devices see at one public URL.
type View struct {
	URL     string
	Visible bool // release.json, its entry and latest.wgt are those of the newest entry
	Seen    release.Position
	Latency time.Duration // from the end of publishing until it was visible
	Problem string        // why not: one of those below, or the words of Err
	Err     error         // set when the URL could not be read
}

// What a public URL shows instead of the newest entry.
const (
	NoMetadata   = "release.json comes without its metadata"
	EntryBehind  = "release.json is still of an older entry"
	OtherEntry   = "the journal entry has other content"
	LatestBehind = "latest.wgt is still of an older entry"
	OtherLatest  = "latest.wgt is not the newest generally available package"
)

// looks is how often look asks a URL before it gives up, and pause how long it
// waits before the second time, doubling: 6.2 s in all.
const (
	looks = 6
	pause = 200 * time.Millisecond
)

// look reads every public URL as a device does until it shows the entry and the
// release of latest.wgt, or long enough.
func (p *Publisher) look(ctx context.Context, e *Entry, latest *release.Release) []View {
	views := make([]View, len(p.Sites))
	for i, site := range p.Sites {
		p.progress("look", site.URL(""))
		start := p.Now()
		for n := range looks {
			views[i] = p.view(ctx, site, e, latest)
			if views[i].Visible || nobodyThere(views[i].Err) || n == looks-1 || p.Wait(ctx, pause<<n) != nil {
				break
			}
		}
		views[i].Latency = p.Now().Sub(start)
	}
	return views
}

// nobodyThere reports that no connection could be made: unlike a cache, that
// does not pass by itself in seconds.
func nobodyThere(err error) bool {
	var network *net.OpError
	return errors.As(err, &network) && network.Op == "dial"
}

// LookOnce looks without waiting.
func (p *Publisher) LookOnce(ctx context.Context, e *Entry) []View {
	var views []View
	for _, site := range p.Sites {
		views = append(views, p.view(ctx, site, e, p.latest(e.Document)))
	}
	return views
}

func (p *Publisher) view(ctx context.Context, site *public.Site, e *Entry, latest *release.Release) View {
	v := View{URL: site.URL("")}
	a, err := site.Head(ctx, release.DocumentKey(p.Channel), nil)
	if err != nil {
		return v.failed(err)
	}
	seen, ok := PositionOf(a)
	v.Seen = seen
	switch {
	case !ok:
		v.Problem = NoMetadata
		return v
	case seen.Compare(e.Position()) < 0:
		v.Problem = EntryBehind
		return v
	}
	text, _, err := site.Get(ctx, release.JournalKey(p.Channel, e.Position()), sign.MaxEnvelope)
	if err != nil {
		return v.failed(err)
	}
	if string(text) != string(e.Text) {
		v.Problem = OtherEntry
		return v
	}
	if latest == nil {
		v.Visible = true
		return v
	}
	a, err = site.Head(ctx, release.LatestKey(p.Channel), nil)
	if err != nil {
		return v.failed(err)
	}
	switch seen, _ := PositionOf(a); {
	case seen.Compare(e.Position()) < 0:
		v.Problem, v.Seen = LatestBehind, seen
	case seen == e.Position() && (a.Metadata["version-name"] != latest.Version.Name || a.Size != latest.Package.Size):
		v.Problem = OtherLatest
	default:
		v.Visible = true
	}
	return v
}

func (v View) failed(err error) View {
	v.Problem, v.Err = err.Error(), err
	return v
}

// PositionOf reads the unsigned signal of a HEAD.
func PositionOf(a public.Answer) (release.Position, bool) {
	epoch, okEpoch := atoi(a.Metadata["epoch"])
	sequence, okSequence := atoi(a.Metadata["release"])
	return release.Position{Epoch: epoch, Sequence: sequence}, okEpoch && okSequence
}

// current is Head, but not from a store that is behind what devices have seen:
// restored from a backup, or the wrong one. The unsigned number only makes us
// look; what counts is an entry that verifies. A URL that cannot be read is no
// reason: it may not be public yet.
// shut reports that a public URL does not let strangers read release.json.
func (p *Publisher) current(ctx context.Context) (head *Entry, shut bool, err error) {
	if head, err = p.Head(ctx); err != nil {
		return nil, false, err
	}
	newest, at := head, ""
	for _, site := range p.everywhere() {
		shown, a := p.shown(ctx, site, newest.Position())
		shut = shut || refused(a.Status)
		if err := p.checkClock(site, a.Now()); err != nil {
			return nil, false, err
		}
		if shown != nil {
			newest, at = shown, site.URL("")
		}
	}
	if newest == head {
		return head, shut, nil
	}
	// Most often somebody has published since we looked at the store.
	f := &finder{p: p, read: true}
	last, err := f.newest(ctx, newest.Position())
	switch {
	case err != nil:
		return nil, false, err
	case last.Compare(newest.Position()) < 0:
		return nil, false, refuse(StoreBehind, "site", at, "shown", newest.Position().String(), "position", last.String())
	}
	head, err = p.Entry(ctx, last)
	return head, shut, err
}

// maxSkew is how far this machine's clock may be from the network's. A device
// refuses what was issued more than 48 h ahead, and every later entry would be
// issued later still.
const maxSkew = 24 * time.Hour

// checkClock refuses to work with a clock that the network contradicts.
func (p *Publisher) checkClock(site *public.Site, now time.Time) error {
	here := p.Now()
	if now.IsZero() || here.Sub(now).Abs() <= maxSkew {
		return nil
	}
	return refuse(ClockWrong, "here", release.At(here).String(), "there", release.At(now).String(), "site", site.URL(""))
}

// shown is the entry that a public URL shows if it is newer than a position, and
// its answer to a HEAD.
func (p *Publisher) shown(ctx context.Context, site *public.Site, than release.Position) (*Entry, public.Answer) {
	key := release.DocumentKey(p.Channel)
	a, err := site.Head(ctx, key, nil)
	if err != nil {
		return nil, a
	}
	if seen, ok := PositionOf(a); ok && seen.Compare(than) <= 0 {
		return nil, a
	}
	text, _, err := site.Get(ctx, key, sign.MaxEnvelope)
	if err != nil {
		return nil, a
	}
	shown, err := OpenEntry(key, text, p.App, p.Channel, p.Trusted)
	if err != nil || shown.Position().Compare(than) <= 0 {
		return nil, a
	}
	return shown, a
}

func atoi(s string) (n int64, ok bool) {
	if s == "" || len(s) > 15 {
		return 0, false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}
