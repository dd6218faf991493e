package limit

import (
	"context"
	"log/slog"

	"github.com/redis/go-redis/v9"
)

// Reach tells why counting in the Redis of a URL would fail, nil if it would not:
// it connects, counts once and closes the connection.
func Reach(ctx context.Context, redisURL string) error {
	redis.SetLogger(debugLogger{slog.New(slog.DiscardHandler)}) // which comes back as an error anyway
	s := &shared{url: redisURL, patience: connectTimeout, scripts: newScripts()}
	client, err := s.connect(ctx)
	if err != nil {
		return err
	}
	return client.Close()
}
