package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/alecthomas/kong"

	"odoograph/diagnosis"
	"odoograph/endpoint"
	"odoograph/loaders"
	"odoograph/odoo"
	"odoograph/settings"
)

type checkCommand struct {
	settings.File
	settings.All
	JSON     bool          `name:"json" help:"Print the report as JSON."`
	Patience time.Duration `name:"patience" default:"10s" help:"Time that a single question to Odoo, to the database or to Redis may take."`
}

// BeforeApply lets the report say what is missing, in place of the command line.
func (c *checkCommand) BeforeApply(command *kong.Context) error { return makeOptional(command) }

// makeOptional takes back that flags of a command must be given.
func makeOptional(command *kong.Context) error {
	for _, flag := range command.Flags() {
		flag.Required = false
	}
	return nil
}

// foundWrong says that a report has errors. The report itself is printed already.
type foundWrong struct{ errors int }

func (e foundWrong) Error() string {
	return fmt.Sprintf("%s wrong", count(e.errors, "thing is", "things are"))
}

// Run looks at the whole configuration and prints what it finds. It fails if
// something is wrong.
func (c *checkCommand) Run(ctx context.Context, out io.Writer) error {
	config, unreadable, err := c.diagnose()
	if err != nil {
		return err
	}
	report := diagnosis.Run(ctx, config)
	report.Findings = append(report.Findings, unreadable...)
	if c.JSON {
		if err := printJSON(out, report); err != nil {
			return err
		}
	} else {
		newConsole(out).report(report)
	}
	if !report.Fine() {
		return foundWrong{report.Count(diagnosis.Error)}
	}
	return nil
}

// diagnose returns what is to be looked at, and what is wrong with the settings
// that only their own code understands.
func (c *checkCommand) diagnose() (diagnosis.Config, []diagnosis.Finding, error) {
	schema, err := loaders.NewSchema(endpoint.Schema().Schema())
	if err != nil {
		return diagnosis.Config{}, nil, err
	}
	var findings []diagnosis.Finding
	refuse := func(err error, fix string) {
		if err != nil {
			findings = append(findings, diagnosis.Finding{Check: "settings", Level: diagnosis.Error, Found: plain(err).Error(), Fix: fix})
		}
	}
	// What cannot be read from a file is told with the file; here it is missing only.
	refuseConflict := func(err error) {
		if !errors.As(err, new(*fs.PathError)) {
			refuse(err, "leave one of the two out")
		}
	}
	password, err := settings.Secret("odoo-password", c.Password, c.PasswordFile)
	refuseConflict(err)
	key, err := settings.Secret("odoo-api-key", c.APIKey, c.APIKeyFile)
	refuseConflict(err)
	keyring, err := keyringConfig(&c.Keyring, nil)
	refuseConflict(err)
	database, err := c.Address()
	refuseConflict(err)
	redis, err := c.Redis()
	refuseConflict(err)
	refuse(admit(&c.All, &endpoint.Options{Log: slog.New(slog.DiscardHandler)}), "correct the setting that is named here")
	config := diagnosis.Config{
		Odoo:       odoo.Config{URL: c.URL, Database: c.DB, Transport: c.Transport, MaxConns: c.MaxConns},
		Credential: odoo.Credential{Login: c.Login, Password: password, APIKey: key},
		Schema:     schema, Patience: c.Patience,
		Gateway: diagnosis.Gateway{
			Database: database, Secret: keyring.Secret, PreviousSecrets: keyring.PreviousSecrets, Addr: c.Addr,
			TLSCert: c.TLSCert, TLSKey: c.TLSKey, RedisURL: redis,
		},
	}
	if c.LogLevel <= slog.LevelDebug {
		config.Odoo.Log, _ = c.Logger(os.Stderr)
	}
	for _, file := range []diagnosis.File{
		{Setting: "odoo-password-file", Path: c.PasswordFile}, {Setting: "odoo-api-key-file", Path: c.APIKeyFile},
		{Setting: "secret-file", Path: c.SecretFile}, {Setting: "secret-previous-file", Path: c.SecretPreviousFile},
		{Setting: "database-file", Path: c.DatabaseFile}, {Setting: "redis-url-file", Path: c.RedisURLFile},
	} {
		if file.Path != "" {
			config.Gateway.SecretFiles = append(config.Gateway.SecretFiles, file)
		}
	}
	return config, findings, nil
}

// report writes all findings and a line that sums them up.
func (c console) report(r diagnosis.Report) {
	for _, f := range r.Findings {
		c.finding(f)
	}
	failed, warned := r.Count(diagnosis.Error), r.Count(diagnosis.Warning)
	switch {
	case failed > 0:
		fmt.Fprintf(c.out, "\n%s and %s: see the lines with %s.\n", count(failed, "error", "errors"), count(warned, "warning", "warnings"), c.sign(diagnosis.Error))
	case warned > 0:
		fmt.Fprintf(c.out, "\nNothing is wrong; %s.\n", count(warned, "warning", "warnings"))
	default:
		fmt.Fprintln(c.out, "\nAll is well.")
	}
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}

// unreadableReport prints the report on a command line or configuration that
// cannot be read, if check was asked for one in JSON. It returns err.
func unreadableReport(out io.Writer, args []string, err error) error {
	if !slices.Contains(args, "check") || !slices.Contains(args, "--json") {
		return err
	}
	return errors.Join(err, printJSON(out, diagnosis.Unreadable(err)))
}
