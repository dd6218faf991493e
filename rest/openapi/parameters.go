package openapi

import (
	"fmt"
	"slices"
	"strings"

	"odoograph/rest/contract"
)

// parameters are what a route takes beside its body.
func (b *builder) parameters(r *contract.Route) []*Parameter {
	var out []*Parameter
	for _, p := range r.Parameters {
		s := text(contract.MaxCompared, `^[^\x00/]+$`)
		if p.Type.Name() == "Int" {
			s = scalar(intType, "id", inQuery)
		}
		s.Examples = []any{leafExample(intType, r.Record.Type.Name, p.Name)}
		out = append(out, &Parameter{Name: p.Name, In: "path", Required: true, Description: p.Description, Schema: s})
	}
	if r.Kind == contract.List {
		out = append(out, b.listParameters(r)...)
	}
	out = append(out, b.fields(r))
	names := []string{"IfNoneMatch"}
	if r.Kind == contract.Change {
		names = []string{"IdempotencyKey", "Prefer"}
		if r.Conditional {
			names = append(names, "IfMatch", "IfUnmodifiedSince")
		}
	}
	for _, name := range append(names, "AcceptLanguage", "RequestId") {
		out = append(out, b.shared(name))
	}
	return out
}

func (b *builder) listParameters(r *contract.Route) []*Parameter {
	var out []*Parameter
	for _, name := range []string{"Page", "Limit", "Cursor"} {
		out = append(out, b.shared(name))
	}
	if r.Searchable() {
		out = append(out, b.shared("Search"))
	}
	if len(r.Sorts) > 0 {
		var names []any
		for _, s := range r.Sorts {
			names = append(names, s.Name, "-"+s.Name)
		}
		p := several("sort", &Schema{Type: "string", Enum: names}, contract.MaxSorts)
		p.Description = "By what to sort, the first name first; `-` in front for descending. Without it the order is that of the list."
		p.Schema.Examples = []any{names[len(names)-1:]}
		out = append(out, p)
	}
	out = append(out, b.shared("WithCursor"))
	for _, f := range r.Filters {
		out = append(out, b.filter(r, f))
	}
	return out
}

// filter describes a condition on a list.
func (b *builder) filter(r *contract.Route, f *contract.Filter) *Parameter {
	name := f.Name
	field, _, _ := strings.Cut(strings.TrimSuffix(name, "__in"), "__")
	if strings.HasSuffix(name, "__id") || strings.Contains(name, "__id__") {
		field = "id"
	}
	s := b.leaf(f.Type, field, inQuery)
	p, example := &Parameter{Name: name, In: "query", Schema: s}, leafExample(f.Type, r.Record.Type.Name, name)
	if f.Many {
		p, example = several(name, s, contract.MaxValues), []any{example}
	}
	p.Schema.Examples = []any{example}
	condition := map[string]any{}
	f.Set(condition, example)
	own := b.scopes(r, nil)
	further := slices.DeleteFunc(b.scopes(r, map[string]any{"filter": condition}), func(s string) bool { return slices.Contains(own, s) })
	p.Description = inREST(f.Description)
	if len(further) > 0 {
		p.Description += " The key needs the scope " + listing(further) + ", too."
	}
	return p
}

// fields picks members of the answer.
func (b *builder) fields(r *contract.Route) *Parameter {
	name := componentOf(r) + "Field"
	names := fieldNames(r.Record, "")
	s := b.schema(name, func() *Schema {
		return &Schema{Type: "string", Enum: names, Description: "The name of a member; a dot leads into an object or the items of an array."}
	})
	p := several("fields", s, len(names))
	p.Description = "Which members to answer with: all, if it is left out."
	p.Schema.Examples = []any{names[:min(2, len(names))]}
	return p
}

// fieldNames are the names of members, and of those within.
func fieldNames(v *contract.Value, prefix string) []any {
	var names []any
	for _, m := range v.Shown() {
		names = append(names, prefix+m.Name)
		within := m.Value
		if within.Form == contract.Array {
			within = within.Items
		}
		names = append(names, fieldNames(within, prefix+m.Name+".")...)
	}
	return names
}

// several is a parameter with values parted by commas.
func several(name string, items *Schema, most int) *Parameter {
	return &Parameter{
		Name: name, In: "query", Style: "form", Explode: new(bool),
		Schema: &Schema{Type: "array", Items: items, MinItems: 1, MaxItems: most},
	}
}

// shared refers to a parameter that many routes have.
func (b *builder) shared(name string) *Parameter {
	return &Parameter{Ref: component(b, "parameters", b.components.Parameters, name, func() *Parameter { return sharedParameters[name]() })}
}

// sharedParameters are made anew for each document, which is then its owner's.
var sharedParameters = map[string]func() *Parameter{
	"Page": func() *Parameter {
		return query("page", "Which page of JSON: the first one if it is left out. Not together with `cursor`.", whole(1, contract.MaxPage), 2)
	},
	"Limit": func() *Parameter {
		return query("limit", fmt.Sprintf("How many records to answer with. In JSON they are %d if it is left out, and %d at most; in CSV and NDJSON the whole list if it is left out.", contract.DefaultLimit, contract.MaxLimit),
			whole(1, contract.MaxExport), 50)
	},
	"Cursor": func() *Parameter {
		return query("cursor", "Where to go on, as `pagination` or the header `Link` of a page gave it; empty for the start of the list. "+
			"Filters, search and order must be those of that page. While the list changes, pages by cursor neither miss nor repeat records, as pages by number may.",
			text(longestCursor, `^[\x21-\x7e]*$`), exampleCursor)
	},
	"Search": func() *Parameter {
		return query("q", "Only records that a person would find by typing this.", text(contract.MaxSearch, anyText), "azure")
	},
	"WithCursor": func() *Parameter {
		return query("with_cursor", "Adds to each record of CSV and NDJSON a `cursor`, to go on from behind it should the connection break.",
			&Schema{Type: "boolean"}, true)
	},
	"IfNoneMatch": func() *Parameter {
		return header("If-None-Match", "Answer 304, without a body, if the answer still has this `ETag`.", text(longestHeader, anyText), exampleTag)
	},
	"IfMatch": func() *Parameter {
		return header("If-Match", "Make the change only if the record still has this `ETag`, as reading it gave it.", text(longestHeader, anyText), exampleTag)
	},
	"IfUnmodifiedSince": func() *Parameter {
		return header("If-Unmodified-Since", "Make the change only if nobody changed the record since then, its `Last-Modified`. `If-Match`, which is exact, goes before.",
			text(longestHeader, anyText), exampleDate)
	},
	"IdempotencyKey": func() *Parameter {
		s := text(contract.MaxKey, `^[\x20-\x7e]+$`)
		s.MinLength = 1
		return header("Idempotency-Key", "A text for this change alone, such as a UUID. A repetition with the same key within 24 hours "+
			"does nothing, and gets the first answer.", s, "6f1d2f0e-6a3c-4c7e-9d2b-0d5a7d1c8e42")
	},
	"Prefer": func() *Parameter {
		return header("Prefer", "`return=minimal` for an answer without a body, `return=representation` for the record (RFC 7240).", text(longestHeader, anyText), "return=minimal")
	},
	"AcceptLanguage": func() *Parameter {
		return header("Accept-Language", "The languages that the reader likes, best first.", text(longestHeader, anyText), "de-CH, de;q=0.8, en;q=0.5")
	},
	"RequestId": func() *Parameter {
		return header("X-Request-Id", "An id for the request, under which the log of the gateway then has it.", text(longestHeader, anyText), exampleRequest)
	},
}

// query is a parameter of the query. Its example is one of the schema: pages that
// send requests take one of the parameter for its value.
func query(name, description string, s *Schema, example any) *Parameter {
	s.Examples = []any{example}
	return &Parameter{Name: name, In: "query", Description: description, Schema: s}
}

func header(name, description string, s *Schema, example string) *Parameter {
	s.Examples = []any{example}
	return &Parameter{Name: name, In: "header", Description: description, Schema: s}
}
