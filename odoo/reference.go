package odoo

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/maypok86/otter/v2/stats"
)

// reference keeps what Odoo answered about reference data: countries, currencies,
// taxes and the like. What it was told it gives again for Config.ReferenceTTL, to
// the same user alone; it never keeps an error. No id is remembered as missing,
// so that a new record is seen at once where something refers to it.
type reference struct {
	cache *otter.Cache[referenceKey, kept]
}

// referenceKey names an answer: the digest of its kind, and the record if it is
// about a single one.
type referenceKey struct {
	kind [sha256.Size]byte
	id   int64
}

// kept is an answer in the cache.
type kept struct {
	page
	weight uint32
}

const (
	// maxReferenceBytes bounds what is kept, roughly; with entryBytes for each
	// answer at least, there are never more than 65,536 of them.
	maxReferenceBytes = 16 << 20
	entryBytes        = 256
	// maxReferenceRows is the longest list that is kept.
	maxReferenceRows = 1000
)

func newReference(cfg Config) *reference {
	if cfg.ReferenceTTL == 0 {
		return nil
	}
	start := cfg.Now()
	return &reference{otter.Must(&otter.Options[referenceKey, kept]{
		MaximumWeight:    maxReferenceBytes,
		Weigher:          func(_ referenceKey, k kept) uint32 { return k.weight },
		ExpiryCalculator: otter.ExpiryWriting[referenceKey, kept](cfg.ReferenceTTL),
		Clock:            elapsed(func() time.Duration { return cfg.Now().Sub(start) }),
		StatsRecorder:    stats.NewCounter(),
	})}
}

// elapsed is a clock that does not tick: what has expired goes when something new
// is kept, and needs no goroutine.
type elapsed func() time.Duration

// NowNano implements otter.Clock.
func (e elapsed) NowNano() int64 { return int64(e()) }

// Tick implements otter.Clock.
func (elapsed) Tick(time.Duration) <-chan time.Time { return nil }

// list returns the page of this kind, or asks for it. Of many who find that it
// has expired one makes a call, and those who waited meanwhile take what it brought.
func (r *reference) list(kind string, run listing, ask func(listing) (page, error)) (page, error) {
	key := referenceKey{kind: sha256.Sum256([]byte(kind))}
	if known, ok := r.cache.GetIfPresent(key); ok {
		return known.page, nil
	}
	return ask(func(ctx context.Context) (page, error) {
		if known, ok := r.cache.GetEntryQuietly(key); ok {
			return known.Value.page, nil
		}
		p, err := run(ctx)
		if err == nil {
			r.keep(key, p)
		}
		return p, err
	})
}

// records returns the records of this kind that have these ids, and asks for
// those that it does not know.
func (r *reference) records(kind string, ids []int64, ask func([]int64) ([]Row, error)) ([]Row, error) {
	key := referenceKey{kind: sha256.Sum256([]byte(kind))}
	var rows []Row
	var missing []int64
	for _, id := range ids {
		key.id = id
		if known, ok := r.cache.GetIfPresent(key); ok {
			rows = append(rows, known.rows...)
		} else {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return rows, nil
	}
	found, err := ask(missing)
	if err != nil {
		return nil, err
	}
	for _, row := range found {
		key.id = row.ID
		r.keep(key, page{rows: []Row{row}})
	}
	return append(rows, found...), nil
}

func (r *reference) keep(key referenceKey, p page) {
	weight, ok := weigh(p.rows)
	if ok && len(p.rows) <= maxReferenceRows && weight <= maxReferenceBytes {
		p.rows = detached(p.rows)
		r.cache.Set(key, kept{p, uint32(entryBytes + weight)}) //nolint:gosec // bounded just above
	}
}

// detached returns rows whose texts are not parts of the answer they came with,
// which would stay in memory as a whole.
func detached(rows []Row) []Row {
	out := slices.Clone(rows)
	for i := range out {
		row := &out[i]
		row.Values = slices.Clone(row.Values)
		for j, value := range row.Values {
			if text, ok := value.(string); ok {
				row.Values[j] = strings.Clone(text)
			}
		}
		row.Related = slices.Clone(row.Related)
		for j, related := range row.Related {
			row.Related[j] = detached(related)
		}
	}
	return out
}

// weigh returns about how many bytes rows take, and false for what is not kept:
// errors, and values whose size nobody knows.
func weigh(rows []Row) (bytes int, ok bool) {
	for _, row := range rows {
		bytes += 64
		for _, value := range row.Values {
			bytes += 32
			switch v := value.(type) {
			case string:
				bytes += len(v)
			case Ref:
				bytes += len(v.Name)
			case []int64:
				bytes += 8 * len(v)
			case []byte:
				bytes += len(v)
			case error, []any, *Object:
				return 0, false
			}
		}
		for _, related := range row.Related {
			more, ok := weigh(related)
			if !ok {
				return 0, false
			}
			bytes += 64 + more
		}
	}
	return bytes, true
}

type freshKey struct{}

// WithoutReference returns a context in which reference data is asked for anew.
func WithoutReference(ctx context.Context) context.Context {
	return context.WithValue(ctx, freshKey{}, true)
}

// keeps tells whether an answer is about reference data alone, and kept.
func (s *Session) keeps(ctx context.Context, where Domain, tree *Tree) bool {
	return ctx.Value(freshKey{}) == nil && s.client.reference != nil && where.isReference() && tree.isReference()
}

// isReference tells whether the tree leads to reference data alone.
func (t *Tree) isReference() bool {
	for _, branch := range t.Branches {
		if !branch.isReference() {
			return false
		}
	}
	return t.Model.Reference
}

// isReference tells whether the condition looks at reference data alone.
func (d Domain) isReference() bool {
	for _, step := range d.path {
		if !step.Model.Reference {
			return false
		}
	}
	if model, ok := d.value.(*Model); ok && !model.Reference {
		return false
	}
	for _, child := range d.children {
		if !child.isReference() {
			return false
		}
	}
	return true
}

// ReferenceStats says what the cache of reference data has done so far.
type ReferenceStats struct {
	// Hits and Misses are how often an answer, or a single record, was there and
	// was not.
	Hits, Misses uint64
	// Entries is how many answers and records are there now.
	Entries int
}

// ReferenceStats returns what the cache of reference data has done so far, for
// all users together; zero where there is none.
func (c *Client) ReferenceStats() ReferenceStats {
	if c.reference == nil {
		return ReferenceStats{}
	}
	cache := c.reference.cache
	cache.CleanUp() // of what has expired
	counted := cache.Stats()
	return ReferenceStats{Hits: counted.Hits, Misses: counted.Misses, Entries: cache.EstimatedSize()}
}
