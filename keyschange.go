package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"odoograph/auth"
)

// keyArgument names a key.
type keyArgument struct {
	Key string `arg:"" help:"Id of the key, or its name if no other key has it."`
}

// overlap is a duration that may be given in days.
type overlap time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (o *overlap) UnmarshalText(text []byte) error {
	d, err := auth.ParseDuration(string(text))
	*o = overlap(d)
	return err
}

type keysRotateCommand struct {
	keyringFlags
	keyArgument
	Overlap overlap `default:"24h" help:"How long the previous secret goes on: 24h, 7d; 0s ends it now."`
	Quiet   bool    `short:"q" help:"Print the key and nothing else."`
}

// Help shows how it is used.
func (keysRotateCommand) Help() string {
	return `Examples:
  odoograph keys rotate CNOmgWz2Bm                 clients have a day to change
  odoograph keys rotate CNOmgWz2Bm --overlap 0s    the old secret is known to others`
}

// Run gives a key a new secret.
func (c *keysRotateCommand) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, true, func(k *auth.Keyring) error {
		key, err := k.Get(ctx, c.Key)
		if err != nil {
			return err
		}
		token, err := k.Rotate(ctx, key.ID, time.Duration(c.Overlap))
		if err != nil {
			return err
		}
		previous := "The previous secret ended just now."
		if c.Overlap > 0 {
			previous = "The previous secret ends " + when(time.Now().Add(time.Duration(c.Overlap))) + "."
		}
		return printToken(out, c.Quiet, token, fmt.Sprintf("Key %s (%s) has a new secret. It is shown this once. %s", key.ID, key.Name, previous))
	})
}

type keysRevokeCommand struct {
	keyringFlags
	keyArgument
}

// Run ends a key.
func (c *keysRevokeCommand) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, true, func(k *auth.Keyring) error {
		key, err := k.Get(ctx, c.Key)
		if err != nil {
			return err
		}
		if err := k.Revoke(ctx, key.ID); err != nil {
			return err
		}
		if !key.RevokedAt.IsZero() {
			_, err = fmt.Fprintf(out, "Key %s (%s) was revoked already, %s.\n", key.ID, key.Name, when(key.RevokedAt))
			return err
		}
		_, err = fmt.Fprintf(out, "Key %s (%s) is revoked. Running gateways refuse it within a second.\n", key.ID, key.Name)
		return err
	})
}

type keysImportCommand struct {
	keyringFlags
	File string `arg:"" optional:"" help:"JSON Lines, or CSV with a header: name, key, scopes, expiresAt, rate, costCapacity, costRestore, origins, networks, documents, odooLogin, odooApiKey, odooPassword."`
	From string `help:"Database to copy all keys from, with their history: a file or postgres://..."`
}

// Help shows how it is used.
func (keysImportCommand) Help() string {
	return `Examples:
  odoograph keys import old-keys.csv
  odoograph keys import --from odoograph.db --database postgres://gateway@db/gateway`
}

// Run takes over keys: all or none.
func (c *keysImportCommand) Run(ctx context.Context, out io.Writer) error {
	if (c.File == "") == (c.From == "") {
		return errors.New("give either a file or --from")
	}
	return c.with(ctx, false, func(k *auth.Keyring) error {
		keys, err := c.read(ctx, k)
		if err != nil {
			return err
		}
		return errors.Join(printKeys(out, keys), printCount(out, len(keys), "imported"))
	})
}

func (c *keysImportCommand) read(ctx context.Context, k *auth.Keyring) ([]*auth.Key, error) {
	if c.From != "" {
		return k.ImportFrom(ctx, c.From)
	}
	file, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return k.Import(ctx, file)
}

type keysResealCommand struct{ keyringFlags }

// Run seals all Odoo credentials anew.
func (c *keysResealCommand) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, true, func(k *auth.Keyring) error {
		n, err := k.Reseal(ctx)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "Odoo credentials sealed with the current secret: %d. Once every gateway runs with it, the previous ones are needed no more.\n", n)
		return err
	})
}

func printCount(out io.Writer, n int, what string) error {
	_, err := fmt.Fprintf(out, "%s %s.\n", count(n, "key", "keys"), what)
	return err
}
