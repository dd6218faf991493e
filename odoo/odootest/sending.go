package odootest

import "fmt"

// checkObjectReference finds the record of an external id: its model and its id,
// false when the caller does not see it.
func (c *call) checkObjectReference() (any, error) {
	name := fmt.Sprintf("%v.%v", c.args["module"], c.args["xml_id"])
	model, id := c.external(name)
	if model == "" {
		return nil, raise("ValueError", "External ID not found in the system: %s", name)
	}
	t := c.tables[model]
	if t.rows[id] != nil && c.mayRead(t) {
		return []any{model, id}, nil
	}
	if truthy(c.args["raise_on_access_error"]) {
		return nil, raise("NotImplementedError", "the stand-in knows no refusal of an external id")
	}
	return []any{model, false}, nil
}

// external returns the record of an external id such as "sale.template".
func (e *env) external(name string) (model string, id int64) {
	t := e.tables["ir.model.data"]
	for _, r := range t.sorted {
		if fmt.Sprintf("%v.%v", t.get(r, "module"), t.get(r, "name")) == name {
			model, _ = t.get(r, "model").(string)
			id, _ = t.get(r, "res_id").(int64)
			return model, id
		}
	}
	return "", 0
}

// postWithTemplate posts a message made of a template on the first order, up to 16.
func (c *call) postWithTemplate() (any, error) {
	mode := c.args["composition_mode"]
	if !truthy(mode) && len(c.ids) != 1 {
		mode = "mass_mail"
	}
	if truthy(mode) && mode != "comment" && mode != "mass_mail" {
		return nil, raise("ValueError", "Wrong value for mail.compose.message.composition_mode: %s", pythonRepr(mode))
	}
	if err := c.composerTemplate(c.args["template_id"]); err != nil {
		return nil, err
	}
	if mode == "mass_mail" { // mails only: the order does not hear of it
		return nil, nil
	}
	rows, err := c.onOrders()
	switch exception, ok := err.(*Exception); {
	case ok:
		return nil, UserError("Failed to render template : " + exception.Message)
	case err != nil:
		return nil, err
	case len(rows) == 0:
		return nil, UserError("Failed to render template : Expected singleton: res.currency()")
	}
	_, err = c.post(rows[:1])
	return nil, err
}

// composerTemplate refuses a template that is not there as the wizard's table does.
func (c *call) composerTemplate(v any) error {
	id, ok := v.(int64)
	switch {
	case !truthy(v), ok && c.tables["mail.template"].rows[id] != nil:
		return nil
	case ok:
		return ValidationError("The operation cannot be completed: another model requires the record being deleted. " +
			"If possible, archive it instead.\n\nModel: Email composition wizard (mail.compose.message), " +
			"Constraint: mail_compose_message_template_id_fkey")
	}
	text, _ := v.(string)
	if _, err := idText(text); err != nil {
		return err
	}
	return raise("NotImplementedError", "the stand-in knows templates by number only")
}

// postWithSource posts a message made of a template on each order, since 17, and
// answers with the ids of the messages. A genuine server needs wkhtmltopdf for the
// templates that attach a document, and refuses without.
func (c *call) postWithSource() (any, error) {
	source, ok := c.args["source_ref"].(string)
	if !ok {
		v := c.args["source_ref"]
		return nil, raise("ValueError", "Invalid template or view source %s (type <class '%s'>), should be a record or an XMLID",
			pythonRepr(v), pythonType(v))
	}
	if model, _ := c.external(source); model != "mail.template" {
		return nil, raise("ValueError", "Invalid template or view source Xml ID %s does not exist anymore", source)
	}
	rows, err := c.onOrders()
	if err != nil {
		return nil, err
	}
	return c.post(rows)
}

// post notes that a message was posted on orders. In the context of a sending a
// quotation becomes a sent one.
func (c *call) post(orders []*row) ([]any, error) {
	mark, _ := c.context.get("mark_so_as_sent")
	messages := []any{}
	for _, r := range orders {
		c.messages.last++
		messages = append(messages, int64(c.messages.last))
		if !truthy(mark) || c.stateOf(r) != "draft" {
			continue
		}
		if err := c.update(c.table, []any{r.id}, dict{{"state", "sent"}}); err != nil {
			return nil, err
		}
	}
	return messages, nil
}
