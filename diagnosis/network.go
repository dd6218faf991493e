package diagnosis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"

	"odoograph/apierror"
	"odoograph/odoo"
)

const connection = "odoo-connection"

// explain says why there is no usable answer from the server at an address.
func explain(err error, base *url.URL) Finding {
	for _, tell := range []func(error, *url.URL) (Finding, bool){unknownHost, badCertificate, schemeMismatch, noConnection, tooSlow, strangeReply} {
		if found, told := tell(err, base); told {
			return found
		}
	}
	if apierror.CodeOf(err) == apierror.Unsupported {
		return Finding{
			Check: "odoo-version", Level: Error, Found: apierror.Public(err).Message,
			Fix: "upgrade Odoo, or name another server with --odoo-url",
		}
	}
	return Finding{
		Check: connection, Level: Error, Found: "no usable answer from " + base.Host, Cause: err.Error(),
		Fix: "look into the log of Odoo, and of the proxy in front of it, at this time",
	}
}

func unknownHost(err error, base *url.URL) (Finding, bool) {
	failure, isDNS := errors.AsType[*net.DNSError](err)
	if !isDNS {
		return Finding{}, false
	}
	f := Finding{
		Check: connection, Level: Error, Found: fmt.Sprintf("there is no host named %s", base.Hostname()), Cause: "the name server of this machine does not know the name",
		Fix: "look for a typing error in --odoo-url; if the name is right, see whether `getent hosts " + base.Hostname() + "` finds it on this machine",
	}
	if !failure.IsNotFound {
		f.Found, f.Cause = "the host "+base.Hostname()+" cannot be looked up", "the name server of this machine does not answer: "+failure.Err
		f.Fix = "see to the network and the name server of this machine (/etc/resolv.conf; in a container, its DNS)"
	}
	return f, true
}

func noConnection(err error, base *url.URL) (Finding, bool) {
	f := Finding{Check: connection, Level: Error}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		f.Found, f.Cause = "nothing listens at "+hostPort(base), "Odoo is not running there, listens on another port or interface, or a firewall refuses"
		f.Fix = "start Odoo, or correct the port in --odoo-url (Odoo itself: 8069; a proxy with TLS: 443); in containers use the service's name, not localhost"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		f.Found, f.Cause = base.Hostname()+" cannot be reached", "there is no route from this machine to it"
		f.Fix = "see to the network, VPN or firewall between this machine and Odoo"
	case isClosed(err):
		f.Found, f.Cause = hostPort(base)+" closes the connection without an answer", "what listens there speaks no HTTP, wants TLS, or fails"
		f.Fix = "see that the port in --odoo-url is Odoo's HTTP port, and whether http or https is right; then look into Odoo's log"
	default:
		return Finding{}, false
	}
	return f, true
}

// isClosed tells whether the other side closed the connection in place of an answer.
func isClosed(err error) bool {
	for _, sign := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, sign) {
			return true
		}
	}
	return strings.Contains(rootOf(err), "server closed idle connection") // which net/http has no name for
}

func tooSlow(err error, base *url.URL) (Finding, bool) {
	var timeout net.Error
	isTimeout := errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded)
	if _, replied := odoo.ReplyOf(err); !isTimeout || replied {
		return Finding{}, false
	}
	f := Finding{Check: connection, Level: Error}
	if op, is := errors.AsType[*net.OpError](err); is && op.Op == "dial" || strings.Contains(rootOf(err), "TLS handshake timeout") {
		f.Found, f.Cause = "no connection to "+hostPort(base)+" comes about in time", "a firewall drops the packets, or the machine is down"
		f.Fix = "open the port between this machine and Odoo, or correct --odoo-url"
		return f, true
	}
	f.Found, f.Cause = hostPort(base)+" takes the connection but does not answer in time", "Odoo hangs, all its workers are busy, or what listens there is something else"
	f.Fix = "look into Odoo's log and load; give it longer with --patience 60s"
	return f, true
}

func hostPort(base *url.URL) string {
	if base.Port() != "" {
		return base.Host
	}
	if base.Scheme == "https" {
		return net.JoinHostPort(base.Hostname(), "443")
	}
	return net.JoinHostPort(base.Hostname(), "80")
}

// rootOf is the innermost text of an error.
func rootOf(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
