package mutation

import (
	"context"
	"slices"

	"odoograph/odoo"
)

// Action is a step in the life of a sale order.
type Action struct {
	// from are the states, as Odoo has them, in which it can be done.
	from []string
	// locked tells whether it is for locked orders, or for those that are not.
	locked bool
	// reached tells of an order that is where the action would bring it.
	reached func(o orderState) bool
	wrong   string // why it cannot be done from another state
	call    func(ctx context.Context, c *change, id int64) (odoo.Call, error)
}

// orderState is how far an order has come.
type orderState struct {
	state  string // one of Odoo's keys; "sale" for a locked order of Odoo up to 16, too
	locked bool
}

// method returns a call of a method of the order.
func method(name string) func(context.Context, *change, int64) (odoo.Call, error) {
	return func(_ context.Context, _ *change, id int64) (odoo.Call, error) {
		// Without the word in the context some versions answer with a question.
		return odoo.Call{Model: "sale.order", Method: name, IDs: []int64{id}, Context: map[string]any{"disable_cancel_warning": true}}, nil
	}
}

// The actions.
var ( //nolint:gochecknoglobals // constants
	Confirm = Action{
		from: []string{"draft", "sent"}, wrong: "Only a quotation can be confirmed.",
		reached: func(o orderState) bool { return o.state == "sale" }, call: method("action_confirm"),
	}
	Cancel = Action{
		from: []string{"draft", "sent", "sale"}, wrong: "The order is cancelled already, or locked.",
		reached: func(o orderState) bool { return o.state == "cancel" }, call: method("action_cancel"),
	}
	ResetToDraft = Action{
		from: []string{"cancel", "sent"}, wrong: "Only a cancelled order, or a quotation that was sent, can begin again.",
		reached: func(o orderState) bool { return o.state == "draft" }, call: method("action_draft"),
	}
	Send = Action{
		from: []string{"draft", "sent", "sale"}, wrong: "A cancelled or locked order is not sent.",
		call: sendCall,
	}
	Lock = Action{
		from: []string{"sale"}, wrong: "Only a confirmed order that is not locked can be locked.",
		reached: func(o orderState) bool { return o.locked },
		call: func(ctx context.Context, c *change, id int64) (odoo.Call, error) {
			if c.session.Version().Major < 17 {
				return method("action_done")(ctx, c, id)
			}
			return method("action_lock")(ctx, c, id)
		},
	}
	Unlock = Action{
		from: []string{"sale"}, locked: true, wrong: "The order is not locked.",
		reached: func(o orderState) bool { return !o.locked }, call: method("action_unlock"),
	}
)

// Act takes a step with the order that the input names.
func Act[T any, P entity[T]](ctx context.Context, action Action) (*Payload[T], error) {
	return run[T, P](ctx, saleOrder, 1, func(ctx context.Context, c *change) (*odoo.Saved, error) {
		t, err := c.request.Type(saleOrder)
		if err != nil {
			return nil, err
		}
		fields := []string{"state"}
		if t.Model().HasField("locked") {
			fields = append(fields, "locked")
		}
		order, err := c.subject(ctx, t, "order", fields...)
		if order == nil {
			return nil, err
		}
		saved, now := &odoo.Saved{IDs: []int64{order.id}}, stateOf(order)
		if c.attempt.interrupted() {
			if action.reached == nil {
				return nil, c.unsure()
			}
			if action.reached(now) {
				return saved, nil
			}
		}
		if !slices.Contains(action.from, now.state) || now.locked != action.locked {
			c.fail(argument.to("order"), WrongState, "%s", action.wrong)
			return nil, nil
		}
		if err := c.attempt.again(ctx); err != nil {
			return nil, err
		}
		call, err := action.call(ctx, c, order.id)
		if err != nil {
			return nil, err
		}
		result, err := c.session.Change(ctx, call)
		if err != nil {
			return nil, c.refused(ctx, t, err)
		}
		c.written = true
		if question, asked := result.(*odoo.Object); asked && question.Get("res_model") != nil {
			c.fail(argument, ForbiddenByRule, "This Odoo asks a person to decide: do it there.")
			return nil, nil
		}
		return saved, nil
	})
}

func stateOf(order *current) orderState {
	var o orderState
	o.state, _ = order.values["state"].(string)
	o.locked, _ = order.values["locked"].(bool)
	if o.state == "done" { // up to 16
		o.state, o.locked = "sale", true
	}
	return o
}

// sendCall sends the order by the template that the company has for it.
func sendCall(ctx context.Context, c *change, id int64) (odoo.Call, error) {
	call := odoo.Call{Model: "sale.order", IDs: []int64{id}, Context: map[string]any{"mark_so_as_sent": true}}
	const module, template = "sale", "email_template_edi_sale"
	if c.session.Version().Major >= 17 {
		call.Method, call.Positional = "message_post_with_source", []string{"source_ref"}
		call.Args = map[string]any{
			"source_ref": module + "." + template, "subtype_xmlid": "mail.mt_comment",
			"email_layout_xmlid": "mail.mail_notification_layout_with_responsible_signature",
		}
		return call, nil
	}
	found, err := c.session.Do(ctx, odoo.Call{
		Model: "ir.model.data", Method: "check_object_reference", Positional: []string{"module", "xml_id"},
		Args: map[string]any{"module": module, "xml_id": template},
	})
	if err != nil {
		return call, err
	}
	pair, _ := found.([]any)
	if len(pair) != 2 {
		return call, odoo.Unexpected("check_object_reference", found)
	}
	call.Method, call.Positional = "message_post_with_template", []string{"template_id"}
	call.Args = map[string]any{
		"template_id": pair[1], "composition_mode": "comment", "email_layout_xmlid": "mail.mail_notification_paynow",
	}
	return call, nil
}
