package loaders

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"odoograph/apierror"
	"odoograph/graph/relay"
	"odoograph/odoo"
)

// filter turns a filter argument into a domain. The argument fits its GraphQL
// input type already; what a custom scalar holds is checked here.
func (p *planner) filter(t *boundType, arg any) (odoo.Domain, error) {
	return p.conditions(t, arg, nil, "filter")
}

// conditions reads one input object: of t itself, or of the records of t that
// the path leads to. where names the place in the argument for errors.
func (p *planner) conditions(t *boundType, arg any, path []odoo.Step, where string) (odoo.Domain, error) {
	given, _ := arg.(map[string]any)
	var domains []odoo.Domain
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if given[name] == nil {
			continue
		}
		domain, err := p.condition(t, name, given[name], path, where+"."+name)
		if err != nil {
			return odoo.Domain{}, err
		}
		domains = append(domains, domain)
	}
	return odoo.And(domains...), nil
}

func (p *planner) condition(t *boundType, name string, arg any, path []odoo.Step, where string) (odoo.Domain, error) {
	switch name {
	case "and", "or":
		var domains []odoo.Domain
		for _, item := range toList(arg) {
			domain, err := p.conditions(t, item, path, where)
			if err != nil {
				return odoo.Domain{}, err
			}
			domains = append(domains, domain)
		}
		if name == "and" {
			return odoo.And(domains...), nil
		}
		return odoo.Or(domains...), nil
	case "not":
		domain, err := p.conditions(t, arg, path, where)
		return odoo.Not(domain), err
	case "isNull":
		if len(path) == 0 {
			return odoo.Domain{}, apierror.BadInput(where, "isNull is for a filter on a related object: nothing is related here.")
		}
		return odoo.Where(path, odoo.IsNull, arg), nil
	case "id":
		return operators(arg, where, func(op string, value any) (odoo.Domain, error) {
			return p.idCondition(t, op, value, path, where)
		})
	}
	field := t.fields[name]
	if field == nil || field.odoo == nil || !field.odoo.Searchable {
		return odoo.Domain{}, apierror.BadInput(where, fmt.Sprintf("This Odoo cannot filter %s by %s.", t.name, name))
	}
	steps := append(slices.Clone(path), odoo.Step{Model: t.model, Field: field.odoo.Name})
	if field.target != "" {
		return p.relation(field, arg, steps, where)
	}
	return operators(arg, where, func(op string, value any) (odoo.Domain, error) {
		return field.compare(op, value, steps, where+"."+op)
	})
}

func (p *planner) relation(field *boundField, arg any, steps []odoo.Step, where string) (odoo.Domain, error) {
	target, err := p.binding.typ(field.target)
	if err != nil {
		return odoo.Domain{}, err
	}
	if !field.many {
		return p.conditions(target, arg, steps, where)
	}
	domain, err := p.conditions(target, arg, nil, where)
	return odoo.Some(steps, target.model, odoo.And(domain, target.domain)), err
}

// operators joins what an operator input such as StringFilter asks for.
func operators(arg any, where string, compare func(op string, value any) (odoo.Domain, error)) (odoo.Domain, error) {
	given, _ := arg.(map[string]any)
	var domains []odoo.Domain
	for _, op := range slices.Sorted(maps.Keys(given)) {
		if given[op] == nil {
			return odoo.Domain{}, apierror.BadInput(where+"."+op, "Nothing compares with null: leave the operator out, or use isNull.")
		}
		domain, err := compare(op, given[op])
		if err != nil {
			return odoo.Domain{}, err
		}
		domains = append(domains, domain)
	}
	return odoo.And(domains...), nil
}

func (p *planner) idCondition(t *boundType, op string, value any, path []odoo.Step, where string) (odoo.Domain, error) {
	ids := []any{}
	for _, item := range toList(value) {
		text, _ := item.(string)
		typeName, id, err := relay.ParseID(text)
		if err != nil || typeName != t.name {
			return odoo.Domain{}, apierror.BadInput(where+"."+op, fmt.Sprintf("%q is not the global id of a %s.", text, t.name))
		}
		ids = append(ids, id)
	}
	return odoo.Where(append(slices.Clone(path), odoo.Step{Model: t.model, Field: "id"}), odoo.In, ids), nil
}

var comparisons = map[string]odoo.Op{
	"eq": odoo.Equal, "neq": odoo.NotEqual, "in": odoo.In, "isNull": odoo.IsNull,
	"gt": odoo.Greater, "gte": odoo.GreaterOrEqual, "lt": odoo.Less, "lte": odoo.LessOrEqual,
	"contains": odoo.Contains, "startsWith": odoo.StartsWith, "endsWith": odoo.EndsWith,
}

// compare turns one operator on a field into a domain.
func (f *boundField) compare(op string, value any, steps []odoo.Step, where string) (odoo.Domain, error) {
	switch {
	case op == "between":
		limits, _ := value.(map[string]any)
		from, err := f.compare("gte", limits["from"], steps, where)
		if err != nil {
			return odoo.Domain{}, err
		}
		to, err := f.compare("lte", limits["to"], steps, where)
		return odoo.And(from, to), err
	case op == "isNull" && f.keys == nil:
		return odoo.Where(steps, odoo.IsNull, value), nil
	case f.equals != "":
		domain := odoo.Where(steps, odoo.Equal, f.equals)
		if value == false {
			domain = odoo.Not(domain)
		}
		return domain, nil
	case f.keys != nil:
		return f.compareEnum(op, value, steps), nil
	}
	items := toList(value)
	for i, item := range items {
		var err error
		if items[i], err = f.parse(item, where); err != nil {
			return odoo.Domain{}, err
		}
	}
	if op == "in" {
		return odoo.Where(steps, odoo.In, items), nil
	}
	return odoo.Where(steps, comparisons[op], items[0]), nil
}

// compareEnum compares with those of the enum's keys that this Odoo knows.
func (f *boundField) compareEnum(op string, value any, steps []odoo.Step) odoo.Domain {
	if op == "isNull" {
		if f.hasEmptyKey() { // so that none reads as null
			nothing := odoo.Or()
			if value == false {
				return odoo.Not(nothing)
			}
			return nothing
		}
		return odoo.Where(steps, odoo.IsNull, value)
	}
	keys := []any{}
	for _, item := range toList(value) {
		name, _ := item.(string)
		for _, key := range f.keys[name] {
			if key == "" {
				keys = append(keys, false)
			} else if slices.Contains(f.odoo.Selection, key) {
				keys = append(keys, key)
			}
		}
	}
	domain := odoo.Where(steps, odoo.In, keys)
	if op == "neq" {
		return odoo.Not(domain)
	}
	return domain
}

// hasEmptyKey tells whether Odoo's false is a value of the enum.
func (f *boundField) hasEmptyKey() bool {
	for _, keys := range f.keys {
		if slices.Contains(keys, "") {
			return true
		}
	}
	return false
}

// parse returns the Go value of an input scalar.
func (f *boundField) parse(value any, where string) (any, error) {
	text, isText := value.(string)
	if n, ok := value.(json.Number); ok {
		text = n.String()
	} else if !isText {
		text = fmt.Sprint(value)
	}
	var parsed any
	var err error
	switch f.scalar {
	case "String":
		return text, nil
	case "Boolean":
		return value, nil
	case "Int":
		return toInt(where, value)
	case "Decimal":
		parsed, err = odoo.ParseDecimal(text)
	case "Date":
		parsed, err = odoo.ParseDate(text)
	case "DateTime":
		parsed, err = odoo.ParseDateTime(text)
	}
	if err != nil {
		return nil, apierror.BadInput(where, err.Error()+".")
	}
	return parsed, nil
}

// toInt reads a whole number of 32 bits, as GraphQL's Int is.
func toInt(where string, value any) (int64, error) {
	var n json.Number
	switch v := value.(type) {
	case json.Number:
		n = v
	default:
		n = json.Number(fmt.Sprint(v))
	}
	i, err := n.Int64()
	if err != nil || i < math.MinInt32 || i > math.MaxInt32 {
		return 0, apierror.BadInput(where, fmt.Sprintf("%s is not a whole number of 32 bits.", n))
	}
	return i, nil
}

// toList returns a list argument; GraphQL lets a client leave out the brackets
// around a single item.
func toList(arg any) []any {
	switch v := arg.(type) {
	case nil:
		return nil
	case []any:
		return slices.Clone(v)
	}
	return []any{arg}
}
