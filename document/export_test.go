package document

// Passes tells whether the form of a document is within limits.
func Passes(limits Limits, text string) bool {
	doc, err := parse(text, limits.Tokens)
	if err != nil {
		return false
	}
	_, err = limits.check(doc)
	return err == nil
}

// CacheSize returns what a store keeps.
func CacheSize(s *Store) (size int64, entries int) { return s.cache.size, len(s.cache.entries) }
