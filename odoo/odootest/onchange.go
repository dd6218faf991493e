package odootest

// onchange answers what follows of an order that is not yet there when the named
// fields get the values given for them: what Odoo's screen fills in, up to 16.
// The answer holds what differs from the values given.
func (c *call) onchange() (any, error) {
	values, ok := c.args["values"].(dict)
	watched, isDict := c.args["field_onchange"].(dict)
	names, err := c.changedNames()
	switch {
	case err != nil:
		return nil, err
	case len(c.ids) > 0 || len(names) == 0 || !ok || !isDict:
		return nil, raise("NotImplementedError", "the stand-in knows onchange of named fields of a new order only")
	}
	for _, name := range names {
		if c.table.fields[name] == nil {
			return dict{}, nil
		}
	}
	for _, name := range names {
		if !values.has(name) {
			return nil, raise("KeyError", "%s", name)
		}
	}
	if err := c.unknownField(c.table, values, true); err != nil {
		return nil, err
	}
	o := &draftOrder{env: c.env, table: c.table, watched: watched, given: map[string]any{}, now: map[string]any{}}
	if err := o.fill(values); err != nil {
		return nil, err
	}
	if err := o.cascade(names); err != nil {
		return nil, err
	}
	return dict{{"value", o.changes()}}, nil
}

// changedNames are the fields that the screen has changed: a list or one name.
func (c *call) changedNames() ([]string, error) {
	if name, ok := c.args["field_name"].(string); ok && name != "" {
		return []string{name}, nil
	}
	return c.names("field_name")
}

// A draftOrder is an order on a screen.
type draftOrder struct {
	*env
	table      *table
	watched    dict
	given, now map[string]any
}

// fill takes the values given, and defaults for those that are not.
func (o *draftOrder) fill(values dict) error {
	defaults := map[string]any{
		"company_id": o.companies[0], "user_id": o.user.id, "team_id": o.teamOf(o.user.id, o.companies[0]), "note": "",
	}
	for _, f := range o.table.list {
		if f.toMany() || f.column < 0 {
			continue
		}
		v := defaults[f.name]
		if given, ok := values.get(f.name); ok {
			var err error
			if v, err = o.stored(f, given, false); err != nil {
				return err
			}
		}
		o.given[f.name], o.now[f.name] = v, v
	}
	return nil
}

// cascade runs what Odoo does at a change of these fields, and at the changes that
// it makes of other watched ones.
func (o *draftOrder) cascade(todo []string) error {
	done := map[string]bool{}
	for len(todo) > 0 {
		for _, name := range todo {
			done[name] = true
			if on, _ := o.watched.get(name); !truthy(on) {
				continue
			}
			if err := o.changed(name); err != nil {
				return err
			}
		}
		todo = nil
		for _, name := range o.watchedNames() {
			if !done[name] && o.now[name] != o.given[name] {
				todo = append(todo, name)
			}
		}
	}
	return nil
}

// watchedNames are those of the watched fields that there are, in the model's order.
func (o *draftOrder) watchedNames() []string {
	var names []string
	for _, f := range o.table.list {
		if o.watched.has(f.name) && !f.toMany() && f.column >= 0 {
			names = append(names, f.name)
		}
	}
	return names
}

func (o *draftOrder) changed(name string) error {
	switch name {
	case "partner_id":
		return o.newCustomer()
	case "partner_shipping_id":
		return o.newDelivery()
	case "user_id":
		if user, ok := o.now["user_id"].(int64); ok {
			o.now["team_id"] = o.teamAfter(user, o.now["team_id"], nil)
		}
	}
	return nil
}

// partner returns the partner of a field, nil if it is empty.
func (o *draftOrder) partner(name string) (*row, error) {
	id, ok := o.now[name].(int64)
	if !ok {
		return nil, nil
	}
	t := o.tables["res.partner"]
	r := t.rows[id]
	if r == nil {
		return nil, missingRecord(t.name, id, o.user.id)
	}
	return r, o.checkRules(t, []*row{r})
}

// newCustomer fills in what an order takes from its customer. The salesperson and
// the team are the customer's, whatever was there before.
func (o *draftOrder) newCustomer() error {
	r, err := o.partner("partner_id")
	if err != nil {
		return err
	}
	if r == nil {
		for _, name := range []string{"partner_invoice_id", "partner_shipping_id", "fiscal_position_id"} {
			o.now[name] = nil
		}
		return nil
	}
	company, ok := o.now["company_id"].(int64)
	if ok && !o.mayWorkFor(company) {
		return AccessError("Access to unauthorized or invalid companies.")
	}
	own := company
	if !ok {
		own = o.companies[0]
	}
	user := o.salesperson(r)
	o.now["partner_invoice_id"], o.now["partner_shipping_id"] = o.addressOf(r, "invoice"), o.addressOf(r, "delivery")
	o.now["pricelist_id"] = o.pricelistOf(r, own)
	o.now["payment_term_id"] = o.tables["res.partner"].get(r, "property_payment_term_id")
	o.now["user_id"] = user
	o.now["team_id"] = o.teamAfter(user, nil, func(of any) bool { return of == nil || ok && of == company })
	return nil
}

// newDelivery fills in the fiscal position, which follows the delivery address.
func (o *draftOrder) newDelivery() error {
	r, err := o.partner("partner_id")
	if r == nil || err != nil {
		o.now["fiscal_position_id"] = nil
		return err
	}
	delivery, err := o.partner("partner_shipping_id")
	if err != nil {
		return err
	}
	if delivery == nil {
		delivery = r
	}
	o.now["fiscal_position_id"] = o.fiscalPosition(r, delivery)
	return nil
}

// teamAfter is the team of a salesperson: the one that he leads, or else the
// current one, or else the first of a company that will do; nil is any.
func (o *draftOrder) teamAfter(user, current any, company func(any) bool) any {
	t := o.tables["crm.team"]
	led := o.firstOf(t, func(r *row) bool { return o.usable(t, r, o.companies[0]) && t.get(r, "user_id") == user })
	switch {
	case led != nil:
		return led
	case current != nil:
		return current
	}
	return o.firstOf(t, func(r *row) bool {
		return t.get(r, "active") == true && (company == nil || company(t.get(r, "company_id")))
	})
}

// changes are the watched values that differ from those given, as read shows them.
func (o *draftOrder) changes() dict {
	changes := dict{}
	for _, name := range o.watchedNames() {
		v := o.now[name]
		if v == o.given[name] {
			continue
		}
		f := o.table.fields[name]
		if id, ok := v.(int64); ok && f.kind == "many2one" {
			co := o.comodel(f)
			v = []any{id, o.displayName(co, co.rows[id])}
		}
		if v == nil {
			v = false
		}
		changes.set(name, v)
	}
	return changes
}
