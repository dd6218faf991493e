package odoo

import (
	"fmt"
	"strings"
	"testing"
)

// ordersAnswer is what Odoo answers about 50 orders of three lines each.
func ordersAnswer() (*Tree, []byte) {
	model := func(name string, types map[string]string) *Model {
		m := &Model{Name: name, Fields: map[string]*Field{}}
		for field, kind := range types {
			m.Fields[field] = &Field{Name: field, Type: kind}
		}
		return m
	}
	product := &Tree{Model: model("product.product", map[string]string{"id": "integer", "name": "char"}), Fields: []string{"name"}}
	line := &Tree{
		Model: model("sale.order.line", map[string]string{
			"id": "integer", "name": "text", "product_uom_qty": "float", "price_unit": "float", "product_id": "many2one",
		}),
		Fields:   []string{"name", "product_uom_qty", "price_unit", "product_id"},
		Branches: []Branch{{Field: "product_id", Tree: product}},
	}
	order := &Tree{
		Model: model("sale.order", map[string]string{
			"id": "integer", "name": "char", "state": "selection", "amount_total": "monetary", "order_line": "one2many",
		}),
		Fields:   []string{"name", "state", "amount_total", "order_line"},
		Branches: []Branch{{Field: "order_line", Tree: line, Limit: 20}},
	}
	var records []string
	for i := range 50 {
		var lines []string
		for j := range 3 {
			lines = append(lines, fmt.Sprintf(`{"id": %d, "name": "[E-%d] Caf\u00e9 table, oak", "product_uom_qty": %d.0, "price_unit": 147.5, "product_id": {"id": %d, "name": "Caf\u00e9 table"}}`,
				i*3+j, j, j, j))
		}
		records = append(records, fmt.Sprintf(`{"id": %d, "name": "S%05d", "state": "sale", "amount_total": 1706.25, "order_line": [%s]}`,
			i, i, strings.Join(lines, ", ")))
	}
	return order, []byte(`{"jsonrpc": "2.0", "id": 1, "result": {"length": 50, "records": [` + strings.Join(records, ", ") + `]}}`)
}

func BenchmarkDecode(b *testing.B) {
	tree, body := ordersAnswer()
	b.Run("document", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, err := decodeJSON(body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("document as encoding/json does it", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, err := decodeAsGo(body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("records", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			document, err := decodeJSON(body)
			if err != nil {
				b.Fatal(err)
			}
			result := document.(*Object).Get("result").(*Object)
			rows, err := tree.rows(result.Get("records").([]any))
			if err != nil || len(rows) != 50 || len(rows[0].Related[0]) != 3 {
				b.Fatal(rows, err)
			}
		}
	})
}
