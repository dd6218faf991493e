package odootest

import (
	"slices"
)

// An env is what a call runs in: who calls, in which language and companies.
type env struct {
	*state
	user       *account
	super      bool // past access rights, as Odoo's sudo()
	lang       string
	activeTest bool
	companies  []int64
	context    dict
	rules      map[*table]func(*row) bool // compiled record rules
}

// rootEnv sees everything.
func (st *state) rootEnv() *env {
	return &env{state: st, super: true, activeTest: false, rules: map[*table]func(*row) bool{}}
}

// sudo is the same env past access rights.
func (e *env) sudo() *env {
	other := *e
	other.super, other.rules = true, map[*table]func(*row) bool{}
	return &other
}

// withArchived is the same env that shows archived records too.
func (e *env) withArchived() *env {
	if !e.activeTest {
		return e
	}
	other := *e
	other.activeTest = false
	return &other
}

// newEnv makes the env of a call from its context.
func (st *state) newEnv(user *account, context dict) (*env, error) {
	e := &env{state: st, user: user, activeTest: true, rules: map[*table]func(*row) bool{}}
	return e.withContext(context)
}

// withContext applies the keys of a context to a copy.
func (e *env) withContext(context dict) (*env, error) {
	other := *e
	other.context = append(slices.Clip(e.context), context...)
	if lang, ok := context.get("lang"); ok {
		other.lang, _ = lang.(string)
	}
	if v, ok := context.get("active_test"); ok {
		other.activeTest = truthy(v)
	}
	other.companies = e.companies
	if other.companies == nil {
		other.companies = e.user.companies
	}
	if v, ok := context.get("allowed_company_ids"); ok && truthy(v) {
		list, _ := v.([]any)
		var ids []int64
		for _, item := range list {
			id, ok := item.(int64)
			if !ok || !slices.Contains(e.user.companies, id) {
				return nil, AccessError("Access to unauthorized or invalid companies.")
			}
			ids = append(ids, id)
		}
		if ids == nil {
			return nil, AccessError("Access to unauthorized or invalid companies.")
		}
		other.companies = ids
		other.rules = map[*table]func(*row) bool{}
	}
	return &other, nil
}

// mayWorkFor tells whether the caller may use a company.
func (e *env) mayWorkFor(company int64) bool { return slices.Contains(e.user.companies, company) }

// checkLang refuses a language that is not installed, as Odoo does since 17 as
// soon as a call needs the language; 14 takes it for none.
func (e *env) checkLang() error {
	if e.lang == "" || e.series < v17 || e.installed(e.lang) {
		return nil
	}
	return UserError("Invalid language code: " + e.lang)
}

func (e *env) installed(lang string) bool {
	t := e.tables["res.lang"]
	for _, r := range t.sorted {
		if r.raw(t.fields["code"]) == lang && r.raw(t.fields["active"]) == true {
			return true
		}
	}
	return false
}

// truthy is Python's bool().
func truthy(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case int64:
		return v != 0
	case float64:
		return v != 0
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case dict:
		return len(v) > 0
	}
	return true
}
