package diagnosis

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

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

func badCertificate(err error, base *url.URL) (Finding, bool) {
	f := Finding{Check: "odoo-tls", Level: Error}
	if invalid, is := errors.AsType[x509.CertificateInvalidError](err); is && invalid.Reason == x509.Expired {
		f.Found = fmt.Sprintf("the TLS certificate of %s ended on %s", base.Host, invalid.Cert.NotAfter.Format(time.DateOnly))
		f.Cause = "it was not renewed in time, or the server still serves the old one"
		f.Fix = "renew the certificate and reload what serves it (nginx, Caddy, the load balancer)"
		if time.Now().Before(invalid.Cert.NotBefore) {
			f.Found = fmt.Sprintf("the TLS certificate of %s is good only from %s on", base.Host, invalid.Cert.NotBefore.Format(time.RFC3339))
			f.Cause, f.Fix = "the clock of this machine is wrong, or the certificate is", "set this machine's clock (timedatectl), then look at the certificate"
		}
		return f, true
	}
	if wrong, is := errors.AsType[x509.HostnameError](err); is {
		f.Found = fmt.Sprintf("the TLS certificate of %s is for another host: %s", base.Host, strings.Join(namesOf(wrong.Certificate), ", "))
		f.Cause = "the server is reached by a name or address that its certificate does not hold"
		f.Fix = "put a name of the certificate into --odoo-url, or have one made that holds " + base.Hostname()
		return f, true
	}
	if unknown, is := errors.AsType[x509.UnknownAuthorityError](err); is {
		f.Found = fmt.Sprintf("nobody that this machine trusts vouches for the TLS certificate of %s", base.Host)
		f.Cause = "it is signed by an authority of your own, or the server does not send the intermediate certificates"
		if c := unknown.Cert; c != nil && c.Issuer.String() == c.Subject.String() {
			f.Cause = "the server signed it itself"
		}
		f.Fix = "give this machine the authority's certificate: SSL_CERT_FILE=ca.pem (with all others that are needed), or update-ca-certificates; " +
			"if intermediates are missing, let the server send the full chain"
		return f, true
	}
	if errors.As(err, new(*tls.CertificateVerificationError)) || errors.As(err, new(tls.AlertError)) {
		f.Found, f.Cause = "no TLS connection to "+base.Host+" comes about", rootOf(err)
		f.Fix = "see what `openssl s_client -connect " + hostPort(base) + "` says of the server's certificate and protocol versions"
		return f, true
	}
	return Finding{}, false
}

func namesOf(c *x509.Certificate) []string {
	names := c.DNSNames
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		names = []string{"it names none"}
	}
	return names
}

// schemeMismatch finds http where TLS is spoken, and https where it is not.
func schemeMismatch(err error, base *url.URL) (Finding, bool) {
	reply, _ := odoo.ReplyOf(err)
	body := strings.ToLower(reply.Body)
	switch {
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, new(tls.RecordHeaderError)),
		base.Scheme == "http" && (strings.Contains(body, "plain http") || strings.Contains(body, "http request to an https server")),
		base.Scheme == "http" && strings.Contains(rootOf(err), `malformed HTTP response "\x15`):
		return mismatch(base), true
	}
	return Finding{}, false
}

// mismatch is the finding for a server that speaks the other of http and https.
func mismatch(base *url.URL) Finding {
	f := Finding{Check: "odoo-tls", Level: Error, Fix: "--odoo-url " + swapped(base).String()}
	if base.Scheme == "https" {
		f.Found = base.Host + " does not speak TLS"
		f.Cause = "this port answers plain HTTP, as Odoo itself does on port 8069; TLS is the work of a proxy in front"
		f.Fix += ", or the address of the proxy that speaks TLS"
		return f
	}
	f.Found, f.Cause = base.Host+" speaks TLS alone", "the address says http, and this port wants https"
	return f
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
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		f.Found, f.Cause = hostPort(base)+" closes the connection without an answer", "what listens there speaks no HTTP, wants TLS, or fails"
		f.Fix = "see that the port in --odoo-url is Odoo's HTTP port, and whether http or https is right; then look into Odoo's log"
	default:
		return Finding{}, false
	}
	return f, true
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
