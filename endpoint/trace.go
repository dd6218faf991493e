package endpoint

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"odoograph/odoo"
)

// traceHeader asks for extensions.trace.
const traceHeader = "Odoograph-Trace"

// traceReport is extensions.trace: what an answer took, as the log has it.
type traceReport struct {
	Milliseconds float64 `json:"milliseconds"`
	OdooCalls    int     `json:"odooCalls"`
	OdooMS       float64 `json:"odooMilliseconds"`
	QueueMS      float64 `json:"queueMilliseconds"`
}

// traced tells whether the answer says what it took. The header asks for that; only
// those who may see the schema get it, who are developers: to anybody else it would
// tell which queries hurt Odoo most, and which records somebody asked for lately.
func traced(r *http.Request, caller caller) bool {
	return caller.introspect && r.Header.Get(traceHeader) == "1"
}

// addTrace adds to a response what it took.
func addTrace(ctx context.Context, response *graphql.Response) {
	stats := odoo.StatsOf(ctx)
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions["trace"] = traceReport{
		milliseconds(time.Since(graphql.GetStartTime(ctx))), stats.Calls(), milliseconds(stats.Time()), milliseconds(stats.Waited()),
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
