package openapi

import "odoograph/apierror"

// The examples of headers and of what the gateway makes up.
const (
	exampleCursor  = "nWzEsIkF6dXJlIl0"
	exampleTag     = `"e8x5w2kq0w.mVYbJ0xEr2kq1sQd"`
	exampleRequest = "SVNHR6JNOUEO5QVKOKYSN4KNEM"
	exampleDate    = "Mon, 02 Mar 2026 09:30:00 GMT"
	exampleWait    = 30
)

var (
	examplePage = Ordered[any]{{"page", 2}, {"limit", 20}, {"total", 143}, {"pages", 8}}
	exampleWalk = Ordered[any]{{"limit", 20}, {"next", exampleCursor}, {"prev", nil}}
)

// examplesByName are what members look like: those of a type first, then those of
// any. What has no example has one by its type.
var examplesByName = map[string]any{
	"Partner.id": 14, "Partner.name": "Azure Interior", "Partner.display_name": "Azure Interior", "Partner.reference": "C-1014",
	"Partner.type": "contact", "Partner.notes": "<p>Takes deliveries before noon.</p>", "partner__name": "Azure Interior", "partner__reference": "C-1014",
	"SaleOrder.id": 42, "SaleOrder.name": "S00042", "SaleOrder.state": "sale", "SaleOrder.invoice_status": "to_invoice",
	"SaleOrder.note": "<p>Delivery within two weeks.</p>", "SaleOrderTag.name": "Fair 2026", "tags__name": "Fair 2026",
	"SaleOrderLine.id": 101, "SaleOrderLine.name": "Large Desk", "SaleOrderLine.display_type": "product",
	"SaleOrderLine.invoice_status": "to_invoice", "SaleOrderLine.product": "FURN_0001",
	"Invoice.id": 77, "Invoice.name": "INV/2026/00042", "Invoice.type": "customer_invoice", "Invoice.state": "posted",
	"Invoice.origin": "S00042", "Invoice.reference": "PO-2026-118", "Invoice.note": "<p>Thank you.</p>",
	"InvoiceLine.id": 201, "InvoiceLine.name": "Large Desk", "InvoiceLine.display_type": "product",
	"Product.id": 23, "Product.name": "Large Desk", "Product.display_name": "[FURN_0001] Large Desk", "Product.reference": "FURN_0001",
	"Country.id": 233, "Country.name": "United States", "Country.code": "US", "country__code": "US", "country__name": "United States",
	"CountryState.id": 13, "CountryState.name": "California", "CountryState.code": "CA", "state__code": "CA",
	"Currency.id": 1, "Currency.name": "USD", "Currency.code": "USD", "Currency.rounding": "0.01",
	"Company.id": 1, "Company.name": "My Company", "User.id": 2, "User.name": "Mitchell Admin", "User.login": "admin",
	"SalesTeam.id": 1, "SalesTeam.name": "Sales", "PartnerTag.id": 3, "PartnerTag.name": "Office Supplies",
	"ProductCategory.id": 5, "ProductCategory.name": "Office Furniture", "category__name": "Office Furniture",
	"UnitOfMeasure.id": 1, "UnitOfMeasure.name": "Units", "Pricelist.id": 1, "Pricelist.name": "Default",
	"PaymentTerm.id": 4, "PaymentTerm.name": "30 Days", "Tax.id": 1, "Tax.name": "15%", "Tax.amount": "15",

	"id": 7, "code": "US", "active": true, "is_company": true, "email": "azure@example.com", "phone": "+1 870 931 0505", "mobile": "+1 870 931 0506",
	"website": "https://azure.example.com", "job_title": "Head of Purchasing", "street": "4557 De Silva St", "street2": "Building 2",
	"city": "Fremont", "zip": "94538", "tax_id": "US12345677", "language": "en_US", "timezone": "America/Los_Angeles",
	"client_reference": "PO-2026-118", "origin": "WEB-5521", "number": "INV/2026/00042", "payment_state": "not_paid",
	"payment_reference": "INV/2026/00042", "barcode": "0601647855633", "list_price": "85", "weight": "9.5", "volume": "0.2",
	"sales_description": "160 x 80 cm, oak", "quantity": "5", "price_unit": "85", "discount": "0", "subtotal": "425", "tax": "63.75", "total": "488.75",
	"amount_untaxed": "425", "amount_tax": "63.75", "amount_total": "488.75", "amount_due": "488.75", "delivered_quantity": "0",
	"invoiced_quantity": "0", "lead_time_days": "2", "sequence": 10, "locked": false, "phone_code": 1, "tax_id_label": "EIN",
	"full_name": "United States dollar", "symbol": "$", "position": "before", "decimal_places": 2, "can_be_sold": true,
}

// examplesByType are those of values that have none by their name.
var examplesByType = map[string]any{
	"Boolean": true, "Int": 1, "Decimal": "100", "Date": "2026-03-31", "DateTime": "2026-03-02T09:30:00Z", "HTML": "<p>A note.</p>", "String": "text",
}

// typicalMembers are those that an example of a body has, beside the ones it must have.
var typicalMembers = []string{
	"name", "is_company", "email", "phone", "street", "city", "zip", "country", "client_reference", "lines", "product", "quantity", "price_unit",
}

// exampleError is what an error says.
type exampleError struct {
	message, field string
	waits          bool
}

// exampleErrors are those of codes whose meaning alone would say too little.
var exampleErrors = map[apierror.Code]exampleError{
	apierror.BadUserInput:          {message: "`limit`: This must be a whole number from 1 to 100.", field: "limit"},
	apierror.MaxCostExceeded:       {message: "This may cost 12120 points, and the budget of the key holds 10000."},
	apierror.Unauthenticated:       {message: "There is no API key in the request."},
	apierror.Forbidden:             {message: "The key lacks the scope partners:read."},
	apierror.NotFound:              {message: "There is no partner 14."},
	apierror.NotAcceptable:         {message: "Here the answers are application/json, text/csv, application/x-ndjson: accept one of them."},
	apierror.UnsupportedMediaType:  {message: "Send the body as JSON, with `Content-Type: application/json`."},
	apierror.BusinessRule:          {message: "You can not cancel a locked order. Please unlock it first.", field: "id"},
	apierror.RateLimited:           {message: "Too many requests: 100 a minute are allowed.", waits: true},
	apierror.Overloaded:            {message: "Too many requests wait for Odoo.", waits: true},
	apierror.UpstreamUnavailable:   {message: "Odoo cannot be reached.", waits: true},
	apierror.IdempotencyInProgress: {message: "A request with the same idempotency key is still under way.", waits: true},
}
