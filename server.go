// Command odoograph is a GraphQL and REST gateway in front of Odoo. This file
// holds the commands and wires the packages together, nothing else.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the command line. Every flag can be given in the environment too.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Serve the GraphQL and REST API of an Odoo."`
	Demo    demoCommand    `cmd:"" help:"Serve the API of a built-in stand-in for Odoo, with demo data."`
	Check   checkCommand   `cmd:"" help:"Explain everything that is wrong with a configuration, and what to do about it."`
	Init    initCommand    `cmd:"" help:"Ask the few questions that a gateway needs answered, try the answers, and write a configuration with the first API key."`
	Keys    keysCommand    `cmd:"" help:"Make, list, rotate and revoke API keys."`
	Schema  schemaCommand  `cmd:"" help:"Print the GraphQL schema."`
	Openapi openapiCommand `cmd:"" help:"Print the OpenAPI document of the REST API."`
	Version versionCommand `cmd:"" help:"Print the version of odoograph."`
}

// collectAt is how far the heap may grow before it is collected, in percent of
// what lives. An answer is garbage as soon as it is sent, so little ever lives:
// at Go's 100 the collector takes a quarter of all processor time.
const collectAt = 400

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "odoograph:", err)
		os.Exit(1)
	}
}

// run executes a command line until it ends or ctx does.
func run(ctx context.Context, args []string) error {
	parser, err := kong.New(&commands{}, kong.Name("odoograph"), kong.Description("GraphQL and REST in front of Odoo."),
		kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(os.Stdout, (*io.Writer)(nil)))
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if err != nil {
		return unreadableReport(os.Stdout, args, err)
	}
	return command.Run()
}
