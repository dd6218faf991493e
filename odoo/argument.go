package odoo

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"odoograph/apierror"
)

// argument turns a value into the few kinds that all protocols can say: nil,
// bool, int64, float64, json.Number, string, []any and map[string]any. A time
// becomes Odoo's text of it in UTC, bytes become base64 text. Any other kind is
// taken as encoding/json writes it.
//
// Texts must be UTF-8 without NUL, because PostgreSQL can store no other.
func argument(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, int64, json.Number:
		return v, nil
	case string:
		if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
			return nil, badText()
		}
		return v, nil
	case int:
		return int64(v), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, apierror.New(apierror.BadUserInput, "A number must be finite.")
		}
		return v, nil
	case time.Time:
		return v.UTC().Format(wireDateTime), nil
	case []byte:
		return base64.StdEncoding.EncodeToString(v), nil
	case []any:
		return arguments(v)
	case []int64:
		return integers(v), nil
	case []string:
		return arguments(v)
	case map[string]any:
		return namedArguments(v)
	}
	return otherArgument(v)
}

func arguments[T any](list []T) ([]any, error) {
	out := make([]any, len(list))
	for i, v := range list {
		var err error
		if out[i], err = argument(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func namedArguments(m map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(m))
	for name, v := range m {
		if _, err := argument(name); err != nil {
			return nil, err
		}
		var err error
		if out[name], err = argument(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func integers(list []int64) []any {
	out := make([]any, len(list))
	for i, n := range list {
		out[i] = n
	}
	return out
}

func otherArgument(v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, badCall(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, badCall(err)
	}
	return argument(tree)
}

// named returns all arguments of a call, context among them.
func (c Call) named() (map[string]any, error) {
	args, err := namedArguments(c.Args)
	if err != nil || c.Context == nil {
		return args, err
	}
	args["context"], err = namedArguments(c.Context)
	return args, err
}

// positional returns the arguments of a call as Odoo's execute_kw takes them:
// the ids and the positional ones in a list, the others by name.
func (c Call) positional() ([]any, map[string]any, error) {
	byName, err := c.named()
	if err != nil {
		return nil, nil, err
	}
	list := []any{}
	if c.IDs != nil {
		list = append(list, integers(c.IDs))
	}
	for _, name := range c.Positional {
		v, ok := byName[name]
		if !ok {
			return nil, nil, badCall(errors.New("positional argument " + name + " is not given"))
		}
		list = append(list, v)
		delete(byName, name)
	}
	return list, byName, nil
}

func badText() *apierror.Error {
	return apierror.New(apierror.BadUserInput, "A text contains a character that Odoo cannot store.")
}

func badCall(err error) *apierror.Error {
	return apierror.Wrap(apierror.Internal, "The request to Odoo could not be built.", err)
}
