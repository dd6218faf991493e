package odootest

var saleOrder = []string{"sale.order"}

// writeMethods are the methods that change records.
var writeMethods = []method{
	{name: "create", onModel: true, run: (*call).createRecords, params: []param{need("vals_list")}},
	{name: "write", run: (*call).writeRecords, params: []param{need("vals")}},
	{name: "unlink", run: (*call).unlinkRecords},
	{name: "web_save", class: web, versions: since(v17), run: (*call).webSave,
		params: []param{need("vals"), need("specification"), opt("next_id", nil)}},
	{name: "action_archive", class: base, run: (*call).archive},
	{name: "action_unarchive", class: base, run: (*call).unarchive},
	{name: "toggle_active", class: base, run: (*call).toggleActive},

	{name: "action_confirm", models: saleOrder, run: (*call).confirm},
	{name: "action_cancel", models: saleOrder, run: (*call).cancel},
	{name: "action_draft", models: saleOrder, run: (*call).draft},
	{name: "action_quotation_sent", models: saleOrder, run: (*call).sent},
	{name: "action_quotation_send", models: saleOrder, run: (*call).send},
	{name: "message_post_with_template", models: saleOrder, versions: until(16), run: (*call).postWithTemplate,
		params: []param{need("template_id"), opt("email_layout_xmlid", nil), opt("auto_commit", false), opt("composition_mode", nil)}},
	{name: "message_post_with_source", models: saleOrder, versions: since(v17), class: "MailThread", run: (*call).postWithSource,
		params: []param{need("source_ref"), opt("subtype_xmlid", false), opt("email_layout_xmlid", nil)}},
	{name: "action_done", models: saleOrder, versions: until(16), run: (*call).lockOld},
	{name: "action_lock", models: saleOrder, versions: since(v17), run: (*call).lock},
	{name: "action_unlock", models: saleOrder, versions: until(16), run: (*call).unlockOld},
	{name: "action_unlock", models: saleOrder, versions: since(v17), run: (*call).unlock},
}
