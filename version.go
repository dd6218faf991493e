package main

import (
	"cmp"
	"fmt"
	"io"
	"runtime"

	"odoograph/internal/build"
)

type versionCommand struct{}

// Run prints what was built into the program.
func (versionCommand) Run(out io.Writer) error {
	version, commit := build.Version()
	_, err := fmt.Fprintf(out, "odoograph %s\ncommit %s\n%s %s/%s\n", version, cmp.Or(commit, "unknown"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
