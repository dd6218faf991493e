package telemetry

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"odoograph/apierror"
)

// Where the probes are.
const (
	LivePath  = "/healthz"
	ReadyPath = "/readyz"
)

// Live answers that the process runs.
func Live(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, health{Status: "ok"}) }

type health struct {
	Status  string `json:"status"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

// readyTimeout bounds one look at readiness.
const readyTimeout = 5 * time.Second

// Ready answers 200 when ready returns nil and 503 with the public part of its
// error otherwise.
func Ready(ready func(context.Context) error, log *slog.Logger) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		err := ready(ctx)
		if err == nil {
			writeJSON(w, http.StatusOK, health{Status: "ready"})
			return
		}
		log.WarnContext(ctx, "not ready", "error", err)
		public := apierror.Public(err)
		writeJSON(w, http.StatusServiceUnavailable, health{"not ready", string(public.Code), public.Message})
	}
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
