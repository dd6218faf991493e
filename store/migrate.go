package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migration/*.sql
var migrations embed.FS

// migrationAttempts is enough for several processes that start at once on SQLite.
const migrationAttempts = 10

// migrate brings the tables up to date. On PostgreSQL one process does it while
// the others wait. SQLite has no such lock: whoever comes second fails as a
// whole, for a migration counts once only, and looks again.
func (db *DB) migrate(ctx context.Context) error {
	provider, err := db.provider()
	if err != nil {
		return err
	}
	attempts := migrationAttempts
	if db.dialect == goose.DialectPostgres {
		attempts = 1
	}
	for attempt := 1; ; attempt++ {
		err := up(ctx, provider)
		if err == nil || attempt == attempts || ctx.Err() != nil || errors.As(err, new(*newerError)) {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(attempt) * 20 * time.Millisecond):
		}
	}
}

// newerError says that a newer program made the tables: this one would misread them.
type newerError struct{ found, known int64 }

func (e *newerError) Error() string {
	return fmt.Sprintf("the gateway's database is of a newer version of odoograph: its tables are at %d, this program knows them up to %d; run the newer program, or restore the backup from before it", e.found, e.known)
}

func up(ctx context.Context, provider *goose.Provider) error {
	found, known, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if found > known {
		return &newerError{found, known}
	}
	_, err = provider.Up(ctx)
	return err
}

// provider returns what applies the migrations.
func (db *DB) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migration")
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{
		goose.WithTableName("odoograph_migrations"), goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)),
	}
	if db.dialect == goose.DialectPostgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(db.dialect, db.DB, files, options...)
}
