package graph

import (
	"bytes"
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// Meter adds up what the objects of one answer weigh, as they are written.
type Meter struct {
	// Weigh returns the weight of an object with these fields.
	Weigh func(fields []graphql.CollectedField) int
	// Total is the sum so far.
	Total int

	known map[*graphql.CollectedField]int
}

// count adds an object. Objects of one place in a document share their fields.
func (m *Meter) count(fields []graphql.CollectedField) {
	if len(fields) == 0 {
		return
	}
	weight, ok := m.known[&fields[0]]
	if !ok {
		weight = m.Weigh(fields)
		if m.known == nil {
			m.known = map[*graphql.CollectedField]int{}
		}
		m.known[&fields[0]] = weight
	}
	m.Total += weight
}

type meterKey struct{}

// WithMeter returns a context whose answer the meter weighs.
func WithMeter(ctx context.Context, m *Meter) context.Context {
	return context.WithValue(ctx, meterKey{}, m)
}

// metered is the text of an answer that is weighed while it is written.
type metered struct {
	*bytes.Buffer
	meter *Meter
}

// marshal writes an answer.
func marshal(ctx context.Context, data graphql.Marshaler, buf *bytes.Buffer) {
	if m, ok := ctx.Value(meterKey{}).(*Meter); ok {
		data.MarshalGQL(&metered{buf, m})
		return
	}
	data.MarshalGQL(buf)
}
