package scenario

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// A client gets the members that it asks for and no others, in the contract's order,
// whatever order it asks in.
func restFields(w *world) {
	order := w.read(w.t, "sale.order.line", []any{[]any{"product_id", "!=", false}}, "id", 1, "order_id")[0]["order_id"]
	one := fmt.Sprintf("/sale_orders/%s", ref(order))
	products := column(w.record(one)["lines"], "product")
	sold := fmt.Sprintf("data.lines.%d", slices.IndexFunc(products, func(p any) bool { return p != nil }))
	for _, c := range []struct{ path, fields, within, want string }{
		{"/partners?limit=1", "name", "data.0", "name"},
		{"/partners?limit=1", "email,id,name", "data.0", "id name email"},
		{"/partners?limit=1", "parent.name,id", "data.0", "id parent"},
		{"/partners?limit=1", "updated_at,name,updated_at", "data.0", "name updated_at"},
		{"/sale_orders?limit=1", "partner.id,date_order,partner.name", "data.0.partner", "id name"},
		{"/sale_orders?limit=1", "partner,partner.id", "data.0.partner", "id name"},
		{"/sale_orders?limit=1", "partner.name,currency.name", "data.0.partner", "name"},
		{one + "?", "lines.quantity,lines.product.name,name", "data", "name lines"},
		{one + "?", "lines.quantity,lines.product.name,name", sold, "product quantity"},
		{one + "?", "lines.quantity,lines.product.name,name", sold + ".product", "name"},
		{one + "?", "lines.taxes.name,lines_count", "data.lines.0", "taxes"},
		{one + "?", "lines_count", "data", "lines_count"},
		{"/api/v2/partners?limit=1&country__isnull=false", "country.code,street", "data.0", "street country"},
	} {
		a := w.rest("GET", c.path+"&fields="+c.fields, nil).is(200)
		if got := strings.Join(a.members(c.within), " "); got != c.want {
			w.t.Errorf("%s: %s has %q, want %q", a.request, c.within, got, c.want)
		}
	}
	// A change answers with the fields that it is asked for, too.
	made := w.rest("POST", "/partners?fields=name,country.name", map[string]any{"name": "Fields " + stamp(), "country": map[string]any{"code": "BE"}}).is(201)
	if got := strings.Join(made.members("data"), " "); got != "name country" || made.at("data.country.name") != "Belgium" {
		w.t.Errorf("%s: %s", made.request, made.body)
	}
	for _, c := range []struct{ path, says string }{
		{"/partners?fields=nam", "`nam`"}, {"/partners?fields=", "``"}, {"/partners?fields=name,", "``"}, {"/partners?fields=name,,id", "``"}, {"/partners?fields=name.first", "`name.first`"},
		{"/partners?fields=parent.", "`parent.`"}, {"/partners?fields=street", "`street`"}, {"/partners?fields=databaseId", "`databaseId`"}, {"/partners?fields=_version", "`_version`"},
		{"/partners/1?fields=_id", "`_id`"}, {"/partners?fields=parent.email", "`parent.email`"}, {one + "?fields=lines.0.name", "`lines.0.name`"}, {"/partners?fields=Name", "`Name`"},
		{"/partners?fields=name%20", "`name `"}, {"/partners?fields=" + strings.Repeat("x", 3000), "xxx"},
	} {
		a := w.rest("GET", c.path, nil).refused(400, "VALIDATION_ERROR", "fields")
		if message := fmt.Sprint(a.at("error")); !strings.Contains(message, c.says) || len(message) > 3500 {
			w.t.Errorf("%s: %q", a.request, message)
		}
	}
}

// Lists are sorted by every member that they offer for it, either way, as Odoo
// sorts, and by several of them.
func restSorts(w *world) {
	offers := w.offers()
	for _, l := range w.lists() {
		narrow, within := w.narrow(l)
		var several []restColumn
		for _, name := range offers[l.route()].sorts {
			i := slices.IndexFunc(l.columns, func(c restColumn) bool { return c.name == name })
			if i < 0 || l.columns[i].field == "" {
				continue
			}
			several = append(several, l.columns[i])
			for sign, way := range map[string]string{"": "", "-": " desc"} {
				w.sorted(l, narrow, within, sign+name, l.columns[i].field+way+", id")
			}
		}
		if len(several) > 2 {
			last, first := several[len(several)-1], several[1]
			w.sorted(l, narrow, within, "-"+last.name+","+first.name, last.field+" desc, "+first.field+", id")
			w.sorted(l, narrow, within, first.name+",-id", first.field+", id desc")
		}
	}
	for _, sort := range []string{"nothing", "", "-", "name,", "+name", "name desc", "--name", "Name", "partner.name", "id,name,active,email,phone,mobile"} {
		w.rest("GET", "/partners?sort="+url.QueryEscape(sort), nil).refused(400, "VALIDATION_ERROR", "sort")
	}
	w.rest("GET", "/countries/1?sort=name", nil).refused(400, "VALIDATION_ERROR", "sort")
}

func (w *world) sorted(l restList, narrow string, within []any, sort, odoo string) {
	w.t.Helper()
	want := columnOf(w.read(w.t, l.model, append(append([]any{}, l.domain...), within...), odoo, 0, "id"), "id")
	got := column(any(w.list(l.path+"?limit=100&fields=id&"+narrow+"&sort="+sort)), "id")
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s by %s (-Odoo +gateway):\n%s", l.path, sort, diff)
	}
}

// A search finds what people find by typing; it goes with filters and paging.
func restSearches(w *world) {
	order := w.read(w.t, "sale.order", []any{}, "id", 1, "name")[0]["name"].(string)
	if got := w.list("/sale_orders?q=" + order); dig(got, "0.name") != order {
		w.t.Errorf("q=%s finds %v", order, got)
	}
	name := "Sought " + stamp()
	ids := w.makePartners([]string{name + " one", name + " two", name + " three"})
	a := w.rest("GET", "/partners?fields=name&limit=2&page=2&q="+url.QueryEscape(strings.ToLower(name)), nil).is(200)
	if got := string(a.body); got != `{"data":[{"name":"`+name+` two"}],"pagination":{"page":2,"limit":2,"total":3,"pages":2}}` {
		w.t.Errorf("%s: %s", a.request, got)
	}
	if got := w.list(fmt.Sprintf("/partners?q=%s&id__in=%d,%d&fields=id", url.QueryEscape(name), ids[0], ids[2])); len(got) != 2 {
		w.t.Errorf("a search among two: %v", got)
	}
	for _, q := range []string{"no%20such%20partner%20at%20all", "%25", "_", "%27%20OR%201=1", "%5C"} {
		found := w.list("/partners?fields=display_name&limit=100&id__lte=60&q=" + q)
		plain, _ := url.QueryUnescape(q)
		for _, record := range found {
			if shown := fmt.Sprint(dig(record, "display_name")); len(plain) > 1 && !strings.Contains(strings.ToLower(shown), strings.ToLower(plain)) {
				w.t.Errorf("q=%s finds %s", plain, shown)
			}
		}
	}
	w.rest("GET", "/partners?q="+strings.Repeat("x", 201), nil).refused(400, "VALIDATION_ERROR", "q")
}

// What users write is text: wildcards, quotes and operators in it mean nothing.
func restWildcardsAreText(w *world) {
	batch := "wild" + stamp()
	names := []string{batch + " 100% wool", batch + " 100 wool", batch + " a_b", batch + " axb", batch + ` c\d`, batch + " it's", batch + ` "quoted"`, batch + " <tag> & co"}
	ids := w.makePartners(names)
	for i, part := range map[int]string{0: "100%", 2: "a_b", 4: `c\d`, 5: "it's", 6: `"quoted"`, 7: "<tag> &"} {
		for _, filter := range []string{"name__contains=" + url.QueryEscape(part), "name=" + url.QueryEscape(names[i]), "name__startswith=" + url.QueryEscape(batch+" "+part), "name__in=" + url.QueryEscape(names[i])} {
			a := w.rest("GET", "/partners?fields=id,name&name__endswith="+url.QueryEscape(names[i][len(batch):])+"&"+filter, nil).is(200)
			want := []any{map[string]any{"id": json.Number(fmt.Sprint(ids[i])), "name": names[i]}}
			if diff := cmp.Diff(want, a.at("data")); diff != "" {
				w.t.Errorf("%s:\n%s", a.request, diff)
			}
		}
	}
	for _, filter := range []string{"name=%25", "name__startswith=_", "name__endswith=%25%25", "name__in=%25,_"} {
		if got := w.list("/partners?fields=name&name__contains=" + batch + "&" + filter); len(got) != 0 {
			w.t.Errorf("%s finds %v", filter, got)
		}
	}
}

// Whatever cannot be used is named, before Odoo sees it: all of it at once.
func restBadParameters(w *world) {
	w.list("/partners?limit=1") // signs in
	for _, c := range []struct {
		path   string
		fields []string
	}{
		{"/partners?limit=0", []string{"limit"}}, {"/partners?limit=101", []string{"limit"}}, {"/partners?limit=ten", []string{"limit"}}, {"/partners?limit=", []string{"limit"}},
		{"/partners?limit=1.5", []string{"limit"}}, {"/partners?limit=99999999999999999999", []string{"limit"}}, {"/partners?page=0", []string{"page"}}, {"/partners?page=-1", []string{"page"}},
		{"/partners?page=1000001", []string{"page"}}, {"/partners?page=1&page=2", []string{"page"}}, {"/partners?page=2&cursor=", []string{"cursor"}}, {"/partners?cursor=x", []string{"cursor"}},
		{"/partners?cursor=nnonsense", []string{"cursor"}}, {"/partners?cursor=pnonsense", []string{"cursor"}}, {"/partners?with_cursor=true", []string{"with_cursor"}},
		{"/partners?with_cursor=1", []string{"with_cursor"}}, {"/partners?unknown=1", []string{"unknown"}}, {"/partners?is_compny=true", []string{"is_compny"}},
		{"/partners?is_company=yes", []string{"is_company"}}, {"/partners?is_company=", []string{"is_company"}}, {"/partners?is_company=1", []string{"is_company"}}, {"/partners?id=x", []string{"id"}},
		{"/partners?id=99999999999", []string{"id"}}, {"/partners?id__in=1,x", []string{"id__in"}}, {"/partners?id__in=1,,2", []string{"id__in"}}, {"/partners?id__in=", []string{"id__in"}},
		{"/partners?id__in=" + strings.Repeat("1,", 100) + "1", []string{"id__in"}}, {"/partners?type=company", []string{"type"}}, {"/partners?type=CONTACT", []string{"type"}},
		{"/partners?type__in=contact,x", []string{"type__in"}}, {"/partners?name__isnull=maybe", []string{"name__isnull"}}, {"/partners?name=a&name=b", []string{"name"}},
		{"/partners?name=%FF", []string{"name"}}, {"/partners?name=a%00b", []string{"name"}}, {"/partners?created_at__gt=yesterday", []string{"created_at__gt"}},
		{"/partners?created_at__gt=2026-01-01", []string{"created_at__gt"}}, {"/partners?created_at__gt=2026-13-01T00:00:00Z", []string{"created_at__gt"}},
		{"/partners?limit=0&page=0&nonsense=1", []string{"limit", "nonsense", "page"}}, {"/sale_orders?amount_total__gte=much", []string{"amount_total__gte"}},
		{"/sale_orders?amount_total=1,5", []string{"amount_total"}}, {"/sale_orders?valid_until=2026-02-30", []string{"valid_until"}}, {"/sale_orders?valid_until=01.02.2026", []string{"valid_until"}},
		{"/sale_orders?state=done", []string{"state"}}, {"/invoices?type=out_invoice", []string{"type"}}, {"/partners/1?page=1", []string{"page"}}, {"/partners/1?name=x", []string{"name"}},
		{"/partners/1?limit=5&q=x", []string{"limit", "q"}}, {"/sale_orders/1/lines?nonsense=1", []string{"nonsense"}}, {"/api/v2/partners?limit=0", []string{"limit"}},
		{"/partners?partner=1&name__like=x&orderBy=name", []string{"name__like", "orderBy", "partner"}},
	} {
		var a restAnswer
		if n := w.callsOf(func() { a = w.rest("GET", c.path, nil) }); n != 0 {
			w.t.Errorf("%s: %d calls to Odoo", c.path, n)
		}
		a.refused(400, "VALIDATION_ERROR", c.fields...)
		if message, _ := a.at("error").(string); !strings.HasSuffix(message, ".") && !strings.HasSuffix(message, "?") || len(message) > 500 {
			w.t.Errorf("%s: %q", a.request, message)
		}
	}
	w.rest("GET", "/partners?name=%zz", nil).refused(400, "VALIDATION_ERROR")
	w.rest("GET", "/partners?a=1;b=2", nil).refused(400, "VALIDATION_ERROR")
	if a := w.rest("GET", "/partners?is_compny=true", nil); !strings.Contains(fmt.Sprint(a.at("error")), "is_company") {
		w.t.Errorf("no suggestion: %s", a.body)
	}
	for _, id := range []string{"0", "-1", "abc", "1.0", "01", "+1", "2147483648", "99999999999999999999", "1%20", "null", "%31x"} {
		w.rest("GET", "/partners/"+id, nil).refused(400, "VALIDATION_ERROR", "id")
	}
	// A cursor is that of one list.
	next := w.rest("GET", "/partners?cursor=&limit=1&sort=id", nil).is(200).at("pagination.next").(string)
	for _, path := range []string{"/countries?sort=id&cursor=", "/partners?cursor=", "/partners?sort=-id&cursor=", "/partners?sort=id&active=true&cursor="} {
		w.rest("GET", path+url.QueryEscape(next), nil).refused(400, "VALIDATION_ERROR", "cursor")
	}
}
