package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/wgt"
)

// ErrOtherContent: a content-addressed key holds something else.
var ErrOtherContent = errors.New("object under a content-addressed key has other content")

// upload puts a file under its content-addressed key and reads it back. A file
// that is there already is made young again, for a prune under way, and read back.
func (p *Publisher) upload(ctx context.Context, u Upload) error {
	p.progress("upload", u.Key)
	body, err := u.Open()
	if err != nil {
		return fmt.Errorf("upload %s: %w", u.Key, err)
	}
	defer body.Close()
	err = p.send(ctx, u, body)
	if errors.Is(err, store.ErrNotFound) { // it was there, and a prune took it
		if _, err = body.Seek(0, io.SeekStart); err == nil {
			err = p.send(ctx, u, body)
		}
	}
	if err != nil {
		return fmt.Errorf("upload %s: %w", u.Key, err)
	}
	p.progress("verify", u.Key)
	return p.readBack(ctx, blob{u.Key, u.Size, u.SHA256})
}

func (p *Publisher) send(ctx context.Context, u Upload, body io.ReadSeeker) error {
	o := store.PutOptions{ContentType: u.Type, CacheControl: immutable, SHA256: u.SHA256}
	if p.Progress != nil {
		o.Sent = func(bytes int64) { p.Progress(Step{Name: "upload", Key: u.Key, Sent: bytes, Size: u.Size}) }
	}
	if !p.Store.Properties().CreateOnly {
		return p.Store.Put(ctx, u.Key, body, u.Size, o)
	}
	_, err := p.Store.CreateFrom(ctx, u.Key, body, u.Size, o)
	if errors.Is(err, store.ErrExists) {
		return p.refresh(ctx, u.Key, o)
	}
	return err
}

const probeKey = ".wgtup/probe"

var probeText = []byte("wgtup writes this key to learn what the store can do\n")

// probeOptions have as much metadata as latest.wgt ever gets: a store that keeps less
// says so before there is an entry that its copies could not follow.
func probeOptions() store.PutOptions {
	longest := strings.Repeat(".2147483647", 4)[1:]
	d := &release.Document{Epoch: math.MaxInt64, Sequence: math.MaxInt64}
	o := latestOptions(d, &release.Release{Version: release.Version{Name: longest, Code: wgt.MaxVersion}})
	o.ContentType = "text/plain"
	return o
}

// proveCreateOnly writes something that exists once more. A store that takes it
// would let two publishers overwrite each other (OSS with versioning does).
func (p *Publisher) proveCreateOnly(ctx context.Context, newest *Entry) error {
	if p.SingleWriter {
		return nil
	}
	if !p.Store.Properties().CreateOnly {
		return ErrOverwrites
	}
	key, text, o := probeKey, probeText, probeOptions()
	if newest != nil {
		key, text, o = releaseKey(p, newest), newest.Text, entryOptions()
	} else if err := p.Store.Create(ctx, key, text, o); err != nil && !errors.Is(err, store.ErrExists) {
		return fmt.Errorf("probe store: %w", err)
	}
	o.CreateOnly = true
	switch err := p.Store.PutBytes(ctx, key, text, o); {
	case errors.Is(err, store.ErrExists):
		return nil
	case err == nil:
		return ErrOverwrites
	case errors.Is(err, store.ErrUnsupported):
		return ErrOverwrites
	default:
		return fmt.Errorf("probe store: %w", err)
	}
}
