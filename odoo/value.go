package odoo

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// The typed Go values of Odoo's fields. A field without value is nil, whatever
// Odoo writes for it; only a boolean knows false.
//
//	char, text, html, selection, reference   string
//	boolean                                  bool
//	integer, many2one_reference              int64
//	float, monetary                          decimal.Decimal
//	date                                     Date
//	datetime                                 time.Time, UTC
//	many2one                                 Ref
//	one2many, many2many                      []int64
//	binary                                   []byte
//	json, properties and anything else       the wire tree as it came

// Date is a calendar day as in ISO 8601: "2026-11-21".
type Date string

// Ref is the value of a many2one field.
type Ref struct {
	ID int64
	// Name is the record's display name, "" when it was not asked for.
	Name string
}

const (
	wireDate     = "2006-01-02"
	wireDateTime = "2006-01-02 15:04:05"
)

// ParseDate reads a day as in ISO 8601.
func ParseDate(text string) (Date, error) {
	if _, err := time.Parse(wireDate, text); err != nil {
		return "", fmt.Errorf("%q is not a day as in ISO 8601, such as 2026-11-21", text)
	}
	return Date(text), nil
}

// ParseDateTime reads a moment as in RFC 3339, in any zone.
func ParseDateTime(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a time as in RFC 3339, such as 2026-11-21T09:30:00Z", text)
	}
	return t.UTC(), nil
}

// maxDecimalText bounds the exponents and lengths that a client can make us compute with.
const maxDecimalText = 40

// ParseDecimal reads a decimal number.
func ParseDecimal(text string) (decimal.Decimal, error) {
	if len(text) > maxDecimalText || strings.ContainsAny(text, "_") {
		return decimal.Decimal{}, fmt.Errorf("%.40q is not a decimal number of at most %d characters", text, maxDecimalText)
	}
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() > maxDecimalText || d.Exponent() < -maxDecimalText {
		return decimal.Decimal{}, fmt.Errorf("%q is not a decimal number", text)
	}
	return d, nil
}

// decode returns the typed value of a field's wire value. The error tells of a
// value that does not fit the type Odoo declares for the field.
func (f *Field) decode(wire any) (any, error) {
	if wire == nil || wire == false && f.Type != "boolean" {
		return f.empty(), nil
	}
	var value any
	var err error
	switch f.Type {
	case "boolean":
		value, err = as[bool](wire)
	case "char", "text", "html", "selection", "reference":
		if _, ok := wire.(string); ok {
			return wire, nil // as it is: most values are texts
		}
		value, err = decodeText(wire)
	case "integer", "many2one_reference":
		value, err = decodeInt(wire)
	case "float", "monetary":
		value, err = decodeDecimal(wire)
	case "date":
		value, err = decodeDate(wire)
	case "datetime":
		value, err = decodeDateTime(wire)
	case "many2one":
		value, err = decodeRef(wire)
	case "one2many", "many2many":
		value, err = decodeIDs(wire)
	case "binary":
		value, err = decodeBinary(wire)
	default:
		return wire, nil
	}
	if err != nil {
		return nil, fmt.Errorf("odoo: field %s of type %s: %w", f.Name, f.Type, err)
	}
	return value, nil
}

// empty is the value of a field that has none.
func (f *Field) empty() any {
	switch f.Type {
	case "boolean":
		return false
	case "one2many", "many2many":
		return []int64{}
	}
	return nil
}

func as[T any](wire any) (T, error) {
	value, ok := wire.(T)
	if !ok {
		return value, fmt.Errorf("unexpected %T", wire)
	}
	return value, nil
}

// decodeText accepts numbers too: Odoo up to 18 has selections with integer keys.
func decodeText(wire any) (string, error) {
	if n, ok := wire.(json.Number); ok {
		return n.String(), nil
	}
	return as[string](wire)
}

func decodeInt(wire any) (int64, error) {
	n, err := as[json.Number](wire)
	if err != nil {
		return 0, err
	}
	i, err := n.Int64()
	if err == nil {
		return i, nil
	}
	// XML-RPC writes the integers of some computed fields as doubles.
	f, err := n.Float64()
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, fmt.Errorf("%s is not an integer", n)
	}
	return int64(f), nil
}

func decodeDecimal(wire any) (decimal.Decimal, error) {
	n, err := as[json.Number](wire)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return decimal.NewFromString(n.String())
}

func decodeDate(wire any) (Date, error) {
	text, err := as[string](wire)
	if err != nil {
		return "", err
	}
	// Odoo gives a related field declared as date the time of day of its source.
	if len(text) > len(wireDate) {
		text = text[:len(wireDate)]
	}
	return ParseDate(text)
}

func decodeDateTime(wire any) (time.Time, error) {
	text, err := as[string](wire)
	if err != nil {
		return time.Time{}, err
	}
	text, _, _ = strings.Cut(text, ".")
	return time.ParseInLocation(wireDateTime, text, time.UTC)
}

func decodeRef(wire any) (any, error) {
	switch v := wire.(type) {
	case json.Number:
		id, err := v.Int64()
		if err != nil || id == 0 {
			return nil, err
		}
		return Ref{ID: id}, nil
	case []any:
		if len(v) != 2 {
			return nil, fmt.Errorf("a pair of %d", len(v))
		}
		id, err := decodeInt(v[0])
		name, _ := v[1].(string)
		return Ref{ID: id, Name: name}, err
	}
	return nil, fmt.Errorf("unexpected %T", wire)
}

// decodeIDs returns the ids in a list of Odoo's, as calls answer with.
func decodeIDs(wire any) ([]int64, error) {
	list, err := as[[]any](wire)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i, item := range list {
		if ids[i], err = decodeInt(item); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// decodeBinary returns the bytes of a binary field. Some computed fields are
// declared binary and hold a structure instead: it comes as the wire tree.
func decodeBinary(wire any) (any, error) {
	text, ok := wire.(string)
	if !ok {
		return wire, nil
	}
	return base64.StdEncoding.DecodeString(strings.ReplaceAll(text, "\n", ""))
}

// HTMLFromText returns plain text as HTML: fields that are html today were text
// up to Odoo 14.
func HTMLFromText(text string) string {
	return "<p>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") + "</p>"
}

var (
	htmlBreak = regexp.MustCompile(`(?i)<br\s*/?>|</(?:p|div|li|h[1-6]|tr)>`)
	htmlTag   = regexp.MustCompile(`(?is)<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)\s*>|<[^>]*>`)
)

// TextFromHTML returns what people read of HTML: see HTMLFromText.
func TextFromHTML(fragment string) string {
	text := htmlTag.ReplaceAllString(htmlBreak.ReplaceAllString(fragment, "\n"), "")
	return strings.TrimSpace(html.UnescapeString(text))
}
