// Package freeport finds addresses of this machine that nothing listens on, for
// servers that are told where to listen, and for tests that want to be refused.
// It imports nothing of the project.
package freeport

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
)

// Ports are taken from a range that no system hands out by itself: for listeners
// at port 0 and for outgoing connections Linux takes 32768 and up, others 49152.
const (
	first = 20000
	count = 10000
)

// Reserve returns an address of the loopback interface that nothing listens on and
// that no other caller gets, in this process or another, until release is called or
// the process ends. A UDP socket at the same port is what holds it, so that TCP is free.
func Reserve(ctx context.Context) (address string, release func(), err error) {
	var config net.ListenConfig
	for range count {
		address = fmt.Sprintf("127.0.0.1:%d", first+rand.N(count)) //nolint:gosec // nothing secret
		held, err := config.ListenPacket(ctx, "udp", address)
		if err != nil {
			continue
		}
		release = func() { _ = held.Close() }
		if listener, err := config.Listen(ctx, "tcp", address); err == nil {
			return address, release, listener.Close()
		}
		release()
	}
	return "", nil, errors.New("no port is free")
}

// A TB is the part of testing.TB that Address needs.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Address reserves an address until the test ends.
func Address(t TB) string {
	t.Helper()
	address, release, err := Reserve(context.Background())
	if err != nil {
		t.Fatalf("freeport: %v", err)
	}
	t.Cleanup(release)
	return address
}
