package mutation

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"odoograph/loaders"
	"odoograph/odoo"
)

// problem is what is wrong with a value.
type problem struct {
	code UserErrorCode
	text string
}

func invalid(format string, args ...any) *problem {
	return &problem{Invalid, fmt.Sprintf(format, args...)}
}

// scalarOf returns the value that Odoo gets for one of a scalar or enum. Odoo
// itself would take almost any value, and make something of it.
func scalarOf(f *loaders.Field, v any) (any, *problem) {
	if v == nil {
		switch f.Scalar {
		case "Boolean", "Int", "Decimal":
			return nil, &problem{Blank, "This has always a value: leave it out, or give one."}
		}
		return false, nil
	}
	switch {
	case f.IsEnum():
		return enumOf(f, v)
	case f.Scalar == "Boolean":
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return nil, invalid("%v is neither true nor false.", v)
	case f.Scalar == "Int":
		n, err := json.Number(fmt.Sprint(v)).Int64()
		if err != nil || n < math.MinInt32 || n > math.MaxInt32 {
			return nil, invalid("%v is not a whole number of 32 bits.", v)
		}
		return n, nil
	}
	text, isText := v.(string)
	if f.Scalar == "Decimal" && !isText {
		text = fmt.Sprint(v)
	} else if !isText {
		return nil, invalid("%v is not a text.", v)
	}
	return textOf(f, text)
}

// textOf returns the value of a scalar that is written as text.
func textOf(f *loaders.Field, text string) (any, *problem) {
	switch f.Scalar {
	case "Decimal":
		return decimalOf(text)
	case "Date":
		day, err := odoo.ParseDate(text)
		if err != nil || day < "0001-01-01" {
			return nil, invalid("%q is not a day as in ISO 8601, such as 2026-11-21.", text)
		}
		return string(day), nil
	case "DateTime":
		moment, err := odoo.ParseDateTime(text)
		if err != nil || moment.Year() < 1 || moment.Year() > 9999 {
			return nil, invalid("%q is not a time as in RFC 3339, such as 2026-11-21T09:30:00Z.", text)
		}
		return moment, nil
	}
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return nil, invalid("The text contains a character that cannot be stored.")
	case text == "" && f.Odoo.Required:
		return nil, &problem{Blank, "This must not be empty."}
	case text == "":
		return false, nil // there is no empty text in the contract
	case f.Odoo.Type == "selection" && !slices.Contains(f.Odoo.Selection, text):
		return nil, invalid("%q is not one of the values that this Odoo has.", text)
	case f.Scalar == "HTML" && f.Odoo.Type == "text":
		return odoo.TextFromHTML(text), nil
	}
	return text, nil
}

// maxDigits is how many digits a number of Odoo's holds: more would be changed
// without a word.
const maxDigits = 15

func decimalOf(text string) (any, *problem) {
	d, err := odoo.ParseDecimal(text)
	if err != nil {
		return nil, invalid("%v.", err)
	}
	plain := d.String()
	digits := strings.Trim(strings.ReplaceAll(strings.TrimPrefix(plain, "-"), ".", ""), "0")
	if len(digits) > maxDigits || len(plain) > 2*maxDigits {
		return nil, invalid("%s has more digits than the %d that can be stored.", plain, maxDigits)
	}
	return json.Number(plain), nil
}

// enumOf returns the key of an enum's value, of those that this Odoo has.
func enumOf(f *loaders.Field, v any) (any, *problem) {
	name := fmt.Sprint(v)
	for _, key := range f.Keys(name) {
		switch {
		case slices.Contains(f.Odoo.Selection, key):
			return key, nil
		case key == "":
			return false, nil
		}
	}
	return nil, &problem{Unsupported, fmt.Sprintf("This Odoo has no %s here.", name)}
}
