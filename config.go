package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"odoograph/odoo"
)

// odooFlags say which Odoo to use, and as whom.
type odooFlags struct {
	URL          string        `name:"odoo-url" env:"ODOO_URL" required:"" help:"Address of Odoo: https://erp.example.com."`
	DB           string        `name:"odoo-db" env:"ODOO_DB" required:"" help:"Name of Odoo's database."`
	Login        string        `name:"odoo-login" env:"ODOO_LOGIN" help:"Login of the Odoo user that the gateway acts as."`
	Password     string        `name:"odoo-password" env:"ODOO_PASSWORD" help:"Password of that user. Better: --odoo-password-file."`
	PasswordFile string        `name:"odoo-password-file" env:"ODOO_PASSWORD_FILE" help:"File that holds the password."`
	APIKey       string        `name:"odoo-api-key" env:"ODOO_API_KEY" help:"API key of that user; from Odoo 19 on it needs no login. Better: --odoo-api-key-file."`
	APIKeyFile   string        `name:"odoo-api-key-file" env:"ODOO_API_KEY_FILE" help:"File that holds the API key."`
	Transport    string        `name:"transport" env:"ODOOGRAPH_TRANSPORT" default:"auto" enum:"auto,web-session,json-2,json-rpc,xml-rpc" help:"Protocol to Odoo: ${enum}."`
	CallTimeout  time.Duration `name:"odoo-timeout" env:"ODOO_TIMEOUT" default:"20s" help:"Time that one call to Odoo may take, not counting its wait in the gateway."`
	MaxConns     int           `name:"odoo-max-conns" env:"ODOO_MAX_CONNS" default:"4" help:"Calls to Odoo at once: about as many as it has HTTP workers. Other calls wait in the gateway."`
	cacheFlags
}

// cacheFlags say what the gateway answers without asking Odoo again.
type cacheFlags struct {
	ReferenceTTL time.Duration `name:"reference-ttl" env:"ODOOGRAPH_REFERENCE_TTL" default:"60s" help:"Time that countries, currencies, units, taxes, payment terms and price lists are kept; 0 asks Odoo each time."`
}

// credential returns what to sign in with, read from files where those are named.
func (f *odooFlags) credential() (odoo.Credential, error) {
	c := odoo.Credential{Login: f.Login}
	var err error
	if c.Password, err = secret("odoo-password", f.Password, f.PasswordFile); err != nil {
		return c, err
	}
	if c.APIKey, err = secret("odoo-api-key", f.APIKey, f.APIKeyFile); err != nil {
		return c, err
	}
	if c.Password == "" && c.APIKey == "" {
		return c, errors.New("give a password (ODOO_PASSWORD or ODOO_PASSWORD_FILE) or an API key (ODOO_API_KEY or ODOO_API_KEY_FILE)")
	}
	return c, nil
}

// secret returns a secret given as such or in a file, but not both.
func secret(name, value, file string) (string, error) {
	if file == "" {
		return value, nil
	}
	if value != "" {
		return "", fmt.Errorf("give either --%s or --%s-file, not both", name, name)
	}
	text, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err != nil {
		return "", fmt.Errorf("--%s-file: %w", name, err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

// logFlags say what the log looks like.
type logFlags struct {
	LogFormat string     `env:"ODOOGRAPH_LOG_FORMAT" default:"text" enum:"text,json" help:"Format of the log: ${enum}."`
	LogLevel  slog.Level `env:"ODOOGRAPH_LOG_LEVEL" default:"INFO" help:"What the log tells at least: DEBUG, INFO, WARN or ERROR."`
}

func (f logFlags) logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: f.LogLevel}
	if f.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
