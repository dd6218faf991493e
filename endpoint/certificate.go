package endpoint

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificateInterval is how often the files of a certificate are looked at.
const certificateInterval = time.Second

// Certificate is a TLS certificate in two files. When they change, new
// connections get the new one; one that cannot be read is reported and the old
// one stays in use.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	of      [2]time.Time // when the files in use were written
	refused [2]time.Time // those that could not be used
	looked  time.Time
}

// LoadCertificate reads a certificate chain and its private key (PEM).
func LoadCertificate(certFile, keyFile string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log}
	written, err := c.written()
	if err != nil {
		return nil, err
	}
	loaded, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("TLS certificate: %w", err)
	}
	c.current, c.of, c.looked = &loaded, written, time.Now()
	return c, nil
}

// Config returns the TLS configuration of a server with the certificate.
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.get(), nil }}
}

func (c *Certificate) get() *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) < certificateInterval {
		return c.current
	}
	c.looked = time.Now()
	written, err := c.written()
	if err == nil && (written == c.of || written == c.refused) {
		return c.current
	}
	var loaded tls.Certificate
	if err == nil {
		loaded, err = tls.LoadX509KeyPair(c.certFile, c.keyFile)
	}
	if err != nil { // perhaps only one of the two is new yet
		c.refused = written
		c.log.Error("the new TLS certificate cannot be used; the old one stays", "error", err)
		return c.current
	}
	c.current, c.of = &loaded, written
	c.log.Info("new TLS certificate", "ends", loaded.Leaf.NotAfter)
	return c.current
}

// written returns when the files were written.
func (c *Certificate) written() (at [2]time.Time, err error) {
	for i, name := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return at, fmt.Errorf("TLS certificate: %w", err)
		}
		at[i] = info.ModTime()
	}
	return at, nil
}
