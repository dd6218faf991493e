package settings

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// DefaultFile is the file that is read if it is there and no other is named.
const DefaultFile = "odoograph.toml"

// Setting describes one setting, for reference pages and files made from them.
type Setting struct {
	// Name is the name of the flag without its dashes, and of the key in a file.
	Name, Env, Group, Help string
	// Default is "" where there is none.
	Default string
	// Values are those allowed, where they are few.
	Values []string
	// Quoted tells that a file writes the value in quotes; List, that it is a list.
	Quoted, List bool
	Required     bool
	// Live tells that a running gateway takes a change over on SIGHUP.
	Live bool
	// Secret tells that the value should rather stand in a file of its own.
	Secret bool
}

// Settings returns all settings in their order. It panics if the structure is wrong.
func Settings() []Setting {
	var described []Setting
	for _, flag := range model().Flags {
		if !isSetting(flag) {
			continue
		}
		s := Setting{
			Name: flag.Name, Env: flag.Envs[0], Help: flag.Help, Default: flag.Default, Required: flag.Required,
			List: flag.IsSlice(), Live: isLive(flag), Secret: flag.Tag.Has("secret"),
		}
		if flag.Group != nil {
			s.Group = flag.Group.Title
		}
		if flag.Enum != "" {
			s.Values = strings.Split(flag.Enum, ",")
			s.Help = strings.ReplaceAll(s.Help, flag.Enum, strings.Join(s.Values, ", "))
		}
		kind := flag.Target.Kind()
		s.Quoted = kind != reflect.Bool && (kind != reflect.Int || flag.Target.Type() != reflect.TypeFor[int]())
		described = append(described, s)
	}
	return described
}

func model() *kong.Application {
	parser, err := kong.New(&All{}, kong.NoDefaultHelp())
	if err != nil {
		panic(fmt.Sprintf("settings: %v", err)) // the structure is part of the program
	}
	return parser.Model
}

// isSetting tells settings from what else a command can be told: those have no
// environment variable.
func isSetting(flag *kong.Flag) bool { return len(flag.Envs) > 0 && flag.Name != "config" }

func isLive(flag *kong.Flag) bool { return flag.Tag.Has("live") }

// Changed compares what two runs of a command were told, and returns the names of
// the settings that differ: those that a running gateway takes over and those that
// need a restart. Values are nobody's business: some are secrets.
func Changed(before, after []*kong.Flag) (live, restart []string) {
	known := map[string]*kong.Flag{}
	for _, flag := range before {
		known[flag.Name] = flag
	}
	for _, flag := range after {
		old, ok := known[flag.Name]
		if !ok || !isSetting(flag) || reflect.DeepEqual(old.Target.Interface(), flag.Target.Interface()) {
			continue
		}
		if isLive(flag) {
			live = append(live, flag.Name)
		} else {
			restart = append(restart, flag.Name)
		}
	}
	return live, restart
}
