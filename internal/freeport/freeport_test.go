package freeport_test

import (
	"fmt"
	"net"
	"os"
	"testing"

	"odoograph/internal/freeport"
)

// Addresses that are held are all different, and can be listened on again and again.
func TestAddressesAreApart(t *testing.T) {
	seen := map[string]bool{}
	for range 500 {
		address := freeport.Address(t)
		if seen[address] {
			t.Fatalf("%s twice", address)
		}
		seen[address] = true
		for range 2 {
			listener, err := net.Listen("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			listener.Close()
		}
	}
}

// What the system hands out by itself is never one of them.
func TestSystemTakesNoneOfThem(t *testing.T) {
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err != nil {
		t.Skip("needs Linux")
	}
	var from, to, port int
	if _, err := fmt.Sscan(string(text), &from, &to); err != nil {
		t.Fatal(err)
	}
	for range 500 {
		address := freeport.Address(t)
		if _, err := fmt.Sscanf(address, "127.0.0.1:%d", &port); err != nil || from <= port && port <= to {
			t.Fatalf("%s is between %d and %d: %v", address, from, to, err)
		}
	}
}

// An address is taken up again once it is released.
func TestReleased(t *testing.T) {
	address, release, err := freeport.Reserve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if held, err := net.ListenPacket("udp", address); err == nil {
		held.Close()
		t.Error("it is not held")
	}
	release()
	held, err := net.ListenPacket("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	held.Close()
}
