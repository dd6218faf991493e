package odootest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/odoo/odootest"
)

// Since 17 a quotation that is sent answers with the messages. It is not recorded:
// a genuine server needs wkhtmltopdf to attach the document.
func TestSentQuotation(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		if version < 17 {
			t.Skip("recorded")
		}
		ids := e.result(t, "admin", "sale.order", "search", list{list{cond("state", "=", "draft")}}, keys{"limit": 2}).([]any)
		sent := e.result(t, "admin", "sale.order", "message_post_with_source", list{ids, "sale.email_template_edi_sale"},
			keys{"context": keys{"mark_so_as_sent": true}, "subtype_xmlid": "mail.mt_comment"})
		if messages, ok := sent.([]any); !ok || len(messages) != len(ids) {
			t.Errorf("messages of %v: %v", ids, sent)
		}
		states := e.column(t, "admin", "sale.order", "state", list{cond("id", "in", ids)}, nil)
		if diff := cmp.Diff([]any{"sent", "sent"}, states); diff != "" {
			t.Error(diff)
		}
	})
}
