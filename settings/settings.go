// Package settings holds what an operator may set: one typed structure, read from
// flags, the environment and a file, in that order of strength, and described by
// itself. A setting is a flag that has an environment variable. It imports package
// odoo only, for its credential.
package settings

//go:generate go run ../internal/settingsdoc ../docs/configuration.md

import (
	"fmt"
	"log/slog"
	"net/netip"
	"time"
)

// All are the settings of a gateway. Each group is one that commands take by
// itself, too.
//
// Besides kong's tags, live marks what a running gateway takes over when it gets
// SIGHUP; all else needs a restart. secret marks what should rather stand in a file
// of its own.
type All struct {
	Odoo    `group:"Odoo"`
	Cache   `group:"Odoo"`
	Listen  `group:"Clients"`
	Access  `group:"Access"`
	Limits  `group:"Limits"`
	Keyring `group:"The gateway's own data"`
	Log     `group:"Log"`
}

// Odoo says which Odoo to use, and as whom.
type Odoo struct {
	URL          string        `name:"odoo-url" env:"ODOO_URL" required:"" help:"Address of Odoo: https://erp.example.com."`
	DB           string        `name:"odoo-db" env:"ODOO_DB" required:"" help:"Name of Odoo's database."`
	Login        string        `name:"odoo-login" env:"ODOO_LOGIN" help:"Login of the Odoo user that the gateway acts as."`
	Password     string        `name:"odoo-password" env:"ODOO_PASSWORD" secret:"" help:"Password of that user. Better: --odoo-password-file."`
	PasswordFile string        `name:"odoo-password-file" env:"ODOO_PASSWORD_FILE" type:"path" help:"File that holds the password."`
	APIKey       string        `name:"odoo-api-key" env:"ODOO_API_KEY" secret:"" help:"API key of that user; from Odoo 19 on it needs no login. Better: --odoo-api-key-file."`
	APIKeyFile   string        `name:"odoo-api-key-file" env:"ODOO_API_KEY_FILE" type:"path" help:"File that holds the API key."`
	Transport    string        `name:"transport" env:"ODOOGRAPH_TRANSPORT" default:"auto" enum:"auto,web-session,json-2,json-rpc,xml-rpc" help:"Protocol to Odoo: ${enum}. auto takes the cheapest that the credential allows; odoograph check says which, and why."`
	CallTimeout  time.Duration `name:"odoo-timeout" env:"ODOO_TIMEOUT" default:"20s" help:"Time that one call to Odoo may take, not counting its wait in the gateway."`
	MaxConns     int           `name:"odoo-max-conns" env:"ODOO_MAX_CONNS" default:"4" help:"Calls to Odoo at once: about as many as it has HTTP workers. Other calls wait in the gateway, 10 s at most."`
}

// Cache says what the gateway answers without asking Odoo again.
type Cache struct {
	ReferenceTTL time.Duration `name:"reference-ttl" env:"ODOOGRAPH_REFERENCE_TTL" default:"60s" help:"Time that countries, states, currencies, units, taxes, payment terms and price lists are kept, for each user and language; 0s asks Odoo each time."`
}

// Listen says how clients reach the gateway.
type Listen struct {
	Addr    string        `env:"ODOOGRAPH_ADDR" default:"127.0.0.1:8080" help:"Address to listen on; 0.0.0.0:8080 for clients on other machines."`
	Timeout time.Duration `env:"ODOOGRAPH_TIMEOUT" default:"30s" help:"Time that one request may take."`
	TLSCert string        `name:"tls-cert" env:"ODOOGRAPH_TLS_CERT" type:"path" help:"File with the TLS certificate and its chain (PEM). It is read again when it changes."`
	TLSKey  string        `name:"tls-key" env:"ODOOGRAPH_TLS_KEY" type:"path" help:"File with the private key of the certificate (PEM)."`
	Origins []string      `name:"cors-origins" env:"ODOOGRAPH_CORS_ORIGINS" live:"" help:"Web pages of other hosts that may use the gateway: https://shop.example.com, or * for any."`
}

// Access says who may use the gateway, besides those who have a key of it.
type Access struct {
	Introspection     bool      `env:"ODOOGRAPH_INTROSPECTION" default:"true" negatable:"" live:"" help:"Let keys with the scope introspection (or *) ask for the schema, and everybody see the GraphQL and REST references."`
	Playground        bool      `env:"ODOOGRAPH_PLAYGROUND" default:"true" negatable:"" live:"" help:"Serve the playground. Whoever uses it needs a key all the same."`
	AnonymousScopes   []string  `env:"ODOOGRAPH_ANONYMOUS_SCOPES" live:"" help:"Scopes of requests without a key, which act as the gateway's own Odoo user: reference:read. By default there are none."`
	AnonymousRate     int       `env:"ODOOGRAPH_ANONYMOUS_RATE" default:"30" live:"" help:"Requests without a key in a minute from one address."`
	PassThroughScopes []string  `env:"ODOOGRAPH_PASS_THROUGH_SCOPES" live:"" help:"Scopes of requests that present an Odoo API key in place of one of the gateway's (Odoo 19 and later). By default they are refused."`
	TrustedProxies    []Network `env:"ODOOGRAPH_TRUSTED_PROXIES" live:"" help:"Networks of the proxies whose X-Forwarded-For tells the client's address: 10.0.0.0/8, or 127.0.0.1."`
	TrustedDocuments  []string  `env:"ODOOGRAPH_TRUSTED_DOCUMENTS" type:"path" live:"" help:"Manifests of trusted documents, in Relay's form or Apollo's."`
}

// Limits say how much one key may ask for.
type Limits struct {
	RateLimit    int    `env:"ODOOGRAPH_RATE_LIMIT" default:"100" live:"" help:"Requests in a minute of a key that has no limit of its own."`
	CostCapacity int    `env:"ODOOGRAPH_COST_CAPACITY" default:"50000" live:"" help:"Points that the cost budget of such a key holds."`
	CostRestore  int    `env:"ODOOGRAPH_COST_RESTORE" default:"2000" live:"" help:"Points that come back to it in a second."`
	RedisURL     string `env:"ODOOGRAPH_REDIS_URL" help:"Redis in which several replicas count together: redis://:password@host:6379/0. While it is away each counts for itself."`
	RedisURLFile string `env:"ODOOGRAPH_REDIS_URL_FILE" type:"path" help:"File that holds that address, for one with a password."`
}

// Keyring says where the gateway's database is, and what seals the Odoo credentials of keys.
type Keyring struct {
	Database           string `env:"ODOOGRAPH_DATABASE" default:"odoograph.db" help:"Database of the gateway, which holds the API keys: a file, sqlite:FILE, or postgres://... for several replicas."`
	DatabaseFile       string `env:"ODOOGRAPH_DATABASE_FILE" type:"path" help:"File that holds the address of that database, for one with a password. It goes before --database."`
	Secret             string `env:"ODOOGRAPH_SECRET" secret:"" help:"Secret of at least 32 characters that seals Odoo credentials of keys. Better: --secret-file."`
	SecretFile         string `env:"ODOOGRAPH_SECRET_FILE" type:"path" help:"File that holds the secret."`
	SecretPrevious     string `env:"ODOOGRAPH_SECRET_PREVIOUS" secret:"" help:"Secrets from before, one a line, that still open what they sealed."`
	SecretPreviousFile string `env:"ODOOGRAPH_SECRET_PREVIOUS_FILE" type:"path" help:"File that holds the secrets from before, one a line."`
}

// Log says what the log looks like.
type Log struct {
	LogFormat string     `env:"ODOOGRAPH_LOG_FORMAT" default:"text" enum:"text,json" help:"Format of the log: ${enum}."`
	LogLevel  slog.Level `env:"ODOOGRAPH_LOG_LEVEL" default:"INFO" live:"" help:"What the log tells at least: DEBUG, INFO, WARN or ERROR. DEBUG tells of every call to Odoo."`
}

// File names the file that commands read their settings from.
type File struct {
	Config string `env:"ODOOGRAPH_CONFIG" default:"odoograph.toml" type:"path" help:"File with settings, which flags and the environment override. Without one of that name the defaults hold."`
}

// Network is a network, or a single address.
type Network struct{ netip.Prefix }

// UnmarshalText reads 10.0.0.0/8 or 10.0.0.1.
func (n *Network) UnmarshalText(text []byte) error {
	if address, err := netip.ParseAddr(string(text)); err == nil {
		n.Prefix = netip.PrefixFrom(address, address.BitLen())
		return nil
	}
	if err := n.Prefix.UnmarshalText(text); err != nil {
		return fmt.Errorf("%q is no network such as 10.0.0.0/8 and no address such as 10.0.0.1", text)
	}
	return nil
}
