package relay

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"

	"odoograph/apierror"
)

// ID returns the global id of a record: opaque to clients, unique over all types.
func ID(typeName string, databaseID int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(typeName + ":" + strconv.FormatInt(databaseID, 10)))
}

// ParseID takes a global id apart. The error is BAD_USER_INPUT.
func ParseID(id string) (typeName string, databaseID int64, err error) {
	text, err := base64.RawURLEncoding.DecodeString(id)
	name, number, found := strings.Cut(string(text), ":")
	n, numberErr := strconv.ParseInt(number, 10, 64)
	if err != nil || !found || numberErr != nil || n < 1 || n > math.MaxInt32 || ID(name, n) != id {
		return "", 0, apierror.BadInput("id", "This is not a global id: give one as an `id` field returned it, or use `databaseId`.")
	}
	return name, n, nil
}
