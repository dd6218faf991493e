package odoo

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"odoograph/apierror"
)

// terms writes one condition on a field, or what does not meet it if negated.
// Both together always cover every record: an empty value meets no comparison
// but the negated ones.
func (f *Field) terms(name string, op Op, value any, negated bool) ([]any, error) {
	switch {
	case op == IsNull:
		isNull, ok := value.(bool)
		if !ok {
			return nil, f.misfit(op, value)
		}
		return f.nullTerms(name, isNull != negated)
	case op == In:
		return f.inTerms(name, value, negated)
	case f.isText():
		return f.textTerms(name, op, value, negated)
	case f.Type == "datetime":
		return f.timeTerms(name, op, value, negated)
	case op == Contains || op == StartsWith || op == EndsWith:
		return nil, f.misfit(op, value)
	}
	if negated {
		op = opposite[op]
	}
	wire, err := f.encode(value)
	if err != nil {
		return nil, err
	}
	term := []any{name, string(op), wire}
	if f.emptyMeets(op, value, negated) {
		return orEmpty(name, term), nil
	}
	return []any{term}, nil
}

var opposite = map[Op]Op{
	Equal: NotEqual, NotEqual: Equal,
	Less: GreaterOrEqual, GreaterOrEqual: Less, Greater: LessOrEqual, LessOrEqual: Greater,
}

// emptyMeets tells whether a record whose field is empty meets a comparison: a
// number is read as 0 then, a date meets what is negated.
func (f *Field) emptyMeets(op Op, value any, negated bool) bool {
	if f.Required || f.Name == "id" {
		return false
	}
	if !f.isNumber() {
		// Odoo itself counts the empty ones among the not equal.
		return negated && op != Equal && op != NotEqual
	}
	sign := 0
	switch v := value.(type) {
	case int64:
		sign = cmp.Compare(0, v)
	case decimal.Decimal:
		sign = -v.Sign()
	}
	switch op {
	case Equal, LessOrEqual, GreaterOrEqual:
		return sign == 0 || op == LessOrEqual && sign < 0 || op == GreaterOrEqual && sign > 0
	case NotEqual:
		return sign != 0
	}
	return op == Less && sign < 0 || op == Greater && sign > 0
}

// orEmpty adds the records whose field is empty.
func orEmpty(name string, terms ...any) []any {
	return append([]any{"|", []any{name, "=", false}}, terms...)
}

// nullTerms treats an empty text as no value: Odoo stores both, and which one
// depends on how the record came to be.
func (f *Field) nullTerms(name string, isNull bool) ([]any, error) {
	switch {
	case f.isNumber() || f.Type == "boolean":
		// Odoo cannot tell no number from zero.
		return nil, apierror.BadInput("filter", fmt.Sprintf("The field %s always has a value.", name))
	case f.isText() && isNull:
		return orEmpty(name, []any{name, "=", ""}), nil
	case f.isText():
		return []any{"&", []any{name, "!=", false}, []any{name, "!=", ""}}, nil
	case isNull:
		return []any{[]any{name, "=", false}}, nil
	}
	return []any{[]any{name, "!=", false}}, nil
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func (f *Field) textTerms(name string, op Op, value any, negated bool) ([]any, error) {
	text, ok := value.(string)
	if !ok || strings.ContainsRune(text, 0) {
		return nil, f.misfit(op, value)
	}
	if op == NotEqual {
		op, negated = Equal, !negated
	}
	var term []any
	switch op {
	case Equal:
		if text == "" {
			return f.nullTerms(name, !negated)
		}
		term = []any{name, map[bool]string{false: "=", true: "!="}[negated], text}
	case Contains:
		term = []any{name, map[bool]string{false: "ilike", true: "not ilike"}[negated], likeEscaper.Replace(text)}
	case StartsWith:
		term = []any{name, "=ilike", likeEscaper.Replace(text) + "%"}
	case EndsWith:
		term = []any{name, "=ilike", "%" + likeEscaper.Replace(text)}
	default:
		return nil, f.misfit(op, value)
	}
	switch {
	case !negated:
		return []any{term}, nil
	case op == StartsWith || op == EndsWith: // there is no "not =ilike" before 19
		return orEmpty(name, "!", term), nil
	}
	// Odoo 14 leaves the empty values of translated fields out of its negations.
	return orEmpty(name, term), nil
}

// timeTerms compares moments as they are read, in whole seconds: Odoo stores
// some of them with fractions.
func (f *Field) timeTerms(name string, op Op, value any, negated bool) ([]any, error) {
	t, ok := value.(time.Time)
	if !ok || t.Year() < 1 || t.Year() > 9999 {
		return nil, f.misfit(op, value)
	}
	floor := t.UTC().Truncate(time.Second)
	wire := func(t time.Time) string { return t.Format(wireDateTime) }
	next := wire(floor.Add(time.Second))
	from, until := wire(floor), next
	if !t.Equal(floor) {
		from = next // nothing that is read in whole seconds equals t
	}
	var term []any
	switch op {
	case Equal, NotEqual:
		if (op == Equal) != negated {
			return []any{"&", []any{name, ">=", from}, []any{name, "<", until}}, nil
		}
		return []any{"|", []any{name, "=", false}, "|", []any{name, "<", from}, []any{name, ">=", until}}, nil
	case GreaterOrEqual:
		term = []any{name, ">=", from}
	case Greater:
		term = []any{name, ">=", until}
	case Less:
		term = []any{name, "<", from}
	case LessOrEqual:
		term = []any{name, "<", until}
	default:
		return nil, f.misfit(op, value)
	}
	if negated {
		term[1] = map[string]string{">=": "<", "<": ">="}[term[1].(string)] //nolint:forcetypeassert // set above
		return []any{"|", []any{name, "=", false}, term}, nil
	}
	return []any{term}, nil
}

func (f *Field) inTerms(name string, value any, negated bool) ([]any, error) {
	list, ok := value.([]any)
	if !ok {
		return nil, f.misfit(In, value)
	}
	if len(list) == 0 {
		return constant(negated), nil
	}
	if f.Translated || f.isNumber() && f.Name != "id" {
		// Odoo 14 cannot look for a translated text in a list, and no version
		// finds the empty numbers that it reads as 0 there.
		return f.eachTerms(name, list, negated)
	}
	wire := make([]any, len(list))
	for i, item := range list {
		var err error
		if wire[i], err = f.encode(item); err != nil {
			return nil, err
		}
	}
	return []any{[]any{name, map[bool]string{false: "in", true: "not in"}[negated], wire}}, nil
}

// eachTerms says "in" as one comparison for each item.
func (f *Field) eachTerms(name string, list []any, negated bool) ([]any, error) {
	var out []any
	for i, item := range list {
		terms, err := f.terms(name, Equal, item, negated)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append([]any{map[bool]string{false: "|", true: "&"}[negated]}, out...)
		}
		out = append(out, terms...)
	}
	return out, nil
}

// encode returns a value as Odoo compares it, or refuses it: Odoo coerces what
// does not fit, or fails far away from the cause.
func (f *Field) encode(value any) (any, error) {
	switch v := value.(type) {
	case string:
		if f.isText() && !strings.ContainsRune(v, 0) {
			return v, nil
		}
	case bool:
		if f.Type == "boolean" || f.Type == "selection" && !v { // false is no key, too
			return v, nil
		}
	case int64:
		switch f.Type {
		case "integer", "many2one", "many2one_reference", "one2many", "many2many":
			if v < math.MinInt32 || v > math.MaxInt32 {
				return nil, apierror.BadInput("filter", fmt.Sprintf("%d does not fit into 32 bits.", v))
			}
			return v, nil
		case "float", "monetary":
			return v, nil
		}
	case decimal.Decimal:
		if f.Type == "float" || f.Type == "monetary" {
			return json.Number(v.String()), nil
		}
	case Date:
		if f.Type == "date" {
			return string(v), nil
		}
	}
	return nil, f.misfit(Equal, value)
}

func (f *Field) misfit(op Op, value any) error {
	return apierror.BadInput("filter", fmt.Sprintf("A field of type %s cannot be compared (%s) with %v.", f.Type, op, value))
}
