package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A transaction takes the lock for writing when it begins: one that took it
// later would fail, not wait, if another process had written meanwhile.
const sqliteOptions = "?_busy_timeout=5000&_foreign_keys=on&_journal_mode=WAL&_txlock=immediate"

func connectSQLite(path string, mustExist bool, log *slog.Logger) (*DB, error) {
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
	return &DB{DB: db, dialect: goose.DialectSQLite3}, nil
}

// protect creates the file so that nobody else reads it; SQLite gives the files
// beside it the same mode.
func protect(path string, mustExist bool, log *slog.Logger) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && !mustExist {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // the operator names the file
		if err != nil {
			return fmt.Errorf("create the gateway's database: %w", err)
		}
		return file.Close()
	}
	if err != nil {
		return fmt.Errorf("open the gateway's database: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		log.Warn("other users of this machine can open the gateway's database: chmod 600", "file", path, "mode", info.Mode().Perm())
	}
	return nil
}

// Explain adds what an operator can do about an error of SQLite.
func Explain(err error) error {
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch failure.Code() & 0xff { // the rest is detail
	case sqlite3.SQLITE_READONLY:
		return fmt.Errorf("the gateway's database is read-only: let the gateway's user write the file and its directory: %w", err)
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("the gateway's database cannot be opened: let the gateway's user write its directory: %w", err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("the disk of the gateway's database is full; nothing was changed: %w", err)
	case sqlite3.SQLITE_BUSY:
		return fmt.Errorf("another process has held the gateway's database for too long; nothing was changed: %w", err)
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("the file is not a database of the gateway, or damaged: %w", err)
	default:
		return err
	}
}
