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

// The scenarios. Each one says what a client or operator may rely on. Those that are
// long and not about a protocol leave out targets that are another one over another
// protocol.
var scenarios = []struct {
	name string
	run  func(*world)
	once bool
}{
	{"orders match Odoo", ordersMatchOdoo, false},
	{"values of every kind", valuesOfEveryKind, false},
	{"calls do not grow with records", callsDoNotGrow, false},
	{"a type name needs no Odoo", typenameNeedsNoOdoo, false},
	{"random queries", randomQueries, true},
	{"selections of every shape", selectionsOfEveryShape, true},
	{"every field can be read", everyFieldCanBeRead, true},
	{"pages visit each record once", pagesVisitEachOnce, true},
	{"walks by every order", walksByEveryOrder, true},
	{"walks while records come and go", walksWhileRecordsComeAndGo, true},
	{"forged cursors", forgedCursors, false},
	{"page arguments", pageArguments, false},
	{"filters match Odoo", filtersMatchOdoo, true},
	{"negations part the records", negationsPart, true},
	{"wildcards are text", wildcardsAreText, false},
	{"bad input is named", badInputIsNamed, false},
	{"orders of lists", ordersOfLists, true},
	{"lists within records", listsWithinRecords, true},
	{"search finds names", searchFindsNames, false},
	{"nodes by global id", nodesByID, false},
	{"natural keys", naturalKeys, false},
	{"the viewer is the user", viewerIsTheUser, false},
	{"examples of the reference", referenceExamples, false},
	{"rights are Odoo's", rightsAreOdoos, false},
	{"users are apart", usersAreApart, true},
	{"forbidden lists", forbiddenLists, false},
	{"archived records", archivedRecords, false},
	{"languages", languages, false},
	{"many at once", manyAtOnce, true},
	{"a shop sells", aShopSells, false},
	{"lines of an order", linesOfAnOrder, false},
	{"the life of an order", lifeOfAnOrder, false},
	{"absent is not null", absentIsNotNull, false},
	{"a change is one call", aChangeIsOneCall, false},
	{"changes at once", changesAtOnce, true},
	{"traps of writing", trapsOfWriting, false},
	{"traps of orders", trapsOfOrders, false},
	{"on condition", onCondition, false},
	{"read your writes", readYourWrites, false},
	{"writing needs rights", writingNeedsRights, false},
	{"upserts", upserts, false},
	{"quotations are sent", sendsQuotations, false},
	{"one key, one change", oneKeyOneChange, false},
	{"leaving is no way back", leavingIsNoWayBack, false},
	{"lost answers", lostAnswers, true},
	{"faults are coded", faultsAreCoded, false},
	{"the gateway starts without Odoo", startsWithoutOdoo, true},
	{"a client that leaves cancels", leavingCancels, false},
	{"a wrong database", wrongDatabase, false},
	{"a wrong password", wrongPassword, false},
	{"a walk through volume", walkThroughVolume, true},
	{"examples of the playground", playgroundExamples, false},
	{"REST: lists match Odoo", restListsMatchOdoo, false},
	{"REST: pages", restPages, true},
	{"REST: filters match Odoo", restFiltersMatchOdoo, true},
	{"REST: records match Odoo", restRecordsMatchOdoo, true},
	{"REST: forbidden parts", restForbidden, true},
	{"REST: scopes", restScopes, true},
	{"REST: a partner lives", restPartnerLives, true},
	{"REST: faults of bodies", restFaultsOfBodies, true},
	{"REST: conditions", restConditions, true},
	{"REST: idempotency", restIdempotency, true},
	{"REST: minimal answers", restMinimal, true},
	{"REST: a shop sells", restShopSells, false},
	{"REST: faults of orders", restFaultsOfOrders, true},
	{"REST: versions", restVersions, true},
	{"REST: caching", restCaching, true},
	{"REST: compression", restCompression, true},
	{"REST: methods and media types", restMethods, true},
	{"REST: problems", restProblems, true},
	{"REST: languages", restLanguages, true},
	{"REST: exports match Odoo", restExportsMatchOdoo, true},
	{"REST: exports of hard names", restExportsOfHardNames, true},
	{"REST: parameters of exports", restExportParameters, true},
	{"REST: exports resume", restExportsResume, true},
	{"REST: exports at once", restExportsAtOnce, true},
	{"REST: faults are coded", restFaults, true},
	{"REST: limits", restLimits, true},
	{"REST: costs what GraphQL does", restCostsWhatGraphQLDoes, true},
	{"REST: users are apart", restUsersAreApart, true},
	{"REST: repeats on condition", restRepeatsOnCondition, true},
	{"REST: bounds", restBounds, true},
	{"REST: fields", restFields, true},
	{"REST: sorts match Odoo", restSorts, true},
	{"REST: searches", restSearches, true},
	{"REST: wildcards are text", restWildcardsAreText, true},
	{"REST: bad parameters", restBadParameters, true},
	{"REST: filters together", restFiltersTogether, true},
	{"REST: walks", restWalks, true},
	{"REST: walks while records come and go", restWalksWhileRecordsComeAndGo, true},
}

func run(t *testing.T, targets []target) {
	t.Helper()
	for _, tg := range targets {
		t.Run(tg.name, func(t *testing.T) {
			for _, s := range scenarios {
				if s.once && tg.secondary {
					continue
				}
				t.Run(s.name, func(t *testing.T) { s.run(tg.open(t, options{})) })
			}
		})
	}
}

// TestGenuine runs the scenarios against the Odoo that ODOO_URL names, in the ways in
// which the gateway reaches its version with a password and with an API key. That every
// protocol says the same is what the live tests of package odoo tell. It must have the
// demo data and a demo user with the password "demo".
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
	if response, err := http.Get(genuine.url + "/web/version"); err == nil && response.Body.Close() == nil && response.StatusCode == http.StatusOK {
		targets = append(targets, genuine.byKey()) // since 19, as that page
	} else { // up to 18, for API keys
		targets = append(targets, genuine.over("json-rpc"))
	}
	run(t, targets)
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
