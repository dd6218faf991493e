package rest

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"odoograph/apierror"
	"odoograph/rest/contract"
	"odoograph/rest/openapi"
	"odoograph/rest/reference"
)

// describe adds the OpenAPI document of a version and the page that shows it.
func (api *API) describe(router chi.Router, prefix string, version *contract.Version) error {
	document, err := openapi.New(version, api.Rules)
	if err != nil {
		return err
	}
	json, err := document.JSON()
	if err != nil {
		return err
	}
	yaml, err := document.YAML()
	if err != nil {
		return err
	}
	serve := func(path, media string, text []byte) {
		tag := tagOf("", text)
		router.HandleFunc(prefix+path, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method != http.MethodGet && r.Method != http.MethodHead:
				w.Header().Set("Allow", "GET, HEAD")
				WriteError(w, r, apierror.New(apierror.MethodNotAllowed, "Here the methods are GET and HEAD."))
			case !notModified(w, r, tag):
				write(w, http.StatusOK, media, text)
			}
		})
	}
	serve("/openapi.json", mediaJSON, json)
	serve("/openapi.yaml", mediaYAML, yaml)
	page := reference.Page(prefix+"/docs", api.PageKey)
	router.Handle(prefix+"/docs", page)
	router.Handle(prefix+"/docs/*", page)
	return nil
}
