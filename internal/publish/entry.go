package publish

import (
	"errors"
	"fmt"
	"strconv"

	"wgtup/jcs"
	"wgtup/release"
	"wgtup/sign"
)

// Entry is a verified journal entry.
type Entry struct {
	Text     []byte // the object's bytes: the envelope
	Payload  []byte
	Envelope sign.Envelope
	Set      sign.Set // the keys in force after it
	Document *release.Document
}

// Position of the entry; zero for none.
func (e *Entry) Position() release.Position {
	if e == nil {
		return release.Position{}
	}
	return e.Document.Position()
}

// EntryError says that something that should be an entry of this channel is not
// one we accept: a stranger's, another app's, damaged.
type EntryError struct {
	Key string
	Err error
}

func (e *EntryError) Error() string { return fmt.Sprintf("read %s: %v", e.Key, e.Err) }
func (e *EntryError) Unwrap() error { return e.Err }

// ErrNewerTool: the entry says something this version does not know.
var ErrNewerTool = errors.New("written by a newer wgtup")

// OpenEntry verifies the bytes of an entry as a device with these pins would,
// and that it stands where it says: app, channel, epoch of the keys.
func OpenEntry(key string, text []byte, app, channel string, trusted sign.Set) (*Entry, error) {
	refuse := func(err error) (*Entry, error) { return nil, &EntryError{key, err} }
	envelope, err := sign.Parse(text)
	if err != nil {
		return refuse(err)
	}
	set, err := sign.Open(envelope, release.PayloadType, app, channel, trusted)
	if err != nil {
		return refuse(err)
	}
	document, err := release.Parse(envelope.Payload)
	if err != nil {
		return refuse(err)
	}
	switch {
	case document.App != app:
		return refuse(fmt.Errorf("entry of app %q", document.App))
	case document.Channel != channel:
		return refuse(fmt.Errorf("entry of channel %q", document.Channel))
	case document.Epoch != set.Epoch:
		return refuse(fmt.Errorf("epoch %d under keys of epoch %d", document.Epoch, set.Epoch))
	}
	return &Entry{text, envelope.Payload, envelope, set, document}, nil
}

// continuedEntry reads an entry whose keys cannot be checked any more, by the digest
// of its payload that the entry after it names.
func continuedEntry(key string, text []byte, app, channel, digest string) (*Entry, error) {
	envelope, err := sign.Parse(text)
	if err != nil {
		return nil, &EntryError{key, err}
	}
	if release.Digest(envelope.Payload) != digest {
		return nil, &EntryError{key, errors.New("the entry after it does not continue it")}
	}
	document, err := release.Parse(envelope.Payload)
	if err != nil {
		return nil, &EntryError{key, err}
	}
	if document.App != app || document.Channel != channel {
		return nil, &EntryError{key, fmt.Errorf("entry of app %q, channel %q", document.App, document.Channel)}
	}
	return &Entry{text, envelope.Payload, envelope, sign.Set{Epoch: document.Epoch}, document}, nil
}

// writable reports whether this version may extend the entry without losing
// what a newer one said.
func (e *Entry) writable() error {
	_, err := release.ParseStrict(e.Payload)
	var unknown *jcs.UnknownMemberError
	if errors.As(err, &unknown) {
		return fmt.Errorf("%w: %v", ErrNewerTool, unknown)
	}
	return err
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
