package limit

import (
	"context"
	"log/slog"
	"time"
)

// Config is what a Limiter is made of.
type Config struct {
	// RedisURL names the Redis (5 or later, or Valkey) that the replicas share:
	// redis://[[user]:password@]host[:port][/database], or rediss:// for TLS.
	// Without it the limits hold for this process alone.
	RedisURL string
	// Log is told when Redis goes away and when it is back; slog.Default() if nil.
	Log *slog.Logger
}

// Limiter counts requests and costs in buckets that its callers name: "key:ab12",
// Address(addr), "key:ab12 field:partners". It may be used concurrently. Every
// call gets a decision, and never waits longer than 100 ms for Redis.
type Limiter struct {
	memory *memory
	shared *shared // nil without Redis
}

// New returns a Limiter. A Redis that is away or refuses the password is no
// error but a warning in the log, as the gateway can do without; a RedisURL that
// is none is an error. Close it when done.
func New(cfg Config) (*Limiter, error) {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	l := &Limiter{}
	if cfg.RedisURL != "" {
		s, err := newShared(cfg.RedisURL, cfg.Log, patience)
		if err != nil {
			return nil, err
		}
		l.shared = s
	}
	l.memory = newMemory()
	return l, nil
}

// Close ends what runs in the background. Calls that come later are decided in
// memory.
func (l *Limiter) Close() error {
	l.memory.close()
	if l.shared == nil {
		return nil
	}
	return l.shared.close()
}

// Shared tells whether the limits are shared through Redis at this moment. It is
// false without a RedisURL, and while Redis is away.
func (l *Limiter) Shared() bool {
	return l.shared != nil && l.shared.client.Load() != nil
}

// Count counts n requests of a bucket if the rate lets all of them pass, and none
// otherwise: as in httprate, a refused request does not count, so that a client
// that sends ten times its limit still gets what its limit is worth. A bucket
// whose window changes begins anew; the number of requests may change at any time.
func (l *Limiter) Count(ctx context.Context, bucket string, rate Rate, n int) Decision {
	return l.count(ctx, bucket, rate, n, true)
}

// Peek tells what Count would say to one request, and does not count it. So can
// failed sign-ins be limited: look first, count after the failure.
func (l *Limiter) Peek(ctx context.Context, bucket string, rate Rate) Decision {
	return l.count(ctx, bucket, rate, 1, false)
}

func (l *Limiter) count(ctx context.Context, bucket string, rate Rate, n int, commit bool) Decision {
	rate, n = rate.bounded(), min(max(n, 0), maxRequests+1)
	if l.shared != nil {
		if t, allowed, err := l.shared.count(ctx, bucket, rate, n, commit); err == nil {
			return decide(rate, n, t, allowed)
		}
	}
	t, allowed := l.memory.count(bucket, rate, n, commit)
	return decide(rate, n, t, allowed)
}

// Spend takes cost points from a bucket's budget if it holds that many, and none
// otherwise: wait is then the time until it will. A cost above the capacity is
// never taken; wait is then the time until the budget is full.
func (l *Limiter) Spend(ctx context.Context, bucket string, b Budget, cost int) (balance Balance, wait time.Duration, ok bool) {
	b, points := b.bounded(), int64(min(max(cost, 0), maxPoints+1))*micro
	owed, ok := l.charge(ctx, bucket, b, points)
	if !ok {
		wait = b.wait(owed, points)
	}
	return b.balance(owed), wait, ok
}

// Refund gives back points that were spent and not used. The budget never holds
// more than its capacity.
func (l *Limiter) Refund(ctx context.Context, bucket string, b Budget, points int) Balance {
	b = b.bounded()
	owed, _ := l.charge(ctx, bucket, b, -int64(min(max(points, 0), maxPoints))*micro)
	return b.balance(owed)
}

// charge adds micropoints to what a bucket owes, if its budget allows, and
// returns what it owes now.
func (l *Limiter) charge(ctx context.Context, bucket string, b Budget, points int64) (owed int64, ok bool) {
	if l.shared != nil {
		if owed, ok, err := l.shared.charge(ctx, bucket, b, points); err == nil {
			return owed, ok
		}
	}
	return l.memory.charge(bucket, b, points)
}
