package contract

// The limits of requests.
const (
	// MaxPage is the last page that can be asked for by its number.
	MaxPage = 1_000_000
	// DefaultLimit and MaxLimit are how many records a page has.
	DefaultLimit, MaxLimit = 20, 100
	// MaxExport is how many records an export can be cut short to.
	MaxExport = 1_000_000
	// MaxCompared bounds, in characters, a text that a filter compares with.
	MaxCompared = 1000
	// MaxSearch bounds, in characters, a text to search for.
	MaxSearch = 200
	// MaxValues is how many values a filter takes, where it takes several.
	MaxValues = 100
	// MaxSorts is how many fields a list can be sorted by at once.
	MaxSorts = 5
	// MaxKey bounds an idempotency key, in characters.
	MaxKey = 255
)
