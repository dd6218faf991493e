package scenario

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/google/go-cmp/cmp"
)

type object = map[string]any

// A client creates a company with contacts by keys that survive a database, reads
// it, changes it, archives it and takes it into use again; Odoo holds all that.
func restPartnerLives(w *world) {
	name, reference := "Bäckerei “Süß” & Söhne "+stamp(), "R-"+stamp()
	tag := "Tag " + stamp()
	w.create(w.t, "res.partner.category", object{"name": tag})
	made := w.rest("POST", "/partners", object{
		"name": name, "reference": reference, "is_company": true, "email": "shop@example.com", "phone": "+32 9 000", "website": "https://shop.example.com", "street": "Markt 1", "city": "Gent", "zip": "9000",
		"country": object{"code": "BE"}, "language": "en_US", "timezone": "Europe/Brussels", "notes": "<p>5 &lt; 6</p>", "tags": []any{object{"name": tag}}, "salesperson": object{"login": w.admin.Login},
		"contacts": []any{
			object{"name": "Ann", "email": "ann@example.com", "job_title": "Buyer", "country": object{"code": "FR"}},
			object{"name": "Depot", "type": "delivery", "street": "Dock 1"},
		},
	}).is(201)
	id := made.at("data.id")
	path := fmt.Sprintf("/partners/%v", id)
	if made.header.Get("Location") != "/api/v1"+path || made.header.Get("Etag") == "" {
		w.t.Errorf("the headers are %v", made.header)
	}
	read := w.rest("GET", path, nil).is(200)
	if string(read.body) != string(made.body) || read.header.Get("Etag") != made.header.Get("Etag") {
		w.t.Errorf("created\n%s %s\nread\n%s %s", made.body, made.header.Get("Etag"), read.body, read.header.Get("Etag"))
	}
	want := object{
		"name": name, "ref": reference, "is_company": true, "email": "shop@example.com", "phone": "+32 9 000", "website": "https://shop.example.com", "street": "Markt 1", "city": "Gent", "zip": "9000",
		"lang": "en_US", "tz": "Europe/Brussels", "active": true,
	}
	w.holds("res.partner", id, want)
	contacts := w.read(w.t, "res.partner", []any{[]any{"parent_id", "=", id}}, "id", 0, "name", "type", "function", "street")
	if len(contacts) != 2 || contacts[0]["function"] != "Buyer" || contacts[1]["type"] != "delivery" || contacts[1]["street"] != "Dock 1" || read.at("data.contacts_count") != asNumber(2) {
		w.t.Errorf("contacts: %v", contacts)
	}
	if read.at("data.country.name") != "Belgium" || read.at("data.tags.0.name") != tag || dig(read.at("data.salesperson"), "id") == nil {
		w.t.Errorf("relations: %s", read.body)
	}
	if found := w.list("/partners?reference=" + reference); len(found) != 1 || dig(found[0], "id") != id {
		w.t.Errorf("by its reference: %v", found)
	}

	// Absent stays, null clears.
	changed := w.rest("PATCH", path, object{"email": nil, "country": nil, "tags": []any{}, "city": "Brugge", "phone": ""}).is(200)
	want["email"], want["phone"], want["city"] = false, false, "Brugge"
	w.holds("res.partner", id, want)
	for member, value := range map[string]any{"email": nil, "phone": nil, "country": nil, "city": "Brugge", "street": "Markt 1", "name": name, "reference": reference} {
		if got := changed.at("data." + member); got != value {
			w.t.Errorf("%s is %v, want %v", member, got, value)
		}
	}
	if tags := changed.at("data.tags"); !cmp.Equal(tags, []any{}) || len(changed.at("data.contacts").([]any)) != 2 {
		w.t.Errorf("after PATCH: %s", changed.body)
	}
	nothing := w.rest("PATCH", path, object{}).is(200)
	if string(nothing.body) != string(changed.body) {
		w.t.Errorf("an empty change changes:\n%s\n%s", changed.body, nothing.body)
	}
	merged := w.rest("PATCH", path, `{"country":{"code":"NL"}}`, "Content-Type", "application/merge-patch+json; charset=UTF-8").is(200)
	if merged.at("data.country.name") != "Netherlands" {
		w.t.Errorf("a merge patch: %s", merged.body)
	}

	for _, step := range []struct {
		action string
		active bool
	}{{"archive", false}, {"archive", false}, {"unarchive", true}, {"unarchive", true}} {
		if a := w.rest("POST", path+"/"+step.action, nil).is(200); a.at("data.active") != step.active {
			w.t.Errorf("%s: %s", step.action, a.body)
		}
		listed := w.list(fmt.Sprintf("/partners?id=%v", id))
		archived := w.list(fmt.Sprintf("/partners?active=false&id=%v", id))
		if (len(listed) == 1) != step.active || (len(archived) == 1) == step.active {
			w.t.Errorf("after %s: %d in the list, %d archived", step.action, len(listed), len(archived))
		}
		w.record(path)
	}
	w.rest("POST", path+"/archive", object{}).is(200)
	w.rest("POST", path+"/archive", object{"active": false}).refused(400, "VALIDATION_ERROR")
}

// holds fails unless Odoo has these values in a record.
func (w *world) holds(model string, id any, want object) {
	w.t.Helper()
	var fields []string
	for name := range want {
		fields = append(fields, name)
	}
	got := w.read(w.t, model, []any{[]any{"id", "=", id}, []any{"active", "in", []any{true, false}}}, "id", 1, fields...)[0]
	delete(got, "id")
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s %v (-want +Odoo):\n%s", model, id, diff)
	}
}

// What is wrong with a body is told at once, by the names that REST has for it, and
// nothing is changed.
func restFaultsOfBodies(w *world) {
	path := fmt.Sprintf("/partners/%v", w.rest("POST", "/partners", object{"name": "Faulty " + stamp(), "email": "a@example.com", "country": object{"code": "BE"}}).is(201).at("data.id"))
	before := w.rest("GET", path, nil)
	for _, c := range []struct {
		body   string
		fields []string
	}{
		{`{"email": 5}`, []string{"email"}}, {`{"is_company": "true"}`, []string{"is_company"}}, {`{"is_company": null}`, []string{"is_company"}}, {`{"type": "CONTACT"}`, []string{"type"}},
		{`{"type": "nonsense"}`, []string{"type"}}, {`{"unknown": 1}`, []string{"unknown"}}, {`{"id": 5}`, []string{"id"}}, {`{"isCompany": true}`, []string{"isCompany"}}, {`{"country": "BE"}`, []string{"country"}},
		{`{"country": 20}`, []string{"country"}}, {`{"country": {}}`, []string{"country"}}, {`{"country": {"code": "BE", "id": 20}}`, []string{"country"}}, {`{"country": {"name": "Belgium"}}`, []string{"country.name"}},
		{`{"country": {"code": null}}`, []string{"country"}}, {`{"country": {"code": "??"}}`, []string{"country.code"}}, {`{"country": {"id": 999999}}`, []string{"country.id"}}, {`{"country": {"id": 0}}`, []string{"country.id"}},
		{`{"country": {"id": "20"}}`, []string{"country.id"}}, {`{"country": {"id": 2.5}}`, []string{"country.id"}}, {`{"country": {"id": 99999999999}}`, []string{"country.id"}}, {`{"country": [20, "Belgium"]}`, []string{"country"}},
		{`{"tags": {"name": "x"}}`, []string{"tags"}}, {`{"tags": [5]}`, []string{"tags.0"}}, {`{"tags": [{"name": "no such tag"}]}`, []string{"tags.0.name"}}, {`{"tags": [null]}`, []string{"tags.0"}},
		{`{"language": "xx_XX"}`, []string{"language"}}, {`{"timezone": "Europe/Atlantis"}`, []string{"timezone"}}, {`{"street": "a\u0000b"}`, []string{"street"}}, {`{"contacts": []}`, []string{"contacts"}},
		{`{"if_unmodified_since": "2026-01-01T00:00:00Z"}`, []string{"if_unmodified_since"}}, {`{"partner": {"id": 1}}`, []string{"partner"}},
		{`{"email": 5, "phone": false, "country": {"code": 5}, "nonsense": 1}`, []string{"email", "phone", "country.code", "nonsense"}},
		{`{"country": {"code": "??"}, "salesperson": {"login": "nobody"}, "tags": [{"name": "no such tag"}]}`, []string{"country.code", "salesperson.login", "tags.0.name"}},
		{`{"language": "xx_XX", "timezone": "Europe/Atlantis", "is_company": null}`, []string{"is_company", "language", "timezone"}},
	} {
		a := w.rest("PATCH", path, c.body)
		a.refused(400, "VALIDATION_ERROR", c.fields...)
		for _, word := range []string{"databaseId", "input.", "$", "GraphQL", "CONTACT", "isCompany,"} {
			if strings.Contains(fmt.Sprint(a.at("error")), word) {
				w.t.Errorf("%s: the error speaks of %s: %s", c.body, word, a.body)
			}
		}
	}
	for _, body := range []string{``, ` `, `null`, `[]`, `5`, `"x"`, `{`, `{"name": "x"`, `{"name": "x"} x`, `{"name": "x"}{}`, `{name: "x"}`, "{\"name\": \"\xff\"}", "\xef\xbb\xbf{}"} {
		w.rest("PATCH", path, body).refused(400, "VALIDATION_ERROR")
		w.rest("POST", "/partners", body).refused(400, "VALIDATION_ERROR")
	}
	if after := w.rest("GET", path, nil); string(after.body) != string(before.body) {
		w.t.Errorf("a refused change left something behind:\n%s\n%s", before.body, after.body)
	}
	w.rest("POST", "/partners", object{"name": ""}).refused(400, "VALIDATION_ERROR", "name")
	w.rest("POST", "/partners", object{"name": nil, "email": "x@example.com"}).refused(400, "VALIDATION_ERROR", "name")
	w.rest("POST", "/partners", object{"name": "x", "contacts": []any{object{"name": "a"}, object{"name": ""}, object{"name": "c", "language": "xx_XX"}}}).
		refused(400, "VALIDATION_ERROR", "contacts.1.name", "contacts.2.language")
	w.rest("POST", "/partners/2147483647/archive", nil).refused(404, "NOT_FOUND")
	// What Odoo refuses, it refuses in its own words.
	child := w.rest("POST", "/partners", object{"name": "Child " + stamp(), "parent": object{"id": asNumber(lastOf(path))}}).is(201)
	loop := w.rest("PATCH", path, object{"parent": object{"id": child.at("data.id")}})
	if w.transport == "xml-rpc" { // which does not tell a bad value from a rule
		loop.refused(422, "BUSINESS_RULE", "parent.id")
	} else {
		loop.refused(400, "VALIDATION_ERROR", "parent.id")
	}
	if !strings.Contains(fmt.Sprint(loop.at("error")), "recursive") {
		w.t.Errorf("Odoo's words are %s", loop.body)
	}
}

// Of changes at once on condition none is lost; without one the last wins.
func restConditions(w *world) {
	made := w.rest("POST", "/partners", object{"name": "Contended " + stamp(), "street": "|"}).is(201)
	path := fmt.Sprintf("/partners/%v", made.at("data.id"))
	first := made.header.Get("Etag")
	changed := w.rest("PATCH", path, object{"city": "Gent"}, "If-Match", first).is(200)
	late := w.rest("PATCH", path, object{"city": "Brugge"}, "If-Match", first)
	late.refused(412, "PRECONDITION_FAILED", "If-Match")
	w.rest("PATCH", path, object{"city": "Brugge"}, "If-Match", changed.header.Get("Etag")).is(200)
	w.rest("PATCH", path, object{"city": "Aalst"}, "If-Match", "*").is(200)
	for _, tag := range []string{`"nonsense"`, `W/` + first, `nonsense`, `"zz.zz"`} {
		w.rest("PATCH", path, object{"city": "Nowhere"}, "If-Match", tag).is(412)
	}
	w.rest("POST", path+"/archive", nil, "If-Match", first).is(412)
	old, now := "Mon, 02 Jan 2006 15:04:05 GMT", w.rest("GET", path, nil).header.Get("Last-Modified")
	w.rest("PATCH", path, object{"city": "Nowhere"}, "If-Unmodified-Since", old).is(412)
	if now == "" {
		w.t.Error("no Last-Modified")
	}
	w.rest("PATCH", path, object{"city": "Leuven"}, "If-Unmodified-Since", "no date").is(200)
	if city := w.record(path)["city"]; city != "Leuven" {
		w.t.Errorf("the city is %v", city)
	}
	// A tag of an answer with fewer fields, or of a compressed one, is one of the record.
	part := w.rest("GET", path+"?fields=city", nil).is(200).header.Get("Etag")
	w.rest("PATCH", path, object{"city": "Mechelen"}, "If-Match", part).is(200)
	packed := w.rest("GET", path, nil, "Accept-Encoding", "gzip").header.Get("Etag")
	w.rest("PATCH", path, object{"city": "Hasselt"}, "If-Match", packed).is(200)

	const clients = 16
	var group sync.WaitGroup
	for i := range clients {
		group.Go(func() {
			for range 300 {
				a := w.rest("GET", path+"?fields=street", nil)
				street := fmt.Sprint(a.at("data.street"))
				if after := w.rest("PATCH", path, object{"street": fmt.Sprintf("%s%d|", street, i)}, "If-Match", a.header.Get("Etag")); after.status != 412 {
					if after.status != 200 {
						w.t.Errorf("client %d: %d %s", i, after.status, after.body)
					}
					return
				}
			}
			w.t.Errorf("client %d: no luck", i)
		})
	}
	group.Wait()
	street := fmt.Sprint(w.record(path)["street"])
	for i := range clients {
		if strings.Count(street, fmt.Sprintf("|%d|", i)) != 1 {
			w.t.Errorf("the change of client %d is lost: %s", i, street)
		}
	}
}

// A change with an idempotency key is made once, however often it is sent.
func restIdempotency(w *world) {
	key, name := "rest "+stamp(), "Once "+stamp()
	first := w.rest("POST", "/partners", object{"name": name}, "Idempotency-Key", key).is(201)
	again := w.rest("POST", "/partners", object{"name": name}, "Idempotency-Key", key).is(201)
	if string(first.body) != string(again.body) || first.header.Get("Idempotency-Replayed") != "" || again.header.Get("Idempotency-Replayed") != "true" ||
		first.header.Get("Location") != again.header.Get("Location") || again.header.Get("Location") == "" || first.header.Get("Etag") != again.header.Get("Etag") {
		w.t.Errorf("first %v\n%s\nagain %v\n%s", first.header, first.body, again.header, again.body)
	}
	if found := w.list("/partners?fields=id&name__startswith=" + strings.ReplaceAll(name, " ", "%20")); len(found) != 1 {
		w.t.Errorf("%d partners", len(found))
	}
	w.rest("POST", "/partners", object{"name": name + " other"}, "Idempotency-Key", key).refused(422, "IDEMPOTENCY_KEY_REUSED")
	path := fmt.Sprintf("/partners/%v", first.at("data.id"))
	w.rest("PATCH", path, object{"name": name}, "Idempotency-Key", key).refused(422, "IDEMPOTENCY_KEY_REUSED")
	w.rest("POST", "/partners", object{"name": "x"}, "Idempotency-Key", strings.Repeat("x", 300)).refused(400, "VALIDATION_ERROR", "Idempotency-Key")
	// Those that come at once make one record.
	key = "rest " + stamp()
	name = "Race " + stamp()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			a := w.rest("POST", "/partners", object{"name": name}, "Idempotency-Key", key)
			if a.status != http.StatusCreated && a.status != http.StatusConflict {
				w.t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	group.Wait()
	if found := w.read(w.t, "res.partner", []any{[]any{"name", "=", name}}, "id", 0, "id"); len(found) != 1 {
		w.t.Errorf("%d partners", len(found))
	}
	// A refusal is told again, too.
	key = "rest " + stamp()
	for range 2 {
		w.rest("POST", "/partners", object{"name": "x", "country": object{"code": "??"}}, "Idempotency-Key", key).refused(400, "VALIDATION_ERROR", "country.code")
	}
}

// A client that wants no body gets none.
func restMinimal(w *world) {
	made := w.rest("POST", "/partners", object{"name": "Minimal " + stamp()}, "Prefer", "return=minimal").is(204)
	path := made.header.Get("Location")
	if made.header.Get("Preference-Applied") != "return=minimal" || !strings.HasPrefix(path, "/api/v1/partners/") {
		w.t.Errorf("the headers are %v", made.header)
	}
	w.rest("GET", path, nil).is(200)
	w.rest("PATCH", path, object{"city": "Gent"}, "Prefer", "respond-async, return=minimal").is(204)
	for _, prefer := range []string{"return=representation", "nonsense", ""} {
		if a := w.rest("PATCH", path, object{"city": "Gent"}, "Prefer", prefer).is(200); a.at("data.city") != "Gent" {
			w.t.Errorf("Prefer: %s: %s", prefer, a.body)
		}
	}
	w.rest("PATCH", path, object{"country": object{"code": "??"}}, "Prefer", "return=minimal").refused(400, "VALIDATION_ERROR", "country.code")
}
