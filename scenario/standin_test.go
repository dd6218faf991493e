package scenario

import (
	"cmp"
	"encoding/json"
	"strconv"
	"sync"
	"testing"

	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

// TestStandIn runs the scenarios against the stand-in in each version that it
// can pose as, and the short ones over each way to reach an Odoo: one version of
// each is enough, for what the stand-in shares between them is the codec.
func TestStandIn(t *testing.T) {
	for _, version := range []int{14, 17, 19} {
		t.Run(strconv.Itoa(version), func(t *testing.T) {
			t.Parallel() // each has a server of its own
			server := odootest.Start(t, odootest.Options{Version: version})
			first := standIn(server, "")
			targets := []target{first}
			switch version {
			case 14:
				targets = append(targets, first.over("json-rpc"), first.over("xml-rpc"))
			case 17:
				targets = append(targets, first.levelByLevel())
			case 19:
				targets = append(targets, first.byKey())
			}
			run(t, targets)
		})
	}
}

// TestVolume walks through 50,000 partners.
func TestVolume(t *testing.T) {
	server := odootest.Start(t, odootest.Options{Partners: 50_000, Orders: 5_000})
	walkThroughVolume(standIn(server, "").open(t, options{}))
}

func standIn(server *odootest.Server, transport string) target {
	return target{
		name: cmp.Or(transport, "auto"), url: server.URL(), db: server.DB(), transport: transport, uids: &sync.Map{},
		admin: odoo.Credential{Login: odootest.AdminLogin, Password: odootest.AdminLogin, APIKey: odootest.AdminKey},
		demo:  odoo.Credential{Login: odootest.DemoLogin, Password: odootest.DemoLogin},
		create: func(t *testing.T, model string, values map[string]any) int64 {
			t.Helper()
			for name, value := range values {
				if value == false {
					values[name] = nil
				}
			}
			id, err := server.Create(model, values)
			if err != nil {
				t.Fatal(err)
			}
			return id
		},
		unlink: func(t *testing.T, model string, id int64) {
			t.Helper()
			if err := server.Delete(model, id); err != nil {
				t.Fatal(err)
			}
		},
		fixture: func(*testing.T) fixture {
			order := server.Find("sale.order", "client_order_ref", "confidential")
			return fixture{root: "saleOrder", id: json.Number(strconv.FormatInt(order, 10)), relation: "partner"}
		},
	}
}
