package odoo

import (
	"context"

	"odoograph/apierror"
)

// maxFound bounds what a name search may find: it cannot be paged.
const maxFound = 2000

// NameSearch returns the ids of the records that Odoo's own search box finds for
// a text. What it looks into is Odoo's choice: for partners also e-mail
// addresses and references.
func (s *Session) NameSearch(ctx context.Context, model *Model, text string) ([]int64, error) {
	result, err := s.Do(ctx, Call{Model: model.Name, Method: "name_search", Positional: []string{"name"},
		Args: map[string]any{"name": likeEscaper.Replace(text), "limit": maxFound + 1}})
	if err != nil {
		return nil, err
	}
	pairs, ok := result.([]any)
	if !ok {
		return nil, Unexpected("name_search", result)
	}
	if len(pairs) > maxFound {
		return nil, apierror.BadInput("search", "This search finds too much: use more letters.")
	}
	ids := make([]int64, len(pairs))
	for i, pair := range pairs {
		ref, err := decodeRef(pair)
		if r, ok := ref.(Ref); ok && err == nil {
			ids[i] = r.ID
			continue
		}
		return nil, Unexpected("name_search", pair)
	}
	return ids, nil
}
