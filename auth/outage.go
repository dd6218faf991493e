package auth

import (
	"log/slog"
	"sync/atomic"
)

// outage tells the log once when the store goes away, and once when it is back.
type outage struct{ away atomic.Bool }

func (o *outage) begin(log *slog.Logger, err error) {
	if !o.away.Swap(true) {
		log.Warn("the database of the API keys does not answer; keys known before are honoured for a while", "at_most", honouredFor, "error", err)
	}
}

func (o *outage) end(log *slog.Logger) {
	if o.away.Load() && o.away.Swap(false) {
		log.Info("the database of the API keys answers again")
	}
}
