package diagnosis

import (
	"crypto/tls"
	"fmt"
	"os"
	"strings"
	"time"
)

// certificateWarning is how long before its end a certificate is warned of.
const certificateWarning = 14 * 24 * time.Hour

// certificate looks at the files with which the gateway speaks TLS.
func (g Gateway) certificate(now time.Time) []Finding {
	const check = "tls"
	f := Finding{Check: check, Level: Error}
	switch {
	case g.TLSCert == "" && g.TLSKey == "":
		return nil
	case g.TLSKey == "":
		f.Found, f.Fix = "there is a TLS certificate without its private key", "--tls-key with the file of the key"
		return []Finding{f}
	case g.TLSCert == "":
		f.Found, f.Fix = "there is a private key without its TLS certificate", "--tls-cert with the file of the certificate and its chain"
		return []Finding{f}
	}
	for setting, path := range map[string]string{"tls-cert": g.TLSCert, "tls-key": g.TLSKey} {
		if _, err := os.ReadFile(path); err != nil {
			f.Found, f.Cause = "the file of --"+setting+" cannot be read", plainError(err)
			f.Fix = "correct the path, or let the user of the gateway read the file"
			return []Finding{f}
		}
	}
	pair, err := tls.LoadX509KeyPair(g.TLSCert, g.TLSKey)
	if err != nil {
		f.Found, f.Cause = "the TLS certificate cannot be used", plainError(err)
		f.Fix = "--tls-cert wants a PEM file with the certificate first and its chain after it, --tls-key its own key in PEM, without a passphrase"
		if strings.Contains(err.Error(), "does not match") {
			f.Found, f.Cause = "the private key is not that of the TLS certificate", g.TLSKey+" belongs to another certificate than "+g.TLSCert
			f.Fix = "name the two files that were made together; after a renewal both change"
		}
		return []Finding{f}
	}
	findings := []Finding{validity(pair, now)}
	if info, err := os.Stat(g.TLSKey); err == nil && info.Mode().Perm()&0o004 != 0 {
		findings = append(findings, Finding{
			Check: check, Level: Warning, Found: fmt.Sprintf("every user of this machine can read the private key %s (mode %03o)", g.TLSKey, info.Mode().Perm()),
			Fix: "chmod 600 " + g.TLSKey,
		})
	}
	return findings
}

func validity(pair tls.Certificate, now time.Time) Finding {
	leaf := pair.Leaf
	f := Finding{Check: "tls", Level: Error, Fix: "renew it; the gateway reads the files again when they change"}
	left := leaf.NotAfter.Sub(now)
	switch {
	case left < 0:
		f.Found, f.Cause = "the gateway's TLS certificate ended on "+leaf.NotAfter.Format(time.DateOnly), "clients refuse it"
	case now.Before(leaf.NotBefore):
		f.Found, f.Cause = "the gateway's TLS certificate is good only from "+leaf.NotBefore.Format(time.RFC3339)+" on", "the clock of this machine is wrong, or the certificate is"
		f.Fix = "set this machine's clock (timedatectl), then look at the certificate"
	case left < certificateWarning:
		f.Level, f.Found = Warning, fmt.Sprintf("the gateway's TLS certificate ends on %s, in %d days", leaf.NotAfter.Format(time.DateOnly), int(left.Hours()/24))
	default:
		return ok("tls", "certificate for %s, good until %s", strings.Join(namesOf(leaf), ", "), leaf.NotAfter.Format(time.DateOnly))
	}
	return f
}
