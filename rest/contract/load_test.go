package contract_test

import (
	"fmt"
	"os"
	"testing"

	"odoograph/endpoint"
	"odoograph/rest/contract"
)

func TestX(t *testing.T) {
	for _, v := range []string{"v1", "v2"} {
		version, err := contract.Load(os.DirFS("../"+v), v, endpoint.Schema().Schema())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range version.Routes {
			fmt.Println(r.Method, r.Path, r.Kind, r.Status, len(r.Filters), len(r.Sorts), len(r.Record.Members), r.Body != nil)
			if r.Name == "listSaleOrders" {
				for _, f := range r.Filters {
					fmt.Print(f.Name, " ")
				}
				for _, f := range r.Sorts {
					fmt.Print(f.Name, " ")
				}
				fmt.Println()
			}
		}
	}
}
