package graph

import _ "embed" // of the changelog

//go:embed CHANGELOG.md
var changelog string

// Changelog returns what changed from version to version of the contract, in Markdown.
func Changelog() string { return changelog }
