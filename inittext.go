package main

import (
	"fmt"
	"strconv"
	"strings"

	"odoograph/settings"
)

// configurationText is a settings file with all settings and what they are for.
// Those without a value here are commented out, with their default. Secrets are not
// for it: each has a sister that names a file.
func configurationText(values map[string]string) string {
	var b strings.Builder
	b.WriteString("# Configuration of odoograph, written by `odoograph init`. Flags and the\n" +
		"# environment are stronger than this file. What begins with # is at its default.\n")
	group := ""
	for _, s := range settings.Settings() {
		if s.Secret {
			continue
		}
		if s.Group != group {
			group = s.Group
			fmt.Fprintf(&b, "\n## %s\n", group)
		}
		b.WriteByte('\n')
		for _, line := range wrapped(s.Help, 96) {
			b.WriteString("# " + line + "\n")
		}
		if value := values[s.Name]; value != "" {
			fmt.Fprintf(&b, "%s = %s\n", s.Name, tomlValue(s, value))
			continue
		}
		fmt.Fprintf(&b, "# %s = %s\n", s.Name, tomlValue(s, s.Default))
	}
	return b.String()
}

// tomlValue writes a value as the type of its setting wants it.
func tomlValue(s settings.Setting, text string) string {
	switch {
	case s.List && text == "":
		return "[]"
	case s.List:
		return "[" + strconv.Quote(text) + "]"
	case s.Quoted:
		return strconv.Quote(text)
	default:
		return text
	}
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
