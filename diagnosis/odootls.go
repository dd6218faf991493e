package diagnosis

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"odoograph/odoo"
)

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
