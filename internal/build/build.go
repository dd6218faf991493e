// Package build tells what was built into the program. It imports no other package
// of this module.
package build

import "runtime/debug"

// Version returns the version and the commit that the Go toolchain recorded, "" for
// what it did not.
func Version() (version, commit string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", ""
	}
	changed := false
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			commit = setting.Value
		case "vcs.modified":
			changed = setting.Value == "true"
		}
	}
	if changed {
		commit += ", with changes"
	}
	return info.Main.Version, commit
}
