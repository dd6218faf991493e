package odootest

import (
	"slices"
	"strings"
)

// fieldsGet describes the fields that the caller may use, open to everybody for
// every model. Without attributes it tells more than with them, as Odoo does.
func (c *call) fieldsGet() (any, error) {
	only, err := c.names("allfields")
	if err != nil {
		return nil, err
	}
	wanted, err := c.names("attributes")
	if err != nil {
		return nil, err
	}
	out := dict{}
	for _, f := range c.table.list {
		if !c.mayUse(f) || len(only) > 0 && !slices.Contains(only, f.name) {
			continue
		}
		d := f.describe(c.series)
		if len(wanted) > 0 {
			d = slices.DeleteFunc(d, func(m member) bool { return !slices.Contains(wanted, m.key) })
		}
		out = append(out, member{f.name, d})
	}
	return out, nil
}

// describe returns all attributes of a field in the order that Odoo has them.
func (f *field) describe(s series) dict {
	d := dict{
		{"type", f.kind}, {"change_default", false}, {"company_dependent", f.companyDependent},
		{"depends", []any{}}, {"manual", false}, {"readonly", f.readonly}, {"required", f.required},
		{"searchable", f.searchable}, {"sortable", f.sortable}, {"store", f.stored}, {"string", f.label},
	}
	if s >= v17 {
		d = append(d, member{"name", f.name}, member{"groupable", f.stored && !f.toMany()}, member{"exportable", true})
	}
	if f.groups != "" {
		d = append(d, member{"groups", f.groups})
	}
	if f.textual() {
		d = append(d, member{"translate", f.translated})
	}
	if f.kind == "char" {
		d = append(d, member{"trim", true})
	}
	if f.related != "" {
		d = append(d, member{"related", f.relatedValue(s)})
	}
	if f.relational() {
		d = append(d, member{"relation", f.relation}, member{"context", dict{}}, member{"domain", f.domainValue()})
	}
	if f.inverse != "" {
		d = append(d, member{"relation_field", f.inverse})
	}
	if f.kind == "selection" {
		d = append(d, member{"selection", f.optionList()})
	}
	if f.digits != "" {
		d = append(d, member{"digits", f.digitsValue()})
	}
	if f.kind == "monetary" {
		d = append(d, member{"currency_field", "currency_id"})
	}
	if f.numeric() && f.name != "id" {
		name := "group_operator"
		if s >= v19 {
			name = "aggregator"
		}
		d = append(d, member{name, "sum"})
	}
	return sortedAttributes(s, d)
}

// sortedAttributes sorts by name; 14 puts the type in front.
func sortedAttributes(s series, d dict) dict {
	rest := d
	if s < v17 {
		rest = d[1:]
	}
	slices.SortFunc(rest, func(a, b member) int { return strings.Compare(a.key, b.key) })
	return d
}

func (f *field) relatedValue(s series) any {
	if s >= v17 {
		return f.related
	}
	parts := []any{}
	for name := range strings.SplitSeq(f.related, ".") {
		parts = append(parts, name)
	}
	return parts
}

func (f *field) domainValue() any {
	if f.activeOnly {
		return []any{[]any{"active", "=", true}}
	}
	return []any{}
}

func (f *field) optionList() []any {
	out := make([]any, len(f.options))
	for i, o := range f.options {
		out[i] = []any{o.key, o.label}
	}
	return out
}
