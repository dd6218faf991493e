//go:build race

package odootest_test

// raceEnabled tells that the race detector slows everything down.
const raceEnabled = true
