package endpoint

import (
	"net/http"
	"strings"

	"odoograph/apierror"
)

const howToAuthenticate = "Send an API key: Authorization: Bearer <key>, Authorization: ApiKey <key> or X-API-Key: <key>."

// token returns the API key that a request presents, "" if it presents none. Keys
// in the URL do not count: URLs end up in logs and histories.
func token(h http.Header) (string, error) {
	var found string
	present := func(key string) error {
		key = strings.TrimSpace(key)
		if key == "" || found != "" && found != key {
			return apierror.New(apierror.Unauthenticated, "The request presents an empty API key, or several. "+howToAuthenticate)
		}
		found = key
		return nil
	}
	for _, value := range h.Values("Authorization") {
		scheme, key, _ := strings.Cut(strings.TrimSpace(value), " ")
		if !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, "ApiKey") {
			return "", apierror.New(apierror.Unauthenticated, "The header Authorization names another scheme than Bearer or ApiKey. "+howToAuthenticate)
		}
		if err := present(key); err != nil {
			return "", err
		}
	}
	for _, value := range h.Values("X-Api-Key") {
		if err := present(value); err != nil {
			return "", err
		}
	}
	return found, nil
}
