package odootest

// fiscalPosition is the fiscal position of what goes to a partner at an address:
// that of the address or the partner, or else the one that its country asks for. A
// partner with a tax ID gets one that needs it first.
func (e *env) fiscalPosition(partner, delivery *row) any {
	t := e.tables["res.partner"]
	for _, r := range []*row{delivery, partner} {
		if own := t.get(r, "property_account_position_id"); own != nil {
			return own
		}
	}
	country := t.get(delivery, "country_id")
	if country == nil {
		return nil
	}
	if truthy(t.get(partner, "vat")) {
		if found := e.fiscalPositionIn(country, true); found != nil {
			return found
		}
	}
	return e.fiscalPositionIn(country, false)
}

// fiscalPositionIn is the first one for a country, or else for any.
func (e *env) fiscalPositionIn(country any, vat bool) any {
	t := e.tables["account.fiscal.position"]
	for _, of := range []any{country, nil} {
		found := e.firstOf(t, func(r *row) bool {
			return e.usable(t, r, e.companies[0]) && t.get(r, "auto_apply") == true && (t.get(r, "vat_required") == true) == vat &&
				t.get(r, "country_id") == of
		})
		if found != nil {
			return found
		}
	}
	return nil
}
