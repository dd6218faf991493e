package scenario

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-cmp/cmp"
)

const (
	asCSV    = "text/csv"
	asNDJSON = "application/x-ndjson"
)

// Every list is exported whole, in both forms, as Odoo has it.
func restExportsMatchOdoo(w *world) {
	for _, l := range w.lists() {
		narrow, domain := w.narrow(l)
		order := "id"
		if strings.Count(strings.TrimPrefix(l.path, "/api/v2"), "/") > 1 { // of a list within a record the list's own
			order = l.order
		}
		want := w.asREST(l, domain, order, 0)
		a := w.rest("GET", l.path+"?"+narrow, nil, "Accept", asNDJSON).is(200)
		if a.header.Get("Content-Type") != asNDJSON || a.header.Get("Etag") != "" || !bytes.HasSuffix(a.body, []byte("}\n")) {
			w.t.Errorf("%s: the headers are %v", a.request, a.header)
		}
		var got []any
		for line := range bytes.SplitSeq(bytes.TrimSuffix(a.body, []byte("\n")), []byte("\n")) {
			got = append(got, decoded(w, line))
		}
		if diff := cmp.Diff(want, l.reduced(got)); diff != "" {
			w.t.Errorf("%s as NDJSON (-Odoo +gateway):\n%s", l.path, diff)
		}
		w.table(l, narrow, want)
		if listed := w.list(l.path + "?sort=id&limit=100&" + narrow); len(listed) != len(want) {
			w.t.Errorf("%s: %d in JSON, %d in Odoo", l.path, len(listed), len(want))
		}
	}
}

// table compares a list as CSV with Odoo's.
func (w *world) table(l restList, narrow string, want []any) {
	w.t.Helper()
	a := w.rest("GET", l.path+"?"+narrow, nil, "Accept", asCSV).is(200)
	if !strings.HasPrefix(a.header.Get("Content-Type"), asCSV) || bytes.HasPrefix(a.body, []byte("\xef\xbb\xbf")) || bytes.Count(a.body, []byte("\r\n")) < len(want) {
		w.t.Errorf("%s: %v %.200q", a.request, a.header, a.body)
	}
	rows, err := csv.NewReader(bytes.NewReader(a.body)).ReadAll()
	if err != nil || len(rows) != len(want)+1 {
		w.t.Errorf("%s: %d rows of %d, %v", a.request, len(rows), len(want), err)
		return
	}
	index := map[string]int{}
	for i, name := range rows[0] {
		index[name] = i
	}
	for r, record := range want {
		for _, c := range l.columns {
			for name, v := range cellsOf(c, dig(record, c.name)) {
				i, there := index[name]
				if !there || c.shape != ofMany && rows[r+1][i] != v {
					w.t.Errorf("%s: %s of %v is %q (%v), want %q", a.request, name, dig(record, "id"), rows[r+1][i], there, v)
				}
			}
		}
	}
}

// cellsOf is what a table shows of a member: nothing for null, and a relation in two
// columns.
func cellsOf(c restColumn, v any) map[string]string {
	if c.shape == ofOne {
		cells := map[string]string{c.name + "_id": "", c.name + "_name": ""}
		if v != nil {
			cells[c.name+"_id"], cells[c.name+"_name"] = fmt.Sprint(dig(v, "id")), fmt.Sprint(dig(v, "name"))
		}
		return cells
	}
	if v == nil {
		return map[string]string{c.name: ""}
	}
	return map[string]string{c.name: fmt.Sprint(v)}
}

func decoded(w *world, text []byte) any {
	w.t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var out any
	if err := decoder.Decode(&out); err != nil {
		w.t.Fatalf("%q: %v", text, err)
	}
	return out
}

// Whatever a name holds, a table and lines hold it.
func restExportsOfHardNames(w *world) {
	batch := "hard" + stamp()
	names := []string{`a, b`, `say "hi"`, "two\nlines", "crlf\r\nhere", " spaces ", "'=1+1", "=cmd()", "Ωmega 山田 🙂", "tab\there", `back\slash`, "<b>&amp;</b>", ",", `"`, "\u2028separator"}
	for i := range names {
		names[i] = batch + names[i]
	}
	w.makePartners(names)
	var stored []any
	for _, record := range w.read(w.t, "res.partner", []any{[]any{"name", "like", batch}}, "id", 0, "name") {
		stored = append(stored, record["name"])
	}
	path := "/partners?fields=id,name,email,parent&name__startswith=" + batch
	rows, err := csv.NewReader(bytes.NewReader(w.rest("GET", path, nil, "Accept", asCSV).is(200).body)).ReadAll()
	if err != nil || strings.Join(rows[0], ",") != "id,name,email,parent_id,parent_name" {
		w.t.Fatalf("%v %v", rows, err)
	}
	var table, lines []any
	for _, row := range rows[1:] {
		table = append(table, row[1])
	}
	scanner := bufio.NewScanner(bytes.NewReader(w.rest("GET", path, nil, "Accept", asNDJSON).is(200).body))
	for scanner.Scan() {
		lines = append(lines, dig(decoded(w, scanner.Bytes()), "name"))
	}
	var plain []any // the reader of package csv takes the line ends of RFC 4180 for others
	for _, name := range stored {
		plain = append(plain, strings.ReplaceAll(name.(string), "\r\n", "\n"))
	}
	for i := range table {
		table[i] = strings.ReplaceAll(table[i].(string), "\r\n", "\n")
	}
	if diff := cmp.Diff([][]any{plain, stored}, [][]any{table, lines}); diff != "" {
		w.t.Errorf("(-Odoo +gateway):\n%s", diff)
	}
}

// What an export takes and what it does not.
func restExportParameters(w *world) {
	batch := "export " + stamp() + " "
	w.makePartners([]string{batch + "b", batch + "c", batch + "a", batch + "e", batch + "d"})
	path := "/partners?fields=name&name__startswith=" + url.QueryEscape(batch)
	names := func(query string) string {
		w.t.Helper()
		return strings.ReplaceAll(string(w.rest("GET", path+query, nil, "Accept", asCSV).is(200).body), batch, "")
	}
	for query, want := range map[string]string{
		"": "b c a e d", "&sort=name": "a b c d e", "&sort=-name": "e d c b a", "&limit=2": "b c", "&sort=-name&limit=3": "e d c", "&limit=100": "b c a e d", "&q=" + url.QueryEscape(batch+"c"): "c",
		"&name__endswith=zz": "",
	} {
		if got := strings.Join(strings.Fields(names(query)), " "); got != strings.TrimSpace("name "+want) {
			w.t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	if empty := w.rest("GET", path+"&name__endswith=zz", nil, "Accept", asNDJSON).is(200); len(empty.body) != 0 {
		w.t.Errorf("an empty export: %q", empty.body)
	}
	for _, accept := range []string{asCSV, asNDJSON} {
		w.rest("GET", path+"&page=1", nil, "Accept", accept).refused(400, "VALIDATION_ERROR", "page")
		w.rest("GET", path+"&page=2&limit=1", nil, "Accept", accept).refused(400, "VALIDATION_ERROR", "page")
		w.rest("GET", path+"&limit=0", nil, "Accept", accept).refused(400, "VALIDATION_ERROR", "limit")
		w.rest("GET", path+"&cursor=nonsense", nil, "Accept", accept).refused(400, "VALIDATION_ERROR", "cursor")
		w.rest("GET", path+"&cursor=nnonsense", nil, "Accept", accept).refused(400, "VALIDATION_ERROR", "cursor")
		w.rest("GET", "/partners?nonsense=1", nil, "Accept", accept).refused(400, "VALIDATION_ERROR", "nonsense")
		w.rest("GET", "/partners/2147483647/sale_orders", nil, "Accept", accept).refused(404, "NOT_FOUND")
		w.rest("GET", "/partners", nil, "Accept", accept, "Authorization", "").refused(401, "UNAUTHORIZED")
		head := w.rest("HEAD", path, nil, "Accept", accept).is(200)
		if len(head.body) > 0 || !strings.HasPrefix(head.header.Get("Content-Type"), accept) {
			w.t.Errorf("HEAD: %v %q", head.header, head.body)
		}
	}
	var notes []any
	for i := range 130 { // more than a page of a list within a record
		notes = append(notes, object{"display_type": "note", "name": fmt.Sprint("note ", i)})
	}
	order := w.rest("POST", "/sale_orders?fields=id", object{"partner": object{"id": w.makePartners([]string{batch})[0]}, "lines": notes}).is(201).at("data.id")
	w.t.Cleanup(func() { w.unlink(w.t, "sale.order", intOf(order)) })
	lines := w.rest("GET", fmt.Sprintf("/sale_orders/%v/lines?fields=name", order), nil, "Accept", asNDJSON).is(200)
	if n := bytes.Count(lines.body, []byte("\n")); n != 130 || !bytes.Contains(lines.body, []byte(`{"name":"note 129"}`)) {
		w.t.Errorf("%d of 130 lines", n)
	}
	packed := w.rest("GET", "/countries", nil, "Accept", asCSV, "Accept-Encoding", "gzip").is(200)
	if packed.header.Get("Content-Encoding") != "gzip" {
		w.t.Errorf("compressed: %v", packed.header)
	}
	french := w.rest("GET", "/countries?code=DE&fields=name", nil, "Accept", asCSV, "Accept-Language", "fr").is(200)
	if french.header.Get("Content-Language") == "fr-FR" != strings.Contains(string(french.body), "Allemagne") {
		w.t.Errorf("in French: %v %s", french.header, french.body)
	}
}

// An export that was cut off goes on from the last record that arrived, with none
// left out and none twice.
func restExportsResume(w *world) {
	batch := "resume " + stamp() + " "
	var names []string
	for i := range 30 {
		names = append(names, fmt.Sprintf("%s%02d", batch, i%7))
	}
	ids := w.makePartners(names)
	for _, c := range []struct{ sort, odoo string }{{"", "id"}, {"&sort=name", "name, id"}, {"&sort=-name", "name desc, id"}, {"&sort=-id", "id desc"}, {"&sort=email,-name", "email, name desc, id"}} {
		want := columnOf(w.read(w.t, "res.partner", []any{[]any{"id", "in", numbers(ids)}}, c.odoo, 0, "id"), "id")
		path := "/partners?fields=id&with_cursor=true&name__startswith=" + url.QueryEscape(batch) + c.sort
		for _, accept := range []string{asNDJSON, asCSV} {
			var got []any
			cursor := ""
			for range 40 { // of which each sees four records and loses the connection
				query := path
				if cursor != "" {
					query += "&cursor=" + url.QueryEscape(cursor)
				}
				response := w.restStream("GET", query, nil, "Accept", accept)
				page, last := fourOf(w, response.Body, accept)
				_ = response.Body.Close()
				if response.StatusCode != 200 || len(page) == 0 {
					break
				}
				got, cursor = append(got, page...), last
			}
			if diff := cmp.Diff(want, got); diff != "" {
				w.t.Errorf("%s as %s (-Odoo +gateway):\n%s", c.sort, accept, diff)
			}
		}
	}
	// The cursor of a list in JSON is one of an export, too, if they have the same order.
	next := w.rest("GET", "/partners?cursor=&sort=name&limit=10&fields=id&name__startswith="+url.QueryEscape(batch), nil).is(200).at("pagination.next").(string)
	rest := w.rest("GET", "/partners?sort=name&fields=id&name__startswith="+url.QueryEscape(batch)+"&cursor="+url.QueryEscape(next), nil, "Accept", asNDJSON).is(200)
	if n := bytes.Count(rest.body, []byte("\n")); n != 20 {
		w.t.Errorf("%d records follow the first 10 of 30", n)
	}
	prev := w.rest("GET", "/partners?sort=name&limit=10&fields=id&name__startswith="+url.QueryEscape(batch)+"&cursor="+url.QueryEscape(next), nil).is(200).at("pagination.prev").(string)
	w.rest("GET", "/partners?sort=name&name__startswith="+url.QueryEscape(batch)+"&cursor="+url.QueryEscape(prev), nil, "Accept", asNDJSON).refused(400, "VALIDATION_ERROR", "cursor")
}

// fourOf reads the ids of up to four records, and the cursor of the last.
func fourOf(w *world, body io.Reader, accept string) (ids []any, cursor string) {
	w.t.Helper()
	scanner := bufio.NewScanner(body)
	for scanner.Scan() && len(ids) < 4 {
		line := scanner.Text()
		if accept == asNDJSON {
			record := decoded(w, []byte(line))
			ids, cursor = append(ids, dig(record, "id")), fmt.Sprint(dig(record, "cursor"))
			continue
		}
		if id, last, _ := strings.Cut(line, ","); id != "id" {
			ids, cursor = append(ids, json.Number(id)), last
		}
	}
	return ids, cursor
}

// A key has two exports under way at most. One that is broken off is over.
func restExportsAtOnce(w *world) {
	w.list("/partners?limit=1")
	held, arrived := make(chan struct{}), make(chan struct{}, 100)
	w.proxy.fail(func(rw http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		select {
		case <-held:
		case <-r.Context().Done():
			return
		}
		w.proxy.forward.ServeHTTP(rw, r)
	})
	defer w.proxy.fail(nil)
	answers := make(chan int, 2)
	for _, path := range []string{"/sale_orders?limit=1", "/partners?limit=1"} {
		go func() { answers <- w.rest("GET", path, nil, "Accept", asCSV).status }()
		<-arrived
	}
	a := w.rest("GET", "/countries", nil, "Accept", asNDJSON).refused(429, "RATE_LIMITED")
	if a.at("retry_after") == nil {
		w.t.Errorf("%s: %s", a.request, a.body)
	}
	close(held)
	for range 2 {
		if status := <-answers; status != 200 {
			w.t.Errorf("an export: %d", status)
		}
	}
	w.proxy.fail(nil)
	for range 5 {
		w.rest("GET", "/countries", nil, "Accept", asNDJSON).is(200)
	}
}

// intOf is a number of an answer.
func intOf(v any) int64 {
	n, _ := v.(json.Number).Int64()
	return n
}
