package rest

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"

	"odoograph/apierror"
	"odoograph/rest/contract"
)

// parameters are what the query of a route may have, by name.
type parameters struct {
	filters map[string]*contract.Filter
	sorts   map[string]*contract.Sort
	names   []string
}

func parametersOf(route *contract.Route) parameters {
	p := parameters{filters: map[string]*contract.Filter{}, sorts: map[string]*contract.Sort{}, names: []string{"fields"}}
	if route.Kind != contract.List {
		return p
	}
	p.names = append(p.names, "page", "limit", "cursor", "sort", "q", "with_cursor")
	for _, f := range route.Filters {
		p.filters[f.Name] = f
		p.names = append(p.names, f.Name)
	}
	for _, s := range route.Sorts {
		p.sorts[s.Name] = s
	}
	return p
}

// query is what the query of a request asks for.
type query struct {
	record *contract.Value
	list   contract.Page
	// number is that of the page, 0 for a walk by cursor, or if it was not given.
	number int
	// limited tells that the client said how many records it wants, of which there may
	// be so many.
	limited bool
	most    int
	// walking tells that the client pages by cursor.
	walking bool
	cursor  string
}

// pathOf reads the parameters of the path.
func (h *handler) pathOf(r *http.Request) (map[string]any, error) {
	path := map[string]any{}
	for _, p := range h.route.Parameters {
		text := chi.URLParam(r, p.Name)
		if p.Type.Name() != "Int" {
			path[p.Name] = text
			continue
		}
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < 1 || strconv.FormatInt(n, 10) != text {
			return nil, badParameter(p.Name, fmt.Sprintf("This must be a whole number from 1 to %d.", math.MaxInt32))
		}
		path[p.Name] = n
	}
	return path, nil
}

// queryOf reads the query. The error tells all that is wrong with it.
func (h *handler) queryOf(r *http.Request) (*query, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, apierror.Wrap(apierror.BadUserInput, "The query of the URL cannot be read.", err)
	}
	q := &query{record: h.route.Record, most: contract.MaxLimit, list: contract.Page{Size: contract.DefaultLimit, Filter: map[string]any{}, Order: []contract.Order{}}}
	if media, err := negotiate(r, listMedia...); h.route.Kind == contract.List && err == nil && media != mediaJSON {
		q.most = contract.MaxExport
	}
	var faults []contract.Fault
	for name, given := range values {
		message := ""
		switch {
		case len(given) > 1:
			message = "This parameter is given more than once."
		case !utf8.ValidString(given[0]) || strings.ContainsRune(given[0], 0):
			message = "This is not text in UTF-8."
		default:
			message = h.read(q, name, given[0])
		}
		if message != "" {
			faults = append(faults, contract.Fault{Field: name, Message: message})
		}
	}
	if q.walking && q.number > 0 {
		faults = append(faults, contract.Fault{Field: "cursor", Message: "Give either a page or a cursor."})
	}
	switch len(faults) {
	case 0:
		return q, nil
	case 1:
		return nil, badParameter(faults[0].Field, faults[0].Message)
	}
	slices.SortFunc(faults, func(a, b contract.Fault) int { return strings.Compare(a.Field, b.Field) })
	return nil, refuse(fmt.Sprintf("%d parameters of the query cannot be used.", len(faults)), faults)
}

// read reads a parameter, and returns what is wrong with it.
func (h *handler) read(q *query, name, text string) string {
	if f := h.parameters.filters[name]; f != nil {
		return readFilter(q.list.Filter, f, text)
	}
	if !slices.Contains(h.parameters.names, name) {
		return "There is no such parameter here." + suggestion(name, h.parameters.names)
	}
	var err error
	message := ""
	switch name {
	case "page":
		q.number, message = whole(text, contract.MaxPage)
	case "limit":
		q.list.Size, message = whole(text, q.most)
		q.limited = true
	case "cursor":
		q.walking, q.cursor = true, text
	case "with_cursor":
		if q.list.Cursors = text == "true"; text != "true" && text != "false" {
			message = "This must be true or false."
		}
	case "q":
		if q.list.Search = text; utf8.RuneCountInString(text) > contract.MaxSearch {
			message = fmt.Sprintf("This may have %d characters at most.", contract.MaxSearch)
		}
	case "sort":
		message = h.readSort(q, text)
	case "fields":
		if q.record, err = h.route.Select(strings.Split(text, ",")); err != nil {
			message = apierror.Public(err).Message
		}
	}
	return message
}

// suggestion names the names that come near a wrong one.
func suggestion(name string, names []string) string {
	if near := core.SuggestionList(name, names); len(near) > 0 {
		return " Did you mean " + strings.Join(near[:min(3, len(near))], ", ") + "?"
	}
	return ""
}

func whole(text string, most int) (int, string) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 1, fmt.Sprintf("This must be a whole number from 1 to %d.", most)
	}
	return n, ""
}

// readSort reads `-date_order,name`.
func (h *handler) readSort(q *query, text string) string {
	names := strings.Split(text, ",")
	if len(names) > contract.MaxSorts {
		return fmt.Sprintf("A list is sorted by %d fields at most.", contract.MaxSorts)
	}
	for _, name := range names {
		plain, desc := strings.CutPrefix(name, "-")
		s := h.parameters.sorts[plain]
		if s == nil {
			allowed := make([]string, len(h.route.Sorts))
			for i, s := range h.route.Sorts {
				allowed[i] = s.Name
			}
			slices.Sort(allowed)
			return "There is no sorting by `" + plain + "`: give some of " + strings.Join(allowed, ", ") + ", with - in front for the other way round."
		}
		q.list.Order = append(q.list.Order, contract.Order{Sort: s, Desc: desc})
	}
	return ""
}

func readFilter(filter map[string]any, f *contract.Filter, text string) string {
	if !f.Many {
		value, message := fromText(f.Type, text)
		f.Set(filter, value)
		return message
	}
	parts := strings.Split(text, ",")
	if len(parts) > contract.MaxValues {
		return fmt.Sprintf("This takes %d values at most.", contract.MaxValues)
	}
	values := make([]any, len(parts))
	for i, part := range parts {
		value, message := fromText(f.Type, part)
		if message != "" {
			return message
		}
		values[i] = value
	}
	f.Set(filter, values)
	return ""
}

// fromText reads a value of a scalar or an enum from a query, or tells what is wrong
// with it.
func fromText(def *ast.Definition, text string) (any, string) {
	if utf8.RuneCountInString(text) > contract.MaxCompared {
		return nil, fmt.Sprintf("This may have %d characters at most.", contract.MaxCompared)
	}
	value, err := contract.Coerce(def, contract.FromText(def, text))
	if err != nil {
		return nil, err.Error()
	}
	return value, ""
}
