package rest

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"odoograph/apierror"
)

// gzipSuffix tells the entity tag of a compressed answer from that of the plain one
// (RFC 9110, section 8.8.3.3).
const gzipSuffix = "-gzip"

// tagOf returns the strong entity tag of an answer. It begins with the version of
// the record, where the answer is about one, so that a change can depend on it.
func tagOf(version string, body []byte) string {
	prefix := ""
	if at, err := time.Parse(time.RFC3339Nano, version); err == nil {
		prefix = strconv.FormatInt(at.UnixMicro(), 36) + "."
	}
	sum := sha256.Sum256(body)
	return `"` + prefix + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// matching returns the entity tag among those of If-None-Match headers that is the
// one given, "" for none. The comparison is the weak one, as reads have it.
func matching(headers []string, tag string) string {
	for item := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		item = strings.TrimSpace(item)
		if item == "*" {
			return tag
		}
		if plain := strings.Replace(strings.TrimPrefix(item, "W/"), gzipSuffix+`"`, `"`, 1); plain == tag {
			return item
		}
	}
	return ""
}

// conditionOf returns the version that a record must have for a change, in the form
// of RFC 3339, as If-Match or If-Unmodified-Since give it; "" for any.
func conditionOf(header http.Header) (string, error) {
	tag := strings.TrimSpace(strings.Join(header.Values("If-Match"), ","))
	switch {
	case tag == "*": // the record must be there, without which there is no change anyway
		return "", nil
	case tag == "":
		since := header.Get("If-Unmodified-Since")
		if at, err := http.ParseTime(since); err == nil {
			return at.UTC().Format(time.RFC3339), nil
		}
		return "", nil // RFC 9110, section 13.1.4: what is no date is ignored
	case strings.Contains(tag, ","):
		return "", badParameter("If-Match", "Give one entity tag.")
	}
	prefix, _, ok := strings.Cut(strings.Trim(tag, `"`), ".")
	micros, err := strconv.ParseInt(prefix, 36, 64)
	if !ok || err != nil || strings.HasPrefix(tag, "W/") {
		return "", apierror.New(apierror.PreconditionFailed, "`If-Match` has no entity tag that this record ever had: give the `ETag` of an answer with the record alone.")
	}
	return time.UnixMicro(micros).UTC().Format(time.RFC3339Nano), nil
}
