package rest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"odoograph/apierror"
	"odoograph/rest/contract"
)

// warning tells that a part of an answer is null because the Odoo user behind the
// key may not see it.
type warning struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// ofGraphQL are the names in the path of an error that REST does not have.
var ofGraphQL = []string{"data", "nodes", "edges", "node"}

func warningOf(err *gqlerror.Error) warning {
	var steps []string
	for _, step := range err.Path {
		name := fmt.Sprint(step)
		if n, ok := step.(ast.PathName); ok {
			name = string(n)
		}
		steps = append(steps, name)
	}
	code, _ := err.Extensions["code"].(apierror.Code)
	return warning{Field: inAnswer(steps), Code: code.REST(), Message: err.Message}
}

// inAnswer is the place in an answer of REST that a place in one of GraphQL is.
func inAnswer(steps []string) string {
	at := slices.Index(steps, "data") // what leads to the answer is not in it
	if at < 0 {
		return ""
	}
	return strings.Join(slices.DeleteFunc(slices.Clone(steps[at:]), func(step string) bool { return slices.Contains(ofGraphQL, step) }), ".")
}

// placed is a place that a message speaks of: "(for data.nodes.partner)".
var placed = regexp.MustCompile(` \(for ([\w.]+)\)`)

// inREST is a message whose places are those of REST.
func inREST(message string) string {
	return placed.ReplaceAllStringFunc(message, func(text string) string {
		place := inAnswer(strings.Split(placed.FindStringSubmatch(text)[1], "."))
		if place == "" {
			return ""
		}
		return " (for " + place + ")"
	})
}

// member writes the warnings as a member of an answer, if there are any.
func member(warnings []warning) []byte {
	if len(warnings) == 0 {
		return nil
	}
	text, err := json.Marshal(warnings)
	if err != nil {
		return nil
	}
	return append([]byte(`,"warnings":`), text...)
}

// problem is what an error of GraphQL is to a client of REST.
func (h *handler) problem(err *gqlerror.Error) error {
	code, _ := err.Extensions["code"].(apierror.Code)
	if code == "" {
		code = apierror.Internal
	}
	out := apierror.New(code, inREST(err.Message))
	if ms, ok := err.Extensions["retryAfterMs"].(int64); ok {
		out.RetryAfter = time.Duration(ms) * time.Millisecond
	}
	field, _ := err.Extensions["field"].(string)
	if code != apierror.BadUserInput || field == "" {
		return out
	}
	name := h.nameOf(field)
	if name == "cursor" {
		out.Message = "This is not a cursor of this list: take it from the header Link or from `pagination`, and leave filters, sort and q as they were."
	}
	message := strings.TrimPrefix(out.Message, field+": ")
	out.Message = "`" + name + "`: " + message
	return &problem{out, []contract.Fault{{Field: name, Message: message}}}
}

// arguments are the parameters that stand for those of GraphQL.
var arguments = map[string]string{
	"first": "limit", "last": "limit", "after": "cursor", "before": "cursor", "orderBy": "sort", "search": "q",
	"idempotencyKey": "Idempotency-Key",
}

// nameOf returns the parameter, or member of the body, that an error of GraphQL is
// about: "$input.lines[0].quantity" is "lines.0.quantity".
func (h *handler) nameOf(field string) string {
	steps := strings.FieldsFunc(strings.TrimPrefix(field, "$"), func(r rune) bool { return r == '.' || r == '[' || r == ']' })
	if len(steps) == 0 {
		return field
	}
	if name, ok := arguments[steps[0]]; ok {
		return name
	}
	if steps[0] == "filter" {
		return h.route.FilterAt(steps[1:])
	}
	return h.route.PathOf(steps)
}

// faults maps the user errors of a change.
var faults = map[string]apierror.Code{
	"FORBIDDEN_BY_RULE": apierror.BusinessRule, "IN_USE": apierror.BusinessRule, "UNSUPPORTED": apierror.BusinessRule,
	"WRONG_STATE": apierror.Conflict, "CONFLICT": apierror.PreconditionFailed,
}

// refusal is why a change was not made, as GraphQL's user errors have it: a record
// of the path that is not there is 404, a rule of the company's 422, a state or
// version that does not fit 409 or 412, and anything else a fault of the request.
func (h *handler) refusal(errs []contract.UserError) error {
	first := errs[0]
	code, known := faults[first.Code]
	if !known {
		code = apierror.BadUserInput
	}
	var fields []contract.Fault
	for _, e := range errs {
		name := h.route.PathOf(e.Field)
		if e.Code == "NOT_FOUND" && h.inPath(name) {
			return apierror.New(apierror.NotFound, "There is no such "+h.route.Noun+", or the caller may not see it.")
		}
		if name != "" { // else it is about the request as a whole
			fields = append(fields, contract.Fault{Field: name, Message: e.Message})
		}
	}
	return &problem{apierror.New(code, first.Message), fields}
}

func (h *handler) inPath(name string) bool {
	return slices.ContainsFunc(h.route.Parameters, func(p *contract.Parameter) bool { return p.Name == name })
}
