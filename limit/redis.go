package limit

import (
	"context"
	_ "embed" // the scripts
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

//go:embed count.lua
var countLua string

//go:embed charge.lua
var chargeLua string

// scripts are called by their hash, and sent in full where Redis does not know
// them: the first time, and after it was restarted or flushed.
type scripts struct {
	count, charge *redis.Script
}

func newScripts() scripts {
	return scripts{count: redis.NewScript(countLua), charge: redis.NewScript(chargeLua)}
}

// countIn counts in a bucket of Redis, in one round trip.
func (s scripts) countIn(ctx context.Context, c *redis.Client, bucket string, rate Rate, n int, commit bool) (tally, bool, error) {
	window := rate.Window.Milliseconds()
	key := "odoograph:rate:" + strconv.FormatInt(window, 10) + ":" + bucket
	flag := "0"
	if commit {
		flag = "1"
	}
	got, err := reply(s.count.Run(ctx, c, []string{key}, window, rate.Requests, n, flag), 4)
	if err != nil {
		return tally{}, false, err
	}
	return tally{current: got[1], previous: got[2], elapsed: got[3], window: window}, got[0] == 1, nil
}

// chargeIn charges a bucket of Redis, in one round trip.
func (s scripts) chargeIn(ctx context.Context, c *redis.Client, bucket string, b Budget, points int64) (owed int64, ok bool, err error) {
	capacity := int64(b.Capacity) * micro
	got, err := reply(s.charge.Run(ctx, c, []string{"odoograph:budget:" + bucket}, capacity, b.Restore, points), 2)
	if err != nil {
		return 0, false, err
	}
	return got[1], got[0] == 1, nil
}

func reply(cmd *redis.Cmd, numbers int) ([]int64, error) {
	got, err := cmd.Int64Slice()
	if err == nil && len(got) != numbers {
		err = fmt.Errorf("the script answered %d numbers, not %d", len(got), numbers)
	}
	return got, err
}

// clientOptions reads a Redis URL. What is wrong with one that is none stays
// unsaid, because the parser's errors quote it and it may hold a password.
func clientOptions(url string, patience time.Duration) (*redis.Options, error) {
	o, err := redis.ParseURL(url)
	if err != nil {
		return nil, errors.New("the Redis URL is not of the form redis://[[user]:password@]host[:port][/database] (or rediss:// for TLS); " +
			"a password with any of /:@?#% in it must be percent-encoded")
	}
	// What asks Redis sets the time in its context. A connection that takes longer
	// to open than a request may wait serves the next one.
	o.ContextTimeoutEnabled = true
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = connectTimeout, connectTimeout, connectTimeout
	o.PoolTimeout = patience
	o.DialerRetries, o.MaxRetries = 1, -1 // which is to say: no retries
	// So many requests may wait for Redis at once; at 1 ms each that is far more
	// than a Redis can answer.
	o.PoolSize = 128
	o.Protocol = 2
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return o, nil
}
