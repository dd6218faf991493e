package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"odoograph/apierror"
	"odoograph/rest/openapi"
	"odoograph/rest/reference"
)

// describe adds the OpenAPI document of a version and the page that shows it. The
// document is the committed one, which the tests compare with the routes: making it
// would take a third of the time to start.
func describe(router chi.Router, prefix, version, key string) error {
	name := version + "/openapi.json"
	file, err := documents.Open(name)
	if err != nil {
		return fmt.Errorf("%w: go generate ./rest makes it", err)
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return err
	}
	tag := base64.RawURLEncoding.EncodeToString(hash.Sum(nil)[:12])
	yaml := sync.OnceValues(func() ([]byte, error) {
		text, err := documents.ReadFile(name)
		if err != nil {
			return nil, err
		}
		return openapi.YAML(text)
	})
	router.HandleFunc(prefix+"/openapi.json", document(mediaJSON, tag, func() (io.ReadSeeker, error) {
		file, err := documents.Open(name) // which copies nothing
		seeker, _ := file.(io.ReadSeeker)
		return seeker, err
	}))
	router.HandleFunc(prefix+"/openapi.yaml", document(mediaYAML, tag+"-yaml", func() (io.ReadSeeker, error) {
		text, err := yaml()
		return bytes.NewReader(text), err
	}))
	page := reference.Page(prefix+"/docs", key)
	router.Handle(prefix+"/docs", page)
	router.Handle(prefix+"/docs/*", page)
	return nil
}

// document serves a text to everybody.
func document(media, tag string, open func() (io.ReadSeeker, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			WriteError(w, r, apierror.New(apierror.MethodNotAllowed, "Here the methods are GET and HEAD."))
			return
		}
		text, err := open()
		if err != nil {
			WriteError(w, r, err)
			return
		}
		w.Header().Set("ETag", `"`+tag+`"`)
		w.Header().Set("Cache-Control", "no-cache") // to be asked for again each time
		w.Header().Set("Content-Type", media)
		http.ServeContent(w, r, "", time.Time{}, text)
	}
}
