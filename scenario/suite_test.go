package scenario

import (
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"odoograph/odoo"
)

// The scenarios. Each one says what a client or operator may rely on.
var scenarios = []struct {
	name string
	run  func(*world)
}{
	{"orders match Odoo", ordersMatchOdoo},
	{"values of every kind", valuesOfEveryKind},
	{"calls do not grow with records", callsDoNotGrow},
	{"a type name needs no Odoo", typenameNeedsNoOdoo},
	{"random queries", randomQueries},
	{"selections of every shape", selectionsOfEveryShape},
	{"every field can be read", everyFieldCanBeRead},
	{"pages visit each record once", pagesVisitEachOnce},
	{"walks by every order", walksByEveryOrder},
	{"walks while records come and go", walksWhileRecordsComeAndGo},
	{"forged cursors", forgedCursors},
	{"page arguments", pageArguments},
	{"filters match Odoo", filtersMatchOdoo},
	{"negations part the records", negationsPart},
	{"wildcards are text", wildcardsAreText},
	{"bad input is named", badInputIsNamed},
	{"orders of lists", ordersOfLists},
	{"lists within records", listsWithinRecords},
	{"search finds names", searchFindsNames},
	{"nodes by global id", nodesByID},
	{"natural keys", naturalKeys},
	{"the viewer is the user", viewerIsTheUser},
	{"rights are Odoo's", rightsAreOdoos},
	{"users are apart", usersAreApart},
	{"forbidden lists", forbiddenLists},
	{"archived records", archivedRecords},
	{"languages", languages},
	{"many at once", manyAtOnce},
	{"a shop sells", aShopSells},
	{"lines of an order", linesOfAnOrder},
	{"the life of an order", lifeOfAnOrder},
	{"absent is not null", absentIsNotNull},
	{"a change is one call", aChangeIsOneCall},
	{"changes at once", changesAtOnce},
	{"traps of writing", trapsOfWriting},
	{"traps of orders", trapsOfOrders},
	{"on condition", onCondition},
	{"read your writes", readYourWrites},
	{"writing needs rights", writingNeedsRights},
	{"faults are coded", faultsAreCoded},
	{"the gateway starts without Odoo", startsWithoutOdoo},
	{"a client that leaves cancels", leavingCancels},
	{"a wrong database", wrongDatabase},
	{"a wrong password", wrongPassword},
	{"a walk through volume", walkThroughVolume},
}

func run(t *testing.T, targets []target) {
	t.Helper()
	for _, tg := range targets {
		t.Run(tg.name, func(t *testing.T) {
			for _, s := range scenarios {
				t.Run(s.name, func(t *testing.T) { s.run(tg.open(t, options{})) })
			}
		})
	}
}

// TestGenuine runs the scenarios against the Odoo that ODOO_URL names, which
// must have the demo data and a demo user with the password "demo".
func TestGenuine(t *testing.T) {
	if os.Getenv("ODOO_URL") == "" {
		t.Skip("set ODOO_URL, ODOO_DB, ODOO_LOGIN, ODOO_PASSWORD and ODOO_API_KEY to run against a genuine Odoo")
	}
	genuine := target{
		name: "auto", uids: &sync.Map{}, url: os.Getenv("ODOO_URL"), db: os.Getenv("ODOO_DB"),
		admin: odoo.Credential{Login: os.Getenv("ODOO_LOGIN"), Password: os.Getenv("ODOO_PASSWORD"), APIKey: os.Getenv("ODOO_API_KEY")},
		demo:  odoo.Credential{Login: "demo", Password: "demo"},
	}
	genuine.fixture = genuine.stranger
	genuine.create = func(t *testing.T, model string, values map[string]any) int64 {
		t.Helper()
		id, err := genuine.rpc(t, model, "create", []any{values}, nil).(json.Number).Int64()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	genuine.unlink = func(t *testing.T, model string, id int64) {
		t.Helper()
		genuine.rpc(t, model, "unlink", []any{[]any{id}}, nil)
	}
	targets := []target{genuine}
	for _, transport := range []string{"json-rpc", "xml-rpc"} {
		other := genuine
		other.name, other.transport = transport, transport
		targets = append(targets, other)
	}
	if response, err := http.Get(genuine.url + "/web/version"); err == nil {
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			targets = append(targets, genuine.byKey()) // since 19, as that page
		}
	}
	flat := genuine
	flat.name, flat.flat = "level by level", true
	run(t, append(targets, flat))
}

// stranger makes a user in a company of its own: the demo user sees the user
// and not the company.
func (tg target) stranger(t *testing.T) fixture {
	t.Helper()
	stamp := strconv.FormatInt(time.Now().UnixNano(), 36)
	create := func(model string, values map[string]any) json.Number {
		return tg.rpc(t, model, "create", []any{values}, nil).(json.Number)
	}
	company := create("res.company", map[string]any{"name": "Elsewhere " + stamp})
	user := create("res.users", map[string]any{
		"name": "Stranger", "login": "stranger-" + stamp, "company_id": company, "company_ids": []any{[]any{6, 0, []any{company}}},
	})
	// The admin's sessions know the companies that there were when they began.
	tg.rpc(t, "res.users", "write", []any{[]any{2}, map[string]any{"company_ids": []any{[]any{4, company}}}}, nil)
	t.Cleanup(func() {
		tg.rpc(t, "res.users", "write", []any{[]any{user}, map[string]any{"active": false}}, nil)
		tg.rpc(t, "res.users", "write", []any{[]any{2}, map[string]any{"company_ids": []any{[]any{3, company}}}}, nil)
	})
	return fixture{root: "user", id: user, relation: "company"}
}
