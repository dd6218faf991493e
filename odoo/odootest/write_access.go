package odootest

import (
	"fmt"
	"slices"
	"strings"
)

// An operation is what a right allows.
type operation string

const (
	opRead   operation = "read"
	opWrite  operation = "write"
	opCreate operation = "create"
	opUnlink operation = "unlink"
)

// verbs are what the refusals call the operations.
var verbs = map[operation]string{opRead: "access", opWrite: "modify", opCreate: "create", opUnlink: "delete"}

// salesRights are what a salesperson may do besides reading. A portal user may
// change nothing.
var salesRights = map[string][]operation{
	"res.partner":          {opWrite, opCreate, opUnlink},
	"res.partner.category": {opWrite, opCreate, opUnlink},
	"sale.order":           {opWrite, opCreate},
	"sale.order.line":      {opWrite, opCreate, opUnlink},
	"crm.tag":              {opWrite, opCreate},
}

// allowed tells whether the caller may do this to records of a model at all.
func (e *env) allowed(t *table, op operation) bool {
	switch {
	case e.super || e.user.role == roleAdmin:
		return true
	case op == opRead:
		return e.mayRead(t)
	}
	return e.user.role == roleSales && slices.Contains(salesRights[t.name], op)
}

// checkRight refuses an operation on a model.
func (e *env) checkRight(t *table, op operation) error {
	if op == opRead {
		return e.checkModel(t)
	}
	if e.allowed(t, op) {
		return nil
	}
	return AccessError(fmt.Sprintf("You are not allowed to %s '%s' (%s) records.\n\n"+
		"This operation is allowed for the following groups:\n\t- %s\n\n"+
		"Contact your administrator to request access if necessary.",
		verbs[op], t.description, t.name, strings.Join(e.groupsFor(t, op), "\n\t- ")))
}

// groupsFor names the groups that may do what is refused.
func (e *env) groupsFor(t *table, op operation) []string {
	switch {
	case t.name == "res.partner" && op == opCreate && e.series >= v19:
		return []string{"Contact/Creation", "Sales/Administrator"}
	case t.name == "res.partner" && op == opCreate:
		return []string{"Extra Rights/Contact Creation", "Sales/Administrator", "Sales/Administrator"}
	case strings.HasPrefix(t.name, "res.partner") && e.series >= v19:
		return []string{"Contact/Creation"}
	case strings.HasPrefix(t.name, "res.partner"):
		return []string{"Extra Rights/Contact Creation"}
	case t.name == "sale.order.line":
		return []string{"Sales/User: Own Documents Only"}
	case t.name == "sale.order" && op == opUnlink, t.name == "crm.tag" && op == opUnlink:
		return []string{"Sales/Administrator"}
	case t.name == "sale.order", t.name == "crm.tag":
		return []string{"Sales/Administrator", "Sales/User: Own Documents Only"}
	case t.name == "res.company" && e.series >= v19, t.name == "res.users" && e.series >= v19:
		return []string{"Access Rights"}
	case t.name == "res.company", t.name == "res.users":
		return []string{"Administration/Access Rights"}
	case e.series >= v19:
		return []string{"Role / Administrator"}
	}
	return []string{"Administration/Settings"}
}

// checkFields refuses fields that the caller may not use; unknown ones pass.
func (e *env) checkFields(t *table, vals dict) error {
	for _, m := range vals {
		f := t.fields[m.key]
		if f == nil || e.mayUse(f) {
			continue
		}
		denied := e.fieldDenied(f)
		if exception, ok := denied.(*Exception); ok && e.series < v17 {
			exception.Message = strings.Replace(exception.Message, "Operation: read", "Operation: write", 1)
		}
		return denied
	}
	return nil
}

// unknownField complains about a field that the model lacks.
func (e *env) unknownField(t *table, vals dict, creating bool) error {
	for _, m := range vals {
		switch {
		case t.fields[m.key] != nil:
		case e.series < v19:
			return raise("ValueError", "Invalid field '%s' on model '%s'", m.key, t.name)
		case t.name == "res.partner" && !creating:
			return raise("KeyError", "%s", m.key)
		default:
			return raise("ValueError", "Invalid field '%s' in '%s'", m.key, t.name)
		}
	}
	return nil
}

// understood refuses models of whose changes the stand-in knows only half: what
// else they change would be missing without a sign.
func (e *env) understood(t *table) error {
	switch t.name {
	case "account.move", "account.move.line", "account.tax", "res.users", "res.users.apikeys", "res.company", "res.lang",
		"res.currency", "product.product":
		return raise("NotImplementedError", "the stand-in does not know what changes with a %s", t.name)
	}
	return nil
}
