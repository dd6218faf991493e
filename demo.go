package main

import "context"

type demoCommand struct {
	listenFlags
	logFlags
}

// Run serves until ctx ends.
func (c *demoCommand) Run(ctx context.Context) error { return nil }
