package contract_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/rest/contract"
)

// orders is a route of each kind over documents with lists, enums and numbers within.
const orders = `
	"List orders."
	query listOrders @rest(method: GET, path: "/orders") { data: saleOrders { nodes { ...Order } } }
	"Get an order."
	query getOrder($id: Int!) @rest(method: GET, path: "/orders/{id}") { data: saleOrder(databaseId: $id) { ...Order } }
	"Lines of an order."
	query listLines($id: Int!) @rest(method: GET, path: "/orders/{id}/lines") { saleOrder(databaseId: $id) { data: lines { nodes { databaseId } } } }
	"Confirm an order."
	mutation confirmOrder($id: Int!) @rest(method: POST, path: "/orders/{id}/confirm") { confirmSaleOrder(input: {order: {databaseId: $id}}) { data: saleOrder { ...Order } } }
	"Change an order."
	mutation updateOrder($id: Int!) @rest(method: PATCH, path: "/orders/{id}") { updateSaleOrder(input: {order: {databaseId: $id}}) { data: saleOrder { ...Order } } }
	fragment Order on SaleOrder {
		databaseId name invoiceStatus
		partner { id: databaseId name: displayName }
		lines(first: 50) { nodes { databaseId invoiceStatus taxes { nodes { name } } } }
		lines_count: lines { totalCount }
	}
`

func routes(t *testing.T) map[string]*contract.Route {
	t.Helper()
	version, err := load(orders)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*contract.Route{}
	for _, r := range version.Routes {
		out[r.Name] = r
	}
	return out
}

const (
	graphQLOrder = `{"id":7,"name":"S\"},[1]","invoice_status":"TO_INVOICE","partner":{"id":1,"name":"A"},` +
		`"lines":{"nodes":[{"id":1,"invoice_status":null,"taxes":{"nodes":[]}},{"id":2,"invoice_status":"NO","taxes":{"nodes":[{"name":"21%"}]}}]},"lines_count":{"totalCount":2}`
	restOrder = `{"id":7,"name":"S\"},[1]","invoice_status":"to_invoice","partner":{"id":1,"name":"A"},` +
		`"lines":[{"id":1,"invoice_status":null,"taxes":[]},{"id":2,"invoice_status":"no","taxes":[{"name":"21%"}]}],"lines_count":2}`
)

// Connections become arrays and numbers, enums lower case; the rest stays as it is.
func TestAnswersOfRecords(t *testing.T) {
	route := routes(t)["getOrder"]
	hidden := `,"_version":"2026-11-21T09:30:00.000001Z","_id":7}`
	record, err := route.ReadRecord([]byte(`{"data":`+graphQLOrder+hidden+`}`), route.Record)
	if err != nil || string(record.JSON) != restOrder || record.ID != "7" || record.Version != "2026-11-21T09:30:00.000001Z" {
		t.Errorf("%v\n%s\n%s\n%+v", err, record.JSON, restOrder, record)
	}
	record, err = route.ReadRecord([]byte(`{"data":null}`), route.Record)
	if err != nil || record.JSON != nil {
		t.Errorf("no record: %v %+v", err, record)
	}
	for _, wrong := range []string{``, `{`, `{"data":{"name":1}}`, `{"data":[]}`, `{"data":` + graphQLOrder, `{"data":{"id":7,"surprise":1}}`} {
		if record, err := route.ReadRecord([]byte(wrong), route.Record); err == nil && record.JSON != nil {
			t.Errorf("%s: %s", wrong, record.JSON)
		}
	}
}

func TestAnswersOfLists(t *testing.T) {
	all := routes(t)
	route := all["listOrders"]
	records, err := route.ReadRecords([]byte(`{"data":{"edges":[{"cursor":"c1","node":`+graphQLOrder+`}},{"cursor":"c2","node":`+graphQLOrder+`}}],"totalCount":12,"pageInfo":{"hasNextPage":true,"hasPreviousPage":false,"startCursor":"c1","endCursor":"c2"}}}`), route.Record, "\n")
	want := &contract.Records{
		Items: []byte(restOrder + "\n" + restOrder), Count: 2, Total: 12, Cursors: []string{"c1", "c2"},
		Info: contract.PageInfo{HasNextPage: true, StartCursor: "c1", EndCursor: "c2"},
	}
	if diff := cmp.Diff(want, records); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	lines := all["listLines"]
	records, err = lines.ReadRecords([]byte(`{"saleOrder":{"data":{"nodes":[{"id":1},{"id":2}]}}}`), lines.Record, ",")
	if err != nil || string(records.Items) != `{"id":1},{"id":2}` || records.Missing {
		t.Errorf("%v %+v", err, records)
	}
	records, err = lines.ReadRecords([]byte(`{"saleOrder":null}`), lines.Record, ",")
	if err != nil || !records.Missing {
		t.Errorf("lines of nothing: %v %+v", err, records)
	}
	cells, err := route.Record.Cells(nil, []byte(restOrder))
	if diff := cmp.Diff([]string{"7", `S"},[1]`, "to_invoice", "1", "A", `[{"id":1,"invoice_status":null,"taxes":[]},{"id":2,"invoice_status":"no","taxes":[{"name":"21%"}]}]`, "2"}, cells); err != nil || diff != "" {
		t.Errorf("cells: %v %s", err, diff)
	}
	if diff := cmp.Diff([]string{"id", "name", "invoice_status", "partner_id", "partner_name", "lines", "lines_count"}, route.Record.Columns()); diff != "" {
		t.Errorf("columns: %s", diff)
	}
}

// A selection keeps the order of the contract and reads what GraphQL then answers.
func TestSelect(t *testing.T) {
	route := routes(t)["getOrder"]
	selected, err := route.Select([]string{"lines.invoice_status", "partner.name", "name", "lines_count"})
	if err != nil {
		t.Fatal(err)
	}
	record, err := route.ReadRecord([]byte(`{"data":{"name":"S1","partner":{"name":"A"},"lines":{"nodes":[{"invoice_status":"NO"}]},"lines_count":{"totalCount":1},"_version":null,"_id":7}}`), selected)
	if err != nil || string(record.JSON) != `{"name":"S1","partner":{"name":"A"},"lines":[{"invoice_status":"no"}],"lines_count":1}` {
		t.Errorf("%v %s", err, record.JSON)
	}
	for _, unknown := range []string{"nme", "partner.nme", "name.x", "", "_version", "lines_count.x", "partner."} {
		if _, err := route.Select([]string{"name", unknown}); err == nil {
			t.Errorf("%q is no field", unknown)
		}
	}
	if len(route.Record.Members) != 8 {
		t.Errorf("the whole has %d members", len(route.Record.Members))
	}
}

// The body is what the document leaves open, and the path what it does not.
func TestCalls(t *testing.T) {
	all := routes(t)
	update := all["updateOrder"]
	if slices.ContainsFunc(update.Body.Fields, func(f *contract.InputField) bool { return f.Name == "order" || f.Name == "if_unmodified_since" }) || !update.Conditional {
		t.Error("path and condition are not of the body")
	}
	body, faults := update.Body.Read(map[string]any{"client_reference": "X", "partner": map[string]any{"id": json.Number("5")}, "tags": []any{}, "note": nil})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	call := update.Change(update.Record, map[string]any{"id": int64(7)}, body.(map[string]any), "2026-11-21T09:30:00Z")
	want := map[string]any{"id": int64(7), "input": map[string]any{
		"order": map[string]any{"databaseId": int64(7)}, "ifUnmodifiedSince": "2026-11-21T09:30:00Z",
		"clientReference": "X", "partner": map[string]any{"databaseId": int64(5)}, "tags": []any{}, "note": nil,
	}}
	if diff := cmp.Diff(want, call.Variables); diff != "" {
		t.Error(diff)
	}
	for path, want := range map[string]string{"input.order": "id", "input.order.databaseId": "id", "input.partner.databaseId": "partner.id", "input.clientReference": "client_reference", "input.ifUnmodifiedSince": "If-Match", "input": ""} {
		if got := update.PathOf(strings.Split(path, ".")); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if all["confirmOrder"].Body != nil {
		t.Error("confirming has no body")
	}
}

// Whatever stands in an answer, reading it ends, and what is read is JSON.
func FuzzReadRecord(f *testing.F) {
	version, err := load(orders)
	if err != nil {
		f.Fatal(err)
	}
	route := version.Routes[slices.IndexFunc(version.Routes, func(r *contract.Route) bool { return r.Name == "getOrder" })]
	f.Add([]byte(`{"data":` + graphQLOrder + `,"_version":null,"_id":7}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		record, err := route.ReadRecord(data, route.Record)
		if err == nil && record.JSON != nil && json.Valid(data) && !json.Valid(record.JSON) {
			t.Errorf("%s became %s", data, record.JSON)
		}
	})
}
