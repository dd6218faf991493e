// Command leaklog reads the log of a demo and fails if it holds what must stay inside.
package main

import (
	"fmt"
	"io"
	"os"

	"odoograph/internal/leak"
	"odoograph/odoo/odootest"
)

func main() {
	log, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if found, line := leak.InLog(string(log), odootest.AdminKey, odootest.DemoKey); found != "" {
		fmt.Printf("the log holds %q: %s", found, line)
		os.Exit(1)
	}
}
