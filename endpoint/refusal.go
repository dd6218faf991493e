package endpoint

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"odoograph/apierror"
	"odoograph/rest"
	"odoograph/telemetry"
)

// writeError answers a request that did not come as far as GraphQL, in the shape
// of a GraphQL error all the same; in that of the REST API where it was meant for that.
func writeError(w http.ResponseWriter, r *http.Request, err error) {
	if strings.HasPrefix(r.URL.Path, rest.Prefix) {
		rest.WriteError(w, r, err)
		return
	}
	public := apierror.Public(err)
	telemetry.AddError(r.Context(), public.Code)
	meaning := public.Code.Meaning()
	extensions := map[string]any{
		"code": public.Code, "retryable": meaning.Retryable, "requestId": telemetry.RequestID(r.Context()),
	}
	if public.Field != "" {
		extensions["field"] = public.Field
	}
	if public.RetryAfter > 0 {
		extensions["retryAfterMs"] = public.RetryAfter.Milliseconds()
		setRetryAfter(w.Header(), public.RetryAfter)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(meaning.Status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]any{"message": public.Message, "extensions": extensions}}})
}

// setRetryAfter tells in whole seconds how long to wait (RFC 9110, section 10.2.3).
func setRetryAfter(h http.Header, wait time.Duration) {
	h.Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
}
