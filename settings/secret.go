package settings

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"odoograph/odoo"
)

// Credential returns what to sign in to Odoo with, read from files where those are
// named.
func (o *Odoo) Credential() (odoo.Credential, error) {
	c := odoo.Credential{Login: o.Login}
	var err error
	if c.Password, err = Secret("odoo-password", o.Password, o.PasswordFile); err != nil {
		return c, err
	}
	if c.APIKey, err = Secret("odoo-api-key", o.APIKey, o.APIKeyFile); err != nil {
		return c, err
	}
	if c.Password == "" && c.APIKey == "" {
		return c, errors.New("give a password (odoo-password-file) or an API key (odoo-api-key-file) of an Odoo user")
	}
	return c, nil
}

// Address returns where the gateway's database is.
func (k *Keyring) Address() (string, error) {
	if k.DatabaseFile == "" {
		return k.Database, nil
	}
	return Secret("database", "", k.DatabaseFile)
}

// Secrets returns the secret that seals, and those from before.
func (k *Keyring) Secrets() (current string, previous []string, err error) {
	if current, err = Secret("secret", k.Secret, k.SecretFile); err != nil {
		return "", nil, err
	}
	text, err := Secret("secret-previous", k.SecretPrevious, k.SecretPreviousFile)
	if err != nil {
		return "", nil, err
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			previous = append(previous, line)
		}
	}
	return current, previous, nil
}

// Redis returns the address of the Redis that replicas share, "" for none.
func (l *Limits) Redis() (string, error) {
	return Secret("redis-url", l.RedisURL, l.RedisURLFile)
}

// Secret returns a secret given as such or in a file, but not both. Line ends at
// the end of the file are none of it.
func Secret(name, value, file string) (string, error) {
	if file == "" {
		return value, nil
	}
	if value != "" {
		return "", fmt.Errorf("give either %s or %s-file, not both", name, name)
	}
	text, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err != nil {
		return "", fmt.Errorf("%s-file: %w", name, err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

// Logger returns the log. Its level can be changed while it is in use.
func (l *Log) Logger(w io.Writer) (*slog.Logger, *slog.LevelVar) {
	level := new(slog.LevelVar)
	level.Set(l.LogLevel)
	options := &slog.HandlerOptions{Level: level}
	if l.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options)), level
	}
	return slog.New(slog.NewTextHandler(w, options)), level
}
