package limit

import "time"

// Budget is a limit on cost: a leaky bucket that holds Capacity points, of which
// Restore come back in each second. A budget that restores nothing would block
// its bucket for ever; it restores one point a second.
type Budget struct {
	Capacity int // points
	Restore  int // points per second
}

// Balance is what a budget holds, in whole points; as JSON it is what Shopify's
// clients know as throttleStatus.
type Balance struct {
	MaximumAvailable   int `json:"maximumAvailable"`
	CurrentlyAvailable int `json:"currentlyAvailable"`
	RestoreRate        int `json:"restoreRate"` // points per second
}

const (
	// micro is the number of micropoints in a point. A budget of one point per
	// second restores one micropoint per microsecond, so that all of the
	// arithmetic is of whole numbers and exact.
	micro = 1_000_000
	// maxPoints keeps micropoints where Redis' floating-point numbers are exact.
	maxPoints = 1_000_000_000
)

func (b Budget) bounded() Budget {
	return Budget{Capacity: min(max(b.Capacity, 0), maxPoints), Restore: min(max(b.Restore, 1), maxPoints)}
}

// balance is the budget's when a bucket owes so many micropoints. That may be
// more than the capacity when it was lowered meanwhile.
func (b Budget) balance(owed int64) Balance {
	return Balance{
		MaximumAvailable:   b.Capacity,
		CurrentlyAvailable: int(max(int64(b.Capacity)*micro-owed, 0) / micro),
		RestoreRate:        b.Restore,
	}
}

// allows tells whether a bucket that owes so much may be charged more, which a
// refund always may.
func (b Budget) allows(owed, points int64) bool {
	return points <= 0 || owed+points <= int64(b.Capacity)*micro
}

// wait is the time until a bucket that owes so much can be charged more.
func (b Budget) wait(owed, points int64) time.Duration {
	capacity, restore := int64(b.Capacity)*micro, int64(b.Restore)
	missing := owed + min(points, capacity) - capacity
	return time.Duration((missing+restore-1)/restore) * time.Microsecond
}

// debt is what a bucket owes its budget. It is written anew at each call, with the
// rate that holds from then on; one that is paid need not be kept.
type debt struct {
	owed    int64 // micropoints at that time
	at      int64 // in microseconds
	restore int64 // points per second
}

// left is what is owed of a debt later.
func (d debt) left(now int64) int64 {
	if d.paid(now) {
		return 0
	}
	return d.owed - (now-d.at)*d.restore
}

// paid tells that nothing is owed any more. It does not multiply, as long times
// would overflow.
func (d debt) paid(now int64) bool {
	return d.owed == 0 || now-d.at > d.owed/d.restore
}
