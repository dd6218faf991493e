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

// versions is the table that says which migrations are made.
const versions = "odoograph_migrations"

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
		if err == nil || attempt == attempts || ctx.Err() != nil || errors.As(err, new(*NewerError)) {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(attempt) * 20 * time.Millisecond):
		}
	}
}

// NewerError says that a newer program made the tables: this one would misread them.
type NewerError struct {
	// Found is the version of the tables, Known the last that this program knows.
	Found, Known int64
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("it is of a newer version of odoograph: its tables are at %d, this program knows them up to %d; run the newer program, or restore the backup from before it", e.Found, e.Known)
}

func up(ctx context.Context, provider *goose.Provider) error {
	found, err := provider.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	if known := latest(provider); found > known {
		return &NewerError{found, known}
	}
	_, err = provider.Up(ctx)
	return err
}

// latest is the version that the tables have when all migrations are made.
func latest(provider *goose.Provider) int64 {
	sources := provider.ListSources()
	return sources[len(sources)-1].Version
}

// ErrOutdated is that the tables are those of an older version, or not there yet:
// a gateway that starts brings them up to date.
var ErrOutdated = errors.New("its tables are not up to date")

// look compares the version of the tables with what this program knows.
func (db *DB) look(ctx context.Context) error {
	provider, err := db.provider()
	if err != nil {
		return err
	}
	exists := "SELECT COUNT(*) FROM sqlite_master WHERE name = '" + versions + "'"
	if db.dialect == goose.DialectPostgres {
		exists = "SELECT COUNT(to_regclass('" + versions + "'))"
	}
	var tables, found int64
	if err := db.QueryRowContext(ctx, exists).Scan(&tables); err != nil {
		return err
	}
	if tables == 0 {
		return ErrOutdated
	}
	if err := db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM "+versions).Scan(&found); err != nil {
		return err
	}
	switch known := latest(provider); {
	case found < known:
		return ErrOutdated
	case found > known:
		return &NewerError{found, known}
	default:
		return nil
	}
}

// provider returns what applies the migrations.
func (db *DB) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migration")
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{
		goose.WithTableName(versions), goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)),
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
