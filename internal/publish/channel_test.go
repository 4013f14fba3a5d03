package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"

	"wgtup/release"
)

// journal reads every entry of epoch 0 from the objects themselves.
func (b *bed) journal(t testing.TB) []*Entry {
	t.Helper()
	entries, err := journalOf(b.objects(t), b)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// journalOf verifies a journal: one entry per number without a hole, each
// signed, each continuing the one before.
func journalOf(objects map[string]object, b *bed) ([]*Entry, error) {
	var entries []*Entry
	for n := int64(1); ; n++ {
		at := release.Position{Sequence: n}
		key := release.JournalKey(testChannel, at)
		o, ok := objects[key]
		if !ok {
			break
		}
		e, err := b.opened(o.body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		previous := ""
		if n > 1 {
			previous = release.Digest(entries[n-2].Payload)
		}
		switch {
		case e.Position() != at:
			return nil, fmt.Errorf("%s says %s", key, e.Position())
		case e.Document.Previous != previous:
			return nil, fmt.Errorf("%s does not continue the entry before it", key)
		case n > 1 && e.Document.Issued.Before(entries[n-2].Document.Issued.Time):
			return nil, fmt.Errorf("%s is issued before the entry before it", key)
		}
		entries = append(entries, e)
	}
	for key := range objects {
		var epoch, sequence int
		if _, err := fmt.Sscanf(key, "channels/"+testChannel+"/journal/%d/%d.json", &epoch, &sequence); err == nil && sequence > len(entries) {
			return nil, fmt.Errorf("%s stands behind a hole", key)
		}
	}
	return entries, nil
}

// settled verifies what must hold when nobody writes: the journal, packages of
// the newest entry with the digests that were signed (I1), and copies that
// follow it (I2).
func settled(objects map[string]object, b *bed) ([]*Entry, error) {
	entries, err := journalOf(objects, b)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, errors.New("no entry")
	}
	newest := entries[len(entries)-1]
	copied := objects[release.DocumentKey(testChannel)]
	switch {
	case !bytes.Equal(copied.body, newest.Text):
		return nil, errors.New("release.json is not the newest entry")
	case !maps.Equal(copied.info.Metadata, copyMetadata(newest.Document)):
		return nil, fmt.Errorf("release.json has the metadata %v", copied.info.Metadata)
	}
	for _, r := range newest.Document.Releases {
		if r.Package == nil {
			continue // a link to a store
		}
		if got := digestOf(objects[r.PackageKey()].body); got != r.Package.SHA256 {
			return nil, fmt.Errorf("package of %s is damaged or missing", r.ID)
		}
	}
	if err := latestOf(objects, newest, b); err != nil {
		return nil, err
	}
	return entries, nil
}

func latestOf(objects map[string]object, e *Entry, b *bed) error {
	latest := e.Document.Latest(b.clock())
	o, ok := objects[release.LatestKey(testChannel)]
	switch {
	case latest == nil:
		return nil
	case !ok:
		return errors.New("latest.wgt is missing")
	case digestOf(o.body) != latest.Package.SHA256:
		return fmt.Errorf("latest.wgt is not the package of %s", latest.ID)
	case !maps.Equal(o.info.Metadata, latestOptions(e.Document, latest).Metadata):
		return fmt.Errorf("latest.wgt has the metadata %v", o.info.Metadata)
	}
	return nil
}

// never verifies what must hold at every moment, whoever was killed where: the
// copies are those of some entry of the journal, old or new, never a mix (I2),
// and a device that follows them finds the entry and its packages (I1).
func (b *bed) never(objects map[string]object) error {
	if copied, ok := objects[release.DocumentKey(testChannel)]; ok {
		at := positionIn(copied.info.Metadata)
		entry := objects[release.JournalKey(testChannel, at)]
		if !bytes.Equal(entry.body, copied.body) {
			return fmt.Errorf("release.json says %s and is not that entry", at)
		}
		e, err := b.opened(entry.body)
		if err != nil {
			return err
		}
		for _, r := range e.Document.Releases {
			if digestOf(objects[release.PackageKey(r.Package.SHA256, "wgt")].body) != r.Package.SHA256 {
				return fmt.Errorf("entry %s offers %s, whose package is not there", at, r.ID)
			}
		}
	}
	if copied, ok := objects[release.LatestKey(testChannel)]; ok {
		at := positionIn(copied.info.Metadata)
		e, err := b.opened(objects[release.JournalKey(testChannel, at)].body)
		if err != nil {
			return fmt.Errorf("latest.wgt says %s: %w", at, err)
		}
		if err := latestOf(objects, e, b); err != nil {
			return err
		}
	}
	return nil
}

// opened verifies an entry. Most texts are met again and again.
func (b *bed) opened(text []byte) (*Entry, error) {
	if e, ok := verified.Load(string(text)); ok {
		return e.(*Entry), nil
	}
	e, err := OpenEntry("", text, testApp, testChannel, b.trusted)
	if err != nil {
		return nil, err
	}
	verified.Store(string(text), e)
	return e, nil
}

var verified sync.Map

func positionIn(metadata map[string]string) release.Position {
	epoch, _ := atoi(metadata["epoch"])
	sequence, _ := atoi(metadata["release"])
	return release.Position{Epoch: epoch, Sequence: sequence}
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
