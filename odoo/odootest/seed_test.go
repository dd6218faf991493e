package odootest_test

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"

	"odoograph/odoo/odootest"
)

var (
	schemaType  = regexp.MustCompile(`(?s)type \w+ implements Node @odoo\(model: "([\w.]+)"[^{]*\{(.*?)\n\}`)
	schemaField = regexp.MustCompile(`^(\w+): [^@]*(@odoo.*)?$`)
	schemaName  = regexp.MustCompile(`fields?: (?:"([^"]+)"|\[([^\]]*)\])`)
)

// Every field that the gateway's schema maps exists, in some version of those
// that it names.
func TestSchemaFieldsExist(t *testing.T) {
	files, err := filepath.Glob("../../graph/schema/*.graphqls")
	if err != nil || len(files) == 0 {
		t.Fatal("the schema is not here: ", err)
	}
	var schema strings.Builder
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		schema.Write(text)
	}
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		for _, match := range schemaType.FindAllStringSubmatch(schema.String(), -1) {
			model := match[1]
			fields := e.result(t, "admin", model, "fields_get", list{}, keys{"attributes": list{"type"}}).(map[string]any)
			for line := range strings.SplitSeq(match[2], "\n") {
				field := schemaField.FindStringSubmatch(strings.TrimSpace(line))
				if field == nil || field[1] == "fullName" && version == 14 || field[1] == "mobile" && version == 19 {
					continue
				}
				found := false
				for _, name := range odooNames(field) {
					if _, ok := fields[name]; ok {
						found = true
					}
				}
				if !found {
					t.Errorf("%s has none of %v", model, odooNames(field))
				}
			}
		}
	})
}

// odooNames are the names that a line of the schema stands for.
func odooNames(field []string) []string {
	match := schemaName.FindStringSubmatch(field[2])
	if match == nil {
		var b strings.Builder
		for _, r := range field[1] {
			if unicode.IsUpper(r) {
				b.WriteByte('_')
			}
			b.WriteRune(unicode.ToLower(r))
		}
		return []string{b.String()}
	}
	var names []string
	for name := range strings.SplitSeq(match[1]+match[2], ",") {
		name, _, _ = strings.Cut(strings.Trim(name, ` "`), "=")
		names = append(names, name)
	}
	return names
}

// Amounts add up: lines to orders and invoices, taxes to totals.
func TestAmounts(t *testing.T) {
	s := odootest.New(odootest.Options{Orders: 20})
	number := func(model string, id int64, field string) float64 {
		v, err := s.Get(model, id, field)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := v.(float64)
		return f
	}
	for model, lines := range map[string]string{"sale.order": "order_line", "account.move": "invoice_line_ids"} {
		line := map[string]string{"sale.order": "sale.order.line", "account.move": "account.move.line"}[model]
		for _, id := range s.IDs(model) {
			ids, err := s.Get(model, id, lines)
			if err != nil {
				t.Fatal(err)
			}
			var untaxed, total float64
			for _, lineID := range ids.([]int64) {
				untaxed += number(line, lineID, "price_subtotal")
				total += number(line, lineID, "price_total")
			}
			for field, want := range map[string]float64{"amount_untaxed": untaxed, "amount_total": total, "amount_tax": total - untaxed} {
				if got := number(model, id, field); math.Abs(got-want) > 0.001 {
					t.Errorf("%s %d: %s is %v, its lines say %v", model, id, field, got, want)
				}
			}
		}
	}
}

// A large stand-in is quick to make, modest in memory and quick to ask.
func TestVolume(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	s, e := standIn(t, odootest.Options{Partners: 50_000, Orders: 5_000})
	made := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if n := len(s.IDs("res.partner")); n < 50_000 {
		t.Errorf("%d partners", n)
	}
	if n := len(s.IDs("sale.order.line")); n < 15_000 {
		t.Errorf("%d lines", n)
	}
	used := (after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc)) >> 20
	t.Logf("made in %v, %d MB", made, used)
	if used > 200 {
		t.Errorf("%d MB", used)
	}
	timed := func(name string, limit time.Duration, ask func()) {
		ask() // sorts once
		start := time.Now()
		ask()
		took := time.Since(start)
		t.Logf("%s: %v", name, took)
		if took > limit && !raceEnabled {
			t.Errorf("%s took %v", name, took)
		}
	}
	if made > 2*time.Second && !raceEnabled {
		t.Errorf("made in %v", made)
	}
	timed("a late page by name", 50*time.Millisecond, func() {
		e.column(t, "admin", "res.partner", "name", list{}, keys{"order": "name", "offset": 49_000, "limit": 20})
	})
	timed("twenty by id", 10*time.Millisecond, func() {
		e.column(t, "admin", "res.partner", "name", list{cond("id", "in", list{100, 200, 300, 40_000})}, nil)
	})
	timed("lines of an order", 10*time.Millisecond, func() {
		e.column(t, "admin", "sale.order.line", "name", list{cond("order_id", "in", list{100, 2000})}, nil)
	})
	timed("count by country", 100*time.Millisecond, func() {
		e.result(t, "admin", "res.partner", "search_count", list{list{cond("country_id.code", "=", "BE")}}, nil)
	})
	timed("orders with lines and partners", 50*time.Millisecond, func() {
		e.result(t, "demo", "sale.order", "web_search_read", list{list{}, keys{
			"partner_id": keys{"fields": keys{"display_name": keys{}}}, "order_line": keys{"fields": keys{"name": keys{}}},
		}}, keys{"limit": 50})
	})
}
