package doctor

import (
	"context"
	"errors"
	"net"
	"time"

	"wgtup/internal/store"
)

// values that metadata must survive: a dot, capitals, a number.
var metadata = map[string]string{"version-name": "1.1.0", "version-code": "110", "release": "42", "notes": "MiXed"}

func (p Patient) options(release string) store.PutOptions {
	m := map[string]string{}
	for name, value := range metadata {
		m[name] = value
	}
	m["release"] = release
	return store.PutOptions{ContentType: "application/json", CacheControl: "no-cache", Metadata: m}
}

func sent(body string, o store.PutOptions) Object {
	return Object{Body: body, ContentType: o.ContentType, CacheControl: o.CacheControl, Metadata: o.Metadata}
}

// observeStore reads and writes with the store's key.
func (p Patient) observeStore(ctx context.Context) Store {
	s := Store{Scheme: p.Store.Properties().Scheme, Clear: clear(p.Endpoint)}
	if _, _, err := p.Store.GetBytes(ctx, scratch, 1<<16); err != nil && !errors.Is(err, store.ErrNotFound) {
		if s.Read = failed(err); s.Read.Kind != Denied || known(s.Read.Code) != "" {
			return s
		}
		s.Read = nil // perhaps only because it is missing; reading it after writing tells
	}
	body, o := `{"doctor":"`+p.Nonce+`-1"}`, p.options("42")
	s.Sent = sent(body, o)
	if err := p.Store.PutBytes(ctx, scratch, []byte(body), o); err != nil {
		s.Write = failed(err)
		if p.Plain != nil && s.Write.Kind == Denied && p.Plain.PutBytes(ctx, scratch, []byte(body), o) == nil {
			s.ACL = true
			s.Left = p.clean(ctx)
		}
		return s
	}
	var err error
	if s.Got, err = p.read(ctx); err != nil {
		s.Read = failed(err)
		s.Left = p.clean(ctx)
		return s
	}
	if _, err := p.Store.Head(ctx, scratch+".missing"); err != nil {
		s.Missing = failed(err)
	}
	if err := p.Store.PutBytes(ctx, scratch, []byte(body), store.PutOptions{CreateOnly: true}); err == nil {
		s.Created = true
	} else if !errors.Is(err, store.ErrExists) {
		s.Create = failed(err)
	}
	if p.Store.Properties().IfMatch {
		o.IfMatch = "00000000000000000000000000000000"
		s.Replaced = p.Store.PutBytes(ctx, scratch, []byte(body), o) == nil
	}
	o = p.options("43")
	s.CopyWant = sent(body, o)
	if err := p.Store.Copy(ctx, scratch, scratch, o); err != nil {
		s.Copy = failed(err)
	} else if s.Copied, err = p.read(ctx); err != nil {
		s.Copy = failed(err)
	}
	if err := p.Store.PutBytes(ctx, scratch, []byte(body), o); err != nil { // whatever the copy has done
		s.Write = failed(err)
	}
	if uploads, err := p.Store.Uploads(ctx, "", p.Now().Add(-24*time.Hour)); err == nil {
		s.Unfinished = len(uploads)
	}
	return s
}

func (p Patient) read(ctx context.Context) (Object, error) {
	body, info, err := p.Store.GetBytes(ctx, scratch, 1<<16)
	return Object{Body: string(body), ContentType: info.ContentType, CacheControl: info.CacheControl, Metadata: info.Metadata}, err
}

// clean removes what was written.
func (p Patient) clean(ctx context.Context) *Failure {
	if err := errors.Join(p.Store.Delete(ctx, scratch), p.Store.Delete(ctx, scratchAPK)); err != nil {
		return failed(err)
	}
	return nil
}

func failed(err error) *Failure {
	f := &Failure{Kind: Other, Message: err.Error()}
	var e *store.Error
	if errors.As(err, &e) {
		f.Status, f.Code = e.Status, e.Code
	}
	var network *net.OpError
	switch {
	case f.Code == "Certificate":
		f.Kind = Certificate
	case errors.Is(err, store.ErrDenied):
		f.Kind = Denied
	case errors.Is(err, store.ErrNotFound):
		f.Kind = NotFound
	case errors.Is(err, store.ErrUnsupported):
		f.Kind = Unsupported
	case f.Status == 0 && errors.As(err, &network):
		f.Kind = Network
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrUnknown):
		f.Kind = Unavailable
	}
	return f
}
