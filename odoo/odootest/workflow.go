package odootest

// onOrders returns the rows of the orders that a call is about, which it may
// read.
func (c *call) onOrders() ([]*row, error) {
	rows, err := c.existing(c.table, c.ids)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		if r == nil {
			id, _ := c.ids[i].(int64)
			return nil, missingRecord(c.table.name, id, c.user.id)
		}
	}
	if err := c.checkModel(c.table); err != nil {
		return nil, err
	}
	return rows, c.checkRules(c.table, rows)
}

// state of an order.
func (c *call) stateOf(r *row) any { return c.table.get(r, "state") }

// confirm makes sales orders of quotations. 14 confirms a sales order again.
func (c *call) confirm() (any, error) {
	rows, err := c.onOrders()
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		state := c.stateOf(r)
		switch {
		case c.series < v17 && (state == "done" || state == "cancel"):
			return nil, UserError("It is not allowed to confirm an order in the following states: cancel, done")
		case c.series < v17:
		case state != "draft" && state != "sent":
			return nil, UserError("Some orders are not in a state requiring confirmation.")
		case c.lacksProduct(r) && c.series < v19:
			return nil, UserError("A line on these orders missing a product, you cannot confirm it.")
		case c.lacksProduct(r):
			return nil, UserError("Some order lines are missing a product, you need to correct them before going further.")
		}
	}
	return true, c.update(c.table, c.ids, dict{{"state", "sale"}, {"date_order", c.timestamp()}})
}

func (c *call) lacksProduct(order *row) bool {
	lines := c.tables["sale.order.line"]
	for _, line := range c.orderLines(order) {
		if lines.get(line, "display_type") == nil && lines.get(line, "product_id") == nil {
			return true
		}
	}
	return false
}

// cancel cancels orders. Some versions answer with the action of a wizard
// instead, and nothing is cancelled, unless the context forbids it: 14 for
// orders with draft invoices, 17 for all but drafts.
func (c *call) cancel() (any, error) {
	rows, err := c.onOrders()
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if c.series >= v17 && c.isLocked(r) {
			return nil, UserError("You cannot cancel a locked order. Please unlock it first.")
		}
	}
	quiet, _ := c.context.get("disable_cancel_warning")
	for _, r := range rows {
		if !truthy(quiet) && c.asksFirst(r) {
			return c.cancelWizard(r), nil
		}
	}
	return true, c.update(c.table, c.ids, dict{{"state", "cancel"}})
}

func (c *call) asksFirst(order *row) bool {
	if c.series >= v19 {
		return false
	}
	if c.series >= v17 {
		return c.stateOf(order) != "draft"
	}
	moves := c.tables["account.move"]
	for _, id := range c.orderInvoices(c.table, order) {
		if moves.get(moves.rows[id], "state") == "draft" {
			return true
		}
	}
	return false
}

func (c *call) cancelWizard(order *row) dict {
	name := "Cancel Sales Order"
	if c.series >= v17 && !c.confirmed(order) {
		name = "Cancel Quotation"
	}
	return dict{
		{"name", name}, {"view_mode", "form"}, {"res_model", "sale.order.cancel"}, {"view_id", int64(1)},
		{"type", "ir.actions.act_window"}, {"context", dict{{"default_order_id", order.id}}}, {"target", "new"},
	}
}

// draft makes quotations again of what was cancelled or sent; others stay.
func (c *call) draft() (any, error) {
	rows, err := c.onOrders()
	if err != nil {
		return nil, err
	}
	ids := []any{}
	for _, r := range rows {
		if state := c.stateOf(r); state == "cancel" || state == "sent" {
			ids = append(ids, r.id)
		}
	}
	return true, c.update(c.table, ids, dict{{"state", "draft"}, {"signed_by", false}, {"signed_on", false}})
}

// sent marks quotations as sent without sending anything.
func (c *call) sent() (any, error) {
	rows, err := c.onOrders()
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if c.stateOf(r) != "draft" {
			return nil, UserError("Only draft orders can be marked as sent directly.")
		}
	}
	return nil, c.update(c.table, c.ids, dict{{"state", "sent"}})
}

// send would open the wizard that sends mail.
func (c *call) send() (any, error) {
	return nil, raise("NotImplementedError", "the stand-in sends no mail; action_quotation_sent marks a quotation as sent")
}

func (c *call) lock() (any, error)   { return nil, c.update(c.table, c.ids, dict{{"locked", true}}) }
func (c *call) unlock() (any, error) { return nil, c.update(c.table, c.ids, dict{{"locked", false}}) }

// lockOld and unlockOld are those of 14, where locked is a state.
func (c *call) lockOld() (any, error) { return true, c.update(c.table, c.ids, dict{{"state", "done"}}) }
func (c *call) unlockOld() (any, error) {
	return nil, c.update(c.table, c.ids, dict{{"state", "sale"}})
}
