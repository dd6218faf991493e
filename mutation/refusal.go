package mutation

import (
	"context"
	"errors"
	"slices"
	"strings"

	"odoograph/apierror"
	"odoograph/loaders"
	"odoograph/odoo"
)

// refused makes user errors of what Odoo refused, and returns all other errors as
// they are. The values are those that were written to records of the type.
func (c *change) refused(ctx context.Context, t loaders.Type, err error, values ...map[string]any) error {
	code := apierror.CodeOf(err)
	if code == apierror.BadUserInput { // the client of Odoo could not put it into words
		c.fail(argument, Invalid, "%s", apierror.Public(err).Message)
		return nil
	}
	refusal, ok := odoo.RefusalOf(err)
	if !ok || errors.Is(err, odoo.ErrOutcomeUnknown) {
		return err
	}
	// In what words Odoo says so depends on its version, protocol and language.
	before := len(c.errors)
	if err := c.findMissing(ctx); err != nil {
		return err
	}
	if len(c.errors) > before {
		return nil
	}
	switch refusal.Kind {
	case odoo.Dangling:
		refusal.Kind = odoo.InUse // not a reference of ours, so one of others
	case odoo.Invalid, odoo.Rule:
		// Up to 14 Odoo says no more of a missing value than its name.
		if blank(t.Model(), refusal.Names, values) {
			refusal.Kind = odoo.Blank
		}
	}
	c.fail(c.blame(refusal), kinds[refusal.Kind], "%s", apierror.Public(err).Message)
	return nil
}

var kinds = map[odoo.RefusalKind]UserErrorCode{ //nolint:gochecknoglobals // constant
	odoo.Rule: ForbiddenByRule, odoo.Invalid: Invalid, odoo.Taken: Taken, odoo.Blank: Blank,
	odoo.Dangling: NotFound, odoo.InUse: InUse,
}

// blank tells whether a name is of a field that must have a value and is given none.
func blank(model *odoo.Model, names []string, values []map[string]any) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		field := model.Fields[name]
		return field != nil && field.Required && !slices.ContainsFunc(values, func(v map[string]any) bool {
			value, given := v[name]
			return given && value != false
		})
	})
}

// blame returns the place in the input of the field that a refusal names, if only
// one sets it; the only place that sets any; or the argument as a whole.
func (c *change) blame(refusal odoo.Refusal) path {
	columns := slices.Clone(c.columns)
	for _, k := range c.keys {
		if k.column != "" {
			columns = append(columns, column{k.column, k.at})
		}
	}
	if len(columns) == 1 {
		return columns[0].at
	}
	for _, name := range refusal.Names {
		var at []path
		for _, column := range columns {
			if name == column.name || strings.HasSuffix(name, "_"+column.name+"_fkey") {
				at = append(at, column.at)
			}
		}
		if len(at) == 1 {
			return at[0]
		}
	}
	return argument
}

// findMissing adds a user error for each reference whose record is not there: those
// by id are written without a look.
func (c *change) findMissing(ctx context.Context) error {
	byType := map[string][]*key{}
	for _, k := range c.keys {
		if k.value == "" && !k.unchecked {
			byType[k.typ.Name()] = append(byType[k.typ.Name()], k)
		}
	}
	for _, keys := range byType {
		if err := c.verify(odoo.WithoutReference(ctx), keys); err != nil {
			return err
		}
	}
	return nil
}
