package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/pressly/goose/v3"
)

// Memory is the database that lives no longer than its DB.
const Memory = ":memory:"

// Config says where the database is.
type Config struct {
	// Database is a file, sqlite:FILE, postgres://... or Memory.
	Database string
	// MustExist refuses a file that is not there instead of creating it.
	MustExist bool
	// Look leaves the tables as they are, and refuses those that are not up to date.
	Look bool
	// Log hears of a file that others can read; nil for nobody.
	Log *slog.Logger
}

// DB is the gateway's database. Statements are written so that SQLite and
// PostgreSQL both take them; only the way to open the two differs. It is safe
// for concurrent use, and several processes may share what it is opened on.
type DB struct {
	*sql.DB
	dialect goose.Dialect
}

// Open opens the database, creating it or bringing its tables up to date. The
// caller must close it.
func Open(ctx context.Context, config Config) (*DB, error) {
	db, err := connect(config)
	if err != nil {
		return nil, err
	}
	ready := db.migrate
	if config.Look {
		ready = db.look
	}
	if err := ready(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the gateway's database: %w", Explain(err)), db.Close())
	}
	return db, nil
}

func connect(config Config) (*DB, error) {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	scheme, _, isURL := strings.Cut(config.Database, "://")
	switch {
	case config.Database == "":
		return nil, errors.New("the gateway's database has no name: give a file, sqlite:FILE or a postgres:// URL")
	case scheme == "postgres" || scheme == "postgresql":
		return connectPostgres(config.Database)
	case isURL:
		return nil, fmt.Errorf("the gateway's database may be a file, sqlite:FILE or a postgres:// URL, not %s://", scheme)
	default:
		return connectSQLite(strings.TrimPrefix(config.Database, "sqlite:"), config.MustExist, config.Log)
	}
}

// Dialect names the SQL that the database speaks: sqlite3 or postgres.
func (db *DB) Dialect() string { return string(db.dialect) }

// Clock is an SQL expression for the time on the database's clock, which all
// who share the database share: milliseconds since 1970. Within one statement
// it is one time.
func (db *DB) Clock() string {
	if db.dialect == goose.DialectPostgres {
		return "CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000 AS BIGINT)"
	}
	return "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)"
}
