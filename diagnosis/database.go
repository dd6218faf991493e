package diagnosis

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"odoograph/store"
)

const (
	ownDatabase = "database"
	apiKeys     = "api-keys"
)

// database looks at the gateway's own database and the keys in it. One that is
// not there yet is not made.
func (g Gateway) database(ctx context.Context) []Finding {
	var findings []Finding
	if path, isFile := databaseFile(g.Database); isFile {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return g.newFile(path)
		case err == nil && info.IsDir():
			return append([]Finding{{
				Check: ownDatabase, Level: Error, Found: path + " is a folder", Cause: "the database is a file",
				Fix: "--database " + filepath.Join(path, "odoograph.db"),
			}}, notTried("the database cannot be opened", apiKeys)...)
		case err == nil && info.Mode().Perm()&0o077 != 0:
			findings = append(findings, Finding{
				Check: ownDatabase, Level: Warning, Found: fmt.Sprintf("other users of this machine can open %s (mode %03o)", path, info.Mode().Perm()),
				Cause: "it holds the hashes of API keys and sealed Odoo credentials", Fix: "chmod 600 " + path,
			})
		}
	}
	db, err := store.Open(ctx, store.Config{Database: g.Database, MustExist: true, Look: true})
	if errors.Is(err, store.ErrOutdated) {
		return append(append(findings, Finding{
			Check: ownDatabase, Level: Note, Found: g.databaseName() + " is empty or of an older version: serve brings its tables up to date",
			Fix: "back it up before you start a newer version: an older one refuses it afterwards",
		}), notTried("its tables are not up to date", apiKeys)...)
	}
	if err != nil {
		return append(append(findings, g.noDatabase(err)), notTried("the database cannot be opened", apiKeys)...)
	}
	defer db.Close()
	return append(append(findings, ok(ownDatabase, "%s", g.databaseName())), g.keys(ctx, db)...)
}

// databaseFile returns the file of a SQLite database, false for other databases.
func databaseFile(database string) (path string, isFile bool) {
	path = strings.TrimPrefix(database, "sqlite:")
	return path, path != "" && path != store.Memory && !strings.Contains(path, "://")
}

// databaseName names the database without a password.
func (g Gateway) databaseName() string {
	if u, err := url.Parse(g.Database); err == nil && u.Host != "" {
		return u.Scheme + "://" + u.Host + u.Path
	}
	if scheme, _, isURL := strings.Cut(g.Database, "://"); isURL { // where in it the password ends is anybody's guess
		return scheme + "://…"
	}
	return g.Database
}

// newFile looks whether the gateway can make its database.
func (g Gateway) newFile(path string) []Finding {
	folder := filepath.Dir(path)
	probe, err := os.CreateTemp(folder, ".odoograph-check-*")
	if err != nil {
		return append([]Finding{{
			Check: ownDatabase, Level: Error, Found: "the gateway cannot make its database " + path, Cause: plainError(err),
			Fix: "mkdir -p " + folder + ", let the user of the gateway write there, or name another place with --database",
		}}, notTried("there is no database", apiKeys)...)
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return []Finding{
		{Check: ownDatabase, Level: Note, Found: path + " is not there yet: serve makes it"},
		noKeys(),
	}
}

// noDatabase says why the gateway's database does not open.
func (g Gateway) noDatabase(err error) Finding {
	f := Finding{Check: ownDatabase, Level: Error, Found: "the gateway's database " + g.databaseName() + " does not open", Cause: plainError(err)}
	f.Fix = "see whether --database names a database of the gateway and its user may write it and its folder"
	if newer, is := errors.AsType[*store.NewerError](err); is {
		f.Found = g.databaseName() + " is of a newer version of odoograph"
		f.Cause = fmt.Sprintf("its tables are at %d, this program knows them up to %d", newer.Found, newer.Known)
		f.Fix = "run the newer program, or restore the backup from before it"
		return f
	}
	if strings.HasPrefix(g.Database, "postgres") {
		f.Fix = "see that PostgreSQL runs and that `psql` connects with the same address from this machine"
		if failure, is := errors.AsType[*pgconn.PgError](err); is {
			f.Cause = failure.Message
			switch failure.Code {
			case "28P01", "28000":
				f.Fix = "correct user and password in --database; a password with any of /:@?#% in it must be percent-encoded"
			case "3D000":
				f.Fix = "createdb the database, or correct its name in --database"
			case "42501":
				f.Fix = "let the user create tables there: GRANT CREATE ON SCHEMA public TO that user"
			}
		} else if errors.As(err, new(*net.OpError)) || errors.As(err, new(*pgconn.ConnectError)) {
			f.Found = "PostgreSQL cannot be reached at " + g.databaseName()
		}
	}
	return f
}

// plainError is an error as people read it: in one line.
func plainError(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}
