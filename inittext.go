package main

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// secretSettings are not for the file: each has a sister that names a file.
var secretSettings = []string{"help", "odoo-password", "odoo-api-key", "secret", "secret-previous"}

// configurationText is a configuration file in TOML with all settings of serve and
// what they are for. Those without a value here are commented out, with their default.
func configurationText(values map[string]string) (string, error) {
	parser, err := kong.New(&serveCommand{}, kong.Name("odoograph"))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# Configuration of odoograph, written by `odoograph init`. Flags and the\n" +
		"# environment are stronger than this file. What begins with # is at its default.\n")
	for _, flag := range parser.Model.Flags {
		if slices.Contains(secretSettings, flag.Name) {
			continue
		}
		b.WriteByte('\n')
		for _, line := range wrapped(flag.Help, 96) {
			b.WriteString("# " + line + "\n")
		}
		value, isSet := values[flag.Name]
		if isSet && value != "" {
			fmt.Fprintf(&b, "%s = %s\n", flag.Name, tomlValue(flag, value))
			continue
		}
		fmt.Fprintf(&b, "# %s = %s\n", flag.Name, tomlValue(flag, flag.Default))
	}
	return b.String(), nil
}

// tomlValue writes a value as the type of its setting wants it.
func tomlValue(flag *kong.Flag, text string) string {
	target := flag.Target.Type()
	switch {
	case target.Kind() == reflect.Slice:
		if text == "" {
			return "[]"
		}
		return "[" + strconv.Quote(text) + "]"
	case target.Kind() == reflect.Bool:
		return strconv.FormatBool(text == "true")
	case target.Kind() == reflect.Int && target != reflect.TypeFor[time.Duration]():
		if _, err := strconv.Atoi(text); err == nil {
			return text
		}
	}
	return strconv.Quote(text)
}

// wrapped breaks a text into lines of at most so many characters.
func wrapped(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
