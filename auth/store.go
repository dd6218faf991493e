package auth

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// store is the database of the keys. The statements are the same for SQLite and
// PostgreSQL; only the way to open them differs.
type store struct {
	db      *sql.DB
	dialect goose.Dialect
}

// Memory is the database that lives no longer than its Keyring.
const Memory = ":memory:"

// openStore opens a database and brings its tables up to date.
func openStore(ctx context.Context, database string, mustExist bool, log *slog.Logger) (*store, error) {
	s, err := connect(database, mustExist, log)
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the key database: %w", explain(err)), s.db.Close())
	}
	return s, nil
}

func connect(database string, mustExist bool, log *slog.Logger) (*store, error) {
	scheme, _, isURL := strings.Cut(database, "://")
	switch {
	case database == "":
		return nil, errors.New("the key database has no name: give a file, sqlite:FILE or a postgres:// URL")
	case scheme == "postgres" || scheme == "postgresql":
		return connectPostgres(database)
	case isURL:
		return nil, fmt.Errorf("the key database may be a file, sqlite:FILE or a postgres:// URL, not %s://", scheme)
	default:
		return connectSQLite(strings.TrimPrefix(database, "sqlite:"), mustExist, log)
	}
}

// connectTimeout bounds how long one attempt to reach PostgreSQL takes.
const connectTimeout = 5 * time.Second

func connectPostgres(database string) (*store, error) {
	config, err := pgx.ParseConfig(database)
	if err != nil {
		return nil, fmt.Errorf("the address of the key database: %w", err) // without the password
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(4)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return &store{db: db, dialect: goose.DialectPostgres}, nil
}

// A transaction takes the lock for writing when it begins: one that took it
// later would fail, not wait, if another process had written meanwhile.
const sqliteOptions = "?_busy_timeout=5000&_foreign_keys=on&_journal_mode=WAL&_txlock=immediate"

func connectSQLite(path string, mustExist bool, log *slog.Logger) (*store, error) {
	memory := path == Memory
	if !memory {
		if err := protect(path, mustExist, log); err != nil {
			return nil, err
		}
		path = (&url.URL{Path: path}).EscapedPath()
	}
	db, err := sql.Open("sqlite", "file:"+path+sqliteOptions)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(4)
	if memory { // each connection would be a database of its own
		db.SetMaxOpenConns(1)
	}
	return &store{db: db, dialect: goose.DialectSQLite3}, nil
}

// protect creates the file so that nobody else reads it; SQLite gives the files
// beside it the same mode.
func protect(path string, mustExist bool, log *slog.Logger) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && !mustExist {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // the operator names the file
		if err != nil {
			return fmt.Errorf("create the key database: %w", err)
		}
		return file.Close()
	}
	if err != nil {
		return fmt.Errorf("open the key database: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		log.Warn("other users of this machine can open the key database: chmod 600", "file", path, "mode", info.Mode().Perm())
	}
	return nil
}

//go:embed migration/*.sql
var migrations embed.FS

// migrationAttempts is enough for several processes that start at once on SQLite.
const migrationAttempts = 10

// migrate brings the tables up to date. On PostgreSQL one process does it while
// the others wait. SQLite has no such lock: whoever comes second fails as a
// whole, for a migration counts once only, and looks again.
func (s *store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migration")
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{
		goose.WithTableName("odoograph_migrations"), goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)),
	}
	attempts := migrationAttempts
	if s.dialect == goose.DialectPostgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
		attempts = 1
	}
	provider, err := goose.NewProvider(s.dialect, s.db, files, options...)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		_, err := provider.Up(ctx)
		if err == nil || attempt == attempts || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(attempt) * 20 * time.Millisecond):
		}
	}
}

// transact runs fn in a transaction: all that it writes is kept, or none of it.
func (s *store) transact(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return explain(err)
	}
	if err := fn(tx); err != nil {
		_ = tx.Rollback() // the reason to roll back says more
		return explain(err)
	}
	return explain(tx.Commit())
}

// explain adds what an operator can do about an error of SQLite.
func explain(err error) error {
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch failure.Code() & 0xff { // the rest is detail
	case sqlite3.SQLITE_READONLY:
		return fmt.Errorf("the key database is read-only: let the gateway's user write the file and its directory: %w", err)
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("the key database cannot be opened: let the gateway's user write its directory: %w", err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("the disk of the key database is full; nothing was changed: %w", err)
	case sqlite3.SQLITE_BUSY:
		return fmt.Errorf("another process has held the key database for too long; nothing was changed: %w", err)
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("the file is not a key database, or damaged: %w", err)
	default:
		return err
	}
}
