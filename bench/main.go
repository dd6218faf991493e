// Command bench measures the gateway beside other ways to get the same data
// from the Odoo that ODOO_URL names, in one run. It imports every package.
//
//	go run ./bench                  50 orders with all that hangs on them
//	go run ./bench --workload one   one partner of many, at random
package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/alecthomas/kong"

	"odoograph/odoo"
)

type settings struct {
	URL      string        `env:"ODOO_URL" required:"" help:"Address of Odoo."`
	DB       string        `env:"ODOO_DB" required:"" help:"Name of its database."`
	Login    string        `env:"ODOO_LOGIN" required:"" help:"Login of a user."`
	Password string        `env:"ODOO_PASSWORD" required:"" help:"Password of that user."`
	APIKey   string        `env:"ODOO_API_KEY" name:"api-key" help:"API key of that user, for JSON-2."`
	Workload string        `default:"orders" enum:"orders,one" help:"What to ask for: ${enum}."`
	Clients  []int         `default:"1,8,32" help:"How many clients ask at once, one table for each."`
	Time     time.Duration `default:"4s" help:"Time for each way and number of clients."`
}

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // as odoograph does
	}
	var s settings
	kong.Parse(&s, kong.Description("Measures the gateway beside other clients of Odoo."))
	if err := s.run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (s *settings) run(ctx context.Context) error {
	ways, err := s.ways(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%-34s %7s %6s %10s %10s %9s %9s %7s\n", "way", "clients", "calls", "median", "p99", "per s", "median ×", "failed")
	for _, clients := range s.Clients {
		var baseline time.Duration
		for _, w := range ways {
			m, err := measure(ctx, w, clients, s.Time)
			if err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			if baseline == 0 {
				baseline = m.median // the gateway comes first
			}
			fmt.Printf("%-34s %7d %6.1f %10s %10s %9.1f %9.2f %7d\n",
				w.name, clients, m.calls, round(m.median), round(m.p99), m.rate, float64(m.median)/float64(baseline), m.failed)
		}
		fmt.Println()
	}
	return nil
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// session signs in over one protocol, with as many connections as clients.
func (s *settings) session(ctx context.Context, transport string) (*odoo.Session, error) {
	client, err := odoo.New(odoo.Config{URL: s.URL, Database: s.DB, Transport: transport, MaxConns: 32})
	if err != nil {
		return nil, err
	}
	return client.Session(ctx, odoo.Credential{Login: s.Login, Password: s.Password, APIKey: s.APIKey})
}
