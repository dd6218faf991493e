package diagnosis

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"syscall"

	"odoograph/limit"
)

// Listen looks whether the gateway can listen on an address.
func Listen(ctx context.Context, addr string, encrypted bool) []Finding {
	const check = "listen"
	if addr == "" {
		return nil
	}
	f := Finding{Check: check, Level: Error}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		f.Found, f.Cause = fmt.Sprintf("%q is no address to listen on", addr), "it is a host or an IP address, a colon and a port"
		f.Fix = "--addr 127.0.0.1:8080 for this machine alone, --addr 0.0.0.0:8080 for others too"
		return []Finding{f}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	switch {
	case err == nil:
		_ = listener.Close()
	case errors.Is(err, syscall.EADDRINUSE) && isGateway(ctx, addr, encrypted):
		return []Finding{ok(check, "%s, where a gateway serves already", addr)}
	case errors.Is(err, syscall.EADDRINUSE):
		f.Found, f.Cause = addr+" is in use", "another program listens there"
		f.Fix = "stop it (`ss -ltnp sport = :" + port + "` names it), or choose another port with --addr"
		return []Finding{f}
	case errors.Is(err, syscall.EADDRNOTAVAIL), errors.As(err, new(*net.DNSError)):
		f.Found, f.Cause = addr+" is not an address of this machine", "a program listens on addresses of its own machine alone"
		f.Fix = "--addr 0.0.0.0:" + port + " for all of them (`ip addr` lists them)"
		return []Finding{f}
	case errors.Is(err, fs.ErrPermission):
		f.Found, f.Cause = "this user may not listen on "+addr, "ports below 1024 are reserved"
		f.Fix = "--addr with a port from 1024 on and a proxy in front, or AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit"
		return []Finding{f}
	default:
		f.Found, f.Cause, f.Fix = "the gateway cannot listen on "+addr, plainError(err), "--addr 127.0.0.1:8080"
		return []Finding{f}
	}
	if ip := net.ParseIP(host); !encrypted && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return []Finding{{
			Check: check, Level: Warning, Found: addr + " is open to other machines without TLS", Cause: "API keys travel readable unless a proxy in front speaks TLS",
			Fix: "--tls-cert and --tls-key, or a proxy with TLS in front and --addr 127.0.0.1:" + port,
		}}
	}
	return []Finding{ok(check, "%s", addr)}
}

// isGateway tells whether it is a gateway that listens on an address.
func isGateway(ctx context.Context, addr string, encrypted bool) bool {
	scheme := "http"
	if encrypted {
		scheme = "https"
	}
	host, port, _ := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+net.JoinHostPort(host, port)+"/healthz", http.NoBody)
	if err != nil {
		return false
	}
	// Nothing is sent that a stranger may not hear: the certificate need not fit the name.
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}} //nolint:gosec // see above
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	var health struct{ Status string }
	err = json.NewDecoder(io.LimitReader(response.Body, 1<<10)).Decode(&health)
	return err == nil && response.StatusCode == http.StatusOK && health.Status == "ok"
}

// redis looks whether replicas can count together.
func (g Gateway) redis(ctx context.Context) []Finding {
	const check = "redis"
	if g.RedisURL == "" {
		return nil
	}
	err := limit.Reach(ctx, g.RedisURL)
	if err == nil {
		return []Finding{ok(check, "answers")}
	}
	f := Finding{Check: check, Level: Error, Found: "Redis does not answer as it should: each replica would count rate limits for itself", Cause: plainError(err)}
	switch {
	case strings.Contains(err.Error(), "Redis URL"):
		f.Found, f.Fix = "the address of Redis cannot be read", "--redis-url redis://:password@host:6379/0"
	case strings.Contains(err.Error(), "NOAUTH"), strings.Contains(err.Error(), "WRONGPASS"), strings.Contains(err.Error(), "invalid password"):
		f.Found, f.Fix = "Redis refuses the password", "correct the password in --redis-url: redis://:password@host:6379/0"
	default:
		f.Fix = "start Redis, or correct host and port in --redis-url; `redis-cli -h HOST -p PORT ping` answers PONG"
	}
	return []Finding{f}
}
