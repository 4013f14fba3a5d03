package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"wgtup/internal/store"
)

// Config says what to serve, and where. Zero durations mean the defaults.
type Config struct {
	Store *store.Store
	// Address is HOST:PORT. Without a host it is 127.0.0.1, without a port, or
	// with port 0, a free one; other machines are served only when it says so.
	Address string
	Log     func(line string) // one line for each request; may be nil

	Header time.Duration // for sending a request; 10 s
	Stall  time.Duration // for accepting the next piece of a body; 1 min
	Idle   time.Duration // between requests; 2 min
	Grace  time.Duration // for downloads under way when the server ends; 30 s
}

// Server listens. Serve makes it answer.
type Server struct {
	listener net.Listener
	server   *http.Server
	grace    time.Duration
}

// Listen opens the address.
func Listen(ctx context.Context, c Config) (*Server, error) {
	body, _, err := c.Store.GetSeeker(ctx, "none")
	if errors.Is(err, store.ErrUnsupported) {
		return nil, fmt.Errorf("serve %s: %w", c.Store.Properties().ID, store.ErrUnsupported)
	}
	if err == nil {
		body.Close()
	}
	address, err := complete(c.Address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	stall := or(c.Stall, time.Minute)
	return &Server{
		listener: l,
		grace:    or(c.Grace, 30*time.Second),
		server: &http.Server{
			Handler:           Handler(c.Store, c.Log, stall),
			ReadHeaderTimeout: or(c.Header, 10*time.Second),
			WriteTimeout:      stall, // of one request; a body moves it while it flows
			IdleTimeout:       or(c.Idle, 2*time.Minute),
			MaxHeaderBytes:    16 << 10,
			ErrorLog:          log.New(io.Discard, "", 0),
		},
	}, nil
}

func complete(address string) (string, error) {
	if address == "" {
		return "127.0.0.1:0", nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

func or(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

// URL is the public base URL of the store.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Serve answers until ctx ends, then lets downloads under way finish. It returns
// nil when they did, an error when the grace was over first.
func (s *Server) Serve(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- s.server.Serve(s.listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.grace)
	defer cancel()
	if err := s.server.Shutdown(grace); err != nil {
		_ = s.server.Close()
		return fmt.Errorf("end server: %w", err)
	}
	return nil
}
