package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
)

// manifest holds trusted documents by their ids, and by the hashes of their texts
// under which a client may send them in full.
type manifest struct {
	documents map[string]*Document
}

// Reload reads the manifests again. If one is broken, the documents stay as they
// are, and the error names what is wrong.
func (s *Store) Reload() error {
	all := &manifest{map[string]*Document{}}
	for _, path := range s.manifests {
		if err := s.load(all, path); err != nil {
			return fmt.Errorf("manifest %s: %w", path, err)
		}
	}
	s.trusted.Store(all)
	return nil
}

// Trusted returns how many documents the manifests hold.
func (s *Store) Trusted() int {
	different := map[*Document]bool{}
	for _, document := range s.trusted.Load().documents {
		different[document] = true
	}
	return len(different)
}

func (s *Store) load(all *manifest, path string) error {
	content, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	texts, err := readManifest(content)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(texts)) {
		if id == "" {
			return errors.New("a document has an empty id")
		}
		hash := hashOf(texts[id])
		document := all.documents[hash]
		if document == nil {
			var errs error
			if document, errs = s.readTrusted(texts[id]); errs != nil {
				return fmt.Errorf("document %q: %w", id, errs)
			}
			all.documents[hash] = document
		}
		if other := all.documents[id]; other != nil && other != document {
			return fmt.Errorf("document %q: the id is taken by another document", id)
		}
		all.documents[id] = document
	}
	return nil
}

// readTrusted reads a document that somebody looked at, so that its form is not
// bound, but for what no parser survives.
func (s *Store) readTrusted(text string) (*Document, error) {
	const unbound = math.MaxInt
	document, errs := s.read(text, Limits{
		Tokens: 100_000, Name: unbound, Depth: unbound, Inline: unbound, Values: unbound, Fields: unbound, RootFields: unbound,
		Duplicates: unbound, Aliases: unbound, Fragments: unbound, Directives: unbound, FieldDirectives: unbound,
	}, s.helpful)
	if errs != nil {
		return nil, errs
	}
	document.Trusted = true
	return document, nil
}

// apolloFormat is what Apollo's manifests say they are.
const apolloFormat = "apollo-persisted-query-manifest"

// readManifest returns the texts of a manifest by their ids. It may have the form
// of Relay's compiler, an object of ids and texts, or that of Apollo's tools.
func readManifest(content []byte) (map[string]string, error) {
	var apollo struct {
		Format     string
		Version    int
		Operations []struct{ ID, Name, Type, Body string }
	}
	if err := json.Unmarshal(content, &apollo); err == nil && apollo.Format == apolloFormat {
		if apollo.Version != 1 {
			return nil, fmt.Errorf("version %d is not known; it must be 1", apollo.Version)
		}
		texts := make(map[string]string, len(apollo.Operations))
		for i, operation := range apollo.Operations {
			if operation.ID == "" || operation.Body == "" {
				return nil, fmt.Errorf("operation %d (%s) must have an id and a body", i, operation.Name)
			}
			if _, ok := texts[operation.ID]; ok {
				return nil, fmt.Errorf("document %q stands in it twice", operation.ID)
			}
			texts[operation.ID] = operation.Body
		}
		return texts, nil
	}
	var relay map[string]string
	if err := json.Unmarshal(content, &relay); err != nil {
		return nil, fmt.Errorf("it is neither an object of ids and documents nor of the format %s: %w", apolloFormat, err)
	}
	return relay, nil
}
