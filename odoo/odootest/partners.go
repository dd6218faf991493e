package odootest

import (
	"slices"
	"strings"
)

// What a contact shares with its company: the address, and what only the company
// has of its own.
var (
	addressFields    = []string{"street", "street2", "zip", "city", "state_id", "country_id"}
	commercialFields = []string{"vat", "property_payment_term_id", "property_account_position_id"}
)

func preparePartner(e *env, vals *dict) error {
	t := e.tables["res.partner"]
	var lang any = "en_US"
	if e.lang != "" && e.installed(e.lang) {
		lang = e.lang
	}
	if parent := t.rows[vals.id("parent_id")]; parent != nil && e.series >= v17 {
		if l := t.get(parent, "lang"); l != nil {
			lang = l
		}
		company, _ := vals.get("is_company")
		if user := t.get(parent, "user_id"); user != nil && !truthy(company) {
			vals.missing("user_id", user)
		}
	}
	vals.missing("lang", lang)
	return nil
}

func guardPartner(e *env, rows []*row, vals dict) error {
	if active, ok := vals.get("active"); ok && active == false {
		if err := e.usersForbid(rows, "archive", "You first need to archive their associated user."); err != nil {
			return err
		}
	}
	company := vals.id("company_id")
	users := e.tables["res.users"]
	for _, r := range rows {
		for _, u := range e.usersOf(r) {
			if company != 0 && users.get(u, "company_id") != company {
				return UserError("The selected company is not compatible with the companies of the related user(s)")
			}
		}
	}
	return nil
}

// usersOf are the active users that a partner stands for.
func (e *env) usersOf(r *row) []*row {
	users := e.tables["res.users"]
	return slices.DeleteFunc(slices.Clone(e.pointing(users.fields["partner_id"], r.id)), func(u *row) bool {
		return users.get(u, "active") != true
	})
}

// usersForbid refuses to archive or delete partners that users need.
func (e *env) usersForbid(rows []*row, what, advice string) error {
	var names []string
	for _, r := range rows {
		for _, u := range e.usersOf(r) {
			names = append(names, e.displayName(e.tables["res.users"], u))
		}
	}
	switch {
	case names == nil:
		return nil
	case e.series < v17 && what == "archive":
		return ValidationError("You cannot archive a contact linked to an internal user.")
	case e.series < v17:
		return nil // the database refuses
	case e.user.role != roleAdmin:
		return ValidationError("You cannot " + what + " contacts linked to an active user.\n" +
			"Ask an administrator to archive their associated user first.\n\nLinked active users :\n" + strings.Join(names, ", "))
	}
	return &Exception{classRedirectWarning, "You cannot " + what + " contacts linked to an active user.\n" + advice +
		"\n\nLinked active users : " + strings.Join(names, ", ")}
}

func partnerLeaving(e *env, rows []*row) error {
	err := e.usersForbid(rows, "delete", "You should rather archive them after archiving their associated user.")
	if err != nil || e.series < v17 {
		return err
	}
	moves := e.tables["account.move"]
	for _, r := range rows {
		for _, move := range e.pointing(moves.fields["partner_id"], r.id) {
			if moves.get(move, "state") != "cancel" {
				return UserError("The partner cannot be deleted because it is used in Accounting")
			}
		}
	}
	return nil
}

func partnerWrote(e *env, r, before *row, vals dict) error {
	t := e.tables["res.partner"]
	if site, _ := t.get(r, "website").(string); vals.has("website") && site != "" && !strings.Contains(site, "://") {
		t.setNamed(r, "website", "http://"+site)
	}
	if name, ok := vals.get("display_name"); ok && before != nil && e.series < v17 {
		text, _ := name.(string)
		t.setDisplayName(r, text) // 14 has it in a column, where it stays as written
	} else if r.named != "" && vals.has("name", "parent_id", "is_company", "type") {
		t.setDisplayName(r, "")
	}
	if vals.has("parent_id") && t.loops(r, "parent_id") {
		return ValidationError("You cannot create recursive Partner hierarchies.")
	}
	if vals.has("company_id") && before != nil {
		for _, child := range e.contacts(r) {
			e.recompute(t, child, Values{"company_id": t.get(r, "company_id")})
		}
	}
	e.syncPartner(r, vals)
	if before == nil {
		e.firstContact(r)
	}
	return nil
}

// contacts are the active children of a partner.
func (e *env) contacts(r *row) []*row {
	t := e.tables["res.partner"]
	return slices.DeleteFunc(slices.Clone(e.pointing(t.fields["parent_id"], r.id)), func(child *row) bool {
		return t.get(child, "active") != true
	})
}
