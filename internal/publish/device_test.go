package publish

import (
	"context"
	"fmt"
	"testing"

	"wgtup/internal/public"
	"wgtup/release"
	"wgtup/sign"
)

// seen is what devices make of the public site at one moment.
type seen struct {
	Client string // our client: the entry, and what it installs
	Hand   string // ten hand-written lines: the version that latest.wgt says
}

// look lets two devices of app 1.0.0 look at the public site. Whatever they
// find must be whole: bytes that were signed, the version that was announced.
func (b *bed) look(t testing.TB) (seen, error) {
	t.Helper()
	return b.lookAt(b.publisher(t, "device", nil).Sites[0])
}

func (b *bed) lookAt(site *public.Site) (seen, error) {
	client, err := b.device(site, release.Device{App: testApp, Channel: testChannel, Platform: release.Android,
		Native: versionOf("1.0.0"), Running: release.Running{Name: "1.0.0", Code: 100}, Install: "device-1"})
	if err != nil {
		return seen{}, fmt.Errorf("client: %w", err)
	}
	hand, err := b.handWritten(site)
	if err != nil {
		return seen{}, fmt.Errorf("hand-written client: %w", err)
	}
	return seen{client, hand}, nil
}

// device asks what our client asks: HEAD release.json, the entry, the package.
func (b *bed) device(site *public.Site, device release.Device) (string, error) {
	ctx := context.Background()
	a, err := site.Head(ctx, release.DocumentKey(testChannel), nil)
	if a.Status == 404 {
		return "nothing", nil
	}
	if err != nil {
		return "", err
	}
	at, ok := PositionOf(a)
	if !ok {
		return "", fmt.Errorf("metadata %v", a.Metadata)
	}
	key := release.JournalKey(testChannel, at)
	text, _, err := site.Get(ctx, key, sign.MaxEnvelope)
	if err != nil {
		return "", err
	}
	e, err := b.opened(text)
	if err != nil {
		return "", err
	}
	if e.Position() != at {
		return "", fmt.Errorf("%s is entry %s", key, e.Position())
	}
	decision := release.Decide(device, e.Document, release.Clock{Now: b.clock(), Network: true})
	if decision.Action != release.InstallWgt {
		return fmt.Sprintf("%s: %s", at, decision.Reason), nil
	}
	p := e.Document.Find(decision.Release).Package
	body, _, err := site.Get(ctx, release.PackageKey(p.SHA256, "wgt"), p.Size)
	if err != nil {
		return "", err
	}
	if int64(len(body)) != p.Size || digestOf(body) != p.SHA256 {
		return "", fmt.Errorf("entry %s: the package of %s is not what was signed", at, decision.Release)
	}
	return fmt.Sprintf("%s: installs %s", at, decision.Version.Name), nil
}

// handWritten compares a HEAD of latest.wgt with the GET that follows.
func (b *bed) handWritten(site *public.Site) (string, error) {
	ctx := context.Background()
	a, err := site.Head(ctx, release.LatestKey(testChannel), nil)
	if a.Status == 404 {
		return "nothing", nil
	}
	if err != nil {
		return "", err
	}
	body, _, err := site.Get(ctx, release.LatestKey(testChannel), 1<<20)
	if err != nil {
		return "", err
	}
	name := a.Metadata["version-name"]
	for _, salt := range []string{"", "base", "A", "B", "big"} {
		if string(body) == string(buildOf(name, salt).body) && a.Metadata["version-code"] == itoa(versionOf(name).Code) {
			return name, nil
		}
	}
	return "", fmt.Errorf("latest.wgt says %v and is %q", a.Metadata, body)
}
