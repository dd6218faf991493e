package openapi

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"odoograph/rest/contract"
)

// responses are all that a route answers with.
func (b *builder) responses(r *contract.Route) Ordered[*Response] {
	var out Ordered[*Response]
	out.Set(strconv.Itoa(r.Status), b.success(r))
	if r.Kind == contract.Change {
		out.Set("204", &Response{
			Description: "Done, and no body: that is what `Prefer: return=minimal` asks for.",
			Headers:     b.headers(append(changeHeaders(r), "Content-Language", "Preference-Applied", "ETag", "Last-Modified")...),
		})
	} else {
		out.Set("304", &Response{Description: "The answer is the one that `If-None-Match` names.", Headers: b.headers("ETag")})
	}
	for _, status := range statusesOf(r) {
		out.Set(strconv.Itoa(status), &Response{Ref: b.failure(status)})
	}
	return out
}

// success is the answer of a request that succeeded.
func (b *builder) success(r *contract.Route) *Response {
	switch r.Kind {
	case contract.List:
		return &Response{
			Description: "A page of " + spoken(lastOf(r.Path)) + ", or the whole list.",
			Headers:     b.headers(readHeaders(r, "Link")...), Content: b.pages(r),
		}
	case contract.One:
		return &Response{
			Description: "The " + r.Noun + ".", Headers: b.headers(readHeaders(r, "Last-Modified")...), Content: b.answer(r),
		}
	}
	return &Response{
		Description: "The " + r.Noun + " as it is now.",
		Headers:     b.headers(append(changeHeaders(r), "Content-Language", "Preference-Applied", "ETag", "Last-Modified")...),
		Content:     b.answer(r),
	}
}

// pages are those of a list, in each media type.
func (b *builder) pages(r *contract.Route) Ordered[*Media] {
	name := componentOf(r)
	schema := b.schema(name+"Page", func() *Schema {
		s := &Schema{Type: "object", Description: "A page of a list.", Required: []string{"data", "pagination"}}
		s.Properties.Set("data", &Schema{Type: "array", MaxItems: contract.MaxLimit, Items: b.record(r), Description: "The records of the page."})
		s.Properties.Set("pagination", b.pagination())
		s.Properties.Set("warnings", b.warnings())
		return s
	})
	rows := func(kind, description string) *Media {
		return &Media{
			Schema:   described(text(math.MaxInt32, anyText), description),
			Examples: Ordered[*Example]{{"example", b.example(name+kind, func() any { return rows(r.Record, kind) })}},
		}
	}
	return Ordered[*Media]{
		{"application/json", &Media{Schema: schema, Examples: Ordered[*Example]{
			{"byNumber", b.example(name+"Page", func() any { return pageExample(r, examplePage) })},
			{"byCursor", b.example(name+"PageByCursor", func() any { return pageExample(r, exampleWalk) })},
		}}},
		{"text/csv", rows("CSV", "A line of names and one for each record (RFC 4180). Members of objects have the name of the object in front: `country_id`.")},
		{"application/x-ndjson", rows("NDJSON", "A record in JSON on each line.")},
	}
}

// answer is that with one record.
func (b *builder) answer(r *contract.Route) Ordered[*Media] {
	name, data := componentOf(r)+"Answer", b.record(r)
	if r.Kind == contract.Change {
		name, data = componentOf(r)+"Change", described(orNull(data), "Null if the change took it out of the caller's sight.")
	}
	return Ordered[*Media]{{"application/json", &Media{
		Schema: b.schema(name, func() *Schema {
			s := &Schema{Type: "object", Description: "An answer with a record.", Required: []string{"data"}}
			s.Properties.Set("data", data)
			s.Properties.Set("warnings", b.warnings())
			return s
		}),
		Examples: Ordered[*Example]{{"example", b.example(name, func() any {
			return Ordered[any]{{"data", recordExample(r.Record)}}
		})}},
	}}}
}

// pagination tells where a page lies.
func (b *builder) pagination() *Schema {
	byNumber := b.schema("PaginationByNumber", func() *Schema {
		s := &Schema{Type: "object", Description: "Where a page lies in a list.", Required: []string{"page", "limit", "total", "pages"}}
		s.Properties.Set("page", described(whole(1, contract.MaxPage), "The number of the page."))
		s.Properties.Set("limit", described(whole(1, contract.MaxLimit), "How many records a page has."))
		s.Properties.Set("total", described(whole(0, math.MaxInt32), "How many records the list has."))
		s.Properties.Set("pages", described(whole(0, math.MaxInt32), "How many pages the list has."))
		return s
	})
	byCursor := b.schema("PaginationByCursor", func() *Schema {
		s := &Schema{Type: "object", Description: "Where to go on in a list.", Required: []string{"limit", "next", "prev"}}
		s.Properties.Set("limit", described(whole(1, contract.MaxLimit), "How many records a page has."))
		s.Properties.Set("next", described(orNull(text(longestCursor, `^[\x21-\x7e]+$`)), "The `cursor` of the next page; null at the end."))
		s.Properties.Set("prev", described(orNull(text(longestCursor, `^[\x21-\x7e]+$`)), "The `cursor` of the page before; null at the start."))
		return s
	})
	return &Schema{Description: "By number, or by cursor if the request has one.", OneOf: []*Schema{byNumber, byCursor}}
}

// warnings tell what is null because the Odoo user may not see it.
func (b *builder) warnings() *Schema {
	item := b.schema("Warning", func() *Schema {
		s := &Schema{Type: "object", Description: "A part of the answer that is missing.", Required: []string{"field", "code", "message"}}
		s.Properties.Set("field", described(text(longestName, anyText), "The member that is null."))
		s.Properties.Set("code", described(text(longestName, codeText), "Why, for programs: a code of errors."))
		s.Properties.Set("message", described(text(longestAnswered, anyText), "Why, for people."))
		return s
	})
	return &Schema{Type: "array", MaxItems: mostWarnings, Items: item, Description: "The parts that the Odoo user may not see, if there are any: they are null."}
}

// lastOf is the last part of a path that is no parameter.
func lastOf(path string) string {
	parts := strings.Split(path, "/")
	return parts[len(parts)-1]
}

// changes tells whether a request changes something.
func changes(method string) bool { return method != http.MethodGet }
