package document

// Passes tells whether a document may be validated.
func Passes(limits Limits, text string) bool {
	doc, err := parse(text, limits.Tokens)
	if err != nil {
		return false
	}
	_, err = limits.check(doc)
	return err == nil
}
