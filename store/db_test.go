package store_test

import (
	"os"
	"strings"
	"testing"

	"odoograph/store"
	"odoograph/store/storetest"
)

func TestFilesAreTheirOwners(t *testing.T) {
	name := storetest.SQLite(t)
	storetest.Open(t, name)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(name + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", suffix, info, err)
		}
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	notADatabase := storetest.SQLite(t)
	if err := os.WriteFile(notADatabase, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		config store.Config
		want   string
	}{
		{store.Config{Database: ""}, "give a file"},
		{store.Config{Database: "mysql://x"}, "not mysql://"},
		{store.Config{Database: "postgres://user:hidden@[bad/x"}, "address of the gateway's database"},
		{store.Config{Database: "postgres://user:hidden@127.0.0.1:1/x"}, "open the gateway's database"},
		{store.Config{Database: t.TempDir() + "/no/such/directory.db"}, "create the gateway's database"},
		{store.Config{Database: storetest.SQLite(t), MustExist: true}, "no such file"},
		{store.Config{Database: notADatabase}, "not a database of the gateway"},
	} {
		_, err := store.Open(t.Context(), test.config)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("want %q, got %v", test.want, err)
		}
	}
}

// All who share a database share its clock, which counts as Go does.
func TestTheClockIsTheDatabases(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, name string) {
		db := storetest.Open(t, name)
		var before, now int64
		if err := db.QueryRow("SELECT " + db.Clock()).Scan(&before); err != nil {
			t.Fatal(err)
		}
		if err := db.QueryRow("SELECT " + db.Clock()).Scan(&now); err != nil {
			t.Fatal(err)
		}
		if now < before || now-before > 10_000 || before < 1_700_000_000_000 || before > 10_000_000_000_000 {
			t.Errorf("the clock shows %d, then %d", before, now)
		}
	})
}
