package openapi

import (
	"slices"
	"time"

	"odoograph/rest/contract"
)

// operation describes a route.
func (b *builder) operation(r *contract.Route) *Operation {
	scopes := b.scopes(r, nil)
	o := &Operation{
		OperationID: r.Name, Summary: r.Summary, Tags: []string{tagOf(r)}, Scopes: scopes,
		Description: paragraphs(r.Description, needs(scopes), endOf(r)),
		Deprecated:  !r.Deprecated.IsZero(),
		Parameters:  b.parameters(r),
		Responses:   b.responses(r),
	}
	if !r.Sunset.IsZero() {
		o.Sunset = r.Sunset.Format(time.DateOnly)
	}
	switch {
	case r.Body != nil:
		o.RequestBody = b.body(r)
	case r.Kind == contract.Change:
		o.RequestBody = b.noBody()
	}
	return o
}

// scopes are those that a key needs for all of a route, with these variables.
func (b *builder) scopes(r *contract.Route, variables map[string]any) []string {
	scopes := []string{}
	for _, need := range b.rules.Demand(r.Operation(), variables).Scopes {
		scopes = append(scopes, need.Scope)
	}
	slices.Sort(scopes)
	return scopes
}

func needs(scopes []string) string {
	switch len(scopes) {
	case 0:
		return "Any key will do."
	case 1:
		return "The key needs the scope " + listing(scopes) + "."
	}
	return "The key needs the scopes " + listing(scopes) + "; with `fields`, those of what it picks."
}

// endOf says what becomes of a deprecated route.
func endOf(r *contract.Route) string {
	if r.Deprecated.IsZero() {
		return ""
	}
	text := "Deprecated since " + r.Deprecated.Format(time.DateOnly)
	if !r.Sunset.IsZero() {
		text += ", gone from " + r.Sunset.Format(time.DateOnly)
	}
	if r.Successor != "" {
		text += ": use " + r.Successor
	}
	return text + "."
}
