package store_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"wgtup/internal/store"
	"wgtup/internal/store/mem"
	"wgtup/internal/store/storetest"
)

// script is a store whose verbs fail with the given errors, in order, before or
// after doing their work.
func script(t *testing.T, before, after []error) (s *store.Store, m *mem.Mem, asked *[]string) {
	m, asked = mem.New(), new([]string)
	next := func(errs *[]error) error {
		if len(*errs) == 0 {
			return nil
		}
		err := (*errs)[0]
		*errs = (*errs)[1:]
		return err
	}
	m.Before = func(op, key string) error {
		*asked = append(*asked, op+" "+key)
		return next(&before)
	}
	m.After = func(string, string) error { return next(&after) }
	return storetest.Quick(t, m, "app"), m, asked
}

func TestPrefix(t *testing.T) {
	s, m, asked := script(t, nil, nil)
	if err := s.PutBytes(t.Context(), "a/b", []byte("x"), store.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"put app/a/b"}; !slices.Equal(*asked, want) {
		t.Errorf("asked %q", *asked)
	}
	other := storetest.Quick(t, m, "apple")
	if err := other.PutBytes(t.Context(), "c", nil, store.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	found, err := s.List(t.Context(), "", "", 10)
	if err != nil || len(found) != 1 || found[0].Key != "a/b" {
		t.Errorf("%+v, %v", found, err)
	}
	if id := s.Properties().ID; id != "mem:/app" {
		t.Errorf("ID %s", id)
	}
	for _, prefix := range []string{"/app", "a//b", "..", "a b", strings.Repeat("x", 257)} {
		if _, err := store.New(m, prefix); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%q: %v", prefix, err)
		}
	}
}

func TestRepeats(t *testing.T) {
	away, doubt := store.ErrUnavailable, store.ErrUnknown
	put := func(o store.PutOptions) func(*store.Store) error {
		return func(s *store.Store) error { return s.PutBytes(context.Background(), "key", []byte("x"), o) }
	}
	plain, create := put(store.PutOptions{}), put(store.PutOptions{CreateOnly: true})
	head := func(s *store.Store) error { _, err := s.Head(context.Background(), "key"); return err }
	remove := func(s *store.Store) error { return s.Delete(context.Background(), "key") }
	for _, test := range []struct {
		name          string
		do            func(*store.Store) error
		before, after []error
		asked         int
		want          error
	}{
		{"plain put, service back", plain, []error{away, away}, nil, 3, nil},
		{"plain put, service gone", plain, []error{away, away, away, away, away, away}, nil, 5, away},
		{"plain put, doubt", plain, nil, []error{doubt}, 2, nil},
		{"plain put, doubt, then gone", plain, []error{nil, away, away, away, away}, []error{doubt}, 5, doubt},
		{"plain put, doubt, then denied", plain, []error{nil, store.ErrDenied}, []error{doubt}, 2, doubt},
		{"plain put, denied", plain, []error{store.ErrDenied}, nil, 1, store.ErrDenied},
		{"create, service back", create, []error{away, away}, nil, 3, nil},
		{"create, doubt", create, nil, []error{doubt}, 1, doubt},
		{"create, service back, doubt", create, []error{away}, []error{doubt}, 2, doubt},
		{"head, service back", head, []error{away, away}, nil, 3, store.ErrNotFound},
		{"delete, doubt", remove, nil, []error{doubt}, 2, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _, asked := script(t, test.before, test.after)
			if err := test.do(s); !errors.Is(err, test.want) {
				t.Error(err)
			}
			if len(*asked) != test.asked {
				t.Errorf("asked %q", *asked)
			}
		})
	}
}

// TestCreateInDoubt: put applied or not, and the answer lost.
func TestCreateInDoubt(t *testing.T) {
	away, doubt := store.ErrUnavailable, store.ErrUnknown
	for _, test := range []struct {
		name          string
		present       string
		before, after []error
		matched       bool
		want          error
		asked         string
	}{
		{"applied", "", nil, []error{doubt}, true, nil, "put get"},
		{"not applied", "", []error{doubt}, nil, false, nil, "put get put"},
		{"exists, certainly", "body", nil, nil, false, store.ErrExists, "put"},
		{"equal content of somebody", "body", []error{doubt}, nil, true, nil, "put get"},
		{"other content", "other", []error{doubt}, nil, false, store.ErrExists, "put get"},
		{"cannot be read back", "", []error{doubt, store.ErrDenied}, nil, false, doubt, "put get"},
		{"gone when read back", "", []error{doubt, away, away, away, away, away}, nil, false, doubt, "put get get get get get"},
		{"away, then applied", "", []error{away}, []error{doubt}, true, nil, "put put get"},
		{"denied", "", []error{store.ErrDenied}, nil, false, store.ErrDenied, "put"},
		{"doubt, then denied", "", []error{doubt, nil, store.ErrDenied}, nil, false, doubt, "put get put"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, m, asked := script(t, nil, nil)
			if test.present != "" {
				if err := s.PutBytes(t.Context(), "key", []byte(test.present), store.PutOptions{}); err != nil {
					t.Fatal(err)
				}
			}
			var scripted *mem.Mem
			_, scripted, asked = script(t, test.before, test.after)
			m.Before, m.After = scripted.Before, scripted.After
			matched, err := s.CreateFrom(t.Context(), "key", strings.NewReader("body"), 4, store.PutOptions{})
			if matched != test.matched || !errors.Is(err, test.want) {
				t.Errorf("matched %v, %v", matched, err)
			}
			if got := strings.ReplaceAll(strings.Join(*asked, " "), " app/key", ""); got != test.asked {
				t.Errorf("asked %s, want %s", got, test.asked)
			}
		})
	}
}

func TestUndeclared(t *testing.T) {
	m := mem.New()
	m.Declared.CreateOnly, m.Declared.IfMatch = false, false
	s := storetest.Quick(t, m, "")
	for _, o := range []store.PutOptions{{CreateOnly: true}, {IfMatch: "x"}} {
		if err := s.PutBytes(t.Context(), "key", nil, o); !errors.Is(err, store.ErrUnsupported) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestOverwrites: a bucket that ignores the condition looks like success, which
// is why a publisher asks twice.
func TestOverwrites(t *testing.T) {
	m := mem.New()
	m.Overwrites = true
	s := storetest.Quick(t, m, "")
	for range 2 {
		if err := s.Create(t.Context(), "key", nil, store.PutOptions{}); err != nil {
			t.Error(err)
		}
	}
}

func TestPauses(t *testing.T) {
	m := mem.New()
	m.Before = func(string, string) error { return store.ErrUnavailable }
	s, err := store.New(m, "")
	if err != nil {
		t.Fatal(err)
	}
	var pauses []time.Duration
	retry := store.Retry{
		Attempts: 6, Base: 100 * time.Millisecond, Max: 500 * time.Millisecond, Float: func() float64 { return 0.5 },
		Sleep: func(_ context.Context, d time.Duration) error { pauses = append(pauses, d); return nil },
	}
	if _, err := s.WithRetry(retry).Head(t.Context(), "key"); !errors.Is(err, store.ErrUnavailable) {
		t.Error(err)
	}
	ms := time.Millisecond
	if want := []time.Duration{50 * ms, 100 * ms, 200 * ms, 250 * ms, 250 * ms}; !slices.Equal(pauses, want) {
		t.Errorf("pauses %v, want %v", pauses, want)
	}

	// A service that asks for more time gets it, within reason.
	for asked, want := range map[time.Duration]time.Duration{2 * time.Second: 2050 * ms, time.Hour: 30 * time.Second} {
		pauses, retry.Attempts, retry.Patience = nil, 2, 30*time.Second
		m.Before = func(string, string) error {
			return &store.Error{Status: 503, RetryAfter: asked, Err: store.ErrUnavailable}
		}
		if _, err := s.WithRetry(retry).Head(t.Context(), "key"); !errors.Is(err, store.ErrUnavailable) || !slices.Equal(pauses, []time.Duration{want}) {
			t.Errorf("asked for %v: pauses %v, want %v: %v", asked, pauses, want, err)
		}
	}

	ctx, cancel := context.WithCancel(t.Context())
	retry.Sleep = func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }
	_, err = s.WithRetry(retry).Head(ctx, "key")
	if !errors.Is(err, context.Canceled) || !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("cancelled while waiting: %v", err)
	}
	err = s.WithRetry(retry).PutBytes(ctx, "key", nil, store.PutOptions{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
}

func TestErrors(t *testing.T) {
	m := mem.New()
	m.Before = func(string, string) error {
		return &store.Error{Status: 403, Code: "SignatureDoesNotMatch", Err: store.ErrDenied}
	}
	s := storetest.Quick(t, m, "app")
	_, _, err := s.GetBytes(t.Context(), "a/key", 1)
	var e *store.Error
	if !errors.As(err, &e) || *e != (store.Error{Op: "get", Key: "a/key", Status: 403, Code: "SignatureDoesNotMatch", Err: store.ErrDenied}) {
		t.Errorf("%+v", e)
	}
	if want := `get "a/key": access denied (SignatureDoesNotMatch, 403)`; err.Error() != want {
		t.Errorf("message %q, want %q", err, want)
	}
}

// growing is a body whose size changes between measuring and reading.
type growing struct{ *strings.Reader }

func (g growing) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekEnd {
		return 3, nil
	}
	return g.Reader.Seek(offset, whence)
}

func TestBodyChanges(t *testing.T) {
	for _, url := range []string{"mem", "dir:" + t.TempDir()} {
		s := storetest.Quick(t, mem.New(), "")
		if url != "mem" {
			var err error
			if s, err = store.Open(t.Context(), url, nil); err != nil {
				t.Fatal(err)
			}
		}
		for _, body := range []string{"xx", "xxxx"} {
			err := s.Put(t.Context(), "key", growing{strings.NewReader(body)}, 3, store.PutOptions{})
			if !errors.Is(err, store.ErrCorrupt) {
				t.Errorf("%s, %q: %v", url, body, err)
			}
			if _, err := s.Head(t.Context(), "key"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s, %q: %v", url, body, err)
			}
		}
	}
}
