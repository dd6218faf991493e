package scenario

import (
	"fmt"
	"strconv"
	"sync"

	"github.com/google/go-cmp/cmp"

	"odoograph/auth"
	"odoograph/odoo"
)

// newKey makes a key that acts as an Odoo user.
func (w *world) newKey(credential odoo.Credential, scopes ...string) string {
	w.t.Helper()
	credential.APIKey = "" // a key stands for one way to sign in
	token, _, err := w.keys.Create(w.t.Context(), auth.Key{Name: "key of " + credential.Login, Scopes: scopes}, credential)
	if err != nil {
		w.t.Fatal(err)
	}
	return "Bearer " + token
}

// Two keys of two Odoo users see what each user may see and nothing else, however
// their requests mix: no cache, no merged call, no cursor and no id leads across.
func usersAreApart(w *world) {
	keys := map[string]string{"admin": w.newKey(w.admin, "*"), "demo": w.newKey(w.demo, "*")}
	queries := []string{
		`{ viewer { login } }`,
		`{ partners(first: 100) { totalCount nodes { databaseId displayName email country { name currency { code } } } } }`,
		`{ saleOrders(first: 50) { totalCount nodes { name partner { displayName } lines { nodes { name } } } } }`,
		`{ users { totalCount nodes { login } } }`,
		`{ countries(first: 5) { nodes { name code } } companies { totalCount nodes { name } } }`,
		`{ invoices(first: 20) { totalCount nodes { number total } } }`,
	}
	// What each sees when nobody else asks, each through a gateway of its own.
	alone := map[string][]answer{}
	for login, credential := range map[string]*odoo.Credential{"admin": &w.admin, "demo": &w.demo} {
		own := w.open(w.t, options{credential: credential})
		for _, query := range queries {
			alone[login] = append(alone[login], stripped(own.ask(query, nil)))
		}
	}
	if cmp.Equal(alone["admin"][2].Data, alone["demo"][2].Data) {
		w.t.Fatal("both users see the same orders: this proves nothing")
	}

	var wg sync.WaitGroup
	for range 6 {
		for login, key := range keys {
			for i, query := range queries {
				wg.Go(func() {
					got := stripped(w.ask(query, nil, "Authorization", key))
					if diff := cmp.Diff(alone[login][i].Data, got.Data); diff != "" {
						w.t.Errorf("%s, asking %s among others:\n%s", login, query, diff)
					}
				})
			}
		}
	}
	wg.Wait()
	w.cursorsDoNotLeadAcross(keys)
	w.idsDoNotLeadAcross(keys)
}

// stripped is an answer without what no two answers share.
func stripped(a answer) answer {
	a.t, a.Errors = nil, nil
	return a
}

// A cursor of one user, in the hands of another, is a place in the other's own list.
func (w *world) cursorsDoNotLeadAcross(keys map[string]string) {
	own := map[any]bool{}
	for after := any(nil); ; {
		page := w.get(`query($after: String) { saleOrders(first: 100, after: $after) { nodes { databaseId } pageInfo { hasNextPage endCursor } } }`,
			map[string]any{"after": after}, "Authorization", keys["demo"])
		for _, node := range dig(page, "saleOrders.nodes").([]any) {
			own[dig(node, "databaseId")] = true
		}
		if dig(page, "saleOrders.pageInfo.hasNextPage") != true {
			break
		}
		after = dig(page, "saleOrders.pageInfo.endCursor")
	}
	theirs := w.get(`{ saleOrders(first: 30) { edges { cursor } } }`, nil, "Authorization", keys["admin"])
	for i := range dig(theirs, "saleOrders.edges").([]any) {
		cursor := dig(theirs, "saleOrders.edges."+strconv.Itoa(i)+".cursor")
		for _, arguments := range []string{"first: 5, after: $c", "last: 5, before: $c"} {
			page := w.get(fmt.Sprintf(`query($c: String) { saleOrders(%s) { nodes { databaseId } } }`, arguments),
				map[string]any{"c": cursor}, "Authorization", keys["demo"])
			for _, node := range dig(page, "saleOrders.nodes").([]any) {
				if id := dig(node, "databaseId"); !own[id] {
					w.t.Fatalf("with a cursor of admin's, demo sees the order %v", id)
				}
			}
		}
	}
}

// A global id of a record that one user sees is null to another who does not.
func (w *world) idsDoNotLeadAcross(keys map[string]string) {
	f := w.fixture(w.t)
	query := fmt.Sprintf(`query($id: Int) { found: %s(databaseId: $id) { id %s { displayName } } }`, f.root, f.relation)
	for range 3 { // the second time from whatever is remembered
		if dig(w.get(query, map[string]any{"id": f.id}, "Authorization", keys["admin"]), "found."+f.relation) == nil {
			w.t.Fatal("admin does not see the record: this proves nothing")
		}
		if seen := dig(w.ask(query, map[string]any{"id": f.id}, "Authorization", keys["demo"]).Data, "found."+f.relation); seen != nil {
			w.t.Errorf("demo sees %v", seen)
		}
	}
}
