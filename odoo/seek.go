package odoo

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"time"
)

// Position is a place in an ordered list: the values that one of its records has
// in the keys of the order, as JSON holds them, and its id.
type Position struct {
	Keys []any
	ID   int64
}

// CanSeek tells whether a list in this order can be entered at a Position. Every
// key must be stored as it is read: numbers and booleans read as 0 and false
// where the database holds nothing, translated texts come from elsewhere, and
// the times of creation and change have fractions that Odoo does not show.
func (m *Model) CanSeek(order []Order) bool {
	for _, o := range order {
		f := m.Fields[o.Field]
		switch {
		case f == nil || !f.Searchable || !f.Sortable || f.Translated:
			return false
		case f.isText() && f.Type != "html", f.Type == "date":
		case f.Type == "datetime" && f.Name != "create_date" && f.Name != "write_date":
		case f.Type == "integer" && (f.Required || f.Name == "id"):
		default:
			return false
		}
	}
	return true
}

// PositionKey returns a key's typed value as a Position holds it.
func PositionKey(value any) any {
	switch v := value.(type) {
	case Date:
		return string(v)
	case time.Time:
		return v.Format(wireDateTime)
	}
	return value
}

var errPosition = errors.New("odoo: a position that does not fit its list")

// Seek returns the queries that read on from a position, to be asked one after
// the other until the page is full: what PostgreSQL sorts to one end because it
// has no value is a query of its own, so that each can use an index. Backward,
// they read towards the start of the list, the nearest record first. A nil
// position is the end of the list that reading starts from, or stops at.
func (s *Session) Seek(q Query, from, to *Position, backward bool) ([]Query, error) {
	keys := append(slices.Clone(q.Order), Order{Field: "id"})
	if i := slices.IndexFunc(keys, func(o Order) bool { return o.Field == "id" }); i >= 0 {
		keys = keys[:i+1]
	}
	q.Order = slices.Clone(keys)
	for i := range q.Order {
		q.Order[i].Desc = keys[i].Desc != backward
	}
	if to != nil {
		// Seen from its far end, the page ends before this position.
		stop, err := s.seeker(q.Model, flipped(q.Order), to)
		if err != nil {
			return nil, err
		}
		q.within = stop.beyond(0)
	}
	if from == nil {
		return []Query{q}, nil
	}
	start, err := s.seeker(q.Model, q.Order, from)
	if err != nil {
		return nil, err
	}
	var out []Query
	for _, part := range start.parts() {
		next := q
		next.within = append(slices.Clone(q.within), part...)
		out = append(out, next)
	}
	return out, nil
}

func flipped(order []Order) []Order {
	out := slices.Clone(order)
	for i := range out {
		out[i].Desc = !out[i].Desc
	}
	return out
}

// seeker writes the condition of lying beyond a position.
type seeker struct {
	keys []seekKey
	// blankIsNull is Odoo 19's view that an empty text is none.
	blankIsNull bool
}

type seekKey struct {
	field *Field
	desc  bool
	value any // as in a domain; nil for none
}

func (s *Session) seeker(m *Model, order []Order, p *Position) (seeker, error) {
	out := seeker{blankIsNull: s.can.BlankIsNull}
	values := append(slices.Clone(p.Keys), p.ID)
	if len(values) < len(order) {
		return out, errPosition
	}
	values[len(order)-1] = p.ID
	for i, o := range order {
		f := m.Fields[o.Field]
		value, err := f.seekValue(values[i])
		if err != nil {
			return out, err
		}
		out.keys = append(out.keys, seekKey{f, o.Desc, value})
	}
	return out, nil
}

// seekValue checks a value that has been in the hands of a client.
func (f *Field) seekValue(value any) (any, error) {
	switch v := value.(type) {
	case nil:
		if f.Required || f.Name == "id" {
			return nil, errPosition
		}
		return nil, nil //nolint:nilnil // no value is a value here
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			return nil, errPosition
		}
		return f.seekValue(n)
	case int64:
		if f.Type == "integer" && v >= math.MinInt32 && v <= math.MaxInt32 {
			return v, nil
		}
	case string:
		var err error
		switch {
		case f.Type == "date":
			_, err = ParseDate(v)
		case f.Type == "datetime":
			_, err = time.Parse(wireDateTime, v)
		case !f.isText() || strings.ContainsRune(v, 0):
			err = errPosition
		}
		return v, err
	}
	return nil, errPosition
}

// parts are what lies beyond the position, nearest first.
func (s seeker) parts() [][]any {
	k := s.keys[0]
	switch {
	case k.field.Name == "id":
		return [][]any{s.beyond(0)}
	case k.value == nil && k.desc: // NULLs come first when descending
		return [][]any{both(s.null(k), s.beyond(1)), s.notNull(k)}
	case k.value == nil:
		return [][]any{both(s.null(k), s.beyond(1))}
	}
	// The bare range lets the database enter its index; what follows refines it.
	ranged := either(s.past(k), both(s.equal(k), s.beyond(1)))
	parts := [][]any{both(s.reach(k), ranged)}
	if !k.desc && !k.field.Required {
		parts = append(parts, s.null(k))
	}
	return parts
}

// beyond is the condition on the keys from i on.
func (s seeker) beyond(i int) []any {
	k := s.keys[i]
	if k.field.Name == "id" {
		return s.past(k)
	}
	switch {
	case k.value == nil && k.desc:
		return either(s.notNull(k), both(s.null(k), s.beyond(i+1)))
	case k.value == nil:
		return both(s.null(k), s.beyond(i+1))
	}
	out := either(s.past(k), both(s.equal(k), s.beyond(i+1)))
	if !k.desc && !k.field.Required {
		out = either(s.null(k), out)
	}
	return out
}

func both(a, b []any) []any   { return slices.Concat([]any{"&"}, a, b) }
func either(a, b []any) []any { return slices.Concat([]any{"|"}, a, b) }

func (k seekKey) term(op string, value any) []any { return []any{[]any{k.field.Name, op, value}} }

// past lies strictly beyond the key's value.
func (s seeker) past(k seekKey) []any {
	switch {
	case k.desc:
		return s.present(k, k.term("<", k.value))
	case k.nextSecond() != "":
		return k.term(">=", k.nextSecond())
	}
	return k.term(">", k.value)
}

// nextSecond is the one after a moment, and "" for other values. A moment is read in
// whole seconds and may have a fraction all the same: one that lies beyond lies
// beyond its second.
func (k seekKey) nextSecond() string {
	text, _ := k.value.(string)
	if at, err := time.Parse(wireDateTime, text); err == nil && k.field.Type == "datetime" {
		return at.Add(time.Second).Format(wireDateTime)
	}
	return ""
}

// reach lies at the key's value or beyond.
func (s seeker) reach(k seekKey) []any {
	switch {
	case k.desc && k.nextSecond() != "":
		return s.present(k, k.term("<", k.nextSecond()))
	case k.desc:
		return s.present(k, k.term("<=", k.value))
	case k.value == "":
		return s.notNull(k)
	}
	return k.term(">=", k.value)
}

func (s seeker) equal(k seekKey) []any {
	switch {
	case k.value == "":
		return s.present(k, k.term("=", ""))
	case k.nextSecond() != "":
		return both(k.term(">=", k.value), k.term("<", k.nextSecond()))
	}
	return k.term("=", k.value)
}

// present adds that there is a value: Odoo 19 counts no text among the smaller ones.
func (s seeker) present(k seekKey, terms []any) []any {
	if k.field.Required || k.field.Name == "id" {
		return terms
	}
	return both(terms, s.notNull(k))
}

// notNull is SQL's IS NOT NULL. Of a text, "!= False" says something else in
// Odoo 19: neither null nor empty.
func (s seeker) notNull(k seekKey) []any {
	if k.field.isText() && k.field.Type != "selection" {
		return k.term("=like", "%")
	}
	return k.term("!=", false)
}

// null is SQL's IS NULL.
func (s seeker) null(k seekKey) []any {
	if s.blankIsNull && k.field.isText() && k.field.Type != "selection" {
		return slices.Concat([]any{"!"}, k.term("=like", "%"))
	}
	return k.term("=", false)
}
