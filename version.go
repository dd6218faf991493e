package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

type versionCommand struct{}

// Run prints the version and the commit that the Go toolchain recorded.
func (versionCommand) Run(out io.Writer) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("the program holds no build information")
	}
	set := map[string]string{"vcs.revision": "unknown"}
	for _, setting := range info.Settings {
		set[setting.Key] = setting.Value
	}
	changed := ""
	if set["vcs.modified"] == "true" {
		changed = ", with changes"
	}
	_, err := fmt.Fprintf(out, "odoograph %s\ncommit %s%s\n%s %s/%s\n", info.Main.Version, set["vcs.revision"], changed, info.GoVersion, runtime.GOOS, runtime.GOARCH)
	return err
}
