package diagnosis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"odoograph/apierror"
	"odoograph/loaders"
	"odoograph/odoo"
)

// fit looks at what of the schema this Odoo has and the user may read.
func (o *Odoo) fit(ctx context.Context, session *odoo.Session) []Finding {
	binding, err := o.schema.Bind(ctx, session)
	if err != nil {
		return append([]Finding{{
			Check: "odoo-fields", Level: Error, Found: "Odoo does not say which fields it has", Cause: err.Error(),
			Fix: "see whether the user is an internal one, and look into Odoo's log at this time",
		}}, notTried("Odoo does not say which fields it has", "odoo-rights", "odoo-modules")...)
	}
	findings := rights(ctx, session, binding.Gaps)
	findings = append(findings, modules(binding.Gaps)...)
	return append(findings, fields(binding.Gaps)...)
}

// right is the right to read what most clients ask for.
type right struct {
	model, what, group string
	level              Level // of its lack
}

var neededRights = []right{
	{"res.partner", "partners", `User Type "Internal User"`, Error},
	{"sale.order", "sale orders", `Sales: "User: Own Documents Only", or "User: All Documents" for those of everybody`, Error},
	{"product.product", "products", `User Type "Internal User"`, Error},
	{"account.move", "invoices", `Invoicing (Accounting in Odoo 14 to 16): "Billing" or "Invoicing"`, Warning},
}

// rights looks what the user may read.
func rights(ctx context.Context, session *odoo.Session, gaps []loaders.Gap) []Finding {
	var findings []Finding
	var readable []string
	for _, r := range neededRights {
		if slices.ContainsFunc(gaps, func(g loaders.Gap) bool { return g.Model == r.model && g.Field == "" }) {
			continue // no module, so no right
		}
		_, err := session.Do(ctx, odoo.Call{Model: r.model, Method: "search", Args: map[string]any{"domain": []any{}, "limit": 1}, Positional: []string{"domain"}})
		switch {
		case err == nil:
			readable = append(readable, r.what)
		case apierror.CodeOf(err) == apierror.Forbidden:
			findings = append(findings, Finding{
				Check: "odoo-rights", Level: r.level, Found: "the user may not read " + r.what, Cause: "in Odoo it is in no group that may read " + r.model,
				Fix: "give it the group " + r.group + " (Odoo: Settings, Users & Companies, Users, the user), or leave the scopes of " + r.what + " out of the gateway's keys",
			})
		default:
			findings = append(findings, Finding{
				Check: "odoo-rights", Level: Error, Found: "Odoo failed to read " + r.what, Cause: err.Error(), Fix: "look into Odoo's log at this time",
			})
		}
	}
	if len(readable) > 0 {
		findings = append(findings, ok("odoo-rights", "the user may read %s", strings.Join(readable, ", ")))
	}
	return findings
}

// apps are the names under which people find modules in Odoo's Apps.
var apps = map[string]string{
	"sale": "Sales (sale_management)", "account": "Invoicing (account)", "product": "Sales (sale_management), which brings products",
	"sales_team": "Sales (sale_management)", "uom": "Sales (sale_management)",
}

// modules finds the modules that are missing as a whole.
func modules(gaps []loaders.Gap) []Finding {
	types := map[string][]string{}
	var names []string
	for _, gap := range gaps {
		if gap.Field != "" {
			continue
		}
		if types[gap.Module] == nil {
			names = append(names, gap.Module)
		}
		types[gap.Module] = append(types[gap.Module], gap.Type)
	}
	if len(names) == 0 {
		return []Finding{ok("odoo-modules", "all that the schema needs are installed")}
	}
	var findings []Finding
	for _, module := range names {
		app := apps[module]
		if app == "" {
			app = "the module " + module
		}
		findings = append(findings, Finding{
			Check: "odoo-modules", Level: Error, Found: fmt.Sprintf("the module %s is not installed: %s cannot be served", module, strings.Join(types[module], ", ")),
			Cause: "the models behind them come with that module", Fix: "install " + app + " in Odoo's Apps, or do without: all else is served",
		})
	}
	return findings
}

// fields finds what of the types that there are is missing. What reads as null is
// mostly of another version of Odoo, so that there is nothing to be done.
func fields(gaps []loaders.Gap) []Finding {
	var findings []Finding
	var absent []string
	for _, gap := range gaps {
		switch {
		case gap.Field == "":
		case gap.Severe:
			findings = append(findings, Finding{
				Check: "odoo-fields", Level: Error, Found: fmt.Sprintf("%s.%s cannot be served", gap.Type, gap.Field),
				Cause: fmt.Sprintf("the field %s of %s %s", gap.Names, gap.Model, gap.Reason),
				Fix:   fmt.Sprintf("see whether the user may read it, and whether the module %s is installed and up to date in Odoo's Apps", gap.Module),
			})
		default:
			absent = append(absent, gap.Type+"."+gap.Field)
		}
	}
	if len(absent) > 0 {
		findings = append(findings, Finding{
			Check: "odoo-fields", Level: Note, Found: "these read as null: " + strings.Join(absent, ", "),
			Cause: "this version of Odoo lacks them, or its user may not see them",
		})
	}
	if len(findings) == 0 {
		findings = append(findings, ok("odoo-fields", "the schema is complete"))
	}
	return findings
}
