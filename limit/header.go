package limit

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// WriteHeaders tells the client of the decision: in the fields RateLimit and
// RateLimit-Policy of the IETF's draft (draft-ietf-httpapi-ratelimit-headers), in
// the older X-RateLimit-Limit, -Remaining and -Reset (seconds of Unix time), and
// in Retry-After (RFC 9110, seconds) when the request was refused. Of several
// decisions on one request the last to write is the one that is told.
func (d Decision) WriteHeaders(h http.Header) {
	h.Set("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=%d`, d.Limit, max(seconds(d.Window), 1)))
	h.Set("RateLimit", fmt.Sprintf(`"default";r=%d;t=%d`, d.Remaining, seconds(d.Reset)))
	h.Set("X-RateLimit-Limit", strconv.Itoa(d.Limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(d.Remaining))
	reset := time.Now().Add(d.Reset + time.Second - 1)
	h.Set("X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))
	if d.Allowed {
		h.Del("Retry-After")
	} else {
		h.Set("Retry-After", strconv.FormatInt(max(seconds(d.RetryAfter), 1), 10))
	}
}

// seconds rounds up, so that who waits that long has waited long enough.
func seconds(d time.Duration) int64 {
	return int64((d + time.Second - 1) / time.Second)
}
