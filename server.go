// Command odoograph is a GraphQL and REST gateway in front of Odoo. This file
// holds the commands and wires the packages together, nothing else.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	completion "github.com/jotaen/kong-completion"

	"odoograph/auth"
	"odoograph/settings"
)

// commands is the command line. Every setting can be given in the environment and
// in a file too.
type commands struct {
	Serve      serveCommand      `cmd:"" help:"Serve the GraphQL and REST API of an Odoo."`
	Demo       demoCommand       `cmd:"" help:"Serve the API of a built-in stand-in for Odoo, with demo data."`
	Check      checkCommand      `cmd:"" help:"Explain everything that is wrong with a configuration, and what to do about it."`
	Init       initCommand       `cmd:"" help:"Ask the few questions that a gateway needs answered, try the answers, and write a configuration with the first API key."`
	Keys       keysCommand       `cmd:"" help:"Make, list, rotate and revoke API keys."`
	Schema     schemaCommand     `cmd:"" help:"Print the GraphQL schema."`
	Openapi    openapiCommand    `cmd:"" help:"Print the OpenAPI document of the REST API."`
	Completion completionCommand `cmd:"" help:"Print what lets a shell complete the commands."`
	Version    versionCommand    `cmd:"" help:"Print the version of odoograph."`
}

// collectAt is how far the heap may grow before it is collected, in percent of
// what lives. An answer is garbage as soon as it is sent, so little ever lives:
// at Go's 100 the collector takes a quarter of all processor time.
const collectAt = 300

// What the program ends with, besides 0: it failed, or it could not tell what it
// was asked to do.
const (
	exitFailure = 1
	exitUsage   = 2
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err == nil {
		return
	}
	if _, told := errors.AsType[foundWrong](err); !told {
		fmt.Fprintln(os.Stderr, "odoograph:", err)
	}
	if _, ok := errors.AsType[usageError](err); ok {
		os.Exit(exitUsage)
	}
	os.Exit(exitFailure)
}

// parse reads the command line, the environment and the settings file.
type parse func() (*commands, *kong.Context, error)

// logTo is where commands log to.
type logTo struct{ io.Writer }

// run executes a command line until it ends or ctx does.
func run(ctx context.Context, args []string) error { return runTo(ctx, os.Stderr, args) }

func runTo(ctx context.Context, log io.Writer, args []string) error {
	switch { // what people try first
	case len(args) == 0:
		args = []string{"--help"}
	case args[0] == "--version":
		args = []string{"version"}
	}
	parser := func() (*kong.Kong, *commands, error) {
		all := &commands{}
		k, err := kong.New(all, kong.Name("odoograph"), kong.Description("GraphQL and REST in front of Odoo."),
			kong.Resolvers(settings.Resolver()), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
			kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(os.Stdout, (*io.Writer)(nil)), kong.Bind(logTo{auth.Redacting(log)}))
		return k, all, err
	}
	again := parse(func() (*commands, *kong.Context, error) {
		k, all, err := parser()
		if err != nil {
			return nil, nil, err
		}
		if err := settings.CheckEnvironment(); err != nil {
			return nil, nil, usageError{err}
		}
		command, err := k.Parse(args)
		return all, command, explained(err)
	})
	k, _, err := parser()
	if err != nil {
		return err
	}
	completion.Register(k) // a shell that asks for completions gets them here, and the program ends
	_, command, err := again()
	if err != nil {
		return unreadableReport(os.Stdout, args, err)
	}
	return command.Run(command, again)
}

// usageError is one of the command line, the environment or the settings file.
type usageError struct{ error }

// Unwrap returns the cause.
func (e usageError) Unwrap() error { return e.error }

// explained says what to do about an error of usage.
func explained(err error) error {
	if err == nil {
		return nil
	}
	if file, ok := errors.AsType[*settings.FileError](err); ok {
		return usageError{file}
	}
	if text := err.Error(); strings.Contains(text, "missing flags") && strings.Contains(text, "--odoo-") {
		err = fmt.Errorf("%w. Give them as flags, as ODOO_URL and ODOO_DB in the environment, or in %s; odoograph init asks for them and writes that file", err, settings.DefaultFile)
	}
	return usageError{err}
}
