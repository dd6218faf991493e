package contract

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// methods are those that a route can have, and the kind of operation each needs.
var methods = map[string]ast.Operation{
	http.MethodGet: ast.Query, http.MethodPost: ast.Mutation, http.MethodPatch: ast.Mutation,
	http.MethodPut: ast.Mutation, http.MethodDelete: ast.Mutation,
}

var (
	pathForm  = regexp.MustCompile(`^(/([a-z][a-z0-9_]*|\{[a-z][a-z0-9_]*\}))+$`)
	pathPlace = regexp.MustCompile(`\{([a-z0-9_]+)\}`)
)

// describe reads what @rest and the description say of a route, and returns the
// further filters that it names.
func (r *Route) describe(op *ast.OperationDefinition) (filters []string, err error) {
	directive := op.Directives.ForName("rest")
	r.Name, r.Status = op.Name, http.StatusOK
	r.Summary, r.Description, _ = strings.Cut(strings.TrimSpace(op.Description), "\n")
	r.Summary, r.Description = strings.TrimSuffix(r.Summary, "."), strings.TrimSpace(r.Description)
	if r.Summary == "" {
		return nil, at(op.Position, "%s needs a description", op.Name)
	}
	for _, argument := range directive.Arguments {
		raw := argument.Value.Raw
		switch argument.Name {
		case "method":
			r.Method = raw
		case "path":
			r.Path = raw
		case "status":
			if r.Status = http.StatusCreated; raw != "201" {
				return nil, at(argument.Position, "@rest(status:) is 201 or left out")
			}
		case "filters":
			for _, child := range argument.Value.Children {
				filters = append(filters, child.Value.Raw)
			}
		case "deprecated", "sunset":
			day, err := time.Parse(time.DateOnly, raw)
			if err != nil {
				return nil, at(argument.Position, "@rest(%s:) is a day such as 2026-12-31", argument.Name)
			}
			*map[string]*time.Time{"deprecated": &r.Deprecated, "sunset": &r.Sunset}[argument.Name] = day
		case "successor":
			r.Successor = raw
		default:
			return nil, at(argument.Position, "@rest has no argument %q: it has method, path, status, filters, deprecated, sunset and successor", argument.Name)
		}
	}
	kind, known := methods[r.Method]
	switch {
	case !known || kind != op.Operation:
		return nil, at(directive.Position, "@rest(method:) is GET for a query, and POST, PATCH, PUT or DELETE for a mutation")
	case !pathForm.MatchString(r.Path):
		return nil, at(directive.Position, "@rest(path:) is like /sale_orders/{id}/lines")
	}
	return filters, r.readPath(op)
}

// readPath finds the variables of the path's parameters.
func (r *Route) readPath(op *ast.OperationDefinition) error {
	for _, place := range pathPlace.FindAllStringSubmatch(r.Path, -1) {
		variable := op.VariableDefinitions.ForName(place[1])
		if variable == nil {
			return at(op.Position, "the path has {%s}, and %s no variable of this name", place[1], op.Name)
		}
		description := variable.Description
		if description == "" {
			description = "The number of the record."
		}
		r.Parameters = append(r.Parameters, &Parameter{Name: place[1], Description: description, Type: variable.Type})
	}
	return nil
}
