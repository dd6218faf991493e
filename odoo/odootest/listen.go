package odootest

import (
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// A TB is the part of testing.TB that Start needs.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// listener is the running HTTP server, if any, and its address.
type listener struct {
	mu      sync.Mutex
	http    *http.Server
	address string
}

// Start returns a stand-in that listens on a free port of the local host until
// the test ends.
func Start(t TB, o Options) *Server {
	t.Helper()
	s, err := Run(o, "127.0.0.1:0")
	if err != nil {
		t.Fatalf("odootest: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// Run returns a stand-in that listens on the address, such as "127.0.0.1:8069",
// until Close.
func Run(o Options, address string) (*Server, error) {
	s, err := newServer(o)
	if err != nil {
		return nil, err
	}
	return s, s.listen(address)
}

func (s *Server) listen(address string) error {
	s.listener.mu.Lock()
	defer s.listener.mu.Unlock()
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	s.listener.address = l.Addr().String()
	srv := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	s.listener.http = srv
	go func() { _ = srv.Serve(l) }() // ends with http.ErrServerClosed on Stop
	return nil
}

// URL is the base address: "http://127.0.0.1:39041". It stays the same when the
// server is stopped and restarted.
func (s *Server) URL() string {
	s.listener.mu.Lock()
	defer s.listener.mu.Unlock()
	return "http://" + s.listener.address
}

// Stop closes the port and all connections, as if Odoo had died. The data
// stays.
func (s *Server) Stop() error {
	s.listener.mu.Lock()
	defer s.listener.mu.Unlock()
	if s.listener.http == nil {
		return errors.New("odootest: not listening")
	}
	err := s.listener.http.Close()
	s.listener.http = nil
	return err
}

// Restart listens again on the address of before.
func (s *Server) Restart() error {
	s.listener.mu.Lock()
	address, running := s.listener.address, s.listener.http != nil
	s.listener.mu.Unlock()
	if running || address == "" {
		return errors.New("odootest: not stopped")
	}
	return s.listen(address)
}

// Close stops the server for good. Calls that are held are let go.
func (s *Server) Close() error {
	s.releaseAll()
	s.listener.mu.Lock()
	defer s.listener.mu.Unlock()
	if s.listener.http == nil {
		return nil
	}
	err := s.listener.http.Close()
	s.listener.http = nil
	return err
}
