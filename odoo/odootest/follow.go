package odootest

// follows tells, for many2ones whose record Odoo reads while it stores them, on
// writing and on creating: a missing one is then a MissingError, where it is
// otherwise a broken foreign key.
var follows = map[string]struct{ writing, creating span }{
	"res.partner.country_id":               {since(v17), never},
	"res.partner.parent_id":                {span{}, since(v17)},
	"res.partner.property_payment_term_id": {since(v17), since(v17)},
	"sale.order.partner_id":                {since(v17), span{}},
	"sale.order.partner_invoice_id":        {since(v17), never},
	"sale.order.partner_shipping_id":       {since(v17), since(v17)},
	"sale.order.team_id":                   {span{}, never},
	"sale.order.payment_term_id":           {span{}, never},
	"sale.order.pricelist_id":              {span{}, since(v17)},
	"sale.order.company_id":                {since(v17), never},
	"sale.order.line.order_id":             {since(v17), span{}},
	"sale.order.line.product_id":           {span{}, span{}},
	"sale.order.line.product_uom":          {since(v17), span{}},
	"sale.order.line.product_uom_id":       {span{}, span{}},
}

var never = since(99)

// followed looks for the record that a many2one shall lead to. Fields without a
// column of their own, which are kept elsewhere, drop one that is missing.
func (e *env) followed(f *field, v any, creating bool) (any, error) {
	id, ok := v.(int64)
	if !ok || f.kind != "many2one" || e.comodel(f).rows[id] != nil {
		return v, nil
	}
	follow, known := follows[f.qualified()]
	versions := follow.writing
	if creating {
		versions = follow.creating
	}
	switch {
	case known && versions.has(e.series) && id != 0:
		return nil, missingRecord(f.relation, id, e.user.id)
	case !f.stored:
		return nil, nil
	}
	return v, nil
}
