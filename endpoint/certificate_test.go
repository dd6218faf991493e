package endpoint

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// writeCertificate writes a certificate with that serial number, as of that time.
func writeCertificate(t *testing.T, dir string, serial int64, at time.Time) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(24 * time.Hour), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{{127, 0, 0, 1}}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

// A renewed certificate is in use within two seconds, without a restart; a
// broken one is not.
func TestCertificateIsReloaded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, start := t.TempDir(), time.Now()
		certFile, keyFile := writeCertificate(t, dir, 1, start)
		c, err := LoadCertificate(certFile, keyFile, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		serial := func() int64 { time.Sleep(2 * time.Second); return c.get().Leaf.SerialNumber.Int64() }
		if got := serial(); got != 1 {
			t.Errorf("serial %d", got)
		}
		writeCertificate(t, dir, 2, start.Add(time.Minute))
		if got := serial(); got != 2 {
			t.Errorf("serial %d after the renewal", got)
		}
		if err := os.WriteFile(certFile, []byte("half a file"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := serial(); got != 2 {
			t.Errorf("serial %d after a broken renewal", got)
		}
		writeCertificate(t, dir, 3, start.Add(2*time.Minute))
		if got := serial(); got != 3 {
			t.Errorf("serial %d after it was mended", got)
		}
		if err := os.Remove(keyFile); err != nil {
			t.Fatal(err)
		}
		if got := serial(); got != 3 {
			t.Errorf("serial %d while the key is away", got)
		}
	})
}

func TestCertificateServes(t *testing.T) {
	certFile, keyFile := writeCertificate(t, t.TempDir(), 1, time.Now())
	c, err := LoadCertificate(certFile, keyFile, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.NotFoundHandler(), TLSConfig: c.Config(), ReadHeaderTimeout: time.Second}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(c.get().Leaf)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13}, ForceAttemptHTTP2: true}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+listener.Addr().String()+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.ProtoMajor != 2 {
		t.Errorf("HTTP/%d", response.ProtoMajor)
	}
}

func TestCertificateThatIsNotThere(t *testing.T) {
	if _, err := LoadCertificate("none.pem", "none.key", nil); err == nil {
		t.Error("no error")
	}
}
