package limit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// patience is how long a request waits for Redis. (Tests that are not about
	// time have more of it, for machines that are busy.)
	patience = 100 * time.Millisecond
	// connectTimeout is how long a new connection may take, in the background.
	connectTimeout = time.Second
	// askEvery is how often a Redis that is away is asked whether it is back.
	askEvery = time.Second
)

var errAway = errors.New("no Redis to ask")

// shared counts in Redis. The first failure of any kind (no connection, no answer
// in time, a wrong password, no memory, a replica that is read-only) makes Redis
// count as away: no request asks it again until watch has found it to be back.
//
// It is not built on httprate-redis, whose counter reads and adds in two round
// trips, so that concurrent requests pass the limit between them, and takes a
// Redis that answers PING but refuses writes for one that is back.
type shared struct {
	url      string
	log      *slog.Logger
	patience time.Duration
	scripts  scripts
	client   atomic.Pointer[redis.Client] // nil while Redis is away
	lost     chan loss
	stop     context.CancelFunc
	watched  sync.WaitGroup
}

// loss is a client that failed, and how.
type loss struct {
	client *redis.Client
	err    error
}

func newShared(url string, log *slog.Logger, patience time.Duration) (*shared, error) {
	if _, err := clientOptions(url, patience); err != nil {
		return nil, err
	}
	// What go-redis tells of its own accord, one line for each failed connection,
	// comes back as errors anyway. Its logger is one for the process.
	redis.SetLogger(debugLogger{log})
	s := &shared{url: url, log: log, patience: patience, scripts: newScripts(), lost: make(chan loss, 1)}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	client, err := s.connect(ctx)
	if err != nil {
		s.lost <- loss{err: err}
	}
	s.client.Store(client)
	s.watched.Go(func() { s.watch(ctx) })
	return s, nil
}

func (s *shared) close() error {
	s.stop()
	s.watched.Wait()
	c := s.client.Swap(nil)
	select {
	case l := <-s.lost: // too late for watch
		c = l.client
	default:
	}
	if c == nil {
		return nil
	}
	return c.Close()
}

func (s *shared) count(ctx context.Context, bucket string, rate Rate, n int, commit bool) (t tally, allowed bool, err error) {
	err = s.ask(ctx, func(ctx context.Context, c *redis.Client) (err error) {
		t, allowed, err = s.scripts.countIn(ctx, c, bucket, rate, n, commit)
		return err
	})
	return t, allowed, err
}

func (s *shared) charge(ctx context.Context, bucket string, b Budget, points int64) (owed int64, ok bool, err error) {
	err = s.ask(ctx, func(ctx context.Context, c *redis.Client) (err error) {
		owed, ok, err = s.scripts.chargeIn(ctx, c, bucket, b, points)
		return err
	})
	return owed, ok, err
}

// ask calls f with the client, and takes Redis to be away if it fails. A caller
// who leaves meanwhile is no failure of Redis: its context only lends values.
func (s *shared) ask(ctx context.Context, f func(context.Context, *redis.Client) error) error {
	c := s.client.Load()
	if c == nil {
		return errAway
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience)
	defer cancel()
	err := f(ctx, c)
	if err != nil && s.client.CompareAndSwap(c, nil) { // of those that fail together one tells
		s.lost <- loss{client: c, err: err}
	}
	return err
}

// watch tells the log when Redis goes away and when it is back, and asks for it
// in between, so that no request has to.
func (s *shared) watch(ctx context.Context) {
	for {
		var l loss
		select {
		case <-ctx.Done():
			return
		case l = <-s.lost:
		}
		s.log.Warn("Redis is away: this replica enforces rate limits by itself", "error", l.err)
		if l.client != nil {
			_ = l.client.Close() // whoever still waits for it is let go
		}
		since := time.Now()
		c := s.reconnect(ctx)
		if c == nil {
			return
		}
		s.log.Info("Redis is back: rate limits are shared again", "away", time.Since(since).Round(time.Millisecond))
		s.client.Store(c)
	}
}

// reconnect asks until Redis is back. It returns nil when the context ends.
func (s *shared) reconnect(ctx context.Context) *redis.Client {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		c, err := s.connect(ctx)
		if err == nil {
			return c
		}
		s.log.Debug("Redis is still away", "error", err)
	}
}

// connect returns a client of a Redis that counts, which is more than to answer:
// one that is full or read-only does not. The second answer must come as soon as
// requests need it, the first one may take the time of a new connection. The
// client is a new one each time, so that no connection leads to where a server
// was that has moved.
func (s *shared) connect(ctx context.Context) (*redis.Client, error) {
	options, err := clientOptions(s.url, s.patience)
	if err != nil {
		return nil, err
	}
	c := redis.NewClient(options)
	for _, timeout := range []time.Duration{connectTimeout, s.patience} {
		if err := s.probe(ctx, c, timeout); err != nil {
			_ = c.Close()
			return nil, err
		}
	}
	return c, nil
}

func (s *shared) probe(ctx context.Context, c *redis.Client, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, _, err := s.scripts.countIn(ctx, c, "probe", Rate{Requests: maxRequests, Window: time.Second}, 1, true)
	return err
}

// debugLogger is a logger for go-redis.
type debugLogger struct{ log *slog.Logger }

// Printf implements go-redis' interface.
func (d debugLogger) Printf(ctx context.Context, format string, v ...any) {
	d.log.DebugContext(ctx, fmt.Sprintf(format, v...))
}
