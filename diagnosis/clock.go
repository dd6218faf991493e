package diagnosis

import (
	"fmt"
	"math"
	"time"

	"odoograph/odoo"
)

// How far the clocks may be apart. Cursors and deltas by time of change are the
// first to suffer.
const (
	skewWarning = 5 * time.Second
	skewError   = 5 * time.Minute
)

// clock compares the server's clock with this machine's.
func clock(facts odoo.Facts) Finding {
	const check = "odoo-clock"
	apart := facts.Ahead.Abs()
	f := Finding{
		Check: check, Level: Warning, Cause: "one of the two clocks is wrong",
		Fix: "let both machines keep their time by NTP: timedatectl shows whether a machine does",
	}
	which := "ahead of"
	if facts.Ahead < 0 {
		which = "behind"
	}
	f.Found = fmt.Sprintf("Odoo's clock is %s %s this machine's", apart.Round(time.Second), which)
	switch {
	case !facts.ClockKnown:
		return Finding{Check: check, Level: Note, Found: "not known: the server does not tell its time"}
	case apart > skewError:
		f.Level = Error
	case apart <= skewWarning:
		return ok(check, "the same as this machine's, to %.0f s", math.Max(1, apart.Seconds()))
	}
	return f
}
