// Command bench measures the gateway beside other ways to get the same data
// from the Odoo that ODOO_URL names, in one run. It imports every package.
//
//	go run ./bench                    50 orders with all that hangs on them
//	go run ./bench --workload one     one partner of many, at random
//	go run ./bench --workload pages   the first page of all partners, and one near the end
//	go run ./bench --workload rest    routes of the REST API beside the queries behind them
//	go run ./bench --workload exports all partners as NDJSON and CSV
package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
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
	Workload string        `default:"orders" enum:"orders,one,pages,rest,exports" help:"What to ask for: ${enum}."`
	Clients  []int         `default:"1,8,32" help:"How many clients ask at once, one table for each."`
	Runs     int           `default:"3" help:"How often each way is measured, in turns; the medians are shown."`
	Time     time.Duration `default:"3s" help:"Time of one measurement. Each client asks once at least."`
	Gateway  bool          `help:"Measure the gateway alone."`
}

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300) // as odoograph itself does
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
	fmt.Println("| way | clients | calls to Odoo | median | p99 | requests/s | median × | failed |")
	fmt.Println("|---|--:|--:|--:|--:|--:|--:|--:|")
	for _, clients := range s.Clients {
		all := make([][]measurement, len(ways))
		for run := range s.Runs {
			for i, w := range ways {
				if w.slow && run > 0 {
					continue
				}
				m, err := measure(ctx, w, clients, s.Time)
				if err != nil {
					return fmt.Errorf("%s: %w", w.name, err)
				}
				all[i] = append(all[i], m)
			}
		}
		first := middle(all[0], func(m measurement) time.Duration { return m.median })
		for i, w := range ways {
			median := middle(all[i], func(m measurement) time.Duration { return m.median })
			fmt.Printf("| %s | %d | %.1f | %s | %s | %.1f | %.2f | %d |\n", w.name, clients,
				middle(all[i], func(m measurement) float64 { return m.calls }), round(median),
				round(middle(all[i], func(m measurement) time.Duration { return m.p99 })),
				middle(all[i], func(m measurement) float64 { return m.rate }),
				float64(median)/float64(first), middle(all[i], func(m measurement) int { return m.failed }))
		}
	}
	return nil
}

// middle is the median of what the runs measured.
func middle[T cmp.Ordered](runs []measurement, of func(measurement) T) T {
	values := make([]T, len(runs))
	for i, m := range runs {
		values[i] = of(m)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// session signs in over one protocol, with as many connections as it likes.
func (s *settings) session(ctx context.Context, transport string) (*odoo.Session, error) {
	client, err := odoo.New(odoo.Config{
		URL: s.URL, Database: s.DB, Transport: transport, MaxConns: 256, Timeout: time.Minute, QueueTimeout: time.Minute,
	})
	if err != nil {
		return nil, err
	}
	return client.Session(ctx, s.credential())
}

func (s *settings) credential() odoo.Credential {
	return odoo.Credential{Login: s.Login, Password: s.Password, APIKey: s.APIKey}
}
