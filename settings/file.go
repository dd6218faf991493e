package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// Resolver gives commands that have the flag --config what their file says. What a
// flag or the environment says goes before that.
func Resolver() kong.Resolver { return &resolver{} }

type resolver struct {
	file *file
	read bool
}

// FileError tells what is wrong with a settings file.
type FileError struct{ error }

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.error }

// file is a settings file: flat TOML, with the names of the flags for keys.
type file struct {
	name   string
	values map[string]any
}

func (r *resolver) Validate(*kong.Application) error { return nil }

// Resolve returns what the file says of a flag, nil for nothing.
func (r *resolver) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !isSetting(flag) || inEnvironment(flag) || isOverridden(ctx, flag) {
		return nil, nil
	}
	if !r.read {
		var err error
		if r.file, err = fileOf(ctx); err != nil {
			return nil, &FileError{err}
		}
		r.read = true
	}
	if r.file == nil {
		return nil, nil
	}
	value, ok := r.file.values[flag.Name]
	if !ok {
		return nil, nil
	}
	if _, isText := value.(string); !isText && flag.Target.Type() == reflect.TypeFor[time.Duration]() {
		return nil, &FileError{fmt.Errorf("%s: %s is a time: write it in quotes with its unit, such as \"5s\"", r.file.name, flag.Name)}
	}
	return r.file.anchored(flag, value), nil
}

// inEnvironment tells whether the environment sets the flag. An empty variable does
// not: files for containers hand on all variables, also those that are not set.
func inEnvironment(flag *kong.Flag) bool {
	for _, name := range flag.Envs {
		if os.Getenv(name) != "" {
			return true
		}
	}
	return false
}

// isOverridden tells whether flags or the environment say the same thing in the
// other way: a secret itself, where the file names a file with it, or the reverse.
func isOverridden(ctx *kong.Context, flag *kong.Flag) bool {
	name, isFile := strings.CutSuffix(flag.Name, "-file")
	if !isFile {
		name += "-file"
	}
	for _, other := range ctx.Flags() {
		if other.Name == name {
			return named(ctx, other)
		}
	}
	return false
}

// fileOf reads the file that the command line names, or the one of the usual name
// if that is there. A command without --config has none.
func fileOf(ctx *kong.Context) (*file, error) {
	for _, flag := range ctx.Flags() {
		if flag.Name != "config" {
			continue
		}
		name, _ := ctx.FlagValue(flag).(string)
		f, err := readFile(name)
		if errors.Is(err, fs.ErrNotExist) && !named(ctx, flag) {
			return nil, nil
		}
		return f, err
	}
	return nil, nil
}

// named tells whether the command line or the environment sets the flag.
func named(ctx *kong.Context, flag *kong.Flag) bool {
	for _, path := range ctx.Path {
		if path.Flag == flag {
			return true
		}
	}
	return inEnvironment(flag)
}

func readFile(name string) (*file, error) {
	text, err := os.ReadFile(name) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("the settings cannot be read: %w", err)
	}
	return parseFile(name, string(text))
}

// CheckText tells what is wrong with the text of a settings file, as far as the file
// alone tells.
func CheckText(text string) error {
	_, err := parseFile(DefaultFile, text)
	return err
}

// parseFile reads a file and refuses what it should not hold.
func parseFile(name, text string) (*file, error) {
	f := &file{name: name, values: map[string]any{}}
	if _, err := toml.Decode(text, &f.values); err != nil {
		if syntax, ok := errors.AsType[toml.ParseError](err); ok {
			return nil, fmt.Errorf("%s:%d: %s", name, syntax.Position.Line, syntax.Message)
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	known := map[string]bool{}
	for _, flag := range model().Flags {
		known[flag.Name] = isSetting(flag)
	}
	var wrong []error
	for key, value := range f.values {
		where := fmt.Sprintf("%s:%d", name, lineOf(text, key))
		_, table := value.(map[string]any)
		switch {
		case table:
			wrong = append(wrong, fmt.Errorf("%s: settings stand in no table, such as [%s]: their whole name is one key, such as odoo-url", where, key))
		case !known[key]:
			wrong = append(wrong, fmt.Errorf("%s: there is no setting %q%s", where, key, suggestion(key, known)))
		}
	}
	return f, errors.Join(wrong...)
}

// lineOf finds the line on which a key stands, for people: 0 if it is not plain.
func lineOf(text, key string) int {
	place := regexp.MustCompile(`(?m)^\s*\[?"?` + regexp.QuoteMeta(key) + `\b`).FindStringIndex(text)
	if place == nil {
		return 0
	}
	return strings.Count(text[:place[1]], "\n") + 1
}

// anchored lets relative file names start in the folder of the settings file, from
// wherever the program is started.
func (f *file) anchored(flag *kong.Flag, value any) any {
	switch v := value.(type) {
	case []any:
		anchored := make([]any, len(v))
		for i, item := range v {
			anchored[i] = f.anchored(flag, item)
		}
		return anchored
	case string:
		scheme, path := "", v
		if flag.Tag.Type != "path" {
			if flag.Name != "database" || strings.Contains(v, "://") {
				return v
			}
			if rest, ok := strings.CutPrefix(v, "sqlite:"); ok {
				scheme, path = "sqlite:", rest
			}
		}
		if path == "" || filepath.IsAbs(path) || strings.HasPrefix(path, "~/") {
			return v
		}
		return scheme + filepath.Join(filepath.Dir(f.name), path)
	default:
		return value
	}
}
