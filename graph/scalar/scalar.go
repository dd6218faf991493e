// Package scalar writes and reads the scalars of the schema: Decimal, Date,
// DateTime and HTML. It imports package odoo for their Go types.
package scalar

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/shopspring/decimal"

	"odoograph/odoo"
)

// MarshalDecimal writes a Decimal as a string, so that no client rounds it.
func MarshalDecimal(d decimal.Decimal) graphql.Marshaler { return quoted(d.String()) }

// UnmarshalDecimal reads a Decimal given as a string or a number.
func UnmarshalDecimal(v any) (decimal.Decimal, error) {
	switch v := v.(type) {
	case string:
		return odoo.ParseDecimal(v)
	case json.Number:
		return odoo.ParseDecimal(v.String())
	case int64:
		return decimal.NewFromInt(v), nil
	case float64:
		return decimal.NewFromFloat(v), nil
	}
	return decimal.Decimal{}, fmt.Errorf("%v is not a decimal number", v)
}

// MarshalDate writes a Date as ISO 8601.
func MarshalDate(d odoo.Date) graphql.Marshaler { return quoted(string(d)) }

// UnmarshalDate reads a Date given as ISO 8601.
func UnmarshalDate(v any) (odoo.Date, error) {
	text, _ := v.(string)
	return odoo.ParseDate(text)
}

// MarshalDateTime writes a DateTime as RFC 3339 in UTC.
func MarshalDateTime(t time.Time) graphql.Marshaler { return quoted(t.UTC().Format(time.RFC3339Nano)) }

// UnmarshalDateTime reads a DateTime given as RFC 3339, in any zone.
func UnmarshalDateTime(v any) (time.Time, error) {
	text, _ := v.(string)
	return odoo.ParseDateTime(text)
}

// MarshalHTML writes HTML as it is.
func MarshalHTML(html string) graphql.Marshaler { return graphql.MarshalString(html) }

// UnmarshalHTML reads HTML.
func UnmarshalHTML(v any) (string, error) { return graphql.UnmarshalString(v) }

// quoted writes text that needs no escaping.
func quoted(text string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(text)) })
}
