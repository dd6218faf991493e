// Package policy reads from the schema who may ask for what (@auth), how often
// (@rateLimit) and how dear it is (@cost), and says what one operation needs of
// all that before it runs. It knows nothing of keys, counters or HTTP. It imports
// package graph/relay.
package policy
