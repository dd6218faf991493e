package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"os/user"
	"regexp"
	"time"

	"odoograph/apierror"
	"odoograph/auth"
	"odoograph/endpoint"
	"odoograph/odoo"
	"odoograph/settings"
	"odoograph/store"
)

// keysCommand makes and changes API keys, also while the gateway serves.
type keysCommand struct {
	Create keysCreateCommand `cmd:"" help:"Make a key and show it, once."`
	List   keysListCommand   `cmd:"" help:"List all keys."`
	Show   keysShowCommand   `cmd:"" help:"Show a key, without its secret, and its history."`
	Rotate keysRotateCommand `cmd:"" help:"Give a key a new secret and show it, once."`
	Revoke keysRevokeCommand `cmd:"" help:"End a key for ever."`
	Import keysImportCommand `cmd:"" help:"Take over keys that clients have already, or all keys of another database."`
	Reseal keysResealCommand `cmd:"" help:"Seal all Odoo credentials with the current secret."`
}

// keyringFlags say where the gateway's keys are.
type keyringFlags struct {
	settings.File
	settings.Keyring
}

// keyringConfig returns what package auth wants to know.
func keyringConfig(s *settings.Keyring, log *slog.Logger) (auth.Config, error) {
	current, previous, err := s.Secrets()
	if err != nil {
		return auth.Config{}, err
	}
	scopes, err := endpoint.Scopes()
	if err != nil {
		return auth.Config{}, err
	}
	return auth.Config{Secret: current, PreviousSecrets: previous, Scopes: scopes, Actor: osUser(), Log: log}, nil
}

// osUser is who the history of a key names.
func osUser() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return fmt.Sprintf("user %d", os.Getuid())
}

// with runs fn with the keys. A command that makes none wants the database to
// be there: a new one would only hide that its name is mistyped.
func (f *keyringFlags) with(ctx context.Context, mustExist bool, fn func(*auth.Keyring) error) error {
	config, err := keyringConfig(&f.Keyring, nil) // what the log would tell, the commands show
	if err != nil {
		return err
	}
	address, err := f.Address()
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Config{Database: address, MustExist: mustExist})
	if err != nil {
		return err
	}
	keyring, err := auth.Open(ctx, db, config)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	return plain(errors.Join(fn(keyring), keyring.Close(), db.Close()))
}

// plain is an error as people at a terminal read it.
func plain(err error) error {
	e, ok := errors.AsType[*apierror.Error](err)
	switch {
	case !ok:
		return err
	case e.Field != "":
		return fmt.Errorf("%s: %s", e.Field, e.Message)
	default:
		return errors.New(e.Message)
	}
}

type keysCreateCommand struct {
	keyringFlags
	Name           string   `required:"" help:"Who uses the key."`
	Scopes         []string `required:"" help:"What the key may do, with commas between: partners:read, partners:* or *."`
	Expires        string   `help:"When the key ends: 90d, 12h, 2027-01-31 or 2027-01-31T12:00:00Z. Default: never."`
	Rate           int      `help:"Requests per minute. Default: the gateway's."`
	CostCapacity   int      `help:"Points that the key's cost budget holds. Default: the gateway's."`
	CostRestore    int      `help:"Points that come back per second. Default: the gateway's."`
	Origins        []string `help:"Web pages that may use the key: https://shop.example.com. Default: any."`
	Networks       []string `help:"Networks that the key may be used from: 10.0.0.0/8. Default: any."`
	Documents      string   `enum:"any,log,only" default:"any" help:"GraphQL documents that the key may send: any; any, with those logged that the manifest lacks; or only those of the manifest."`
	OdooLogin      string   `help:"Odoo user that the key acts as. Default: the gateway's."`
	OdooSecretFile string   `help:"File that holds that user's API key or password."`
	OdooSecretKind string   `enum:"api-key,password" default:"api-key" help:"What the file holds: ${enum}."`
	Quiet          bool     `short:"q" help:"Print the key and nothing else."`
}

// Help shows how it is used.
func (keysCreateCommand) Help() string {
	return `Examples:
  odoograph keys create --name shop --scopes orders:read,partners:read --expires 90d
  odoograph keys create --name till-7 --scopes '*' --networks 10.1.0.0/16 --odoo-login till@example.com --odoo-secret-file till.key
  KEY=$(odoograph keys create --name report --scopes orders:read --quiet)`
}

// Run makes a key.
func (c *keysCreateCommand) Run(ctx context.Context, out io.Writer) error {
	key, err := c.key()
	if err != nil {
		return err
	}
	credential, err := c.credential()
	if err != nil {
		return err
	}
	return c.with(ctx, false, func(k *auth.Keyring) error {
		token, created, err := k.Create(ctx, key, credential)
		if err != nil {
			return err
		}
		remark := fmt.Sprintf("Key %s (%s). It is shown this once; only its hash is kept.", created.ID, created.Name)
		if credential.APIKey != "" && !odooKey.MatchString(credential.APIKey) {
			remark += fmt.Sprintf("\n%s holds no API key of Odoo, by its looks: if it is a password, make the key again with --odoo-secret-kind password.", c.OdooSecretFile)
		}
		return printToken(out, c.Quiet, token, remark)
	})
}

// odooKey is the form of Odoo's API keys, from 14 to 19: 20 bytes in hexadecimal.
var odooKey = regexp.MustCompile(`^[0-9a-f]{40}$`)

// key returns what the flags say of the key.
func (c *keysCreateCommand) key() (auth.Key, error) {
	key := auth.Key{
		Name: c.Name, Scopes: c.Scopes, Origins: c.Origins, Documents: auth.Documents(c.Documents),
		Limits: auth.Limits{Requests: c.Rate, CostCapacity: c.CostCapacity, CostRestore: c.CostRestore},
	}
	if c.Expires != "" {
		expires, err := auth.ParseExpiry(c.Expires, time.Now())
		if err != nil {
			return key, plain(err)
		}
		key.ExpiresAt = expires
	}
	networks, err := parseNetworks(c.Networks)
	key.Networks = networks
	return key, err
}

// credential returns how the key's Odoo user signs in.
func (c *keysCreateCommand) credential() (odoo.Credential, error) {
	credential := odoo.Credential{Login: c.OdooLogin}
	if (c.OdooLogin == "") != (c.OdooSecretFile == "") {
		return credential, errors.New("give both --odoo-login and --odoo-secret-file, or neither")
	}
	text, err := settings.Secret("odoo-secret", "", c.OdooSecretFile)
	if err != nil {
		return credential, err
	}
	if text == "" && c.OdooSecretFile != "" {
		return credential, fmt.Errorf("--odoo-secret-file: %s is empty", c.OdooSecretFile)
	}
	if c.OdooSecretKind == "password" {
		credential.Password = text
	} else {
		credential.APIKey = text
	}
	return credential, nil
}

func parseNetworks(texts []string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, text := range texts {
		network, err := auth.ParseNetwork(text)
		if err != nil {
			return nil, fmt.Errorf("--networks takes addresses and prefixes such as 10.0.0.0/8: %w", err)
		}
		networks = append(networks, network)
	}
	return networks, nil
}

// printToken writes a new key: alone on its line, so that people and scripts find it.
func printToken(out io.Writer, quiet bool, token, remark string) error {
	if quiet {
		_, err := fmt.Fprintln(out, token)
		return err
	}
	_, err := fmt.Fprintf(out, "%s\n\n%s\n", remark, token)
	return err
}
