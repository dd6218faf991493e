package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"odoograph/auth"
)

type keysListCommand struct {
	keyringFlags
	JSON bool `name:"json" help:"Print an array of JSON."`
}

// Run lists all keys, the oldest first.
func (c *keysListCommand) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, true, func(k *auth.Keyring) error {
		keys, err := k.List(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			described := make([]keyDescription, len(keys))
			for i, key := range keys {
				described[i] = keyDescription{Key: key, Status: key.Status(time.Now())}
			}
			return printJSON(out, described)
		}
		return printKeys(out, keys)
	})
}

// keyDescription is a key as JSON shows it.
type keyDescription struct {
	*auth.Key
	Status  string       `json:"status"`
	History []auth.Event `json:"history,omitempty"`
}

func printJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// printKeys writes a table of keys.
func printKeys(out io.Writer, keys []*auth.Key) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tSTATUS\tSCOPES\tEXPIRES\tLAST USED\tODOO USER")
	for _, key := range keys {
		fmt.Fprintln(table, strings.Join([]string{
			key.ID, key.Name, key.Status(time.Now()), strings.Join(key.Scopes, ","), orNever(key.ExpiresAt), lastUse(key), odooUser(key),
		}, "\t"))
	}
	return table.Flush()
}

type keysShowCommand struct {
	keyringFlags
	keyArgument
	JSON bool `name:"json" help:"Print JSON."`
}

// Run shows a key and its history.
func (c *keysShowCommand) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, true, func(k *auth.Keyring) error {
		key, err := k.Get(ctx, c.Key)
		if err != nil {
			return err
		}
		history, err := k.History(ctx, key.ID)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(out, keyDescription{key, key.Status(time.Now()), history})
		}
		return printKey(out, key, history)
	})
}

// printKey writes all that is known of a key.
func printKey(out io.Writer, key *auth.Key, history []auth.Event) error {
	networks := make([]string, len(key.Networks))
	for i, network := range key.Networks {
		networks[i] = network.String()
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range [][2]string{
		{"id", key.ID},
		{"name", key.Name},
		{"status", key.Status(time.Now())},
		{"scopes", strings.Join(key.Scopes, " ")},
		{"created", when(key.CreatedAt)},
		{"expires", orNever(key.ExpiresAt)},
		{"revoked", orNever(key.RevokedAt)},
		{"rotated", orNever(key.RotatedAt)},
		{"previous secret", previousSecret(key)},
		{"last used", lastUse(key)},
		{"requests", limitText(key.Limits.Requests, "per minute")},
		{"cost capacity", limitText(key.Limits.CostCapacity, "points")},
		{"cost restore", limitText(key.Limits.CostRestore, "points per second")},
		{"origins", cmp.Or(strings.Join(key.Origins, " "), "any")},
		{"networks", cmp.Or(strings.Join(networks, " "), "any")},
		{"documents", string(key.Documents)},
		{"Odoo user", odooUser(key)},
	} {
		fmt.Fprintf(table, "%s\t%s\n", row[0], row[1])
	}
	fmt.Fprintln(table)
	for _, e := range history {
		fmt.Fprintf(table, "%s\t%s by %s\t%s\n", when(e.At), e.Event, cmp.Or(e.Who, "unknown"), e.Details)
	}
	return table.Flush()
}

// when is how a table shows a time.
func when(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func orNever(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return when(t)
}

func lastUse(key *auth.Key) string {
	if key.LastUsedAt.IsZero() {
		return "never"
	}
	return when(key.LastUsedAt) + " from " + key.LastUsedFrom
}

func previousSecret(key *auth.Key) string {
	switch {
	case key.PreviousUntil.IsZero():
		return "none"
	case !key.RevokedAt.IsZero():
		return "ended with the key"
	case time.Now().Before(key.PreviousUntil):
		return "good until " + when(key.PreviousUntil)
	default:
		return "ended " + when(key.PreviousUntil)
	}
}

func limitText(n int, unit string) string {
	if n == 0 {
		return "default"
	}
	return strconv.Itoa(n) + " " + unit
}

func odooUser(key *auth.Key) string {
	switch {
	case key.OdooLogin == "":
		return "the gateway's"
	case key.Credential == auth.CredentialUnreadable:
		return key.OdooLogin + " (the secret does not open the credential)"
	default:
		return key.OdooLogin
	}
}
